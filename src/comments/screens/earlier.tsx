import { Link } from 'react-router'
import { opening } from '../../opening.ts'
import type { RemovalReason } from '../../policy/policy.ts'
import { When } from '../../web/components/when.tsx'
import type { Card } from '../card.ts'
import { CommentStateTag } from './comment-state.tsx'
import { queueAddress } from './queue-address.ts'

/** What the same author wrote before on our pages, and how it was decided. */
export function Earlier({
  card,
  zone,
  reasons,
}: {
  card: Card
  zone: string
  reasons: readonly RemovalReason[]
}) {
  const { count, hidden, latest } = card.earlier
  if (count === 0) return <p className="pv-quiet margin-y-05">First comment of this author here.</p>
  return (
    <details className="margin-y-05">
      <summary>
        {count >= 200 ? '200 or more' : count} earlier by this author,{' '}
        {hidden === 0 ? 'none hidden' : `${hidden} hidden`}
      </summary>
      <ul className="pv-earlier">
        {latest.map((one) => (
          <li key={one.id}>
            <Link to={`/console/comments/${one.id}`}>{opening(one.text, 120)}</Link>{' '}
            <CommentStateTag card={{ ...one, deletedAt: null }} />{' '}
            <span className="pv-quiet">
              {one.reason && `${reasons.find(({ id }) => id === one.reason)?.title ?? one.reason}, `}
              <When at={one.postedAt} zone={zone} />
            </span>
          </li>
        ))}
      </ul>
      <Link to={queueAddress({ state: 'all', author: card.authorId, order: 'newest' })}>All of them</Link>
    </details>
  )
}
