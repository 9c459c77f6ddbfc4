import { data, Form } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { enterPermission } from '../disposition.ts'
import type { Route } from './+types/permission'
import { foundRun } from './found.ts'

export const meta: Route.MetaFunction = () => [{ title: 'The Supervisor’s permission' }]

export const loader = async ({ params, context }: Route.LoaderArgs) => ({
  run: await foundRun(context, params.id),
  supervisor: installation(context).policy.recordsLaw.supervisor,
})

const permissionForm = z.object({
  number: z.string().trim().max(100).default(''),
  grantedOn: z.iso.date('Enter the day on the form, like 2026-01-31.'),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRun(context, params.id)
  const form = await readForm(request, permissionForm)
  if (!form.valid) return data({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  const answer = await enterPermission(installation(context), signedIn(context), id, form.value)
  return answered(answer, `/console/retention/dispositions/${id}`, form.value)
}

export default function Permission({ loaderData: { run, supervisor }, actionData }: Route.ComponentProps) {
  const problems = actionData?.problems ?? {}
  const typed = actionData?.typed ?? {}
  return (
    <>
      <PageHeading
        title="Enter the permission"
        lead={`Municipal records are destroyed only with the permission of ${supervisor}, on the form for it.`}
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={problems} />
      <Form method="post" className="usa-form maxw-tablet">
        <Field
          label="Number"
          name="number"
          hint="As it stands on the form"
          required
          defaultValue={typed.number ?? run.permission?.number}
          problem={problems.number}
        />
        <Field
          label="Granted on"
          name="grantedOn"
          type="date"
          required
          defaultValue={typed.grantedOn ?? run.permission?.grantedOn}
          problem={problems.grantedOn}
        />
        <button type="submit" className="usa-button">
          Enter
        </button>
      </Form>
    </>
  )
}
