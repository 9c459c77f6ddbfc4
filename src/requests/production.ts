import { Readable } from 'node:stream'
import { append } from '../archive/archive.ts'
import { type Answer, type Person, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Blobs } from '../storage/blobs.ts'
import type { Db } from '../storage/database.ts'
import { newId, type RequestId } from '../storage/ids.ts'
import { considerRequest } from './consideration.ts'
import { deskSettings } from './desk-settings.ts'
import { formatsNamed } from './formats/formats.ts'
import { type Leak, leaksIn } from './redaction.ts'
import { closedAlready, unknown } from './response.ts'
import { reviewProgress } from './review-store.ts'
import * as store from './store.ts'

/** The queue that makes productions. */
export const produceQueue = 'request.produce'
export interface ProduceJob {
  production: store.ProductionId
}

/** Orders a production of what is reviewed, with the decisions as they stand now. The job begins if, and only if, the order is kept. */
export async function orderProduction(
  installation: Installation,
  person: Person,
  id: RequestId,
  { releaseWhenReady, formats = [] }: { releaseWhenReady: boolean; formats?: readonly string[] },
): Promise<Answer<store.ProductionId>> {
  const { db, jobs } = installation
  const decision = await considerRequest(installation, whoIs(person), 'request.produce', id)
  if (!decision.allowed) return { denied: decision }
  const chosen = formatsNamed(formats)?.map(({ name }) => name)
  if (!chosen) return { problems: { formats: 'There is no such format. Choose from the list.' } }
  const at = installation.now()
  return db.transaction().execute(async (tx) => {
    const request = await store.lockRequest(tx, id)
    if (!request) return { problems: unknown }
    if (request.closure) return { problems: { form: closedAlready(request) } }
    const running = (await store.productionsOf(tx, id)).some((one) => !one.bag && !one.cancelledAt)
    if (running)
      return {
        problems: { form: 'A production is being made already. Wait until it is ready, or cancel it.' },
      }
    const hindrance = considerOrder(
      await reviewProgress(tx, id),
      await deskSettings(tx),
      await leaksIn(tx, id),
    )
    if (hindrance) return { problems: hindrance }
    const production = newId<'production'>()
    const records = await store.insertProduction(tx, {
      id: production,
      request: id,
      by: person.id,
      at,
      releaseWhenReady,
      formats: chosen,
    })
    await append(tx, {
      kind: 'request.order',
      subject: { kind: 'request', id },
      by: whoIs(person),
      decision,
      content: { number: request.number, production, records, releaseWhenReady, formats: chosen },
      words: request.number,
      at,
    })
    await jobs.enqueue(tx, produceQueue, { production } satisfies ProduceJob, { key: production })
    return { done: production }
  })
}

/** What stands against producing what was reviewed so far; null when nothing does. */
export function considerOrder(
  progress: { records: number; reviewed: number; unconfirmed: number },
  { secondLook }: { secondLook: boolean },
  leaks: readonly Leak[],
): { form: string } | null {
  if (progress.records === 0)
    return { form: 'The collection is empty. Collect the records that answer the request first.' }
  if (progress.reviewed === 0)
    return { form: 'Nothing of the collection is reviewed yet. Decide about its records first.' }
  if (secondLook && progress.unconfirmed > 0)
    return {
      form: `${count(progress.unconfirmed, 'redacted record waits', 'redacted records wait')} for a second person’s look. Ask a colleague to confirm them in the review.`,
    }
  const [leak] = leaks
  if (leak)
    return {
      form: `“${leak.words}” is taken out of one record and can still be read in ${count(leak.records.length, 'other', 'others')} that would go out. Take it out there too, or take the redaction back, in the review.`,
    }
  return null
}

const count = (number: number, one: string, many: string) =>
  `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`

/** Stops a production that isn't ready. The job notices it at its next step and leaves nothing behind. */
export const cancelProduction = (installation: Installation, person: Person, id: store.ProductionId) =>
  decideOn(installation, person, id, 'request.cancellation', async (tx, production, at) => {
    if (production.bag) return 'This production is ready, so there is nothing to cancel.'
    if (production.cancelledAt) return 'This production was cancelled already.'
    await store.cancelProductionRow(tx, id, at)
    return null
  })

/** Lets the requester take a finished production with their code. */
export const releaseProduction = (installation: Installation, person: Person, id: store.ProductionId) =>
  decideOn(installation, person, id, 'request.release', async (tx, production, at) => {
    if (!production.bag) return 'This production isn’t ready yet.'
    if (production.releasedAt) return 'This production was released already.'
    await store.insertRelease(tx, id, person.id, at)
    return null
  })

async function decideOn(
  installation: Installation,
  person: Person,
  id: store.ProductionId,
  kind: 'request.cancellation' | 'request.release',
  apply: (
    tx: Parameters<typeof store.lockProduction>[0],
    production: store.Production,
    at: Date,
  ) => Promise<string | null>,
): Promise<Answer<null>> {
  const { db } = installation
  const found = await store.productionById(db, id)
  if (!found) return { problems: { form: 'This production does not exist.' } }
  const decision = await considerRequest(installation, whoIs(person), 'request.produce', found.request)
  if (!decision.allowed) return { denied: decision }
  const at = installation.now()
  return db.transaction().execute(async (tx) => {
    // The request before the production, as everywhere, so that two people never wait for each other.
    const request = await store.lockRequest(tx, found.request)
    const production = await store.lockProduction(tx, id)
    if (!request || !production) return { problems: { form: 'This production does not exist.' } }
    if (request.closure) return { problems: { form: closedAlready(request) } }
    const problem = await apply(tx, production, at)
    if (problem) return { problems: { form: problem } }
    await append(tx, {
      kind,
      subject: { kind: 'request', id: request.id },
      by: whoIs(person),
      decision,
      content: { number: request.number, production: id, sha256: production.bag?.sha256 ?? null },
      words: request.number,
      at,
    })
    return { done: null }
  })
}

/** A finished production as one tar file, read piece by piece. */
export async function tarOfProduction(
  { db, blobs }: { db: Db; blobs: Blobs },
  production: store.Production,
): Promise<{ bytes: number; stream: Readable } | null> {
  if (!production.bag) return null
  const parts = await store.partsOf(db, production.id)
  async function* pieces() {
    for (const part of parts) yield* await blobs.read(part.sha256)
  }
  return { bytes: production.bag.bytes, stream: Readable.from(pieces(), { objectMode: false }) }
}
