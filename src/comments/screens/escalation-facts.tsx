import { Link } from 'react-router'
import { When } from '../../web/components/when.tsx'
import { standingOf } from '../escalation-standing.ts'
import type { Escalation } from '../escalation-store.ts'

/** What was passed on, to whom, by when, and what came of it. */
export function EscalationFacts({
  escalation,
  receiver,
  zone,
  moderates,
}: {
  escalation: Escalation
  receiver: string
  zone: string
  /** Whether they may open the comment's own screen. */
  moderates: boolean
}) {
  const { acknowledged_at, closed_at, measures, note } = escalation
  return (
    <article className="pv-card">
      <dl className="pv-facts">
        <dt>Written by</dt>
        <dd>
          {escalation.author}
          {moderates && (
            <>
              {' · '}
              <Link to={`/console/comments/${escalation.comment}`}>The comment with its thread</Link>
            </>
          )}
          {escalation.url && (
            <>
              {' · '}
              <a href={escalation.url}>See it there</a>
            </>
          )}
        </dd>
        <dt>Passed on</dt>
        <dd>
          by {escalation.byName} to {receiver}, <When at={escalation.at} zone={zone} /> ({escalation.clause})
        </dd>
        {note && (
          <>
            <dt>Note</dt>
            <dd>{note}</dd>
          </>
        )}
        <dt>Due</dt>
        <dd>
          <When at={escalation.due_at} zone={zone} />
        </dd>
        <dt>Stands</dt>
        <dd>{standingOf(escalation)}</dd>
        {acknowledged_at && (
          <>
            <dt>Taken up</dt>
            <dd>
              by {escalation.acknowledgedByName}, <When at={acknowledged_at} zone={zone} />
            </dd>
          </>
        )}
        {closed_at && (
          <>
            <dt>Closed</dt>
            <dd>
              by {escalation.closedByName}, <When at={closed_at} zone={zone} />
            </dd>
            <dt>What was done</dt>
            <dd>{measures}</dd>
          </>
        )}
      </dl>
    </article>
  )
}
