import { actorName } from '../../archive/actor-name.ts'
import type { RecordLine } from '../../archive/archive.ts'
import { kindTitle } from '../../archive/kinds.ts'
import { When } from './when.tsx'

/** What happened to a thing: its records, first to last. */
export function Timeline({ entries, zone }: { entries: readonly RecordLine[]; zone: string }) {
  if (entries.length === 0) return null
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">What happened</h2>
      <ol className="pv-timeline">
        {entries.map(({ id, kind, at, by }) => (
          <li key={id}>
            <a href={`/console/archive/${id}`}>{kindTitle(kind)}</a>
            <span className="pv-quiet">
              {' '}
              {actorName(by)}, <When at={at} zone={zone} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
