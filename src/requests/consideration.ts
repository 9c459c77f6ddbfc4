import { recordRefusal } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { ActionName, Decision, What, Who } from '../policy/policy.ts'

/**
 * Asks the policy about a request, for staff or a visitor, before the work begins; keeps a record when it says no.
 * `id` is the request's, or names what else of the desk it is about.
 */
export async function considerRequest(
  { db, policy, now }: Installation,
  who: Who,
  action: ActionName,
  id: string,
): Promise<Decision> {
  const what: What = { type: 'Request', id }
  const decision = policy.decide(who, action, what)
  if (!decision.allowed)
    await db.transaction().execute((tx) => recordRefusal(tx, who, decision, what, { at: now() }))
  return decision
}
