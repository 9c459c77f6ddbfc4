import { Link } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { allPages } from '../../pages/pages.ts'
import { parseId } from '../../storage/ids.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageAndState } from '../../web/components/page-and-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Pager } from '../../web/components/pager.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { type CaptureState, listCaptures } from '../store.ts'
import type { Route } from './+types/list'
import { CaptureStateTag, states } from './capture-state.tsx'
import { mustReadRecords } from './found-capture.ts'

const perPage = 25

export async function loader({ context, request }: Route.LoaderArgs) {
  mustReadRecords(context)
  const { db, browser } = installation(context)
  const address = new URL(request.url).searchParams
  const number = Math.max(1, Number.parseInt(address.get('page') ?? '1', 10) || 1)
  const state = address.get('state') ?? ''
  const shown = {
    page: parseId<'page'>(address.get('of')),
    post: parseId<'post'>(address.get('post')),
    comment: parseId<'comment'>(address.get('comment')),
  }
  const [{ captures, total }, pages, zone] = await Promise.all([
    listCaptures(db, {
      state: state in states ? (state as CaptureState) : null,
      shown,
      from: (number - 1) * perPage,
      limit: perPage,
    }),
    allPages(db),
    timeZoneHere(db),
  ])
  return {
    captures,
    number,
    numbers: Math.ceil(total / perPage),
    narrowed: state !== '' || Object.values(shown).some(Boolean),
    typed: { of: shown.page ?? '', state },
    pages: pages.map(({ id, title }) => ({ value: id as string, label: title })),
    missing: 'missing' in browser ? browser.missing : null,
    zone,
  }
}

export default function Captures({ loaderData }: Route.ComponentProps) {
  const { captures, number, numbers, narrowed, typed, pages, missing, zone } = loaderData
  return (
    <>
      <PageHeading
        title="Captures"
        lead="Pages kept as they were seen: with a picture, and everything that is needed to open them again."
      >
        <Link className="usa-button" to="/console/captures/new">
          Capture an address
        </Link>
      </PageHeading>
      {missing && (
        <div className="usa-alert usa-alert--warning">
          <div className="usa-alert__body">
            <p className="usa-alert__text">{missing}</p>
          </div>
        </div>
      )}
      {(captures.length > 0 || narrowed) && (
        <PageAndState
          typed={typed}
          page="Of the department’s page"
          anyPage="Any, or none"
          pages={pages}
          states={states}
        />
      )}
      <DataTable
        caption="Captures"
        columns={[
          {
            key: 'title',
            title: 'Page',
            render: (one) => (
              <Link className="text-break" to={`/console/captures/${one.id}`}>
                {one.title || one.address}
              </Link>
            ),
          },
          {
            key: 'address',
            title: 'Address',
            render: ({ address }) => <span className="text-break">{address}</span>,
          },
          { key: 'state', title: 'State', render: (one) => <CaptureStateTag state={one.state} /> },
          { key: 'askedByName', title: 'Asked for by' },
          { key: 'askedAt', title: 'Asked for', render: (one) => <When at={one.askedAt} zone={zone} /> },
        ]}
        rows={captures}
        empty={
          <EmptyState title={narrowed ? 'No capture matches' : 'Nothing has been captured yet'}>
            <p>
              {narrowed ? (
                <Link to="/console/captures">Show all captures</Link>
              ) : (
                <>
                  Open a page, a post or a comment and choose “Capture as seen”, or{' '}
                  <Link to="/console/captures/new">capture an address</Link>.
                </>
              )}
            </p>
          </EmptyState>
        }
      />
      <Pager page={number} pages={numbers} />
    </>
  )
}
