import { StepLinks } from '../../web/components/step-links.tsx'
import type { Card } from '../card.ts'

/** What can be done with a comment now; the policy decides when it is done. */
export function NextSteps({
  card,
  me,
  lastBy,
  mayAnswer,
}: {
  card: Card
  me: string
  lastBy: string | null
  /** Whether this person speaks for the department in comments. */
  mayAnswer: boolean
}) {
  const steps = card.deletedAt ? [] : stepsOf(card, me, lastBy, mayAnswer)
  return <StepLinks at={`/console/comments/${card.id}`} steps={steps} />
}

function stepsOf(
  { state, official, unapproved, url, decided, asked, question }: Card,
  me: string,
  lastBy: string | null,
  mayAnswer: boolean,
) {
  const steps: [string, string][] = []
  // A comment without an address elsewhere stands on the department's own page.
  const here = url === null
  if (official) {
    if (mayAnswer && unapproved) steps.push(['answer/approval', 'Approve this answer'])
    else if (mayAnswer && here) steps.push(['answer/withdrawal', 'Take the answer back'])
    return steps
  }
  if (state === 'hidden') steps.push(['restoration', 'Show it again'])
  else {
    if (!decided) steps.push(['keeping', 'Keep'])
    steps.push(['removal', 'Hide'])
  }
  if (asked?.by === me || (decided && lastBy === me)) steps.push(['reopening', 'Take your decision back'])
  if (question?.by === me) steps.push(['question/withdrawal', 'Take your question back'])
  else if (question && !question.advice) steps.push(['advice', 'Give advice'])
  else if (!question && !decided) steps.push(['question', 'Ask a colleague'])
  steps.push(['escalation', 'Pass it on'])
  if (mayAnswer && state === 'shown' && here) steps.push(['answer', 'Answer for the department'])
  return steps
}
