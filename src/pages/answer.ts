import { append } from '../archive/archive.ts'
import { type Person, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Decision, Denied, What } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import type { PageId } from '../storage/ids.ts'

/** How a wish ended: done, forbidden by a rule, or not possible as it was put. */
export type Answer<Value> = { done: Value } | { denied: Denied } | { problems: Problems }
/** A sentence beside each field that it is about; `form` is about the whole. */
export type Problems = Record<string, string>

export const problem = (sentence: string): { problems: Problems } => ({ problems: { form: sentence } })

/** Asks the policy, and keeps a record when it says no. What it allows is recorded with the change itself. */
export async function consider(
  tx: Tx,
  { policy }: Pick<Installation, 'policy'>,
  person: Person,
  action: Parameters<Installation['policy']['decide']>[1],
  what: What,
  page?: PageId,
): Promise<Decision> {
  const decision = policy.decide(whoIs(person), action, what)
  if (!decision.allowed)
    await append(tx, {
      kind: 'decision.refusal',
      subject: { kind: what.type.toLowerCase(), id: what.id },
      by: whoIs(person),
      decision,
      content: { action, because: decision.because },
      ...(page ? { page } : {}),
    })
  return decision
}
