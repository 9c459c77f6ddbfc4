import { Link } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { opening } from '../../opening.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Tag } from '../../web/components/tag.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { isOpen } from '../../web/open-to.ts'
import { escalationStates, standingOf } from '../escalation-standing.ts'
import { escalationsFor } from '../escalation-store.ts'
import type { Route } from './+types/escalations'
import { mustReadEscalations } from './found-escalation.ts'

const take = 50
const stateWords = { open: 'Open', closed: 'Closed', all: 'All' }

export async function loader({ request, context }: Route.LoaderArgs) {
  mustReadEscalations(context)
  const { db, policy, now } = installation(context)
  const person = signedIn(context)
  const query = new URL(request.url).searchParams
  const state = escalationStates.find((one) => one === query.get('state')) ?? 'open'
  const kind = policy.escalationKinds.find(({ id }) => id === query.get('kind'))?.id ?? null
  const page = Math.max(1, Math.min(10_000, Number.parseInt(query.get('page') ?? '1', 10) || 1))
  const moderates = isOpen(context, { type: 'Escalation', id: 'any' }, 'escalation.make')
  const [found, zone] = await Promise.all([
    escalationsFor(db, moderates ? null : person.roles, {
      state,
      kind,
      skip: (page - 1) * take,
      take: take + 1,
    }),
    timeZoneHere(db),
  ])
  return {
    state,
    kind,
    page,
    more: found.length > take,
    lines: found.slice(0, take).map((one) => ({ ...one, late: !one.acknowledged_at && one.due_at <= now() })),
    kinds: [...policy.escalationKinds],
    zone,
  }
}

export default function Escalations({ loaderData }: Route.ComponentProps) {
  const { state, kind, page, more, lines, kinds, zone } = loaderData
  const to = (change: { state?: string; kind?: string | null; page?: number }) =>
    `?${new URLSearchParams(Object.entries({ state, kind, page: 1, ...change }).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])))}`
  return (
    <>
      <PageHeading
        title="Passed on"
        lead="Comments that somebody has to act on. The most urgent come first; the comments themselves stay lawful until a moderator decides."
      />
      <nav className="pv-actions margin-bottom-2" aria-label="Which ones">
        {escalationStates.map((one) => (
          <Link key={one} to={to({ state: one })} aria-current={one === state ? 'page' : undefined}>
            {stateWords[one]}
          </Link>
        ))}
        {[{ id: null, title: 'Every kind' }, ...kinds].map(({ id, title }) => (
          <Link key={title} to={to({ kind: id })} aria-current={id === kind ? 'page' : undefined}>
            {title}
          </Link>
        ))}
      </nav>
      {lines.length === 0 ? (
        <EmptyState title="Nothing is passed on">
          <p>Moderators pass a threat or a tip on from the queue, with one key.</p>
        </EmptyState>
      ) : (
        <DataTable
          caption={stateWords[state]}
          columns={[
            {
              key: 'kind',
              title: 'What',
              render: (row) => (
                <Link to={`/console/escalations/${row.id}`}>
                  {kinds.find(({ id }) => id === row.kind)?.title ?? row.kind}
                </Link>
              ),
            },
            { key: 'text', title: 'Comment', render: (row) => `${row.author}: “${opening(row.text, 100)}”` },
            { key: 'byName', title: 'By' },
            { key: 'due_at', title: 'Due', render: (row) => <When at={row.due_at} zone={zone} /> },
            {
              key: 'standing',
              title: 'Stands',
              render: (row) => <Tag tone={row.late ? 'error' : 'neutral'}>{standingOf(row)}</Tag>,
            },
          ]}
          rows={lines}
        />
      )}
      <nav className="pv-actions" aria-label="Pages of this list">
        {page > 1 && <Link to={to({ page: page - 1 })}>Previous</Link>}
        {more && <Link to={to({ page: page + 1 })}>Next</Link>}
      </nav>
    </>
  )
}
