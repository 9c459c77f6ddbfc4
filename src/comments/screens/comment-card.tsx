import { Link, useFetcher } from 'react-router'
import type { RemovalReason } from '../../policy/policy.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { When } from '../../web/components/when.tsx'
import type { Card } from '../queue.ts'
import { CommentStateTag } from './comment-state.tsx'
import { CommentText, opening } from './comment-text.tsx'
import type { Reply } from './decision-form.ts'
import { HintList } from './hints.tsx'

/** One comment of the queue with everything to judge it by, and its decisions. `data-key` is the key that presses a button. */
export function CommentCard({
  card,
  zone,
  reasons,
  me,
  back,
}: {
  card: Card
  zone: string
  reasons: readonly RemovalReason[]
  me: string
  /** The list's own address, to come back to. */
  back: string
}) {
  const fetcher = useFetcher<Reply>()
  const reply = fetcher.state === 'idle' ? fetcher.data : undefined
  const asked = card.asked && reasons.find(({ id }) => id === card.asked?.reason)
  return (
    <li
      className="pv-card margin-bottom-2"
      data-card={card.id}
      tabIndex={-1}
      aria-label={`Comment of ${card.authorName}`}
      aria-busy={fetcher.state !== 'idle'}
    >
      {reply?.refusal && <Refusal decision={reply.refusal} />}
      <ErrorSummary problems={reply?.problems ?? {}} />
      <CommentText card={card} zone={zone} />
      <HintList hints={card.hints} topic={card.page.topic} />
      {card.asked && (
        <p className="margin-y-1">
          {card.asked.byName} wants to hide it: {asked?.title ?? card.asked.reason}.{' '}
          {card.asked.note && `“${card.asked.note}” `}
          {card.asked.by === me ? 'A second person has to agree.' : 'Do you agree?'}
        </p>
      )}
      <Earlier card={card} zone={zone} />
      {!card.deletedAt && (
        <fetcher.Form method="post" className="display-flex flex-wrap flex-align-start margin-top-1">
          <input type="hidden" name="revision" value={card.revision} />
          <input type="hidden" name="back" value={back} />
          {card.state === 'hidden' ? (
            <button
              className="usa-button usa-button--outline"
              type="submit"
              formAction={`/console/comments/${card.id}/restoration`}
            >
              Show it again
            </button>
          ) : (
            <>
              {!card.decided && (
                <button
                  className="usa-button"
                  type="submit"
                  data-key="k"
                  formAction={`/console/comments/${card.id}/keeping`}
                >
                  Keep
                </button>
              )}
              <details className="margin-right-1">
                <summary className="usa-button usa-button--outline" data-key="h">
                  Hide…
                </summary>
                <div className="margin-top-1">
                  {reasons.map((reason, index) => (
                    <button
                      key={reason.id}
                      className="usa-button usa-button--outline margin-bottom-1"
                      type="submit"
                      name="reason"
                      value={reason.id}
                      title={reason.covers}
                      data-key={index + 1}
                      formAction={`/console/comments/${card.id}/removal`}
                    >
                      {index + 1}. {reason.title} ({reason.clause})
                    </button>
                  ))}
                </div>
              </details>
            </>
          )}
        </fetcher.Form>
      )}
      <p className="margin-top-1 margin-bottom-0">
        <Link to={`/console/comments/${card.id}`}>Details</Link>
      </p>
    </li>
  )
}

/** What the same author wrote before, and how it was decided. */
export function Earlier({ card, zone }: { card: Card; zone: string }) {
  const { count, hidden, latest } = card.earlier
  if (count === 0) return <p className="pv-quiet margin-y-1">First comment of this author here.</p>
  return (
    <details className="margin-y-1">
      <summary className="pv-quiet">
        {count} earlier {count === 1 ? 'comment' : 'comments'} of this author,{' '}
        {hidden === 0 ? 'none hidden' : `${hidden} hidden`}
      </summary>
      <ul className="usa-list">
        {latest.map((one) => (
          <li key={one.id}>
            <Link to={`/console/comments/${one.id}`}>{opening(one.text, 120)}</Link>{' '}
            <CommentStateTag card={{ ...one, deletedAt: null }} />{' '}
            <span className="pv-quiet">
              <When at={one.postedAt} zone={zone} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
