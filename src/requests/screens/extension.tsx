import { Form, redirect } from 'react-router'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { extensionLimit } from '../deadline.ts'
import { longDay } from '../long-day.ts'
import { officeCalendar } from '../receipt.ts'
import { extend } from '../response.ts'
import type { Route } from './+types/extension'
import { day, needed } from './fields.ts'
import { foundRequest } from './found.ts'
import { notTaken, type Reply, reply } from './reply.ts'
import { requestPath } from './request-path.ts'

export const meta: Route.MetaFunction = () => [{ title: 'More time' }]

export async function loader({ params, context }: Route.LoaderArgs) {
  const request = await foundRequest(context, params.id)
  const { db, policy } = installation(context)
  const law = policy.recordsLaw
  const calendar = await officeCalendar(db, policy)
  const limit = (basis: 'own-word' | 'supervisor') => extensionLimit(basis, request, calendar, law).toString()
  return {
    request,
    grants: law.supervisor,
    ownWord: limit('own-word'),
    supervisor: limit('supervisor'),
    petitionBy: calendar
      .businessDayAfter(Temporal.PlainDate.from(request.receivedOn), law.petitionBusinessDays)
      .toString(),
  }
}

const extensionForm = z.object({
  basis: z.enum(['own-word', 'supervisor'], 'Choose who gives more time.'),
  due: day('Choose the day by which the records will be provided.'),
  reason: needed('Give the reasons. The requester reads them.'),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const form = await readForm(request, extensionForm)
  if (!form.valid) return notTaken(form)
  const answer = await extend(installation(context), signedIn(context), id, form.value)
  if (answer.outcome === 'done') throw redirect(requestPath(id))
  return reply(answer, form.value)
}

export default function Extension({ loaderData, actionData }: Route.ComponentProps) {
  const { request, grants, ownWord, supervisor, petitionBy } = loaderData
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  const field = (name: string) => ({ name, problem: problems[name], defaultValue: typed[name] })
  return (
    <>
      <PageHeading
        title={`More time for ${request.number}`}
        lead={`The records are due on ${longDay(request.due)}.`}
      />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      <ul className="usa-list">
        <li>
          In the first written answer, due by {longDay(request.responseDue)}, the department can itself set a
          day up to {longDay(ownWord)}, with its reasons. This form counts as that answer.
        </li>
        <li>
          {capital(grants)} can grant time up to {longDay(supervisor)}. The petition must be there by{' '}
          {longDay(petitionBy)}, and the requester gets a copy. Enter the day here once it is granted.
        </li>
      </ul>
      <Form method="post" className="usa-form maxw-tablet">
        <Field
          {...field('basis')}
          label="Who gives more time"
          options={[
            { value: '', label: 'Choose' },
            { value: 'own-word', label: 'The department, in its written answer' },
            { value: 'supervisor', label: `${capital(grants)}, on petition` },
          ]}
          required
        />
        <Field
          {...field('due')}
          label="Records will be provided by"
          hint="A business day."
          type="date"
          required
        />
        <Field
          {...field('reason')}
          label="Reasons"
          hint="The requester reads them."
          multiline
          rows={6}
          required
        />
        <button type="submit" className="usa-button">
          Set the new day
        </button>
      </Form>
    </>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
