import { When } from '../../web/components/when.tsx'
import type { Card } from '../queue.ts'
import { CommentStateTag } from './comment-state.tsx'

/** A comment in its place: under which post, in answer to whom, by whom, and its words. */
export function CommentText({ card, zone }: { card: Card; zone: string }) {
  return (
    <>
      <p className="pv-quiet margin-y-0">
        {card.page.title}, under “{opening(card.post.text, 90)}”
      </p>
      {card.parent && (
        <blockquote className="pv-quiet margin-y-1">
          {card.parent.name}: {opening(card.parent.text, 160)}
        </blockquote>
      )}
      <p className="margin-y-1">
        <strong>{card.authorName}</strong>{' '}
        <span className="pv-quiet">
          {card.authorHandle && `@${card.authorHandle}, `}
          <When at={card.postedAt} zone={zone} />
          {card.editedAt && ', changed since'}
        </span>{' '}
        <CommentStateTag card={card} />
      </p>
      <p className="pv-quote text-pre-wrap">{card.text}</p>
    </>
  )
}

/** The first words of a longer text. */
export const opening = (text: string, length: number) =>
  text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`
