import { Form, Link } from 'react-router'
import { departmentProfile, people, whoIs } from '../../department/department.ts'
import { allPages } from '../../pages/pages.ts'
import { type RetentionSeries, seriesOf } from '../../policy/policy.ts'
import { parseId } from '../../storage/ids.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { momentsOf, searchRecords } from '../archive.ts'
import { kinds, kindTitle } from '../kinds.ts'
import type { Route } from './+types/search'

export async function loader({ context, request }: Route.LoaderArgs) {
  const { db, policy } = installation(context)
  const decision = policy.decide(whoIs(signedIn(context)), 'record.search', { type: 'Record', id: 'any' })
  if (!decision.allowed) return { refusal: decision, found: null }
  const zone = (await departmentProfile(db))?.timeZone ?? 'America/New_York'
  const address = new URL(request.url).searchParams
  const text = (name: string) => (address.get(name) ?? '').trim().slice(0, 200)
  const wanted = {
    words: text('words'),
    page: parseId<'page'>(text('page')),
    kind: text('kind'),
    person: text('person'),
    ...momentsOf(text('from'), text('to'), zone),
    among: amongSeries(policy.retention, text('series')),
    held: text('held') === 'yes',
    heldBy: parseId(text('hold')),
    after: text('after'),
  }
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value))
  const [found, pages, everybody] = await Promise.all([searchRecords(db, given), allPages(db), people(db)])
  return {
    refusal: null,
    found,
    pages: pages.map(({ id, title }) => ({ value: id as string, label: title })),
    people: everybody.map(({ id, name }) => ({ value: id as string, label: name })),
    zone,
    series: policy.retention.map(({ id, title }) => ({ value: id, label: title })),
    typed: Object.fromEntries(address),
  }
}

/** The kinds of records that a series takes; of the one for all others, those that it does not take. */
function amongSeries(all: readonly RetentionSeries[], id: string) {
  const chosen = all.find((one) => one.id === id)
  if (!chosen) return undefined
  const named = kinds
    .map(({ kind }) => kind)
    .filter((kind) => (seriesOf(all, kind) === chosen) !== chosen.others)
  return { kinds: named, not: chosen.others }
}

const any = (label: string) => ({ value: '', label })

export default function Search({ loaderData }: Route.ComponentProps) {
  if (!loaderData.found)
    return (
      <>
        <PageHeading title="Archive" />
        {loaderData.refusal && <Refusal decision={loaderData.refusal} />}
      </>
    )
  const { found, pages, people, zone, series, typed } = loaderData
  const field = (name: string) => ({ name, defaultValue: typed[name] ?? '' })
  const { after: _, ...rest } = typed
  return (
    <>
      <PageHeading title="Archive" lead="Every record, newest first. Nothing here can be changed." />
      <Form method="get" className="pv-card" role="search">
        <div className="grid-row grid-gap">
          <div className="tablet:grid-col-6">
            <Field label="Words" hint={'Several words, "a phrase", or -without'} {...field('words')} />
          </div>
          <div className="tablet:grid-col-6">
            <Field
              label="Kind"
              {...field('kind')}
              options={[any('Any kind'), ...kinds.map(({ kind, title }) => ({ value: kind, label: title }))]}
            />
          </div>
          <div className="tablet:grid-col-6">
            <Field label="Page" {...field('page')} options={[any('Any page'), ...pages]} />
          </div>
          <div className="tablet:grid-col-6">
            <Field label="Person" {...field('person')} options={[any('Anybody'), ...people]} />
          </div>
          <div className="tablet:grid-col-6">
            <Field label="From" type="date" {...field('from')} />
          </div>
          <div className="tablet:grid-col-6">
            <Field label="To" type="date" {...field('to')} />
          </div>
          <div className="tablet:grid-col-6">
            <Field
              label="Series of retention"
              {...field('series')}
              options={[any('Any series'), ...series]}
            />
          </div>
          <div className="tablet:grid-col-6">
            {typed.hold && <input type="hidden" name="hold" value={typed.hold} />}
            <Field label="On legal hold" name="held" type="checkbox" checked={typed.held === 'yes'} />
          </div>
        </div>
        <button type="submit" className="usa-button margin-top-2">
          Search
        </button>
      </Form>
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
            render: (row) => row.by.name ?? (row.by.kind === 'visitor' ? 'A visitor' : 'Plainview'),
          },
          {
            key: 'words',
            title: 'Words',
            render: (row) => (row.disposed ? 'Disposed of' : row.words.slice(0, 140)),
          },
        ]}
        rows={found.records}
        empty={
          <EmptyState title="No record matches">
            <p>Try fewer words, or a longer time.</p>
          </EmptyState>
        }
      />
      {found.next && (
        <p>
          <Link to={`?${new URLSearchParams({ ...rest, after: found.next })}`}>Older records</Link>
        </p>
      )}
    </>
  )
}
