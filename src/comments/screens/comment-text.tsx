import { Link } from 'react-router'
import { opening } from '../../opening.ts'
import { When } from '../../web/components/when.tsx'
import type { Card, Neighbour } from '../card.ts'
import { CommentStateTag } from './comment-state.tsx'
import { Pictures } from './pictures.tsx'

/** A comment in its thread: what it answers, by whom it is, its words and pictures, and what was answered. */
export function CommentText({
  card,
  zone,
  children,
}: {
  card: Card
  zone: string
  /** Stands at the end of its head. */
  children?: React.ReactNode
}) {
  const more = card.below.count - card.below.first.length
  return (
    <>
      {card.above.map((one) => (
        <Beside key={one.id} comment={one} />
      ))}
      <p className="pv-comment-head">
        <strong>{card.authorName}</strong>{' '}
        <span className="pv-quiet">
          {card.authorHandle && `@${card.authorHandle}, `}
          <When at={card.postedAt} zone={zone} />
          {card.editedAt && ', changed since'}
          {card.language && `, ${languageName(card.language)}`}
        </span>{' '}
        <CommentStateTag card={card} />
        {children}
      </p>
      <p className="pv-quote pv-comment-words" lang={card.language ?? undefined}>
        {card.text || <span className="pv-quiet">No words.</span>}
      </p>
      <Pictures pictures={card.pictures} at={`/console/comments/${card.id}/pictures`} zone={zone} />
      {card.below.first.map((one) => (
        <Beside key={one.id} comment={one} below />
      ))}
      {more > 0 && (
        <p className="pv-beside pv-beside--below pv-quiet">
          and {more} more {more === 1 ? 'answer' : 'answers'}
        </p>
      )}
    </>
  )
}

function Beside({ comment, below = false }: { comment: Neighbour; below?: boolean }) {
  return (
    <p className={`pv-beside ${below ? 'pv-beside--below' : ''} pv-quiet`}>
      <Link to={`/console/comments/${comment.id}`}>{comment.name}</Link>
      {below ? ' answered: ' : ': '}
      {comment.deleted ? '(deleted by its author)' : opening(comment.text, 160)}
      {comment.state === 'hidden' && ' (hidden)'}
    </p>
  )
}

/** The post that a comment is under, with its picture. */
export function PostOf({ card }: { card: Pick<Card, 'post' | 'page'> }) {
  const { post, page } = card
  return (
    <div className="pv-comment-post">
      {post.picture && (
        <img
          src={`/console/posts/${post.id}/images/${post.picture.id}`}
          alt={post.picture.alt}
          loading="lazy"
        />
      )}
      <p className="pv-comment-post-text margin-0">
        <span className="pv-quiet">{page.title}, under</span>{' '}
        <Link to={`/console/posts/${post.id}`}>{opening(post.text, 140)}</Link>
      </p>
    </div>
  )
}

const names = new Intl.DisplayNames('en-US', { type: 'language', fallback: 'code' })
export function languageName(code: string): string {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}
