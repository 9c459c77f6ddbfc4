import { Form } from 'react-router'
import { standingOrder } from '../appeal-order.ts'
import { longDay } from '../long-day.ts'
import type { RecordsRequest } from '../store.ts'
import { requestPath } from './request-path.ts'

interface Reason {
  id: string
  title: string
  stops: 'records' | 'nothing'
  basis: string
  unchecked?: string | undefined
}

/** What the request waits for, and which clock that stops. The first written response waits for nothing. */
export function Waiting({
  request,
  reasons,
  problem,
}: {
  request: RecordsRequest
  reasons: readonly Reason[]
  problem: string | null
}) {
  const waiting = (id: string) => request.waits.find((one) => one.reason === id && one.endedOn === null)
  const over = request.waits.filter((one) => one.endedOn !== null)
  const title = (id: string) => reasons.find((one) => one.id === id)?.title ?? id
  if (request.closure && over.length === 0) return null
  return (
    <section id="waiting" className="margin-y-3">
      <h2>What it waits for</h2>
      {problem && (
        <p className="usa-error-message" role="alert">
          {problem}
        </p>
      )}
      {standingOrder(request.orders) && !request.closure && (
        <p>The day that was ordered stands, whatever it waits for.</p>
      )}
      <ul className="usa-list">
        {reasons.map((reason) => {
          const since = waiting(reason.id)
          if (request.closure || (!since && reason.id === 'petition')) return null
          return (
            <li key={reason.id}>
              {reason.title}
              {since
                ? ` since ${longDay(since.beganOn)}. ${since.stops === 'records' ? 'The records’ clock stands still.' : 'No clock stands still.'} `
                : '. '}
              <Form method="post" action={`${requestPath(request.id)}/wait`} className="display-inline">
                <input type="hidden" name="reason" value={reason.id} />
                <button
                  className="usa-button usa-button--unstyled"
                  type="submit"
                  name="intent"
                  value={since ? 'end' : 'begin'}
                  aria-label={`${since ? 'It has come' : 'Note that it waits'}: ${reason.title}`}
                >
                  {since ? 'It has come' : 'Note that it waits'}
                </button>
              </Form>
              <br />
              <span className="pv-quiet">
                {reason.basis} {reason.unchecked}
              </span>
            </li>
          )
        })}
        {over.map((one) => (
          <li key={one.id} className="pv-quiet">
            {title(one.reason)}, from {longDay(one.beganOn)} to {longDay(one.endedOn ?? one.beganOn)}
            {one.due && `; the records are due on ${longDay(one.due)} since`}.
          </li>
        ))}
      </ul>
    </section>
  )
}
