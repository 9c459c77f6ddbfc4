import { Link } from 'react-router'
import type { EscalationKind, RemovalReason } from '../../policy/policy.ts'
import type { Card } from '../card.ts'

/** What was done about a comment: whether its author could be told, who wants to hide it, who asked whom, who was told of it. */
export function CardNotices({
  card,
  reasons,
  kinds,
  me,
}: {
  card: Pick<Card, 'asked' | 'question' | 'escalations' | 'notTold'>
  reasons: readonly Pick<RemovalReason, 'id' | 'title'>[]
  kinds: readonly Pick<EscalationKind, 'id' | 'title' | 'receiver'>[]
  me: string
}) {
  const { asked, question, escalations, notTold } = card
  if (!asked && !question && !notTold && escalations.length === 0) return null
  return (
    <ul className="pv-notices" aria-label="What was done about it">
      {notTold && (
        <li>
          The author could not be told of the removal. {notTold} They can appeal by the comment’s address.
        </li>
      )}
      {asked && (
        <li>
          {asked.by === me ? 'You want' : `${asked.byName} wants`} to hide it:{' '}
          {reasons.find(({ id }) => id === asked.reason)?.title ?? asked.reason}.{' '}
          {asked.note && `“${asked.note}” `}
          {asked.by === me
            ? 'A second person has to agree.'
            : 'To agree, hide it for the same reason; to disagree, keep it.'}
        </li>
      )}
      {question && (
        <li>
          {question.by === me ? 'You ask' : `${question.byName} asks`}{' '}
          {question.asked === me ? 'you' : (question.askedName ?? 'any colleague')} for advice.
          {question.note && ` “${question.note}”`}
          {question.advice && (
            <>
              {' '}
              <strong>{question.advisedByName}:</strong> “{question.advice}”
            </>
          )}
        </li>
      )}
      {escalations.map(({ id, kind, byName, acknowledgedByName, closedByName }) => {
        const sort = kinds.find((one) => one.id === kind)
        return (
          <li key={id}>
            <Link to={`/console/escalations/${id}`}>{sort?.title ?? kind}</Link>: {byName} told{' '}
            {sort?.receiver ?? 'colleagues'}.{' '}
            {closedByName
              ? `${closedByName} closed it.`
              : acknowledgedByName
                ? `${acknowledgedByName} has taken it up.`
                : 'Nobody has taken it up yet.'}
          </li>
        )
      })}
    </ul>
  )
}
