import type { Installation } from '../installation.ts'
import type { Denied, Who } from '../policy/policy.ts'
import { setPicturesAreRead } from './reading-store.ts'
import { append } from './record.ts'

/** Switches the reading of pictures on or off, and records it. What was read before stays. */
export async function switchReading(
  { db, policy, now }: Pick<Installation, 'db' | 'policy' | 'now'>,
  by: Who,
  pictures: boolean,
): Promise<{ denied: Denied } | { done: true }> {
  const decision = policy.decide(by, 'department.edit', { type: 'Department', id: 'department' })
  return db.transaction().execute(async (tx) => {
    if (!decision.allowed) {
      await append(tx, {
        kind: 'decision.refusal',
        subject: { kind: 'department', id: 'department' },
        by,
        decision,
        content: { action: decision.action, because: decision.because },
        at: now(),
      })
      return { denied: decision }
    }
    await setPicturesAreRead(tx, pictures)
    await append(tx, {
      kind: 'department.reading',
      subject: { kind: 'department', id: 'department' },
      by,
      decision,
      content: { pictures },
      words: pictures ? 'Pictures are read by machine' : 'Pictures are not read by machine',
      at: now(),
    })
    return { done: true }
  })
}
