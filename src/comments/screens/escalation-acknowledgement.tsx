import { answered } from '../../web/answered.ts'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { acknowledgeEscalation } from '../escalation.ts'
import type { Route } from './+types/escalation-acknowledgement'
import { EscalationStep } from './escalation-step.tsx'
import { foundEscalation } from './found-escalation.ts'

export const loader = ({ params, context }: Route.LoaderArgs) => foundEscalation(context, params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const { escalation } = await foundEscalation(context, params.id)
  await formOf(request)
  return answered(
    await acknowledgeEscalation(installation(context), signedIn(context), escalation.id),
    `/console/escalations/${escalation.id}`,
  )
}

export default function EscalationAcknowledgement({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <EscalationStep
      title="Take this up"
      lead="You work on it from here on. The others see that it is yours."
      button="Take it up"
      found={loaderData}
      reply={actionData}
    ></EscalationStep>
  )
}
