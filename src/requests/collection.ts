import { append } from '../archive/archive.ts'
import { type Answer, type Person, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Tx } from '../storage/database.ts'
import type { RecordId, RequestId } from '../storage/ids.ts'
import { considerRequest } from './consideration.ts'
import { closedAlready, unknown } from './response.ts'
import * as store from './store.ts'

/** Adds records to the collection that will answer a request. Answers how many were new in it. */
export const collect = (
  installation: Installation,
  person: Person,
  id: RequestId,
  records: readonly RecordId[],
): Promise<Answer<number>> =>
  change(installation, person, id, 'added', (tx, at) => store.insertCollected(tx, id, records, person.id, at))

/** Takes records out of the collection. The records themselves stay as they are. */
export const leaveOut = (
  installation: Installation,
  person: Person,
  id: RequestId,
  records: readonly RecordId[],
): Promise<Answer<number>> =>
  change(installation, person, id, 'removed', (tx) => store.deleteCollected(tx, id, records))

async function change(
  installation: Installation,
  person: Person,
  id: RequestId,
  what: 'added' | 'removed',
  apply: (tx: Tx, at: Date) => Promise<RecordId[]>,
): Promise<Answer<number>> {
  const decision = await considerRequest(installation, whoIs(person), 'request.collect', id)
  if (!decision.allowed) return { denied: decision }
  const at = installation.now()
  return installation.db.transaction().execute(async (tx) => {
    const request = await store.lockRequest(tx, id)
    if (!request) return { problems: unknown }
    if (request.closure) return { problems: { form: closedAlready(request) } }
    const changed = await apply(tx, at)
    // Ticking what is in already changes nothing and leaves no record.
    if (changed.length === 0) return { done: 0 }
    await append(tx, {
      kind: 'request.collection',
      subject: { kind: 'request', id },
      by: whoIs(person),
      decision,
      content: { number: request.number, [what]: changed },
      words: request.number,
      at,
    })
    return { done: changed.length }
  })
}
