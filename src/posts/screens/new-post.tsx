import { Form } from 'react-router'
import { answered } from '../../web/answered.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { startDraft } from '../draft.ts'
import type { Route } from './+types/new-post'

export async function action({ context }: Route.ActionArgs) {
  const answer = await startDraft(installation(context), signedIn(context))
  return answered(answer, (id) => `/console/posts/${id}/draft`)
}

export default function NewPost({ actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading title="Write a post" lead="Your draft is kept as you type." />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <Form method="post">
        <button className="usa-button" type="submit">
          Begin
        </button>
      </Form>
    </>
  )
}
