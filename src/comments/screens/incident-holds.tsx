import { Form } from 'react-router'
import { Tag } from '../../web/components/tag.tsx'
import { When } from '../../web/components/when.tsx'
import type { Hold } from '../hold-store.ts'

/** What an incident's screen knows of a hold. */
export type HoldShown = Hold & { reasonTitle: string; mine: boolean; inForce: boolean }

/** The holds of an incident, with what can be done about each now. */
export function IncidentHolds({
  holds,
  zone,
  open,
}: {
  holds: readonly HoldShown[]
  zone: string
  open: boolean
}) {
  if (holds.length === 0) return null
  return (
    <section aria-labelledby="holds">
      <h2 id="holds">Comments held for review</h2>
      {holds.map((hold) => (
        <article key={hold.id} className="pv-card margin-bottom-2" aria-label={`On ${hold.pageTitle}`}>
          <h3 className="margin-top-0">{hold.pageTitle}</h3>
          <p>
            <Standing hold={hold} zone={zone} />
          </p>
          <dl className="pv-facts">
            <dt>Reason</dt>
            <dd>
              {hold.reasonTitle} (<a href={`/console/policy/${hold.clause}`}>{hold.clause}</a>)
            </dd>
            <dt>Proposed by</dt>
            <dd>
              {hold.byName}, <When at={hold.at} zone={zone} />, for {hold.hours}{' '}
              {hold.hours === 1 ? 'hour' : 'hours'}
            </dd>
            <dt>Why nothing narrower is enough</dt>
            <dd className="text-pre-wrap">{hold.narrower}</dd>
            {hold.agreedAt && (
              <>
                <dt>Held</dt>
                <dd>
                  {hold.held.toLocaleString('en-US')}, of which {hold.released.toLocaleString('en-US')} shown
                  by the end of the hold
                </dd>
              </>
            )}
          </dl>
          {open && <Steps hold={hold} />}
        </article>
      ))}
    </section>
  )
}

const endings = { time: 'Ended at its time', 'by hand': 'Ended early', incident: 'Ended with the incident' }

function Standing({ hold, zone }: { hold: HoldShown; zone: string }) {
  const { agreedAt, agreedName, endsAt, refusedAt, refuserName, endedAt, cause, enderName } = hold
  if (refusedAt)
    return (
      <>
        <Tag>Not agreed to</Tag> by {refuserName}, <When at={refusedAt} zone={zone} />
      </>
    )
  if (!agreedAt || !endsAt) return <Tag tone="warning">Waits for a second person</Tag>
  if (endedAt)
    return (
      <>
        <Tag>{endings[cause ?? 'time']}</Tag> {enderName && `by ${enderName}, `}
        <When at={endedAt} zone={zone} />
      </>
    )
  if (!hold.inForce) return <Tag>Ended at its time</Tag>
  return (
    <>
      <Tag tone="error">Held</Tag> since <When at={agreedAt} zone={zone} />, until{' '}
      <When at={endsAt} zone={zone} /> at the latest. {agreedName} agreed.
    </>
  )
}

function Steps({ hold }: { hold: HoldShown }) {
  const here = `/console/incidents/${hold.incident}/holds/${hold.id}`
  const button = (step: string, words: string, outline = true) => (
    <Form method="post" action={`${here}/${step}`}>
      <button className={`usa-button ${outline ? 'usa-button--outline' : ''}`} type="submit">
        {words}
      </button>
    </Form>
  )
  if (hold.inForce) return button('end', 'Show all that is held, and hold nothing more', false)
  if (hold.agreedAt || hold.refusedAt) return null
  return (
    <div className="pv-actions">
      {!hold.mine && button('agreement', 'Agree: hold comments from now on', false)}
      {button('refusal', hold.mine ? 'Take it back' : 'Do not agree')}
    </div>
  )
}
