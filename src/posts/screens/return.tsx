import { data, Form } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { sendBack } from '../review.ts'
import type { Route } from './+types/return'
import { foundPost } from './found-post.ts'
import { reviewSubject } from './review-subject.ts'
import { VersionText } from './version-text.tsx'

const returnForm = z.object({
  version: z.coerce.number().int(),
  comments: z.string().trim().max(5000).default(''),
})

export const loader = ({ params, context }: Route.LoaderArgs) =>
  reviewSubject(installation(context), params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const post = await foundPost(installation(context), params.id)
  const form = await readForm(request, returnForm)
  if (!form.valid) return data({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  const { version, comments } = form.value
  const answer = await sendBack(installation(context), signedIn(context), post.id, version, comments)
  return answered(answer, `/console/posts/${post.id}`, { comments })
}

export default function Return({ loaderData: { post }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title="Send this post back"
        lead={`${post.authorName} reads your comments and can change it.`}
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={actionData?.problems ?? {}} />
      <VersionText post={post} />
      <Form method="post" className="usa-form usa-form--large">
        <input type="hidden" name="version" value={post.version} />
        <Field
          label="What should change?"
          name="comments"
          multiline
          rows={5}
          required
          defaultValue={actionData?.typed.comments}
          problem={actionData?.problems.comments}
        />
        <button className="usa-button" type="submit">
          Send it back
        </button>
      </Form>
    </>
  )
}
