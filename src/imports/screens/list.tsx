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
import { type ImportState, listImports } from '../store.ts'
import { recordsIn } from '../tally.ts'
import { uploads } from '../upload-store.ts'
import type { Route } from './+types/list'
import { mustSeeImports } from './found-import.ts'
import { ImportStateTag, states, whatItIs } from './import-state.tsx'
import { sizeOf } from './size.ts'
import { UnfinishedUploads } from './unfinished-uploads.tsx'

const perPage = 25

export async function loader({ context, request }: Route.LoaderArgs) {
  mustSeeImports(context)
  const { db } = installation(context)
  const address = new URL(request.url).searchParams
  const number = Math.max(1, Number.parseInt(address.get('page') ?? '1', 10) || 1)
  const state = address.get('state') ?? ''
  const of = parseId<'page'>(address.get('of'))
  const [{ imports, total }, unfinished, pages, zone] = await Promise.all([
    listImports(db, {
      page: of,
      state: state in states ? (state as ImportState) : null,
      from: (number - 1) * perPage,
      limit: perPage,
    }),
    uploads(db),
    allPages(db),
    timeZoneHere(db),
  ])
  return {
    imports: imports.map((one) => ({
      id: one.id,
      fileName: one.fileName,
      bytes: one.bytes,
      pageTitle: one.pageTitle,
      what: one.what,
      state: one.state,
      records: recordsIn(one.tally),
      startedAt: one.startedAt,
      by: 'name' in one.by ? (one.by.name ?? '') : 'The command line',
    })),
    unfinished: unfinished.map(({ id, fileName, pageTitle, bytes, received, receivedAt, by }) => ({
      ...{ id, fileName, pageTitle, bytes, received, receivedAt },
      by: 'name' in by ? (by.name ?? '') : '',
    })),
    number,
    numbers: Math.ceil(total / perPage),
    narrowed: of !== null || state !== '',
    typed: { of: of ?? '', state },
    pages: pages.map(({ id, title }) => ({ value: id as string, label: title })),
    zone,
  }
}

export default function Imports({ loaderData }: Route.ComponentProps) {
  const { imports, unfinished, number, numbers, narrowed, typed, pages, zone } = loaderData
  return (
    <>
      <PageHeading
        title="Imports"
        lead="The history of the department’s pages, from the files that platforms hand out. It becomes part of the archive."
      >
        <Link className="usa-button" to="/console/imports/new">
          Import a file
        </Link>
      </PageHeading>
      <UnfinishedUploads uploads={unfinished} zone={zone} />
      {(imports.length > 0 || narrowed) && (
        <PageAndState typed={typed} page="Page" anyPage="Any page" pages={pages} states={states} />
      )}
      <DataTable
        caption="Imports"
        columns={[
          {
            key: 'fileName',
            title: 'File',
            render: (one) => <Link to={`/console/imports/${one.id}`}>{one.fileName}</Link>,
          },
          { key: 'pageTitle', title: 'Page' },
          { key: 'what', title: 'What it is', render: (one) => whatItIs(one.what, one.state) },
          { key: 'bytes', title: 'Size', render: (one) => sizeOf(one.bytes) },
          { key: 'state', title: 'State', render: (one) => <ImportStateTag state={one.state} /> },
          { key: 'records', title: 'Records', render: (one) => one.records.toLocaleString('en-US') },
          { key: 'by', title: 'By' },
          { key: 'startedAt', title: 'Started', render: (one) => <When at={one.startedAt} zone={zone} /> },
        ]}
        rows={imports}
        empty={
          <EmptyState title={narrowed ? 'No import matches' : 'Nothing has been imported yet'}>
            <p>
              {narrowed ? (
                <Link to="/console/imports">Show all imports</Link>
              ) : (
                <>
                  Ask each platform for the department’s data, then{' '}
                  <Link to="/console/imports/new">import the file</Link> that it gives you.
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
