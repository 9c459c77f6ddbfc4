import { data, redirect } from 'react-router'
import { z } from 'zod'
import { hasReported, reportable, reportComment } from '../../comments/comments.ts'
import { longestReport } from '../../comments/limits.ts'
import type { ReportReason } from '../../policy/policy.ts'
import { parseId } from '../../storage/ids.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Honeypot } from '../../web/components/honeypot.tsx'
import { Notice } from '../../web/components/notice.tsx'
import { clientAddress, installation } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { visitorCookie, visitorToken } from '../visitor.ts'
import type { Route } from './+types/comment-report'
import type { CommentReply } from './comment-form.tsx'
import { foundPost } from './found-page.ts'

export const handle = { scripts: false }
export const headers = () => ({ 'Cache-Control': 'private, no-store' })

export async function loader({ request, params, context }: Route.LoaderArgs) {
  const here = installation(context)
  const { comment, postPath } = await foundReportable(here, params)
  return {
    name: comment.author_name,
    text: comment.text,
    commentPath: `${postPath}/comments/${comment.id}`,
    sent: await hasReported(here, comment.id, await visitorToken(here, request)),
    notice: here.policy.reports.notice,
    reasons: [...here.policy.reports.reasons],
  }
}

const reportForm = z.object({
  reason: z.string().default(''),
  explanation: z.string().default(''),
  website: z.string().default(''),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const here = installation(context)
  const { comment, postPath } = await foundReportable(here, params)
  const form = await readForm(request, reportForm)
  if (!form.valid) return data<CommentReply>({ problems: form.problems, typed: form.typed }, { status: 422 })
  const { website, ...typed } = form.value
  const answer = await reportComment(here, comment.id, {
    ...typed,
    honeypot: website,
    clientAddress: clientAddress(context),
    token: await visitorToken(here, request),
  })
  if ('problems' in answer)
    return data<CommentReply>({ problems: answer.problems, typed: form.value }, { status: 422 })
  if ('denied' in answer) {
    const { because, wayForward } = answer.denied
    return data<CommentReply>(
      { problems: { form: `${because} ${wayForward}` }, typed: form.value },
      { status: 403 },
    )
  }
  throw redirect(`${postPath}/comments/${comment.id}/report`, {
    headers: { 'Set-Cookie': await visitorCookie(here, answer.done.token) },
  })
}

async function foundReportable(
  here: Parameters<typeof foundPost>[0],
  params: { slug: string; id: string; comment: string },
) {
  const { page, post } = await foundPost(here, params)
  const id = parseId<'comment'>(params.comment)
  const comment = id && (await reportable(here, id, post.publication))
  if (!comment)
    throw data('This comment is not on the page any more, so there is nothing to report.', { status: 404 })
  return { comment, postPath: `/${page.slug}/posts/${post.clientId}` }
}

export default function CommentReport({ loaderData, actionData }: Route.ComponentProps) {
  const { name, text, commentPath, sent, notice, reasons } = loaderData
  return (
    <>
      <title>Report a comment</title>
      <h1>{sent ? 'Your report has arrived' : 'Report a comment'}</h1>
      <p className="margin-bottom-0">
        <strong>{name}</strong> wrote:
      </p>
      <p className="pv-quote text-pre-wrap">{text}</p>
      {sent ? (
        <p>
          A moderator reads it. The comment stays where it is until somebody decides that one of{' '}
          <a href="/policy#comments">the policy’s reasons</a> applies; if it is removed, a notice in its place
          says why.
        </p>
      ) : (
        <ReportFields notice={notice} reasons={reasons} reply={actionData} />
      )}
      <p>
        <a href={commentPath}>Back to the comment</a>
      </p>
    </>
  )
}

function ReportFields({
  notice,
  reasons,
  reply,
}: {
  notice: string
  reasons: readonly ReportReason[]
  reply: CommentReply | undefined
}) {
  const { problems = {}, typed = {} } = reply ?? {}
  return (
    <form method="post" noValidate>
      <ErrorSummary problems={problems} />
      <Notice tone="info">{notice}</Notice>
      <fieldset
        className={`usa-fieldset margin-top-2 ${problems.reason ? 'usa-form-group--error' : ''}`}
        id="reason"
        aria-describedby={problems.reason ? 'reason-problem' : undefined}
      >
        <legend className="usa-legend">
          What is wrong with it?<span className="usa-hint"> (required)</span>
        </legend>
        {problems.reason && (
          <span className="usa-error-message" id="reason-problem" role="alert">
            {problems.reason}
          </span>
        )}
        {reasons.map(({ id, title, means }) => (
          <div className="usa-radio" key={id}>
            <input
              className="usa-radio__input"
              id={`reason-${id}`}
              type="radio"
              name="reason"
              value={id}
              defaultChecked={typed.reason === id}
            />
            <label className="usa-radio__label" htmlFor={`reason-${id}`}>
              {title}
              <span className="usa-radio__label-description">{means}</span>
            </label>
          </div>
        ))}
      </fieldset>
      <Field
        label="What should the moderator know? (optional)"
        name="explanation"
        hint={`Up to ${longestReport.toLocaleString('en-US')} characters. Leave out what nobody else should read.`}
        defaultValue={typed.explanation}
        problem={problems.explanation}
        multiline
        rows={4}
      />
      <p className="usa-hint">
        You need no account. So that each person reports a comment once, this browser gets a cookie for a
        month, and a digest that can’t be turned back into your network address is kept until the day ends.
      </p>
      <Honeypot />
      <button type="submit" className="usa-button margin-top-2">
        Send the report
      </button>
    </form>
  )
}
