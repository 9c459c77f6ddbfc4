import { Link } from 'react-router'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Pager } from '../../web/components/pager.tsx'
import { Tag } from '../../web/components/tag.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { runsOnAPage } from '../limits.ts'
import { listRuns, type Run } from '../store.ts'
import type { Route } from './+types/dispositions'
import { mustReadRetention, zoneOf } from './found.ts'
import { count, runStates } from './wording.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Dispositions' }]

export async function loader({ request, context }: Route.LoaderArgs) {
  mustReadRetention(context)
  const number = Number(new URL(request.url).searchParams.get('page'))
  const page = Number.isInteger(number) && number > 0 && number < 100_000 ? number : 1
  return {
    ...(await listRuns(installation(context).db, { page })),
    page,
    zone: await zoneOf(context),
  }
}

export default function Dispositions({ loaderData: { runs, total, page, zone } }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title="Dispositions"
        lead="Each run is proposed, approved by two people, carried out and certified."
      >
        <Link className="usa-button" to="/console/retention/dispositions/new">
          Propose a disposition
        </Link>
      </PageHeading>
      <DataTable
        caption={`Runs: ${total}`}
        columns={[
          {
            key: 'series',
            title: 'Series',
            render: (run: Run) => (
              <Link to={`/console/retention/dispositions/${run.id}`}>{run.series.title}</Link>
            ),
          },
          {
            key: 'files',
            title: 'Files',
            render: (run) => count(run.counts.files - run.counts.excepted, 'file'),
          },
          {
            key: 'proposed',
            title: 'Proposed',
            render: (run) => (
              <>
                {run.proposedByName}, <When at={run.proposedAt} zone={zone} />
              </>
            ),
          },
          {
            key: 'state',
            title: 'State',
            render: (run) => <Tag tone={runStates[run.state].tone}>{runStates[run.state].word}</Tag>,
          },
        ]}
        rows={runs}
        empty={
          <EmptyState title="Nothing was ever disposed of here">
            <p>
              <Link to="/console/retention">The overview</Link> shows what is due. Records that are not due
              need no attention.
            </p>
          </EmptyState>
        }
      />
      <Pager page={page} pages={Math.ceil(total / runsOnAPage)} />
    </>
  )
}
