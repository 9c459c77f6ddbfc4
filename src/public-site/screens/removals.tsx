import { removalsByMonth } from '../../comments/comments.ts'
import { departmentProfile } from '../../department/department.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { installation } from '../../web/context.ts'
import { months } from '../removals.ts'
import type { Route } from './+types/removals'

export const handle = { scripts: false, forEverybody: true }

export async function loader({ context }: Route.LoaderArgs) {
  const { db, policy } = installation(context)
  const zone = (await departmentProfile(db))?.timeZone ?? 'America/New_York'
  return {
    months: months(await removalsByMonth(db, zone)),
    reasons: policy.removalReasons.map(({ id, title, clause }) => ({ id, title, clause })),
  }
}

export default function Removals({ loaderData: { months, reasons } }: Route.ComponentProps) {
  return (
    <>
      <title>What was removed</title>
      <h1>What was removed</h1>
      <p className="usa-intro">
        How many comments the department removed from its pages, and for which of the policy’s reasons. Names
        are not part of this log.
      </p>
      {months.length === 0 ? (
        <p>No comment was removed yet.</p>
      ) : (
        <DataTable
          caption="Comments removed, by month"
          columns={[
            { key: 'title', title: 'Month' },
            ...reasons.map((reason) => ({
              key: reason.id,
              title: `${reason.title} (${reason.clause})`,
              render: (row: (typeof months)[number]) => row.byReason[reason.id] ?? 0,
            })),
            { key: 'removed', title: 'Removed' },
            { key: 'restored', title: 'Shown again' },
          ]}
          rows={months}
        />
      )}
      <p>
        <a href="/policy#comments">The rules for comments</a>
      </p>
    </>
  )
}
