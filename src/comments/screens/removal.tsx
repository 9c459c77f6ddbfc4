import { installation, signedIn } from '../../web/context.ts'
import { hideComment, hideCopies } from '../moderation.ts'
import type { Route } from './+types/removal'
import { Choices } from './choices.tsx'
import { decided } from './decision-form.ts'
import { DecisionScreen } from './decision-screen.tsx'
import { subjectOf } from './decision-subject.ts'
import { foundComment } from './found-comment.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const subject = await subjectOf(context, params.id)
  return { subject, reasons: [...installation(context).policy.removalReasons] }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  const [here, person] = [installation(context), signedIn(context)]
  return decided<unknown>(request, id, (form) =>
    form.copies === 'all' ? hideCopies(here, person, id, form) : hideComment(here, person, id, form),
  )
}

export default function Removal({ loaderData, actionData }: Route.ComponentProps) {
  const { subject, reasons } = loaderData
  const chosen = actionData?.typed.reason ?? subject.card.asked?.reason
  return (
    <DecisionScreen
      title="Hide this comment"
      lead="Only for a reason that the policy gives. The comment stays on record, and readers see the reason."
      button="Hide it"
      subject={subject}
      reply={actionData}
    >
      <Choices
        title="Reason"
        name="reason"
        options={reasons.map(({ id, title, covers, clause }) => ({
          id,
          title,
          means: `${covers} (${clause})`,
        }))}
        chosen={chosen}
      />
    </DecisionScreen>
  )
}
