import { Form, Link } from 'react-router'
import { z } from 'zod'
import { allPages } from '../../pages/pages.ts'
import { parseId } from '../../storage/ids.ts'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { checkForm, formOf } from '../../web/form.ts'
import { declareIncident, stormNow } from '../incident.ts'
import type { Route } from './+types/new-incident'
import { appealRefused } from './appeal-field.tsx'
import { mustModerate } from './found-comment.ts'

export async function loader({ context }: Route.LoaderArgs) {
  mustModerate(context)
  const here = installation(context)
  const [pages, storm] = await Promise.all([allPages(here.db), stormNow(here)])
  return {
    pages: pages.map(({ id, title }) => ({ id, title })),
    storm,
    longest: here.policy.incidents.longestHours,
  }
}

const declarationForm = z.object({
  reason: z
    .string()
    .trim()
    .min(10, 'Say in a sentence what happened. It is on record.')
    .max(500, 'Keep it under 500 characters.'),
  hours: z.coerce
    .number('Write a number of hours.')
    .int('Write whole hours.')
    .positive('An incident lasts at least an hour.'),
})

export async function action({ request, context }: Route.ActionArgs) {
  mustModerate(context)
  const fields = await formOf(request)
  const pages = fields.getAll('pages').map(String)
  const form = checkForm(fields, declarationForm)
  if (!form.valid) return appealRefused({ ...form, typed: { ...form.typed, pages: pages.join(' ') } })
  const answer = await declareIncident(installation(context), signedIn(context), {
    ...form.value,
    pages: pages.flatMap((id) => parseId<'page'>(id) ?? []),
  })
  return answered(answer, (id) => `/console/incidents/${id}`, {
    reason: form.value.reason,
    hours: String(form.value.hours),
    pages: pages.join(' '),
  })
}

export default function NewIncident({ loaderData, actionData }: Route.ComponentProps) {
  const { pages, storm, longest } = loaderData
  const { problems = {}, typed = {}, refusal } = actionData ?? {}
  const chosen = typed.pages?.split(' ')
  return (
    <>
      <PageHeading
        title="Declare an incident"
        lead={
          storm
            ? `${storm.comments.toLocaleString('en-US')} comments came in the last ${storm.minutes} minutes.`
            : 'It changes nothing for visitors by itself, and ends at the time that you set.'
        }
      />
      {refusal && <Refusal decision={refusal} />}
      <ErrorSummary problems={problems} />
      <Form method="post" className="maxw-tablet">
        <Field
          label="What happened"
          name="reason"
          hint="A sentence, on record."
          defaultValue={typed.reason}
          problem={problems.reason}
          multiline
          rows={2}
          required
        />
        <fieldset className="usa-fieldset margin-top-2" id="pages">
          <legend className="usa-legend">Pages</legend>
          {problems.pages && <span className="usa-error-message">{problems.pages}</span>}
          {pages.map(({ id, title }) => (
            <div className="usa-checkbox" key={id}>
              <input
                className="usa-checkbox__input"
                id={`page-${id}`}
                type="checkbox"
                name="pages"
                value={id}
                defaultChecked={chosen ? chosen.includes(id) : true}
              />
              <label className="usa-checkbox__label" htmlFor={`page-${id}`}>
                {title}
              </label>
            </div>
          ))}
        </fieldset>
        <Field
          label="Ends by itself after how many hours"
          name="hours"
          type="number"
          min={1}
          max={longest}
          hint={`At most ${longest}. You can end it before.`}
          defaultValue={typed.hours ?? '12'}
          problem={problems.hours}
          required
        />
        <button className="usa-button margin-top-2" type="submit">
          Declare it
        </button>
        <Link className="usa-button usa-button--outline" to="/console/incidents">
          Leave it
        </Link>
      </Form>
    </>
  )
}
