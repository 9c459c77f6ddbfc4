import { answered } from '../../web/answered.ts'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { withdrawEscalation } from '../escalation.ts'
import type { Route } from './+types/escalation-withdrawal'
import { EscalationStep } from './escalation-step.tsx'
import { foundEscalation } from './found-escalation.ts'

export const loader = ({ params, context }: Route.LoaderArgs) => foundEscalation(context, params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const { escalation } = await foundEscalation(context, params.id)
  await formOf(request)
  return answered(
    await withdrawEscalation(installation(context), signedIn(context), escalation.id),
    `/console/comments/${escalation.comment}`,
  )
}

export default function EscalationWithdrawal({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <EscalationStep
      title="Take this back"
      lead="For a key that was hit by mistake. Those whom it went to do not see it any more; that it was passed on stays on record."
      button="Take it back"
      found={loaderData}
      reply={actionData}
    ></EscalationStep>
  )
}
