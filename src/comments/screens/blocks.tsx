import { Link } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Pager } from '../../web/components/pager.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { blockStates, listBlocks } from '../block-store.ts'
import { reasonTitle } from '../notice.ts'
import type { Route } from './+types/blocks'
import { BlockState } from './block-parts.tsx'
import { mustModerate } from './found-comment.ts'

const take = 25

export async function loader({ request, context }: Route.LoaderArgs) {
  mustModerate(context)
  const here = installation(context)
  const address = new URL(request.url).searchParams
  const state = blockStates.find((one) => one === address.get('state')) ?? 'all'
  const page = Math.max(1, Math.min(10_000, Number.parseInt(address.get('page') ?? '1', 10) || 1))
  const [{ blocks, count }, zone] = await Promise.all([
    listBlocks(here.db, { state, page, take }),
    timeZoneHere(here.db),
  ])
  return {
    state,
    page,
    pages: Math.ceil(count / take),
    now: here.now(),
    zone,
    blocks: blocks.map((one) => ({ ...one, reason: reasonTitle(here.policy, one.reason) })),
  }
}

const titles = { all: 'All', proposed: 'Proposed', running: 'Running', ended: 'Ended' }

export default function Blocks({ loaderData }: Route.ComponentProps) {
  const { state, page, pages, blocks, now, zone } = loaderData
  return (
    <>
      <PageHeading
        title="Blocks"
        lead="Rarer than removing a comment: for a reason of the policy, by two people, with an end."
      />
      <nav className="pv-actions margin-bottom-2" aria-label="Which blocks">
        {blockStates.map((one) => (
          <Link key={one} to={`?state=${one}`} aria-current={one === state ? 'page' : undefined}>
            {titles[one]}
          </Link>
        ))}
      </nav>
      <DataTable
        caption={`${titles[state]} blocks`}
        columns={[
          {
            key: 'author',
            title: 'Author',
            render: (one) => <Link to={`/console/blocks/${one.id}`}>{one.author}</Link>,
          },
          { key: 'pageTitle', title: 'Page' },
          { key: 'reason', title: 'Reason' },
          { key: 'at', title: 'Proposed', render: (one) => <When at={one.at} zone={zone} /> },
          {
            key: 'state',
            title: 'Stands',
            render: (one) => <BlockState block={one} now={now} zone={zone} />,
          },
        ]}
        rows={blocks}
        empty={
          <EmptyState title="No block">
            <p>
              Nobody has to be blocked as long as hiding single comments is enough. A block is proposed on the
              screen of a comment’s author.
            </p>
          </EmptyState>
        }
      />
      <Pager page={page} pages={pages} />
    </>
  )
}
