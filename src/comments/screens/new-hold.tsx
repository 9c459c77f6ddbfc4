import { Form, Link } from 'react-router'
import { z } from 'zod'
import { parseId } from '../../storage/ids.ts'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { proposeHold } from '../hold.ts'
import type { Route } from './+types/new-hold'
import { appealRefused } from './appeal-field.tsx'
import { Choices } from './choices.tsx'
import { incidentSubject } from './incident-subject.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  return {
    ...(await incidentSubject(context, params.id)),
    holding: installation(context).policy.incidents.holding,
  }
}

const holdForm = z.object({
  page: z.string().default(''),
  reason: z.string().default(''),
  hours: z.coerce
    .number('Write a number of hours.')
    .int('Write whole hours.')
    .positive('A hold lasts at least an hour.'),
  narrower: z.string().trim().max(2000, 'Keep it under 2,000 characters.').default(''),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { incident } = await incidentSubject(context, params.id)
  const form = await readForm(request, holdForm)
  if (!form.valid) return appealRefused(form)
  const answer = await proposeHold(installation(context), signedIn(context), incident.id, {
    ...form.value,
    page: parseId<'page'>(form.value.page),
  })
  return answered(answer, `/console/incidents/${incident.id}`, {
    ...form.value,
    hours: String(form.value.hours),
  })
}

export default function NewHold({ loaderData, actionData }: Route.ComponentProps) {
  const { incident, own, toHold, others, holding } = loaderData
  const { problems = {}, typed = {}, refusal } = actionData ?? {}
  const back = `/console/incidents/${incident.id}`
  return (
    <>
      <PageHeading
        title="Hold comments for review"
        lead="All new comments on a page wait until somebody has read them, or the hours are over. Use it last: it silences people who did nothing."
      />
      {refusal && <Refusal decision={refusal} />}
      <ErrorSummary problems={problems} />
      {others.length > 0 && (
        <p>Not possible on platforms, which show comments before Plainview sees them: {others.join(', ')}.</p>
      )}
      {!holding || toHold.length === 0 ? (
        <p>
          {holding
            ? own.length === 0
              ? 'None of the incident’s pages is the department’s own.'
              : 'Comments on each of the incident’s own pages are held already, or somebody proposed it.'
            : 'The policy does not allow it here.'}{' '}
          <Link to={back}>Back to the incident</Link>
        </p>
      ) : (
        <Form method="post" className="maxw-tablet">
          <Choices
            title="Page"
            name="page"
            options={toHold.map(({ id, title }) => ({ id, title, means: '' }))}
            chosen={typed.page ?? (toHold.length === 1 ? toHold[0]?.id : undefined)}
            problem={problems.page}
          />
          <Choices
            title="Reason"
            name="reason"
            options={holding.reasons.map(({ id, title, covers, clause }) => ({
              id,
              title,
              means: `${covers} (${clause})`,
            }))}
            chosen={typed.reason}
            problem={problems.reason}
          />
          <Field
            label="Hours"
            name="hours"
            type="number"
            min={1}
            max={holding.longestHours}
            hint={`As few as will do, at most ${holding.longestHours}. After it, this page can’t be held again for ${holding.againAfterHours} hours.`}
            defaultValue={typed.hours ?? String(holding.hours)}
            problem={problems.hours}
            required
          />
          <Field
            label="Why hiding single comments and slowing new authors is not enough"
            name="narrower"
            hint="The second person reads it, and it is on record. What people think is no reason."
            defaultValue={typed.narrower}
            problem={problems.narrower}
            multiline
            rows={3}
            required
          />
          <p>{holding.basis}</p>
          <div className="pv-actions">
            <button className="usa-button" type="submit">
              Propose it
            </button>
            <Link className="usa-button usa-button--outline" to={back}>
              Leave it
            </Link>
          </div>
        </Form>
      )}
    </>
  )
}
