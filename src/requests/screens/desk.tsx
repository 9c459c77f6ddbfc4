import { Form, Link } from 'react-router'
import { Temporal } from 'temporal-polyfill'
import { opening } from '../../opening.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Pager } from '../../web/components/pager.tsx'
import { installation } from '../../web/context.ts'
import { clockOn } from '../deadline.ts'
import { longDay } from '../long-day.ts'
import { outcomes } from '../outcomes.ts'
import { officeCalendar, todayHere } from '../receipt.ts'
import { type Channel, listRequests, type RequestQuery, requestsOnAPage } from '../store.ts'
import type { Route } from './+types/desk'
import { channels } from './channels.ts'
import { ClockTag } from './clock.tsx'
import { mustWorkOnRequests } from './found.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Records requests' }]

const statuses = { open: 'Open', overdue: 'Overdue', closed: 'Closed', all: 'All' }

export async function loader({ request, context }: Route.LoaderArgs) {
  mustWorkOnRequests(context)
  const here = installation(context)
  const query = queryOf(new URL(request.url).searchParams)
  const today = await todayHere(here)
  const [{ rows, total }, calendar] = await Promise.all([
    listRequests(here.db, query, today),
    officeCalendar(here.db, here.policy),
  ])
  return {
    query,
    total,
    pages: Math.ceil(total / requestsOnAPage),
    rows: rows.map((row) => ({
      ...row,
      clock: clockOn(
        Temporal.PlainDate.from(today),
        { from: row.orderedOn ?? row.receivedOn, due: row.due, answeredOn: row.closedOn },
        calendar,
      ),
      unanswered: !row.acknowledgedOn && !row.outcome,
    })),
  }
}

function queryOf(address: URLSearchParams): RequestQuery {
  const status = address.get('status') ?? 'open'
  const channel = address.get('channel') ?? ''
  const words = address.get('words')?.trim().slice(0, 200)
  const page = Number(address.get('page'))
  return {
    status: Object.hasOwn(statuses, status) ? (status as RequestQuery['status']) : 'open',
    ...(Object.hasOwn(channels, channel) ? { channel: channel as Channel } : {}),
    ...(words ? { words } : {}),
    page: Number.isInteger(page) && page > 0 && page < 100_000 ? page : 1,
  }
}

type Row = Route.ComponentProps['loaderData']['rows'][number]

export default function Requests({ loaderData: { query, rows, total, pages } }: Route.ComponentProps) {
  const filtered = query.status !== 'open' || query.channel || query.words
  return (
    <>
      <PageHeading title="Records requests" lead="Oldest deadline first.">
        <Link className="usa-button" to="/console/requests/new">
          Enter a request
        </Link>
        <Link className="usa-button usa-button--outline" to="/console/requests/closed-days">
          Closed days
        </Link>
        <Link className="usa-button usa-button--outline" to="/console/requests/report">
          Report
        </Link>
        <Link className="usa-button usa-button--outline" to="/console/requests/settings">
          Settings
        </Link>
      </PageHeading>
      <Form method="get" className="grid-row grid-gap flex-align-end margin-bottom-2" role="search">
        <div className="tablet:grid-col-4">
          <Field label="Words, number or name" name="words" type="search" defaultValue={query.words} />
        </div>
        <div className="tablet:grid-col-3">
          <Field
            label="State"
            name="status"
            defaultValue={query.status}
            options={Object.entries(statuses).map(([value, label]) => ({ value, label }))}
          />
        </div>
        <div className="tablet:grid-col-3">
          <Field
            label="How it came"
            name="channel"
            defaultValue={query.channel ?? ''}
            options={[
              { value: '', label: 'Any way' },
              ...Object.entries(channels).map(([value, label]) => ({ value, label })),
            ]}
          />
        </div>
        <div className="tablet:grid-col-2">
          <button type="submit" className="usa-button usa-button--outline margin-top-2">
            Show
          </button>
        </div>
      </Form>
      {rows.length === 0 ? (
        <EmptyState title={filtered ? 'No request is like that' : 'No request is open'}>
          {filtered ? (
            <Link to="/console/requests">Show all open requests</Link>
          ) : (
            <p>
              The public asks at <a href="/records-requests/new">/records-requests/new</a>. Enter here what
              comes by letter, telephone or in person.
            </p>
          )}
        </EmptyState>
      ) : (
        <DataTable
          caption={`${statuses[query.status]} requests: ${total}`}
          columns={[
            {
              key: 'number',
              title: 'Request',
              render: (row: Row) => (
                <Link className="text-no-wrap" to={`/console/requests/${row.id}`}>
                  {row.number}
                </Link>
              ),
            },
            { key: 'text', title: 'What is asked for', render: (row: Row) => opening(row.text, 140) },
            { key: 'requesterName', title: 'By', render: (row: Row) => row.requesterName ?? 'Not named' },
            { key: 'due', title: 'Due', render: (row: Row) => longDay(row.due) },
            { key: 'clock', title: 'Clock', render: (row: Row) => <ClockTag clock={row.clock} /> },
            { key: 'state', title: 'Next', render: next },
          ]}
          rows={rows}
        />
      )}
      <Pager page={query.page} pages={pages} />
    </>
  )
}

function next(row: Row): string {
  if (row.outcome) return outcomes[row.outcome]
  if (row.orderedOn) return 'Do what was ordered'
  if (row.unanswered) return 'Answer in writing'
  return row.collected === 0 ? 'Collect records' : `${row.collected.toLocaleString('en-US')} collected`
}
