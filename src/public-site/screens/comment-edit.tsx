import { data, redirect } from 'react-router'
import { z } from 'zod'
import { editComment } from '../../comments/comments.ts'
import { editMinutes } from '../../comments/limits.ts'
import { timeZoneHere } from '../../department/department.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import type { Route } from './+types/comment-edit'
import type { CommentReply } from './comment-form.tsx'
import { ownComment } from './own-comment.ts'

export const handle = { scripts: false }
export const headers = () => ({ 'Cache-Control': 'private, no-store' })

export async function loader({ request, params, context }: Route.LoaderArgs) {
  const here = installation(context)
  const { comment, editable, frozen, until, minutesLeft, postPath } = await ownComment(here, request, params)
  return {
    text: comment.text,
    removed: comment.state === 'hidden',
    editable,
    frozen,
    until,
    minutesLeft,
    postPath,
    zone: await timeZoneHere(here.db),
  }
}

const editForm = z.object({ text: z.string().default('') })

export async function action({ request, params, context }: Route.ActionArgs) {
  const here = installation(context)
  const { comment, token, postPath } = await ownComment(here, request, params)
  const form = await readForm(request, editForm)
  if (!form.valid) return data<CommentReply>({ problems: form.problems, typed: form.typed }, { status: 422 })
  const answer = await editComment(here, comment.id, token, form.value.text)
  if ('done' in answer) throw redirect(`${postPath}/comments/${comment.id}`)
  return data<CommentReply>(
    { problems: 'problems' in answer ? answer.problems : { form: answer.denied.because }, typed: form.value },
    { status: 422 },
  )
}

export default function CommentEdit({
  loaderData: { text, removed, editable, frozen, until, minutesLeft, postPath, zone },
  actionData,
}: Route.ComponentProps) {
  return (
    <>
      <title>Change your comment</title>
      <h1>Change your comment</h1>
      <ErrorSummary problems={actionData?.problems ?? {}} />
      {editable && (
        <p>
          You can change it until <When at={until} zone={zone} />
          {': '}
          {minutesLeft > 1 ? `${minutesLeft} more minutes.` : 'less than a minute from now.'}
        </p>
      )}
      {editable || actionData ? (
        <form method="post" noValidate>
          <Field
            label="Your comment"
            name="text"
            hint={`A comment can be changed for ${editMinutes} minutes after it was posted.`}
            defaultValue={actionData?.typed.text ?? text}
            problem={actionData?.problems.text}
            multiline
            rows={6}
            required
          />
          <p>
            Readers see the new words, and that the comment was changed. The department keeps both versions:
            they are public records. If a moderator has read it already, they read it again.
          </p>
          <button type="submit" className="usa-button margin-top-2">
            Save the change
          </button>
        </form>
      ) : (
        <p>
          {frozen
            ? 'While comments here are held for review, what is shown already can’t be changed: new words would be shown unread. You can delete it, or write another.'
            : removed
              ? 'This comment was removed, so it can’t be changed any more. In its place stands why, and how to appeal.'
              : `A comment can be changed for ${editMinutes} minutes, and these are over. You can still delete it, and write another.`}
        </p>
      )}
      <p>
        <a href={postPath}>Back to the post</a>
      </p>
    </>
  )
}
