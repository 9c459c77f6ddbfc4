import { Link } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Pager } from '../../web/components/pager.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { listIncidents } from '../incident-store.ts'
import type { Route } from './+types/incidents'
import { mustModerate } from './found-comment.ts'
import { IncidentState } from './incident-parts.tsx'

const take = 25

export async function loader({ request, context }: Route.LoaderArgs) {
  mustModerate(context)
  const { db } = installation(context)
  const typed = new URL(request.url).searchParams.get('page') ?? '1'
  const page = Math.max(1, Math.min(10_000, Number.parseInt(typed, 10) || 1))
  const [{ incidents, count }, zone] = await Promise.all([
    listIncidents(db, { page, take }),
    timeZoneHere(db),
  ])
  return { incidents, page, pages: Math.ceil(count / take), zone }
}

export default function Incidents({ loaderData: { incidents, page, pages, zone } }: Route.ComponentProps) {
  return (
    <>
      <PageHeading title="Incidents" lead="When many more comments come than usual.">
        <Link className="usa-button" to="/console/incidents/new">
          Declare an incident
        </Link>
      </PageHeading>
      <DataTable
        caption="Incidents"
        columns={[
          {
            key: 'reason',
            title: 'Incident',
            render: (one) => <Link to={`/console/incidents/${one.id}`}>{one.reason}</Link>,
          },
          { key: 'pages', title: 'Pages', render: (one) => one.pages.join(', ') },
          { key: 'byName', title: 'Declared by' },
          { key: 'at', title: 'Since', render: (one) => <When at={one.at} zone={zone} /> },
          { key: 'state', title: 'Stands', render: (one) => <IncidentState incident={one} zone={zone} /> },
        ]}
        rows={incidents}
        empty={
          <EmptyState title="No incident yet">
            <p>
              Declare one when comments come faster than you can read them. It changes nothing by itself; it
              lets you slow new authors on the department’s own page for a while, and sums up how it went.
            </p>
          </EmptyState>
        }
      />
      <Pager page={page} pages={pages} />
    </>
  )
}
