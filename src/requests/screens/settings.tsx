import { Form, redirect } from 'react-router'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf, typedIn } from '../../web/form.ts'
import { changeDeskSettings, deskSettings } from '../desk-settings.ts'
import type { Route } from './+types/settings'
import { centsIn } from './fee-form.ts'
import { mustWorkOnRequests } from './found.ts'
import { type Reply, reply } from './reply.ts'

export async function loader({ context }: Route.LoaderArgs) {
  mustWorkOnRequests(context)
  return { settings: await deskSettings(installation(context).db) }
}

export async function action({ request, context }: Route.ActionArgs) {
  mustWorkOnRequests(context)
  const form = await formOf(request)
  const typed = typedIn(form)
  const population = (typed.population ?? '').replace(/[ ,]/g, '')
  const rate = (typed.hourlyRate ?? '').trim()
  const found = {
    ...(population === '' || /^[1-9]\d{0,8}$/.test(population)
      ? {}
      : { population: 'Write a whole number, like 18500.' }),
    ...(rate === '' || centsIn(rate) !== null ? {} : { hourlyRate: 'Write an amount, like 18.50.' }),
  }
  if (Object.keys(found).length > 0) return reply({ problems: found }, typed)
  const answer = await changeDeskSettings(installation(context), signedIn(context), {
    secondLook: typed.secondLook === 'yes',
    population: population === '' ? null : Number(population),
    hourlyRateCents: rate === '' ? null : centsIn(rate),
  })
  if ('done' in answer) throw redirect('/console/requests')
  return reply(answer, typed)
}

export default function Settings({ loaderData: { settings }, actionData }: Route.ComponentProps) {
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  return (
    <>
      <PageHeading title="The desk’s settings" lead="They hold for all requests from now on." />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      <Form method="post" className="usa-form maxw-tablet">
        <Field
          type="checkbox"
          name="secondLook"
          label="A second person looks at every redaction before it goes out"
          checked={settings.secondLook}
        />
        <Field
          name="population"
          label="People who live in the municipality"
          hint="The free hours of a fee depend on it."
          inputMode="numeric"
          defaultValue={typed.population ?? String(settings.population ?? '')}
          problem={problems.population}
        />
        <Field
          name="hourlyRate"
          label="What an hour usually costs, in dollars"
          hint="Of the lowest-paid person able to answer requests. It can be changed in each estimate."
          inputMode="decimal"
          defaultValue={
            typed.hourlyRate ??
            (settings.hourlyRateCents === null ? '' : String(settings.hourlyRateCents / 100))
          }
          problem={problems.hourlyRate}
        />
        <button type="submit" className="usa-button">
          Keep
        </button>
      </Form>
    </>
  )
}
