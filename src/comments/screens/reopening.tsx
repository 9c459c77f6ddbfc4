import { installation, signedIn } from '../../web/context.ts'
import { reopenComment, reopenTogether } from '../moderation.ts'
import type { Route } from './+types/reopening'
import { decided } from './decision-form.ts'
import { DecisionScreen } from './decision-screen.tsx'
import { subjectOf } from './decision-subject.ts'
import { foundComment } from './found-comment.ts'

export const loader = ({ params, context }: Route.LoaderArgs) => subjectOf(context, params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  const [here, person] = [installation(context), signedIn(context)]
  return decided<unknown>(request, id, (form) =>
    form.copies === 'all' ? reopenTogether(here, person, id, form) : reopenComment(here, person, id, form),
  )
}

export default function Reopening({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <DecisionScreen
      title="Take your decision back"
      lead="The comment is as before and waits for a decision."
      button="Take it back"
      subject={loaderData}
      reply={actionData}
    />
  )
}
