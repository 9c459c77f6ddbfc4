import type { Hint, Hints } from '../card.ts'

/** What the moderator should look at before deciding. Hints; a person decides. */
export function HintList({ hints, topic }: { hints: Hints; topic: string }) {
  const { suggestions, protectedCriticism, first } = hints
  const [made, withheld] = [
    suggestions.filter((one) => !one.withheld),
    suggestions.filter((one) => one.withheld),
  ]
  if (suggestions.length === 0 && !protectedCriticism) return null
  return (
    <ul className="usa-list margin-y-1" aria-label="Look closer">
      {first && <li>{first}</li>}
      {protectedCriticism && (
        <li>
          <strong>Criticism is protected.</strong> Disagreeing with officials is no reason to hide a comment.
          Hiding it takes a second person.
        </li>
      )}
      {withheld.length > 0 && (
        <li>
          It seems to criticize officials, so this is not suggested:{' '}
          {withheld.map(({ title }) => title).join(', ')}.
        </li>
      )}
      {made.map((hint) => (
        <Suggested key={hint.category} hint={hint} />
      ))}
      {protectedCriticism && !topic && <li>This page invites comments on anything.</li>}
    </ul>
  )
}

function Suggested({ hint: { title, score, words, reason, means } }: { hint: Hint }) {
  return (
    <li>
      <strong>Perhaps: {title}</strong>
      {words.length > 0 && (
        <>
          {' '}
          because of{' '}
          {words.map((word, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same word can stand twice, and nothing moves
            <span key={n}>
              {n > 0 && ', '}
              <q>{word}</q>
            </span>
          ))}
        </>
      )}
      . {reason || means} <span className="pv-quiet">{Math.round(score * 100)} of 100</span>
    </li>
  )
}
