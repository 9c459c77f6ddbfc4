import { data } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { Field } from '../../web/components/field.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { checkForm, formOf } from '../../web/form.ts'
import { closeEscalation } from '../escalation.ts'
import type { Route } from './+types/escalation-closure'
import { EscalationStep } from './escalation-step.tsx'
import { foundEscalation } from './found-escalation.ts'

export const loader = ({ params, context }: Route.LoaderArgs) => foundEscalation(context, params.id)

const closureForm = z.object({
  measures: z.string().max(4000, 'Keep it under 4,000 characters.').default(''),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { escalation } = await foundEscalation(context, params.id)
  const form = checkForm(await formOf(request), closureForm)
  if (!form.valid) return data({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  return answered(
    await closeEscalation(installation(context), signedIn(context), escalation.id, form.value),
    `/console/escalations/${escalation.id}`,
    form.value,
  )
}

export default function EscalationClosure({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <EscalationStep
      title="Close this"
      lead="Nothing is left to do about it."
      button="Close it"
      found={loaderData}
      reply={actionData}
    >
      <Field
        label="What was done"
        name="measures"
        hint="It is kept on record."
        defaultValue={actionData?.typed.measures ?? ''}
        problem={actionData?.problems.measures}
        multiline
        rows={4}
      />
    </EscalationStep>
  )
}
