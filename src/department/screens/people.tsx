import { Link } from 'react-router'
import { DataTable } from '../../web/components/data-table.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation } from '../../web/context.ts'
import { isOpen } from '../../web/open-to.ts'
import { people, roleTitle } from '../department.ts'
import type { Route } from './+types/people'

export async function loader({ context }: Route.LoaderArgs) {
  const everybody = await people(installation(context).db)
  return {
    people: everybody.map((one) => ({ ...one, roles: one.roles.map(roleTitle) })),
    mayInvite: isOpen(context, { type: 'Person', id: 'any' }, 'person.invite'),
  }
}

export default function People({ loaderData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading title="People">
        {loaderData.mayInvite && (
          <Link className="usa-button" to="/console/people/new">
            Invite somebody
          </Link>
        )}
      </PageHeading>
      <DataTable
        caption="Everybody who works with Plainview"
        columns={[
          {
            key: 'name',
            title: 'Name',
            render: (one) => <Link to={`/console/people/${one.id}`}>{one.name}</Link>,
          },
          { key: 'title', title: 'Title' },
          {
            key: 'roles',
            title: 'Roles',
            render: (one) => [...one.roles, ...(one.designee ? ['Designee'] : [])].join(', '),
          },
        ]}
        rows={loaderData.people}
      />
    </>
  )
}
