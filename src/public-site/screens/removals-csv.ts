import { publicCounts, publicHolds } from '../../comments/comments.ts'
import { timeZoneHere } from '../../department/department.ts'
import { installation } from '../../web/context.ts'
import { removalsCsv } from '../removals.ts'
import type { Route } from './+types/removals-csv'

export const handle = { forEverybody: true }

/** The public log as a file. */
export async function loader({ context }: Route.LoaderArgs) {
  const { db, policy, now } = installation(context)
  const zone = await timeZoneHere(db)
  const known = [
    ...policy.removalReasons,
    ...policy.appeals.blocks.reasons,
    ...(policy.incidents.holding?.reasons ?? []),
  ]
  const titleOf = (reason: string) => known.find(({ id }) => id === reason)?.title ?? reason
  const monthOf = (at: Date) => at.toLocaleDateString('sv-SE', { timeZone: zone }).slice(0, 7)
  const [counts, holds] = await Promise.all([publicCounts(db, zone), publicHolds(db, now())])
  return new Response(removalsCsv(counts, holds, titleOf, monthOf), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="removals.csv"',
    },
  })
}
