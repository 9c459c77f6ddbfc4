import { recordRefusal } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Decision, Denied, What, Who } from '../policy/policy.ts'

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

/** Asks the policy, and keeps a record when it says no. What it allows is recorded with the change itself. */
export async function consider(
  { db, policy, now }: Installation,
  who: Who,
  action: Parameters<Installation['policy']['decide']>[1],
  id: string,
): Promise<Decision> {
  const what: What = { type: 'Request', id }
  const decision = policy.decide(who, action, what)
  if (!decision.allowed)
    await db.transaction().execute((tx) => recordRefusal(tx, who, decision, what, { at: now() }))
  return decision
}
