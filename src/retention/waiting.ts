import { type Person, type TodayItem, whoIs } from '../department/department.ts'
import type { Policy } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'
import { asWhat } from './disposition.ts'
import { openRuns } from './store.ts'

/** The runs that wait for this person: to be approved, or, approved, to be carried out. */
export async function waitingFor(db: Db, person: Person, policy: Policy): Promise<TodayItem[]> {
  const may = policy.decide(whoIs(person), 'retention.read', { type: 'Retention', id: 'any' })
  if (!may.allowed) return []
  return (await openRuns(db)).flatMap((run): TodayItem[] => {
    const action = run.state === 'approved' ? 'disposition.order' : 'disposition.approve'
    // Who lacks only the Supervisor's permission is still the one to get it.
    const what = { ...asWhat(run), permissionMissing: false }
    if (!policy.decide(whoIs(person), action, what).allowed) return []
    const files = run.counts.files - run.counts.excepted
    return [
      {
        kind: 'disposition',
        title:
          run.state === 'approved'
            ? `Carry out the disposition of ${run.series.title.toLowerCase()}`
            : `Read and decide on the disposition of ${run.series.title.toLowerCase()}`,
        detail: `${files.toLocaleString('en-US')} ${files === 1 ? 'file' : 'files'}, proposed by ${run.proposedByName}.`,
        href: `/console/retention/dispositions/${run.id}`,
        at: run.proposedAt,
      },
    ]
  })
}
