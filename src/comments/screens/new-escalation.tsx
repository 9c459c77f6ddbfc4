import { installation, signedIn } from '../../web/context.ts'
import { escalate } from '../escalation.ts'
import type { Route } from './+types/new-escalation'
import { Choices } from './choices.tsx'
import { decided } from './decision-form.ts'
import { DecisionScreen } from './decision-screen.tsx'
import { subjectOf } from './decision-subject.ts'
import { foundComment } from './found-comment.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const subject = await subjectOf(context, params.id)
  return { subject, kinds: [...installation(context).policy.escalationKinds] }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  return decided(request, id, ({ kind, note }) =>
    escalate(installation(context), signedIn(context), id, { kind, note }),
  )
}

export default function NewEscalation({ loaderData, actionData }: Route.ComponentProps) {
  const { subject, kinds } = loaderData
  return (
    <DecisionScreen
      title="Pass this comment on"
      lead="Somebody else has to know of it. It decides nothing about the comment, which stays where it is."
      button="Pass it on"
      subject={subject}
      reply={actionData}
    >
      <Choices
        title="What it is"
        name="kind"
        options={kinds.map(({ id, title, covers, receiver, withinMinutes, clause }) => ({
          ...{ id, title },
          means: `${covers} It goes to ${receiver}${withinMinutes === 0 ? ', at once' : ''} (${clause}).`,
        }))}
        chosen={actionData?.typed.kind}
      />
    </DecisionScreen>
  )
}
