import { installation, signedIn } from '../../web/context.ts'
import { keepComment, keepCopies } from '../moderation.ts'
import type { Route } from './+types/keeping'
import { decided } from './decision-form.ts'
import { DecisionScreen } from './decision-screen.tsx'
import { subjectOf } from './decision-subject.ts'
import { foundComment } from './found-comment.ts'

export const loader = ({ params, context }: Route.LoaderArgs) => subjectOf(context, params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  const [here, person] = [installation(context), signedIn(context)]
  return decided<unknown>(request, id, (form) =>
    form.copies === 'all' ? keepCopies(here, person, id, form) : keepComment(here, person, id, form),
  )
}

export default function Keeping({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <DecisionScreen
      title="Keep this comment"
      lead="It stays where everybody can read it."
      button="Keep it"
      subject={loaderData}
      reply={actionData}
    />
  )
}
