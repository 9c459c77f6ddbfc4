import { Link } from 'react-router'
import type { Leak } from '../redaction.ts'
import type { reviewProgress } from '../review-store.ts'

export function Progress({ progress }: { progress: Awaited<ReturnType<typeof reviewProgress>> }) {
  const { records, reviewed, release, redact, withhold, unconfirmed } = progress
  if (records === 0) return null
  const number = (count: number) => count.toLocaleString('en-US')
  return (
    <div className="margin-bottom-2">
      <progress className="width-full" max={records} value={reviewed} aria-label="Records reviewed" />
      <p className="margin-top-05" role="status">
        {number(reviewed)} of {number(records)} reviewed: {number(release)} to release, {number(redact)} to
        release redacted{unconfirmed > 0 ? ` (${number(unconfirmed)} without a second look)` : ''},{' '}
        {number(withhold)} to withhold.
      </p>
    </div>
  )
}

/** Words that are taken out of one record and can be read in another one that goes out. */
export function Leaks({ leaks, path }: { leaks: readonly Leak[]; path: string }) {
  if (leaks.length === 0) return null
  return (
    <div className="usa-alert usa-alert--warning">
      <div className="usa-alert__body">
        <h2 className="usa-alert__heading">Taken out in one record, readable in another</h2>
        <ul className="usa-list">
          {leaks.slice(0, 10).map((leak) => (
            <li key={leak.words}>
              “{leak.words}” can be read in{' '}
              {leak.records.slice(0, 5).map((id, n) => (
                <span key={id}>
                  {n > 0 && ', '}
                  <Link to={`${path}/review/${id}?words=${encodeURIComponent(leak.words)}`}>
                    {n === 0 ? 'this record' : `record ${n + 1}`}
                  </Link>
                </span>
              ))}
              {leak.records.length > 5 && ` and ${leak.records.length - 5} more`}.
            </li>
          ))}
        </ul>
        <p className="usa-alert__text">Nothing is produced until this is solved.</p>
      </div>
    </div>
  )
}
