import { Form, Link, redirect } from 'react-router'
import { capital } from '../../capital.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { publicSince, standingOrder } from '../appeal-order.ts'
import { extensionLimit, petitionLimit } from '../deadline.ts'
import { longDay } from '../long-day.ts'
import { officeCalendar } from '../receipt.ts'
import { petitionOf } from '../wait-store.ts'
import { determinePetition } from '../waiting-for.ts'
import type { Route } from './+types/petition'
import { foundRequest } from './found.ts'
import { type Reply, reply } from './reply.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const request = await foundRequest(context, params.id)
  const { db, policy } = installation(context)
  const calendar = await officeCalendar(db, policy)
  const { recordsLaw: law } = policy
  const limit = (basis: 'own-word' | 'supervisor') => extensionLimit(basis, request, calendar, law).toString()
  return {
    request,
    petition: await petitionOf(db, request.id),
    fileBy: petitionLimit(
      { receivedOn: request.receivedOn, publicSince: publicSince(request.orders) },
      calendar,
      law,
    ).toString(),
    ownWord: limit('own-word'),
    granted: limit('supervisor'),
    supervisor: law.supervisor,
    orderedBy: standingOrder(request.orders)?.due ?? null,
  }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const form = await formOf(request)
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const granted = form.get('granted') === 'yes'
  const due = text('due')
  if (granted && !/^\d{4}-\d{2}-\d{2}$/.test(due))
    return reply({ problems: { due: 'Enter the day that was granted.' } })
  const answer = await determinePetition(installation(context), signedIn(context), id, {
    granted,
    due,
    note: text('note'),
  })
  if ('done' in answer) throw redirect(requestPath(id))
  return reply(answer, { due, note: text('note'), granted: granted ? 'yes' : 'no' })
}

export default function MoreTime({ loaderData, actionData }: Route.ComponentProps) {
  const { request, petition, fileBy, ownWord, granted, supervisor, orderedBy } = loaderData
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  const letters = `${requestPath(request.id)}/letters`
  return (
    <>
      <RequestHeading
        request={request}
        title={`More time for ${request.number}`}
        lead={`The records are due on ${longDay(request.due)}.`}
      />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      <ul className="usa-list">
        {orderedBy ? (
          <li>
            {capital(supervisor)} ordered it by {longDay(orderedBy)}, so the department can’t set a later day
            itself.
          </li>
        ) : (
          <li>
            In the first written response, due by {longDay(request.responseDue)}, the department can itself
            set a day up to {longDay(ownWord)}.{' '}
            {request.acknowledgement ? (
              `That response was sent on ${longDay(request.acknowledgement.sentOn)}.`
            ) : (
              <Link to={`${letters}/own-word-extension`}>Write that response</Link>
            )}
          </li>
        )}
        <li>
          The requester can agree to a later day.{' '}
          <Link to={`${letters}/agreed-extension`}>Confirm what you agreed on</Link>.
        </li>
        <li>
          {petition?.determinedOn ? (
            `${capital(supervisor)} can be petitioned once only. It was done on ${longDay(petition.filedOn)}.`
          ) : (
            <>
              {capital(supervisor)} can grant time up to {longDay(granted)}, once. The petition has to be
              filed by {longDay(fileBy)}. The written response is due all the same.{' '}
              {petition ? (
                `It was filed on ${longDay(petition.filedOn)}.`
              ) : (
                <Link to={`${letters}/time-petition`}>Write the petition</Link>
              )}
            </>
          )}
        </li>
      </ul>
      {petition && petition.granted === null && (
        <Form method="post" className="usa-form maxw-tablet">
          <h2>What was decided</h2>
          <Field
            label="Determination"
            name="granted"
            defaultValue={typed.granted ?? 'yes'}
            options={[
              { value: 'yes', label: 'Granted' },
              { value: 'no', label: 'Not granted' },
            ]}
          />
          <Field
            label="Records are due by, if granted"
            name="due"
            type="date"
            defaultValue={typed.due}
            problem={problems.due}
          />
          <Field
            label="What it says"
            name="note"
            multiline
            rows={3}
            defaultValue={typed.note}
            hint="The requester reads it."
          />
          <button type="submit" className="usa-button">
            Enter the determination
          </button>
        </Form>
      )}
      {petition?.granted !== null && petition && (
        <p>
          {petition.granted ? 'It was granted' : 'It was not granted'}
          {petition.determinedOn && `, ${longDay(petition.determinedOn)}`}. {petition.note}
        </p>
      )}
    </>
  )
}
