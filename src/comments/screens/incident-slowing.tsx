import { Form, Link } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { slowNewAuthors } from '../incident.ts'
import type { Route } from './+types/incident-slowing'
import { appealRefused } from './appeal-field.tsx'
import { incidentSubject } from './incident-subject.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const { slowing } = installation(context).policy.incidents
  return { ...(await incidentSubject(context, params.id)), slowing }
}

const slowingForm = z.object({
  minutes: z.coerce
    .number('Write a number of minutes.')
    .int('Write whole minutes.')
    .positive('A minute at least.'),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { incident } = await incidentSubject(context, params.id)
  const form = await readForm(request, slowingForm)
  if (!form.valid) return appealRefused(form)
  const { minutes } = form.value
  const answer = await slowNewAuthors(installation(context), signedIn(context), incident.id, minutes)
  return answered(answer, `/console/incidents/${incident.id}`, { minutes: String(minutes) })
}

export default function IncidentSlowing({ loaderData, actionData }: Route.ComponentProps) {
  const { incident, own, others, slowing } = loaderData
  const { problems = {}, typed = {}, refusal } = actionData ?? {}
  return (
    <>
      <PageHeading
        title="Slow new authors"
        lead="Who has no comment that a moderator kept may write once in so many minutes, the same for all, whatever they say. It ends with the incident."
      />
      {refusal && <Refusal decision={refusal} />}
      <ErrorSummary problems={problems} />
      <p>
        {own.length > 0
          ? `It works on: ${own.map(({ title }) => title).join(', ')}.`
          : 'None of the pages is the department’s own.'}{' '}
        {others.length > 0 &&
          `Not possible on platforms, which decide that themselves: ${others.join(', ')}.`}
      </p>
      <p>
        An author is a browser’s cookie: who removes it counts as new and has not written yet. No network
        address is kept to know anybody by.
      </p>
      <Form method="post" className="maxw-tablet">
        <Field
          label="Once in how many minutes"
          name="minutes"
          type="number"
          min={1}
          max={slowing.longestMinutes}
          hint={`As few as will do, at most ${slowing.longestMinutes}.`}
          defaultValue={typed.minutes ?? String(slowing.minutes)}
          problem={problems.minutes}
          required
        />
        <button className="usa-button margin-top-2" type="submit">
          Slow new authors
        </button>
        <Link className="usa-button usa-button--outline" to={`/console/incidents/${incident.id}`}>
          Leave it
        </Link>
      </Form>
    </>
  )
}
