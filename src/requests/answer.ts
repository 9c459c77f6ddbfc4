import type { Denied } from '../policy/policy.ts'

/** What became of something a person asked for: done, denied by policy, or not possible as it was entered. */
export type Answer<Value = null> =
  | { outcome: 'done'; value: Value }
  | { outcome: 'denied'; denied: Denied }
  /** A sentence a field; the field `form` stands for the form as a whole. */
  | { outcome: 'problems'; problems: Record<string, string> }

export const done = <Value>(value: Value): Answer<Value> => ({ outcome: 'done', value })
export const denied = (decision: Denied): Answer<never> => ({ outcome: 'denied', denied: decision })
export const problems = (found: Record<string, string>): Answer<never> => ({
  outcome: 'problems',
  problems: found,
})
