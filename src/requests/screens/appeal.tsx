import { Form, Link, redirect } from 'react-router'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'

import { type AppealOutcome, appealsOf, determineAppeal, noteAppeal } from '../appeal.ts'
import { longDay } from '../long-day.ts'
import { todayHere } from '../receipt.ts'
import type { Route } from './+types/appeal'
import { appealOutcomes } from './appeal-outcomes.ts'
import { foundRequest } from './found.ts'
import { type Reply, reply } from './reply.ts'
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

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const form = await request.formData()
  const typed = Object.fromEntries([...form].map(([name, one]) => [name, String(one)]))
  const here = installation(context)
  const person = signedIn(context)
  const outcome = typed.outcome ?? ''
  const answer =
    form.get('intent') === 'determine'
      ? Object.hasOwn(appealOutcomes, outcome)
        ? await determineAppeal(here, person, id, {
            outcome: outcome as AppealOutcome,
            note: typed.note ?? '',
          })
        : { problems: { outcome: 'Choose what was determined.' } }
      : /^\d{4}-\d{2}-\d{2}$/.test(typed.receivedOn ?? '')
        ? await noteAppeal(here, person, id, {
            receivedOn: typed.receivedOn ?? '',
            reason: typed.reason ?? '',
          })
        : { problems: { receivedOn: 'Enter the day it reached the supervisor.' } }
  if ('done' in answer) throw redirect(`${requestPath(id)}/appeal`)
  return reply(answer, typed)
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
          {
            key: 'outcome',
            title: 'Determined',
            render: (one) =>
              one.outcome && one.determinedOn
                ? `${appealOutcomes[one.outcome]}, ${longDay(one.determinedOn)}. ${one.note}`
                : 'Not yet',
          },
        ]}
        rows={appeals}
        empty={
          <EmptyState title="No appeal is known">
            <p>Note one here when the supervisor tells you about it.</p>
          </EmptyState>
        }
      />
      {request.closure && appeals.at(-1)?.outcome?.startsWith('overturned') && (
        <p>
          This request is closed. <Link to="/console/requests/new">Enter a new one</Link> for what has to be
          provided, name {request.number} in it, and tell the requester its code.
        </p>
      )}
      {running ? (
        <Form method="post" className="usa-form maxw-tablet" key="determine">
          <h2>What was determined</h2>
          <Field
            {...field('outcome')}
            label="Determination"
            options={[
              { value: '', label: 'Choose' },
              ...Object.entries(appealOutcomes).map(([value, label]) => ({ value, label })),
            ]}
          />
          <Field {...field('note')} label="What you have to do now" multiline rows={3} />
          <button type="submit" className="usa-button" name="intent" value="determine">
            Enter the determination
          </button>
        </Form>
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
