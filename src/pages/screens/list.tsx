import { Link } from 'react-router'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation } from '../../web/context.ts'
import { isOpen } from '../../web/open-to.ts'
import { allPages } from '../store.ts'
import type { Route } from './+types/list'
import { PageStateTag } from './page-state.tsx'

export async function loader({ context }: Route.LoaderArgs) {
  const { db, platforms } = installation(context)
  const titles = new Map(platforms.all().map((platform) => [platform.kind, platform.title]))
  const pages = await allPages(db)
  return {
    pages: pages.map((page) => ({ ...page, platformTitle: titles.get(page.platform) ?? page.platform })),
    mayRegister: isOpen(context, { type: 'Page', id: 'any' }, 'page.register'),
  }
}

export default function Pages({ loaderData: { pages, mayRegister } }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title="Pages"
        lead="The places where the department speaks. Each is approved before it is used."
      >
        {mayRegister && (
          <Link className="usa-button" to="/console/pages/new">
            Register a page
          </Link>
        )}
      </PageHeading>
      {pages.length === 0 ? (
        <EmptyState title="No page is registered yet">
          <p>
            Begin with the department’s own page: it works without an account anywhere. Then{' '}
            <Link to="/console/pages/new">register it</Link> and have it approved.
          </p>
        </EmptyState>
      ) : (
        <DataTable
          caption="Registered pages"
          columns={[
            {
              key: 'title',
              title: 'Page',
              render: (page) => <Link to={`/console/pages/${page.id}`}>{page.title}</Link>,
            },
            { key: 'platformTitle', title: 'Platform' },
            { key: 'purpose', title: 'For' },
            { key: 'state', title: 'State', render: (page) => <PageStateTag state={page.state} /> },
          ]}
          rows={pages}
        />
      )}
    </>
  )
}
