import { data, Form, Link } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { approvePost } from '../review.ts'
import type { Route } from './+types/post-approval'
import { Findings } from './findings.tsx'
import { foundPost } from './found-post.ts'
import { reviewSubject } from './review-subject.ts'
import { VersionText } from './version-text.tsx'

const approvalForm = z.object({ version: z.coerce.number().int() })

export const loader = ({ params, context }: Route.LoaderArgs) =>
  reviewSubject(installation(context), params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const post = await foundPost(installation(context), params.id)
  const form = await readForm(request, approvalForm)
  if (!form.valid) return data({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  const answer = await approvePost(installation(context), signedIn(context), post.id, form.value.version)
  return answered(answer, `/console/posts/${post.id}`)
}

export default function PostApproval({ loaderData, actionData }: Route.ComponentProps) {
  const { post, pages, findings } = loaderData
  return (
    <>
      <PageHeading
        title="Approve this post?"
        lead={`By ${post.authorName}, for ${pages.map(({ title }) => title).join(', ') || 'no page yet'}.`}
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={actionData?.problems ?? {}} />
      <VersionText post={post} />
      <h2 className="font-heading-md">By the policy</h2>
      <Findings findings={findings} />
      <Form method="post" className="margin-top-3">
        <input type="hidden" name="version" value={post.version} />
        <button className="usa-button" type="submit">
          Approve
        </button>
        <Link className="usa-button usa-button--outline" to={`/console/posts/${post.id}/return`}>
          Send it back
        </Link>
      </Form>
    </>
  )
}
