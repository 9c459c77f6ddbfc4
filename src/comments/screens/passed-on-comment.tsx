import { opening } from '../../opening.ts'
import { When } from '../../web/components/when.tsx'
import type { Neighbour } from '../card.ts'
import type { PassedOn } from '../passed-on.ts'
import { CommentStateTag } from './comment-state.tsx'
import { PostOf } from './comment-text.tsx'
import { Pictures } from './pictures.tsx'

/** A comment that was passed on, in its thread and with its pictures, as those see it who received it. */
export function PassedOnComment({
  comment,
  escalation,
  zone,
}: {
  comment: PassedOn
  escalation: string
  zone: string
}) {
  const { versions, above, below } = comment
  const more = below.count - below.first.length
  return (
    <section aria-labelledby="passed-on" className="pv-card">
      <h2 id="passed-on" className="margin-top-0">
        The comment
      </h2>
      {above.map((one) => (
        <Beside key={one.id} comment={one} />
      ))}
      <p className="pv-comment-head">
        <strong>{comment.authorName}</strong>{' '}
        <span className="pv-quiet">
          {comment.authorHandle && `@${comment.authorHandle}, `}
          <When at={comment.postedAt} zone={zone} />
        </span>{' '}
        <CommentStateTag card={comment} />
      </p>
      {versions.map(({ version, text, at, pictures }, n) => (
        <div key={version}>
          {n > 0 && (
            <p className="pv-quiet margin-bottom-05">
              Changed by its author after it was passed on, <When at={at} zone={zone} />:
            </p>
          )}
          <p className="pv-quote pv-comment-words" lang={comment.language ?? undefined}>
            {text || <span className="pv-quiet">No words.</span>}
          </p>
          <Pictures
            pictures={pictures}
            at={`/console/escalations/${escalation}/pictures/${version}`}
            zone={zone}
          />
        </div>
      ))}
      {below.first.map((one) => (
        <Beside key={one.id} comment={one} below />
      ))}
      {more > 0 && (
        <p className="pv-beside pv-beside--below pv-quiet">
          and {more} more {more === 1 ? 'answer' : 'answers'}
        </p>
      )}
      <PostOf card={comment} />
    </section>
  )
}

function Beside({ comment, below = false }: { comment: Neighbour; below?: boolean }) {
  const words = comment.deleted
    ? '(deleted by its author)'
    : comment.state === 'shown'
      ? opening(comment.text, 300)
      : '(hidden by a moderator)'
  return (
    <p className={`pv-beside ${below ? 'pv-beside--below' : ''} pv-quiet`}>
      {comment.name}
      {below ? ' answered: ' : ': '}
      {words}
    </p>
  )
}
