import { DataTable } from '../../web/components/data-table.tsx'
import { When } from '../../web/components/when.tsx'
import type { Report } from '../report-store.ts'

/** Every report of a comment in full, the newest first. */
export function Reports({
  reports,
  count,
  reasons,
  zone,
}: {
  reports: readonly Report[]
  count: number
  reasons: readonly { id: string; title: string }[]
  zone: string
}) {
  if (count === 0) return null
  return (
    <>
      <DataTable
        caption="Reports by visitors"
        columns={[
          { key: 'at', title: 'When', render: (row) => <When at={row.at} zone={zone} /> },
          {
            key: 'reason',
            title: 'Reason',
            render: (row) => reasons.find(({ id }) => id === row.reason)?.title ?? row.reason,
          },
          { key: 'version', title: 'Version' },
          { key: 'explanation', title: 'In their words' },
        ]}
        rows={reports}
      />
      {count > reports.length && (
        <p className="pv-quiet">
          The newest {reports.length} of {count.toLocaleString('en-US')}. All are on record, below.
        </p>
      )}
    </>
  )
}
