import { DataTable } from '../../web/components/data-table.tsx'
import { When } from '../../web/components/when.tsx'
import type { Figures, hoursOf, slowingsOf } from '../incident-store.ts'

/** What came, what was decided and how soon, to be read afterwards and printed. */
export function IncidentSummary({
  figures,
  hours,
  slowings,
  zone,
}: {
  figures: Figures
  hours: Awaited<ReturnType<typeof hoursOf>>
  slowings: Awaited<ReturnType<typeof slowingsOf>>
  zone: string
}) {
  const { received, kept, hidden, waiting, deleted, medianMinutes } = figures
  return (
    <section aria-labelledby="summary">
      <h2 id="summary">Summary</h2>
      <dl className="pv-facts">
        <dt>Comments written</dt>
        <dd>{received.toLocaleString('en-US')}</dd>
        <dt>Kept, hidden, waiting</dt>
        <dd>
          {kept.toLocaleString('en-US')}, {hidden.toLocaleString('en-US')}, {waiting.toLocaleString('en-US')}
        </dd>
        <dt>Deleted by their authors</dt>
        <dd>{deleted.toLocaleString('en-US')}</dd>
        <dt>From writing to decision</dt>
        <dd>
          {medianMinutes === null
            ? 'Nothing is decided yet.'
            : `${Math.round(medianMinutes)} minutes (median)`}
        </dd>
        {slowings.map((one) => (
          <SlowingFacts key={one.id} slowing={one} zone={zone} />
        ))}
      </dl>
      {hours.length > 0 && (
        <DataTable
          caption="Comments by the hour"
          columns={[
            { key: 'hour', title: 'Hour from', render: (one) => <When at={one.hour} zone={zone} /> },
            { key: 'received', title: 'Written' },
            { key: 'hidden', title: 'Of these hidden' },
          ]}
          rows={hours}
        />
      )}
    </section>
  )
}

function SlowingFacts({
  slowing: { minutes, byName, at, ended_at, slowed },
  zone,
}: {
  slowing: Awaited<ReturnType<typeof slowingsOf>>[number]
  zone: string
}) {
  return (
    <>
      <dt>New authors slowed</dt>
      <dd>
        Once in {minutes} minutes, by {byName}, from <When at={at} zone={zone} />
        {ended_at && (
          <>
            {' '}
            to <When at={ended_at} zone={zone} />
          </>
        )}
        . A comment came too soon {slowed.toLocaleString('en-US')} {slowed === 1 ? 'time' : 'times'}.
      </dd>
    </>
  )
}
