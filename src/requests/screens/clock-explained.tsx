import type { standingOrder } from '../appeal-order.ts'
import type { CountedDay } from '../deadline.ts'
import { dollars } from '../fee.ts'
import { longDay } from '../long-day.ts'
import { appealOutcomes } from '../outcomes.ts'
import type { RecordsRequest } from '../store.ts'
import { DaysCounted } from './clock.tsx'

/** Which days count for a request and why, and whether a fee may be charged for it. */
export function ClockExplained({
  request,
  counted,
  movedFrom,
  feeAllowed,
  feeLimit,
  order,
  supervisor,
}: {
  request: RecordsRequest
  counted: readonly CountedDay[]
  /** Why nothing was counted on the day it arrived; null when that was a business day. */
  movedFrom: string | null
  /** Null while the first written response may still come in time. */
  feeAllowed: boolean | null
  /** The most that may be charged by an order, in cents. */
  feeLimit: number | null
  order: ReturnType<typeof standingOrder>
  supervisor: string
}) {
  const inTime = request.acknowledgement && request.acknowledgement.sentOn <= request.responseDue
  return (
    <section>
      <h2>The clock</h2>
      <ul className="usa-list">
        <li>
          {movedFrom
            ? `It arrived on ${longDay(request.arrivedOn)}, when nothing is counted (${movedFrom}), and counts as received on ${longDay(request.receivedOn)}.`
            : `It was received on ${longDay(request.receivedOn)}.`}{' '}
          Day 1 is the next business day.
        </li>
        <li>
          First written answer: due by {longDay(request.responseDue)}.{' '}
          {request.acknowledgement
            ? `Sent on ${longDay(request.acknowledgement.sentOn)}, ${inTime ? 'in time' : 'late'}.`
            : 'Not sent yet.'}
        </li>
        {order && (
          <li>
            On {longDay(order.determinedOn)} {supervisor} decided:{' '}
            {appealOutcomes[order.outcome].toLowerCase()}, by {longDay(order.due)}. The clock runs anew from
            that decision.{' '}
            {request.reopened.length > 0 && !request.closure && 'The request is open again until then.'}
          </li>
        )}
        <li>Records: due by {longDay(request.due)}.</li>
        {feeLimit !== null && (
          <li>
            {feeLimit === 0
              ? `By order of ${supervisor} no fee may be charged.`
              : `By order of ${supervisor} a fee of ${dollars(feeLimit)} may be charged at most.`}
          </li>
        )}
        {feeLimit !== 0 && (
          <li>
            {feeAllowed === null
              ? 'A fee may be charged only if the first written answer is sent in time.'
              : feeAllowed
                ? 'The answer came in time, so a fee may be charged. It needs an estimate in good faith, in writing, first.'
                : 'No fee may be charged, because the first written answer did not come in time.'}
          </li>
        )}
      </ul>
      <DaysCounted days={counted} />
      <p className="usa-hint">This is worked out from the law as it is loaded here; it is no legal advice.</p>
    </section>
  )
}
