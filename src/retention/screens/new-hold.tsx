import { data, Form } from 'react-router'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf, typedIn } from '../../web/form.ts'
import { placeHold } from '../hold.ts'
import type { Route } from './+types/new-hold'
import { choices } from './choices.ts'
import { mustReadRetention, zoneOf } from './found.ts'
import { ScopeFields } from './scope-fields.tsx'
import { readScopes } from './scope-form.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Place a hold' }]

/** The address can bring the conditions along: a search of the archive, or the thing a record is about. */
export async function loader({ request, context }: Route.LoaderArgs) {
  mustReadRetention(context)
  return {
    choices: await choices(installation(context).db),
    brought: Object.fromEntries(new URL(request.url).searchParams) as Record<string, string>,
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  mustReadRetention(context)
  const form = await formOf(request)
  const typed = typedIn(form)
  const read = readScopes(form, await zoneOf(context))
  if ('problems' in read) return data({ refusal: null, problems: read.problems, typed }, { status: 422 })
  const answer = await placeHold(installation(context), signedIn(context), {
    matter: (typed.matter ?? '').trim().slice(0, 300),
    reason: (typed.reason ?? '').trim().slice(0, 5000),
    custodians: (typed.custodians ?? '').trim().slice(0, 5000),
    scopes: read.scopes,
  })
  return answered(answer, (id) => `/console/retention/holds/${id}`, typed)
}

export default function NewHold({ loaderData, actionData }: Route.ComponentProps) {
  const { brought } = loaderData
  const problems = actionData?.problems ?? {}
  const typed = actionData?.typed ?? brought
  return (
    <>
      <PageHeading
        title="Place a hold"
        lead="From the moment it is placed, nothing it covers can be disposed of."
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={problems} />
      <Form method="post" className="usa-form maxw-tablet-lg">
        <Field
          label="Case or matter"
          name="matter"
          hint="What everybody calls it, with its number if there is one"
          defaultValue={typed.matter}
          problem={problems.matter}
          maxLength={300}
          required
        />
        <Field
          label="Reason"
          name="reason"
          defaultValue={typed.reason}
          problem={problems.reason}
          multiline
          rows={3}
          required
        />
        <Field
          label="Custodians"
          name="custodians"
          hint="Who has such records, and when they were told to keep them"
          defaultValue={typed.custodians}
          multiline
          rows={3}
        />
        <ScopeFields choices={loaderData.choices} typed={typed} problems={problems} />
        <button type="submit" className="usa-button">
          Place the hold
        </button>
      </Form>
    </>
  )
}
