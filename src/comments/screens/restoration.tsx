import { installation, signedIn } from '../../web/context.ts'
import { restoreComment } from '../moderation.ts'
import type { Route } from './+types/restoration'
import { decided } from './decision-form.ts'
import { DecisionScreen } from './decision-screen.tsx'
import { subjectOf } from './decision-subject.ts'
import { foundComment } from './found-comment.ts'

export const loader = ({ params, context }: Route.LoaderArgs) => subjectOf(context, params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  return decided(request, id, (form) => restoreComment(installation(context), signedIn(context), id, form))
}

export default function Restoration({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <DecisionScreen
      title="Show this comment again"
      lead="Readers see it again, here and where it was written."
      button="Show it again"
      subject={loaderData}
      reply={actionData}
    />
  )
}
