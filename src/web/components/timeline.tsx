import { actorName } from '../../archive/actor-name.ts'
import type { RecordLine } from '../../archive/archive.ts'
import { kindTitle } from '../../archive/kinds.ts'
import { timelineLength } from '../../archive/timeline-length.ts'
import { timelineRuns } from '../timeline-runs.ts'
import { When } from './when.tsx'

/** What happened to a thing: its records, first to last. */
export function Timeline({ entries, zone }: { entries: readonly RecordLine[]; zone: string }) {
  if (entries.length === 0) return null
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">What happened</h2>
      {entries.length === timelineLength && (
        <p className="pv-quiet">The newest {timelineLength} records. The archive has those before them.</p>
      )}
      <ol className="pv-timeline">
        {timelineRuns(entries).map((run) =>
          run.length === 1 ? (
            run.map((entry) => <Entry key={entry.id} entry={entry} zone={zone} />)
          ) : (
            <Run key={run[0]?.id} run={run} zone={zone} />
          ),
        )}
      </ol>
    </section>
  )
}

const Entry = ({ entry: { id, kind, at, by }, zone }: { entry: RecordLine; zone: string }) => (
  <li>
    <a href={`/console/archive/${id}`}>{kindTitle(kind)}</a>
    <span className="pv-quiet">
      {' '}
      {actorName(by)}, <When at={at} zone={zone} />
    </span>
  </li>
)

function Run({ run, zone }: { run: readonly RecordLine[]; zone: string }) {
  const [first, last] = [run[0], run.at(-1)]
  if (!first || !last) return null
  return (
    <li>
      <details>
        <summary>
          {kindTitle(first.kind)}, {run.length} times
          <span className="pv-quiet">
            {' '}
            {actorName(first.by)}, <When at={first.at} zone={zone} /> to <When at={last.at} zone={zone} />
          </span>
        </summary>
        <ol className="pv-timeline">
          {run.map((entry) => (
            <Entry key={entry.id} entry={entry} zone={zone} />
          ))}
        </ol>
      </details>
    </li>
  )
}
