import { append } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import type { ActionName, Decision, Denied, What, Who } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import type { PageId } from '../storage/ids.ts'
import { type Person, whoIs } from './people.ts'

/** How a wish ended: done, forbidden by a rule, or not possible as it was put. */
export type Answer<Value> = { done: Value } | { denied: Denied } | { problems: Problems }
/** A sentence beside each field that it is about; `form` is about the whole. */
export type Problems = Record<string, string>

export const problem = (sentence: string): { problems: Problems } => ({ problems: { form: sentence } })

/** Asks the policy, and keeps a record when it says no. What it allows is recorded with the change itself. */
export async function consider(
  tx: Tx,
  { policy, now }: Pick<Installation, 'policy' | 'now'>,
  person: Person,
  action: ActionName,
  what: What,
  page?: PageId,
): Promise<Decision> {
  const decision = policy.decide(whoIs(person), action, what)
  if (!decision.allowed) await recordRefusal(tx, whoIs(person), decision, what, { at: now(), page })
  return decision
}

/** Keeps what the policy refused, and to whom. */
export async function recordRefusal(
  tx: Tx,
  by: Who,
  denied: Denied,
  what: What,
  { at, page }: { at: Date; page?: PageId | undefined },
): Promise<void> {
  await append(tx, {
    kind: 'decision.refusal',
    subject: { kind: what.type.toLowerCase(), id: what.id },
    page,
    by,
    decision: denied,
    content: { action: denied.action, because: denied.because },
    at,
  })
}
