import type { Hints } from '../queue.ts'

/** What the moderator should look at before deciding. Hints; a person decides. */
export function HintList({ hints, topic }: { hints: Hints; topic: string }) {
  const { findings, protectedCriticism } = hints
  if (findings.length === 0 && !protectedCriticism) return null
  return (
    <ul className="usa-list margin-y-1" aria-label="Look closer">
      {protectedCriticism && (
        <li>
          <strong>Criticism is protected.</strong> Disagreeing with officials is no reason to hide a comment.
          Hiding it takes a second person.
        </li>
      )}
      {findings.map((finding) => (
        <li key={`${finding.rule}-${finding.start}`}>
          “{finding.excerpt}”: {finding.reason} ({finding.clause.join(', ')})
        </li>
      ))}
      {protectedCriticism && !topic && <li>This page invites comments on anything.</li>}
    </ul>
  )
}
