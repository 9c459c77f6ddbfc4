import { Link } from 'react-router'
import { DataTable } from '../../web/components/data-table.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation } from '../../web/context.ts'
import { countedAtMost } from '../limits.ts'
import { holdsInForce, openRuns, type SeriesLine, seriesLines, today } from '../store.ts'
import type { Route } from './+types/overview'
import { mustReadRetention } from './found.ts'
import { count, keptFor } from './wording.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Holds and retention' }]

export async function loader({ context }: Route.LoaderArgs) {
  mustReadRetention(context)
  const { db } = installation(context)
  const [series, holds, runs] = await Promise.all([
    seriesLines(db, await today(db)),
    holdsInForce(db),
    openRuns(db),
  ])
  return { series, holds: holds.length, runs: runs.length }
}

export default function Overview({ loaderData: { series, holds, runs } }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title="Holds and retention"
        lead="How long each kind of record is kept, what must be kept longer, and what may go."
      >
        <Link className="usa-button" to="/console/retention/holds">
          Holds ({holds} in force)
        </Link>
        <Link className="usa-button usa-button--outline" to="/console/retention/dispositions">
          Dispositions ({runs} open)
        </Link>
      </PageHeading>
      <DataTable
        caption="Series of records"
        columns={[
          {
            key: 'title',
            title: 'Series',
            render: (row: SeriesLine) => (
              <>
                {row.title}
                <br />
                <span className="pv-quiet">{row.basis}</span>
              </>
            ),
          },
          { key: 'kept', title: 'Kept', render: keptFor },
          { key: 'permission', title: 'Permission', render: (row) => permission(row) },
          { key: 'records', title: 'Records', render: (row) => row.records.toLocaleString('en-US') },
          { key: 'due', title: 'Due', render: due },
        ]}
        rows={series}
      />
      <p className="usa-hint">
        Series, periods and their bases come with the policy and are no legal advice. A file is everything
        that a series holds about one post, comment or request.
      </p>
    </>
  )
}

const permission = ({ years, permission }: SeriesLine) =>
  years === null ? 'Never goes' : permission ? 'Supervisor’s' : 'Not needed'

function due({ id, years, due }: SeriesLine) {
  if (years === null) return '–'
  if (due === 0) return 'Nothing'
  return (
    <Link to={`/console/retention/dispositions/new?series=${id}`}>
      {due >= countedAtMost ? `${countedAtMost.toLocaleString('en-US')} files or more` : count(due, 'file')}
    </Link>
  )
}
