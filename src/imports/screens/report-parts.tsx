import { Link } from 'react-router'
import { DataTable } from '../../web/components/data-table.tsx'
import { When } from '../../web/components/when.tsx'
import type { Import } from '../store.ts'
import { sizeOf } from './size.ts'

type Facts = Omit<Import, 'decision' | 'place' | 'fingerprint'>

/** What an import is and what it made, in numbers. */
export function ImportFacts({ found, zone }: { found: Facts; zone: string }) {
  const { added, changed, known, media } = found.tally
  const counts: [string, number][] = [
    ['Posts added', added.post],
    ['Comments added', added.comment],
    ['Captures added', added.capture],
    ['Changed', changed],
    ['Known already', known],
    ['Files kept', media.kept],
    ['Files missing', media.missing],
  ]
  return (
    <dl className="pv-facts">
      <Fact name="Page">
        <Link to={`/console/pages/${found.page}`}>{found.pageTitle}</Link>
      </Fact>
      <Fact name="Started">
        <When at={found.startedAt} zone={zone} />
      </Fact>
      <Fact name="By">{'name' in found.by && found.by.name ? found.by.name : 'The command line'}</Fact>
      <Fact name="Size">{sizeOf(found.bytes)}</Fact>
      <Fact name="SHA-256">{found.sha256 ? <code>{found.sha256}</code> : 'Not taken yet'}</Fact>
      {counts.map(([name, count]) => (
        <Fact key={name} name={name}>
          {count.toLocaleString('en-US')}
        </Fact>
      ))}
      {found.firstPosted && found.lastPosted && (
        <Fact name="Posted between">
          <When at={found.firstPosted} zone={zone} /> and <When at={found.lastPosted} zone={zone} />
        </Fact>
      )}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

/** What was not taken over: how often for which reason, and the first ones with their places. */
export function NotTakenOver({
  total,
  counts,
  remarks,
}: {
  total: number
  counts: readonly { because: string; count: number }[]
  remarks: readonly { number: number; file: string; at: string; because: string }[]
}) {
  if (total === 0) return null
  return (
    <>
      <h2>Not taken over</h2>
      <DataTable
        caption={`By reason (${total.toLocaleString('en-US')} in all)`}
        columns={[
          { key: 'because', title: 'Reason' },
          { key: 'count', title: 'Times', render: ({ count }) => count.toLocaleString('en-US') },
        ]}
        rows={counts}
      />
      <DataTable
        caption={remarks.length < total ? `The first ${remarks.length}; the report has more` : 'One by one'}
        columns={[
          { key: 'file', title: 'File' },
          { key: 'at', title: 'Place' },
          { key: 'because', title: 'Reason' },
        ]}
        rows={remarks}
      />
    </>
  )
}
