import { opening } from '../../opening.ts'
import { When } from '../../web/components/when.tsx'
import type { Card } from '../card.ts'

/** What visitors reported about a comment, as plain text. A report decides nothing. */
export function Reported({
  reports: { count, older, reasons, words, onceMore },
  last,
  protectedCriticism,
  zone,
}: {
  reports: Card['reports']
  last: Card['last']
  protectedCriticism: boolean
  zone: string
}) {
  if (count === 0) return null
  return (
    <section className="pv-reported" aria-label="Reported by visitors">
      <p className="margin-y-0">
        <strong>Reported {times(count)}.</strong>{' '}
        {reasons.map(({ title, count }) => `${title} (${count.toLocaleString('en-US')})`).join(', ')}.{' '}
        {older > 0 && `${older.toLocaleString('en-US')} of them before its author changed it. `}
        {protectedCriticism && 'It seems to criticize officials, so reports don’t move it up.'}
      </p>
      {onceMore && last && (
        <p className="margin-y-0">
          {last.byName} kept it <When at={last.at} zone={zone} />. It is here once more because “{onceMore}”
          had not been considered.
        </p>
      )}
      {words.length > 0 && (
        <ul className="usa-list margin-y-0">
          {words.map(({ title, explanation, at }) => (
            <li key={`${at.getTime()} ${explanation}`}>
              {title}: <q>{opening(explanation, 160)}</q>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** "once", "twice", "40 times". */
function times(count: number): string {
  if (count === 1) return 'once'
  return count === 2 ? 'twice' : `${count.toLocaleString('en-US')} times`
}
