import { DataTable } from '../../web/components/data-table.tsx'
import { ReadByMachine } from '../../web/components/read-by-machine.tsx'
import { When } from '../../web/components/when.tsx'
import type { RecordSummary } from './summaries.ts'

type Line = RecordSummary & { collected?: boolean; byReading?: boolean }

/** Records in a table, each with a box to tick. */
export function RecordTicks({
  caption,
  records,
  zone,
  ticks,
}: {
  caption: string
  records: readonly Line[]
  zone: string
  ticks: boolean
}) {
  return (
    <DataTable
      caption={caption}
      columns={[
        ...(ticks
          ? [
              {
                key: 'tick',
                title: 'Tick',
                render: (record: Line) => (record.collected ? 'Collected' : <Tick record={record} />),
              },
            ]
          : []),
        { key: 'at', title: 'When', render: (record) => <When at={record.at} zone={zone} /> },
        {
          key: 'title',
          title: 'What',
          render: (record) => <a href={`/console/archive/${record.id}`}>{record.title}</a>,
        },
        { key: 'by', title: 'By' },
        {
          key: 'words',
          title: 'Words',
          render: (record) => (
            <>
              {record.words}
              {record.byReading && <ReadByMachine />}
            </>
          ),
        },
      ]}
      rows={records}
    />
  )
}

const Tick = ({ record }: { record: Line }) => (
  <div className="usa-checkbox pv-tick">
    <input
      className="usa-checkbox__input"
      type="checkbox"
      id={`tick-${record.id}`}
      name="record"
      value={record.id}
    />
    <label className="usa-checkbox__label" htmlFor={`tick-${record.id}`}>
      <span className="usa-sr-only">
        {record.title}: {record.words}
      </span>
    </label>
  </div>
)
