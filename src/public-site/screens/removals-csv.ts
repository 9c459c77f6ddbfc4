import { publicCounts } from '../../comments/comments.ts'
import { timeZoneHere } from '../../department/department.ts'
import { installation } from '../../web/context.ts'
import { removalsCsv } from '../removals.ts'
import type { Route } from './+types/removals-csv'

export const handle = { forEverybody: true }

/** The public log as a file. */
export async function loader({ context }: Route.LoaderArgs) {
  const { db, policy } = installation(context)
  const zone = await timeZoneHere(db)
  const known = [...policy.removalReasons, ...policy.appeals.blocks.reasons]
  const titleOf = (reason: string) => known.find(({ id }) => id === reason)?.title ?? reason
  return new Response(removalsCsv(await publicCounts(db, zone), titleOf), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="removals.csv"',
    },
  })
}
