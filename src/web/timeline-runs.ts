import { actorName } from '../archive/actor-name.ts'
import type { RecordLine } from '../archive/archive.ts'

type Entry = Pick<RecordLine, 'kind' | 'by'>

/** As many of the same in a row are still read one by one. */
const longestRun = 3

/** Entries in their order; more than three in a row of one kind by one person are together, to be folded. */
export function timelineRuns<E extends Entry>(entries: readonly E[]): E[][] {
  const runs: E[][] = []
  for (const entry of entries) {
    const run = runs.at(-1)
    if (run?.[0] && alike(run[0], entry)) run.push(entry)
    else runs.push([entry])
  }
  return runs.flatMap((run) => (run.length > longestRun ? [run] : run.map((entry) => [entry])))
}

const alike = (a: Entry, b: Entry) => a.kind === b.kind && actorName(a.by) === actorName(b.by)
