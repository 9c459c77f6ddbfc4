import { data, Form, Link } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { publishNow } from '../publication.ts'
import type { Route } from './+types/publication'
import { foundPost } from './found-post.ts'
import { reviewSubject } from './review-subject.ts'
import { VersionText } from './version-text.tsx'

const publicationForm = z.object({ version: z.coerce.number().int() })

export const loader = ({ params, context }: Route.LoaderArgs) =>
  reviewSubject(installation(context), params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const post = await foundPost(installation(context), params.id)
  const form = await readForm(request, publicationForm)
  if (!form.valid) return data({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  const answer = await publishNow(installation(context), signedIn(context), post.id, form.value.version)
  return answered(answer, `/console/posts/${post.id}`)
}

export default function Publication({ loaderData: { post, pages }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title="Publish this post now?"
        lead={`It goes to ${pages.map(({ title }) => title).join(', ')}.`}
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={actionData?.problems ?? {}} />
      <VersionText post={post} />
      <Form method="post" className="margin-top-3">
        <input type="hidden" name="version" value={post.version} />
        <button className="usa-button" type="submit">
          Publish now
        </button>
        <Link className="usa-button usa-button--outline" to={`/console/posts/${post.id}/schedule`}>
          Choose a time instead
        </Link>
      </Form>
    </>
  )
}
