import { Link } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { opening } from '../../opening.ts'
import { longDay, todayHere } from '../../requests/requests.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Pager } from '../../web/components/pager.tsx'
import { Tag } from '../../web/components/tag.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { isOverdue } from '../appeal.ts'
import { listAppeals } from '../appeal-store.ts'
import { reasonTitle } from '../notice.ts'
import type { Route } from './+types/appeals'
import { mustModerate } from './found-comment.ts'

const states = ['open', 'decided', 'all'] as const
const take = 25

export async function loader({ request, context }: Route.LoaderArgs) {
  mustModerate(context)
  const here = installation(context)
  const address = new URL(request.url).searchParams
  const state = states.find((one) => one === address.get('state')) ?? 'open'
  const page = Math.max(1, Math.min(10_000, Number.parseInt(address.get('page') ?? '1', 10) || 1))
  const [{ lines, count }, today, zone] = await Promise.all([
    listAppeals(here.db, { state, page, take }),
    todayHere(here),
    timeZoneHere(here.db),
  ])
  const me = signedIn(context).id
  return {
    state,
    page,
    pages: Math.ceil(count / take),
    zone,
    lines: lines.map(({ partIn, reason, due, ...line }) => ({
      ...line,
      reason: reasonTitle(here.policy, reason),
      due: longDay(due),
      overdue: line.outcome === null && isOverdue({ due }, today),
      mine: partIn.includes(me),
    })),
  }
}

const stateTitles = { open: 'Open', decided: 'Decided', all: 'All' }

export default function Appeals({ loaderData: { state, page, pages, lines } }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title="Appeals"
        lead="Authors ask somebody else to look at a removal or a block again. The first deadline comes first."
      />
      <nav className="pv-actions margin-bottom-2" aria-label="Which appeals">
        {states.map((one) => (
          <Link key={one} to={`?state=${one}`} aria-current={one === state ? 'page' : undefined}>
            {stateTitles[one]}
          </Link>
        ))}
      </nav>
      <DataTable
        caption={`${stateTitles[state]} appeals`}
        columns={[
          {
            key: 'text',
            title: 'Appeal',
            render: (one) => <Link to={`/console/appeals/${one.id}`}>{opening(one.text, 90)}</Link>,
          },
          { key: 'author', title: 'Comment of' },
          { key: 'pageTitle', title: 'Page' },
          {
            key: 'reason',
            title: 'Against',
            render: (one) => `${one.kind === 'block' ? 'Block' : 'Removal'}: ${one.reason}`,
          },
          { key: 'due', title: 'Due' },
          {
            key: 'outcome',
            title: 'Stands',
            render: (one) =>
              one.outcome === 'upheld' ? (
                <Tag>It stands</Tag>
              ) : one.outcome === 'reversed' ? (
                <Tag tone="success">Taken back</Tag>
              ) : (
                <>
                  {one.overdue ? <Tag tone="error">Overdue</Tag> : <Tag tone="info">Open</Tag>}
                  {one.mine && ' You had a part in it: a colleague decides.'}
                </>
              ),
          },
        ]}
        rows={lines}
        empty={
          <EmptyState title={state === 'open' ? 'No appeal is open' : 'No appeal yet'}>
            <p>
              An author appeals with the code of the notice, or by the comment’s address, under{' '}
              <a href="/comment-appeals">Your comment was removed?</a>
            </p>
          </EmptyState>
        }
      />
      <Pager page={page} pages={pages} />
    </>
  )
}
