import { Link } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { opening } from '../../opening.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { commentsOf, listBlocks } from '../block-store.ts'
import { reasonTitle } from '../notice.ts'
import type { Route } from './+types/author'
import { BlockState } from './block-parts.tsx'
import { CommentStateTag } from './comment-state.tsx'
import { foundComment } from './found-comment.ts'

const atMost = 200

export async function loader({ params, context }: Route.LoaderArgs) {
  const comment = await foundComment(context, params.id)
  const here = installation(context)
  const author = comment.author_remote_id
  // Destroyed comments have no author any more, so they are nobody's together.
  const [written, { blocks }, zone] = await Promise.all([
    author ? commentsOf(here.db, author, atMost) : [],
    author ? listBlocks(here.db, { state: 'all', author, take: 50 }) : { blocks: [] },
    timeZoneHere(here.db),
  ])
  const title = (reason: string) => reasonTitle(here.policy, reason)
  return {
    id: comment.id,
    name: comment.author_name,
    byBrowser: author.startsWith('visitor:'),
    now: here.now(),
    zone,
    written: written.map((one) => ({ ...one, reason: one.reason && title(one.reason) })),
    blocks: blocks.map((one) => ({ ...one, reason: title(one.reason) })),
  }
}

export default function Author({ loaderData }: Route.ComponentProps) {
  const { id, name, byBrowser, written, blocks, now, zone } = loaderData
  const hidden = written.filter(({ state }) => state === 'hidden').length
  const appealed = written.filter(({ appeal }) => appeal).length
  return (
    <>
      <PageHeading
        title={`Author: ${name}`}
        lead={`${written.length}${written.length === atMost ? ' newest' : ''} comments, ${hidden} hidden now, ${appealed} removals appealed, ${blocks.filter(({ agreement }) => agreement).length} blocks.`}
      >
        <Link className="usa-button usa-button--outline" to={`/console/comments/${id}/block`}>
          Propose a block
        </Link>
      </PageHeading>
      {byBrowser && (
        <p>
          On the department’s own page an author is a browser’s cookie: another browser is another author
          here, and two people at one computer are the same.
        </p>
      )}
      <DataTable
        caption="Comments"
        columns={[
          {
            key: 'text',
            title: 'Comment',
            render: (one) => <Link to={`/console/comments/${one.id}`}>{opening(one.text, 100)}</Link>,
          },
          { key: 'pageTitle', title: 'Page' },
          { key: 'postedAt', title: 'Written', render: (one) => <When at={one.postedAt} zone={zone} /> },
          {
            key: 'state',
            title: 'Stands',
            render: (one) => (
              <>
                <CommentStateTag card={{ ...one, decided: one.decidedAt !== null }} />{' '}
                {one.state === 'hidden' && one.reason}
              </>
            ),
          },
          {
            key: 'appeal',
            title: 'Appeal',
            render: (one) =>
              one.appeal && (
                <Link to={`/console/appeals/${one.appeal}`}>
                  {one.outcome === null ? 'Open' : one.outcome === 'upheld' ? 'It stands' : 'Taken back'}
                </Link>
              ),
          },
        ]}
        rows={written}
      />
      {blocks.length > 0 && (
        <DataTable
          caption="Blocks"
          columns={[
            {
              key: 'reason',
              title: 'Reason',
              render: (one) => <Link to={`/console/blocks/${one.id}`}>{one.reason}</Link>,
            },
            { key: 'pageTitle', title: 'Page' },
            { key: 'at', title: 'Proposed', render: (one) => <When at={one.at} zone={zone} /> },
            {
              key: 'state',
              title: 'Stands',
              render: (one) => <BlockState block={one} now={now} zone={zone} />,
            },
          ]}
          rows={blocks}
        />
      )}
    </>
  )
}
