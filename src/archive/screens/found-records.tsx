import { Link } from 'react-router'
import { opening } from '../../opening.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { ReadByMachine } from '../../web/components/read-by-machine.tsx'
import { When } from '../../web/components/when.tsx'
import { actorName } from '../actor-name.ts'
import type { RecordLine } from '../archive.ts'
import type { Stretch } from '../hits.ts'
import { kindTitle } from '../kinds.ts'

export type Found = RecordLine & { stretches: Stretch[] | null; concealed: boolean; byReading: boolean }

/** What was found, with the words around each hit. */
export function FoundRecords({ records, zone }: { records: readonly Found[]; zone: string }) {
  return (
    <DataTable
      caption="Records"
      columns={[
        {
          key: 'at',
          title: 'When',
          render: (row) => (
            <>
              <When at={row.at} zone={zone} />
              {row.postedAt && (
                <span className="pv-quiet">
                  {' '}
                  (posted <When at={row.postedAt} zone={zone} />)
                </span>
              )}
            </>
          ),
        },
        {
          key: 'kind',
          title: 'What',
          render: (row) => <Link to={`/console/archive/${row.id}`}>{kindTitle(row.kind)}</Link>,
        },
        {
          key: 'by',
          title: 'Who',
          render: (row) => actorName(row.by),
        },
        {
          key: 'words',
          title: 'Words',
          render: (row) => (
            <>
              <Words {...row} />
              {row.byReading && <ReadByMachine />}
            </>
          ),
        },
      ]}
      rows={records}
      empty={
        <EmptyState title="No record matches">
          <p>Try fewer words, the beginning of a word with *, or a longer time.</p>
        </EmptyState>
      }
    />
  )
}

function Words({ words, stretches, concealed, disposed }: Found) {
  if (disposed) return 'Disposed of'
  if (concealed)
    return <span className="pv-quiet">Hidden or deleted. Open it to read it; that is recorded.</span>
  if (!stretches) return opening(words, 140)
  return stretches.map(({ text, hit }, n) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: stretches have no other name than their place
    hit ? <mark key={n}>{text}</mark> : <span key={n}>{text}</span>,
  )
}
