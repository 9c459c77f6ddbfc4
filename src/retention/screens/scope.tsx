import { data, Form } from 'react-router'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf, typedIn } from '../../web/form.ts'
import { widenHold } from '../hold.ts'
import type { Route } from './+types/scope'
import { choices } from './choices.ts'
import { foundHold, zoneOf } from './found.ts'
import { ScopeFields } from './scope-fields.tsx'
import { readScopes } from './scope-form.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Hold more' }]

export const loader = async ({ params, context }: Route.LoaderArgs) => ({
  hold: await foundHold(context, params.id),
  choices: await choices(installation(context).db),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundHold(context, params.id)
  const form = await formOf(request)
  const typed = typedIn(form)
  const read = readScopes(form, await zoneOf(context))
  if ('problems' in read) return data({ refusal: null, problems: read.problems, typed }, { status: 422 })
  const answer = await widenHold(installation(context), signedIn(context), id, read.scopes)
  return answered(answer, `/console/retention/holds/${id}`, typed)
}

export default function Widen({ loaderData, actionData }: Route.ComponentProps) {
  const { hold } = loaderData
  const problems = actionData?.problems ?? {}
  return (
    <>
      <PageHeading title={`Hold more for “${hold.matter}”`} lead="What it covers already stays covered." />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={problems} />
      <Form method="post" className="usa-form maxw-tablet-lg">
        <ScopeFields choices={loaderData.choices} typed={actionData?.typed ?? {}} problems={problems} />
        <button type="submit" className="usa-button">
          Hold these as well
        </button>
      </Form>
    </>
  )
}
