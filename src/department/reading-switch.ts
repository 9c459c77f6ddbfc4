import { append, setPicturesAreRead } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import type { Denied, Who } from '../policy/policy.ts'
import { recordRefusal } from './answer.ts'

/** Switches the reading of pictures on or off, and records it. What was read before stays. */
export async function switchReading(
  { db, policy, now }: Pick<Installation, 'db' | 'policy' | 'now'>,
  by: Who,
  pictures: boolean,
): Promise<{ denied: Denied } | { done: true }> {
  const subject = { kind: 'department', id: 'department' }
  const what = { type: 'Department', id: subject.id }
  const decision = policy.decide(by, 'department.edit', what)
  return db.transaction().execute(async (tx) => {
    if (!decision.allowed) {
      await recordRefusal(tx, by, decision, what, { at: now() })
      return { denied: decision }
    }
    await setPicturesAreRead(tx, pictures)
    await append(tx, {
      kind: 'department.reading',
      subject,
      by,
      decision,
      content: { pictures },
      words: pictures ? 'Pictures are read by machine' : 'Pictures are not read by machine',
      at: now(),
    })
    return { done: true }
  })
}
