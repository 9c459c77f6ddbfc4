import type { Denied } from '../../policy/policy.ts'
import type { Card } from '../card.ts'

/** How to take a decision back. */
export interface Undoing {
  what: 'reopening' | 'question-withdrawal' | 'escalation-withdrawal'
  copies: boolean
  escalation?: string
}
/** What the script of the queue is told of a decision. */
export type DecisionReply =
  | {
      done: {
        /** "You kept", to be followed by the comment's first words. */
        words: string
        /** It waits no more. */
        leaves: boolean
        count: number
        undo: Undoing | null
        now: Pick<Card, 'revision' | 'state' | 'decided' | 'asked' | 'question' | 'escalations' | 'copies'>
      }
    }
  | { refusal: Denied }
  | { problems: Record<string, string> }
