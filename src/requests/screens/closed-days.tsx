import { Form, redirect } from 'react-router'
import { z } from 'zod'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { closeOffice } from '../closed-days.ts'
import { longDay } from '../long-day.ts'
import { closedDays } from '../store.ts'
import type { Route } from './+types/closed-days'
import { day, needed } from './fields.ts'
import { mustWorkOnRequests } from './found.ts'
import { notTaken, type Reply, reply } from './reply.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Closed days' }]

export async function loader({ context }: Route.LoaderArgs) {
  mustWorkOnRequests(context)
  return { days: (await closedDays(installation(context).db)).toReversed() }
}

const closedDayForm = z.object({
  day: day('Choose the day on which the office is closed.'),
  reason: needed('Say why the office is closed. Requesters read it beside the day.', 200),
})

export async function action({ request, context }: Route.ActionArgs) {
  mustWorkOnRequests(context)
  const form = await readForm(request, closedDayForm)
  if (!form.valid) return notTaken(form)
  const answer = await closeOffice(installation(context), signedIn(context), form.value)
  if ('done' in answer) throw redirect('/console/requests/closed-days')
  return reply(answer, form.value)
}

export default function ClosedDays({ loaderData: { days }, actionData }: Route.ComponentProps) {
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  return (
    <>
      <PageHeading
        title="Closed days"
        lead="Days on which the office is closed, beyond weekends and legal holidays. No request’s clock counts them."
      />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      {days.length === 0 ? (
        <EmptyState title="No closed day yet">
          <p>Note a day when the office stays closed, for example in a snow emergency.</p>
        </EmptyState>
      ) : (
        <DataTable
          caption="Closed days, newest first"
          columns={[
            { key: 'day', title: 'Day', render: (one: { day: string }) => longDay(one.day) },
            { key: 'reason', title: 'Why' },
          ]}
          rows={days}
        />
      )}
      <h2>Note a closed day</h2>
      <Form method="post" className="usa-form maxw-tablet" key={days.length}>
        <Field
          label="Day"
          name="day"
          type="date"
          hint="Open requests that counted this day are due later from now on."
          problem={problems.day}
          defaultValue={typed.day}
          required
        />
        <Field label="Why" name="reason" problem={problems.reason} defaultValue={typed.reason} required />
        <button type="submit" className="usa-button">
          Note the day
        </button>
      </Form>
    </>
  )
}
