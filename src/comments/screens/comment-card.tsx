import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import type { Card } from '../card.ts'
import { CardDecisions, type ListFacts } from './card-decisions.tsx'
import { CardNotices } from './card-notices.tsx'
import { CommentText, PostOf } from './comment-text.tsx'
import { Earlier } from './earlier.tsx'
import { HintList } from './hints.tsx'
import { Reported } from './reported.tsx'
import type { CardState } from './use-queue.ts'

/** One comment of the queue with everything to judge it by, and its decisions. */
export function CommentCard({
  card,
  facts,
  state,
  claimedBy,
  decide,
}: {
  card: Card
  facts: ListFacts
  state: CardState
  /** Who else looks at it now. */
  claimedBy: string | null
  decide(card: Card, fields: FormData): void
}) {
  const { zone, reasons, kinds, me } = facts
  const { busy = false, reply, over } = state
  return (
    <article
      className={`pv-card pv-comment ${over ? 'pv-comment--over' : ''}`}
      data-card={card.id}
      tabIndex={-1}
      aria-label={`Comment of ${card.authorName}`}
      aria-busy={busy}
    >
      <div className="pv-comment-main">
        {reply && 'refusal' in reply && <Refusal decision={reply.refusal} />}
        {reply && 'problems' in reply && <ErrorSummary problems={reply.problems} />}
        <CommentText card={card} zone={zone}>
          {claimedBy && <span className="pv-claim">{claimedBy} is looking at this</span>}
        </CommentText>
        <HintList hints={card.hints} topic={card.page.topic} />
        <Reported
          reports={card.reports}
          last={card.last}
          zone={zone}
          protectedCriticism={card.hints.protectedCriticism}
        />
        <CardNotices card={card} reasons={reasons} kinds={kinds} me={me} />
        {over ? (
          <p className="margin-bottom-0">
            <strong>{over}</strong> Nothing is left to do here.
          </p>
        ) : (
          <CardDecisions
            card={card}
            facts={facts}
            decide={(what, fields) => {
              fields.set('what', what)
              decide(card, fields)
            }}
          />
        )}
      </div>
      <div className="pv-comment-aside">
        <PostOf card={card} />
        <Earlier card={card} zone={zone} reasons={reasons} />
      </div>
    </article>
  )
}
