import { Form, Link, redirect } from 'react-router'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf, typedIn } from '../../web/form.ts'
import { owedCents } from '../appeal-order.ts'
import { estimateFee, notePayment } from '../charging.ts'
import { deskSettings } from '../desk-settings.ts'
import { considerFee, dollars, estimateInWords, paidCents } from '../fee.ts'
import { latestEstimate, paymentsOf } from '../fee-store.ts'
import { longDay } from '../long-day.ts'
import { todayHere } from '../receipt.ts'
import type { Route } from './+types/fee'
import { centsIn, entriesIn } from './fee-form.ts'
import { foundRequest } from './found.ts'
import { type Reply, reply } from './reply.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const request = await foundRequest(context, params.id)
  const here = installation(context)
  const { fees } = here.policy.recordsLaw
  const [estimate, payments, settings, today] = await Promise.all([
    latestEstimate(here.db, request.id),
    paymentsOf(here.db, request.id),
    deskSettings(here.db),
    todayHere(here),
  ])
  const owed = estimate ? owedCents(estimate.fee.totalCents, request.orders) : 0
  const overpaid = paidCents(payments) - owed
  return {
    request,
    late: considerFee(request, today),
    entries: estimate?.entries ?? null,
    words: estimate && estimateInWords(estimate, fees, owed),
    payments: payments.map((one) => ({ ...one, amount: dollars(Math.abs(one.cents)) })),
    payBack: estimate && overpaid > 0 ? dollars(overpaid) : null,
    settings,
    today,
    cap: dollars(fees.hourlyCapCents),
    redaction: fees.redaction,
    basis: fees.basis,
  }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const form = await formOf(request)
  const typed = typedIn(form)
  const here = installation(context)
  const person = signedIn(context)
  if (form.get('intent') === 'payment') {
    const amount = centsIn(typed.paid ?? '')
    if (!amount) return reply({ problems: { paid: 'Write the amount like 12.50.' } }, typed)
    const paidOn = /^\d{4}-\d{2}-\d{2}$/.test(typed.paidOn ?? '')
      ? (typed.paidOn ?? '')
      : await todayHere(here)
    const cents = typed.direction === 'back' ? -amount : amount
    const answer = await notePayment(here, person, id, { cents, paidOn, note: typed.note ?? '' })
    if ('done' in answer) throw redirect(`${requestPath(id)}/fee`)
    return reply(answer, typed)
  }
  const entries = entriesIn(typed)
  if ('problems' in entries) return reply({ problems: entries.problems }, typed)
  const answer = await estimateFee(here, person, id, entries.value)
  if ('done' in answer) throw redirect(`${requestPath(id)}/fee`)
  return reply(answer, typed)
}

export default function FeeScreen({ loaderData, actionData }: Route.ComponentProps) {
  const { request, late, entries, words, payments, payBack, settings, cap, redaction, basis, today } =
    loaderData
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  const field = (name: string, before?: number) => ({
    name,
    problem: problems[name],
    defaultValue: typed[name] ?? (before === undefined ? '' : String(before)),
    inputMode: 'decimal' as const,
  })
  const rate = entries?.hourlyRateCents ?? settings.hourlyRateCents ?? undefined
  return (
    <>
      <RequestHeading
        request={request}
        title={`Fee for ${request.number}`}
        lead={`By ${basis}. An estimate is made in good faith, in writing, first.`}
      />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      {late && <p className="usa-alert__text text-bold">{late}</p>}
      {words && (
        <section className="pv-card">
          <h2>The estimate</h2>
          <p className="text-pre-wrap">{words}</p>
          {!late && (
            <Link to={`${requestPath(request.id)}/letters/fee-estimate`}>Write the letter with it</Link>
          )}
        </section>
      )}
      {!late && !request.closure && (
        <Form method="post" className="usa-form maxw-tablet">
          <h2>{words ? 'Estimate anew' : 'Estimate'}</h2>
          <Field
            {...field('searchHours', entries?.searchHours)}
            label="Hours of search, collection, copying"
          />
          <Field
            {...field('redactionHours', entries?.redactionHours)}
            label="Hours of redaction"
            hint={redaction}
          />
          <Field
            type="checkbox"
            name="redactionAllowed"
            label="The redaction is required by a law, or the supervisor allowed to charge for it"
            checked={entries?.redactionAllowed}
          />
          <Field
            {...field('hourlyRate', rate === undefined ? undefined : rate / 100)}
            label="What an hour costs, in dollars"
            hint={`Of the lowest-paid person able to do it; at most ${cap}.`}
          />
          <Field {...field('pages', entries?.pages)} label="Pages on paper" hint="Files cost nothing." />
          <Field
            {...field('other', entries === null ? undefined : entries.otherCents / 100)}
            label="Postage and materials, in dollars"
          />
          {settings.population === null && (
            <p className="usa-hint">
              Nobody has said yet how many people live in the municipality, so the free hours are taken off.{' '}
              <Link to="/console/requests/settings">Say it in the desk’s settings</Link>.
            </p>
          )}
          <button className="usa-button" type="submit" name="intent" value="estimate">
            Work it out
          </button>
        </Form>
      )}
      {words && (
        <Form method="post" className="usa-form maxw-tablet" key={payments.length}>
          <h2>Paid</h2>
          <ul className="usa-list">
            {payments.map((one) => (
              <li key={one.id}>
                {one.cents < 0 && 'Paid back: '}
                {one.amount}, {longDay(one.paidOn)} {one.note}
              </li>
            ))}
          </ul>
          {payBack && <p className="text-bold">{payBack} more came in than is owed. Pay it back.</p>}
          {(!request.closure || payBack) && (
            <>
              <Field
                name="direction"
                label="What happened"
                defaultValue={typed.direction ?? (payBack ? 'back' : 'in')}
                options={[
                  { value: 'in', label: 'The requester paid' },
                  { value: 'back', label: 'The department paid back' },
                ]}
              />
              <Field {...field('paid')} label="Amount, in dollars" />
              <Field
                name="paidOn"
                label="Paid on"
                type="date"
                defaultValue={typed.paidOn ?? today}
                problem={problems.paidOn}
              />
              <Field name="note" label="Note (optional)" defaultValue={typed.note} />
              <button className="usa-button" type="submit" name="intent" value="payment">
                Note the payment
              </button>
            </>
          )}
        </Form>
      )}
    </>
  )
}
