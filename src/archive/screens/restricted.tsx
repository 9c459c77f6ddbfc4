import { Notice } from '../../web/components/notice.tsx'
import { When } from '../../web/components/when.tsx'
import type { RecordLine } from '../archive.ts'
import type { Restriction } from '../lookup.ts'

const because: Record<Restriction, string> = {
  hidden: 'What it is about is hidden from the public.',
  deleted: 'What it is about is deleted.',
  withheld: 'The original is withheld in a request.',
  redacted: 'In a request it goes out redacted; this is the original.',
}

/** Tells whoever opened a restricted record why it is one, and that the opening is recorded. */
export function Restricted({ restrictions }: { restrictions: readonly Restriction[] }) {
  if (restrictions.length === 0) return null
  return (
    <Notice tone="info">
      {restrictions.map((one) => because[one]).join(' ')} That you opened it is recorded.
    </Notice>
  )
}

/** Who opened a restricted record. */
export function Openings({ entries, zone }: { entries: readonly RecordLine[]; zone: string }) {
  const opened = entries.filter(({ kind }) => kind === 'record.opening')
  if (opened.length === 0) return null
  return (
    <section aria-labelledby="openings">
      <h2 id="openings">Who opened it</h2>
      <ol className="pv-timeline">
        {opened.map(({ id, at, by }) => (
          <li key={id}>
            <a href={`/console/archive/${id}`}>{by.name}</a>{' '}
            <span className="pv-quiet">
              <When at={at} zone={zone} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
