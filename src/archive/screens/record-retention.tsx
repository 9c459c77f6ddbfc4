import { Link } from 'react-router'

/** How long a record is kept, and what holds it. */
export function RecordRetention({
  retention,
  holds,
  subject,
}: {
  retention: { title: string; years: number | null; due_on: string | null } | null
  holds: readonly { id: string; matter: string }[]
  subject: { kind: string; id: string }
}) {
  const address = new URLSearchParams({ about: `${subject.kind}/${subject.id}` })
  return (
    <dl className="pv-facts">
      {retention && (
        <>
          <dt>Retention</dt>
          <dd>
            {retention.title}:{' '}
            {retention.years === null
              ? 'kept permanently'
              : retention.due_on === null
                ? `${retention.years} years after it is closed; it is in use now`
                : `may be disposed of from ${longDay(retention.due_on)}`}
          </dd>
        </>
      )}
      <dt>Legal holds</dt>
      <dd>
        {holds.length === 0 && 'None. '}
        {holds.map((hold) => (
          <Link key={hold.id} className="margin-right-1" to={`/console/retention/holds/${hold.id}`}>
            {hold.matter}
          </Link>
        ))}
        <Link to={`/console/retention/holds/new?${address}`}>Hold everything about this</Link>
      </dd>
    </dl>
  )
}

const longDay = (day: string) =>
  new Date(`${day}T12:00:00Z`).toLocaleDateString('en-US', { timeZone: 'UTC', dateStyle: 'long' })
