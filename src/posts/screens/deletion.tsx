import { data, Form } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { deletePost } from '../publication.ts'
import type { Route } from './+types/deletion'
import { foundPost } from './found-post.ts'
import { reviewSubject } from './review-subject.ts'
import { VersionText } from './version-text.tsx'

const deletionForm = z.object({ reason: z.string().trim().max(2000).default('') })

export const loader = ({ params, context }: Route.LoaderArgs) =>
  reviewSubject(installation(context), params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const post = await foundPost(installation(context), params.id)
  const form = await readForm(request, deletionForm)
  if (!form.valid) return data({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  const answer = await deletePost(installation(context), signedIn(context), post.id, form.value.reason)
  return answered(answer, `/console/posts/${post.id}`, form.value)
}

export default function Deletion({ loaderData: { post }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title="Delete this post?"
        lead="It is taken off every page. The department’s record of it stays, as the law asks."
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={actionData?.problems ?? {}} />
      <VersionText post={post} />
      <Form method="post" className="usa-form usa-form--large">
        <Field
          label="Why?"
          name="reason"
          multiline
          rows={3}
          required
          defaultValue={actionData?.typed.reason}
          problem={actionData?.problems.reason}
        />
        <button className="usa-button usa-button--secondary" type="submit">
          Delete the post
        </button>
      </Form>
    </>
  )
}
