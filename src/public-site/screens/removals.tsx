import { publicCounts, publicHolds } from '../../comments/comments.ts'
import { timeZoneHere } from '../../department/department.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { months, pagesOf } from '../removals.ts'
import type { Route } from './+types/removals'

export const handle = { scripts: false, forEverybody: true }

export async function loader({ context }: Route.LoaderArgs) {
  const { db, policy, now } = installation(context)
  const zone = await timeZoneHere(db)
  const [counts, holds] = await Promise.all([publicCounts(db, zone), publicHolds(db, now())])
  const titleOf = (reason: string) =>
    policy.incidents.holding?.reasons.find(({ id }) => id === reason)?.title ?? reason
  return {
    zone,
    holds: holds.map((hold) => ({ ...hold, reason: titleOf(hold.reason) })),
    months: months(counts),
    pages: pagesOf(counts),
    reasons: policy.removalReasons.map(({ id, title, clause }) => ({ id, title, clause })),
  }
}

export default function Removals({
  loaderData: { months, pages, reasons, holds, zone },
}: Route.ComponentProps) {
  return (
    <>
      <title>What was removed</title>
      <h1>What was removed</h1>
      <p className="usa-intro">
        How many comments the department removed from its pages, for which of the policy’s reasons, what
        became of appeals, and when comments were held before they were shown. Names are not part of this log.
      </p>
      {months.length === 0 ? (
        <p>No comment was removed yet.</p>
      ) : (
        <>
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
          <DataTable
            caption="Appeals and blocks, by month"
            columns={[
              { key: 'title', title: 'Month' },
              { key: 'appealed', title: 'Appeals' },
              { key: 'reversed', title: 'Decided for the author' },
              { key: 'upheld', title: 'Decided against the author' },
              { key: 'blocked', title: 'Authors blocked' },
              { key: 'unblocked', title: 'Blocks ended early' },
            ]}
            rows={months}
          />
          <DataTable
            caption="Comments removed, by page"
            columns={[
              { key: 'id', title: 'Page' },
              { key: 'removed', title: 'Removed' },
              { key: 'restored', title: 'Shown again' },
              { key: 'appealed', title: 'Appeals' },
              { key: 'reversed', title: 'Decided for the author' },
            ]}
            rows={pages}
          />
          <p>
            Each month counts what happened in it: an appeal may be decided in a later month than it was
            filed. Small numbers are not rounded. Blocks are counted for all pages together.
          </p>
        </>
      )}
      {holds.length === 0 ? (
        <p>Comments were never held for review before they were shown.</p>
      ) : (
        <DataTable
          caption="When comments were held for review before they were shown"
          columns={[
            { key: 'page', title: 'Page' },
            {
              key: 'when',
              title: 'When',
              render: ({ from, to, latest }) => (
                <>
                  <When at={from} zone={zone} /> {to ? 'to' : 'until now, and to'}{' '}
                  <When at={to ?? latest} zone={zone} />
                  {!to && ' at the latest'}
                </>
              ),
            },
            { key: 'reason', title: 'Reason', render: ({ reason, clause }) => `${reason} (${clause})` },
            { key: 'held', title: 'Held' },
            { key: 'removed', title: 'Then removed' },
            { key: 'released', title: 'Shown when it ended' },
          ]}
          rows={holds}
        />
      )}
      <p>
        <a href="/removals.csv" download>
          All of it as a table (CSV)
        </a>
      </p>
      <p>
        <a href="/comment-appeals">Appeal the removal of a comment</a>
      </p>
      <p>
        <a href="/policy#comments">The rules for comments</a>
      </p>
    </>
  )
}
