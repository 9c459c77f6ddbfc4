import { Form, redirect } from 'react-router'
import { z } from 'zod'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { checkForm, formOf, typedIn } from '../../web/form.ts'
import { determineAppeal, noteAppeal } from '../appeal.ts'
import { type Appeal, appealsOf } from '../appeal-store.ts'
import { dollars } from '../fee.ts'
import { longDay } from '../long-day.ts'
import { appealOutcomes } from '../outcomes.ts'
import { todayHere } from '../receipt.ts'
import type { Route } from './+types/appeal'
import { DeterminationForm, determination } from './determination-form.tsx'
import { day, needed } from './fields.ts'
import { foundRequest } from './found.ts'
import { notTaken, type Reply, reply } from './reply.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const request = await foundRequest(context, params.id)
  const here = installation(context)
  return {
    request,
    appeals: await appealsOf(here.db, request.id),
    today: await todayHere(here),
    law: { to: here.policy.recordsLaw.appealTo, businessDays: here.policy.recordsLaw.appealBusinessDays },
  }
}

const appealForm = z.object({
  receivedOn: day('Enter the day it reached the supervisor.'),
  reason: needed('Say what the requester appeals.', 10_000),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const here = installation(context)
  const person = signedIn(context)
  const form = await formOf(request)
  if (form.get('intent') !== 'determine') {
    const noted = checkForm(form, appealForm)
    if (!noted.valid) return notTaken(noted)
    const answer = await noteAppeal(here, person, id, noted.value)
    if ('done' in answer) throw redirect(`${requestPath(id)}/appeal`)
    return reply(answer, noted.value)
  }
  const entered = checkForm(form, determination)
  if (!entered.valid) return notTaken(entered)
  const answer = await determineAppeal(here, person, id, entered.value)
  if ('done' in answer) throw redirect(requestPath(id))
  return reply(answer, typedIn(form))
}

/** How an appeal ended and what was ordered, in a sentence or three. */
function determined({ outcome, determinedOn, orderDue, feeCents, note }: Appeal): string {
  if (!outcome || !determinedOn) return 'Not yet'
  return [
    `${appealOutcomes[outcome]}, ${longDay(determinedOn)}.`,
    orderDue && `To be done by ${longDay(orderDue)}.`,
    feeCents !== null && (feeCents === 0 ? 'No fee.' : `A fee of ${dollars(feeCents)} at most.`),
    note,
  ]
    .filter(Boolean)
    .join(' ')
}

export default function Appeals({ loaderData, actionData }: Route.ComponentProps) {
  const { request, appeals, law, today } = loaderData
  const { problems: found = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  const running = appeals.find((one) => one.determinedOn === null)
  const field = (name: string) => ({ name, problem: found[name], defaultValue: typed[name] })
  return (
    <>
      <RequestHeading
        request={request}
        title={`Appeals about ${request.number}`}
        lead={`To ${law.to}. It is determined within ${law.businessDays} business days.`}
      />
      <ErrorSummary problems={found} />
      {refusal && <Refusal decision={refusal} />}
      <DataTable
        caption="Appeals"
        columns={[
          { key: 'receivedOn', title: 'Received', render: (one) => longDay(one.receivedOn) },
          { key: 'reason', title: 'What is appealed' },
          { key: 'due', title: 'To be determined by', render: (one) => longDay(one.due) },
          { key: 'outcome', title: 'Determined', render: determined },
        ]}
        rows={appeals}
        empty={
          <EmptyState title="No appeal is known">
            <p>Note one here when the supervisor tells you about it.</p>
          </EmptyState>
        }
      />
      {running ? (
        <DeterminationForm
          problems={found}
          typed={typed}
          today={today}
          answered={request.closure !== null}
          key="determine"
        />
      ) : (
        <Form method="post" className="usa-form maxw-tablet" key="note">
          <h2>Note an appeal</h2>
          <Field
            {...field('receivedOn')}
            defaultValue={typed.receivedOn ?? today}
            label="Day it reached the supervisor"
            type="date"
            required
          />
          <Field {...field('reason')} label="What is appealed" multiline rows={3} required />
          <button type="submit" className="usa-button" name="intent" value="note">
            Note the appeal
          </button>
        </Form>
      )}
    </>
  )
}
