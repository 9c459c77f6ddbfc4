import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { append, sequence, writeBag } from '../archive/archive.ts'
import { departmentProfile } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { type Blobs, StorageFull } from '../storage/blobs.ts'
import { type ProduceJob, produceQueue } from './production.ts'
import { renderProduction, renditionsOf } from './render.ts'
import * as store from './store.ts'
import { tarOf } from './tar.ts'

/** Thrown inside the job when somebody cancelled the production. */
class Cancelled extends Error {
  override name = 'Cancelled'
}

const scratch = path.join(process.env.PLAINVIEW_DATA ?? tmpdir(), 'plainview-productions')

/** Lets this process make productions. `folder` holds bags while they are being written. */
export async function registerRequestJobs(installation: Installation, { folder = scratch } = {}) {
  await removeLeftovers(folder)
  await installation.jobs.on<ProduceJob>(produceQueue, ({ production }) =>
    produce(installation, production, folder),
  )
}

/**
 * Makes one production: the renditions of what is not released whole, bag, tar file, pieces in the blob store, and last, in one transaction, the row that makes it
 * exist. A crash before that row leaves pieces that nothing names, and the next run begins anew; a run beside or
 * after another one finds the row and leaves it.
 */
export async function produce(installation: Installation, id: store.ProductionId, folder = scratch) {
  const { db, log } = installation
  const production = await store.productionById(db, id)
  if (!production || production.bag || production.cancelledAt) return
  const request = await store.requestById(db, production.request)
  if (!request) return
  await store.beginProduction(db, id, installation.now())
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(path.join(folder, `${id}-`))
  try {
    const bag = path.join(work, 'bag')
    await fillBag(installation, bag, production, request)
    const { stream } = await tarOf(bag, `records-request-${request.number}`)
    const packed = await keepInParts(installation.blobs, stream, () =>
      stopIfCancelled(installation, production),
    )
    await finish(installation, id, packed)
  } catch (error) {
    if (error instanceof Cancelled) return
    log.error({ err: error, production: id }, 'production failed')
    await store.noteTrouble(db, id, troubleOf(error))
    throw error
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function fillBag(
  installation: Installation,
  folder: string,
  production: store.Production,
  request: store.RecordsRequest,
) {
  const { db, blobs, logKey } = installation
  // Only what the log holds can be proven, so everything that waits goes into it first.
  await sequence(db, logKey)
  await renderProduction(installation, production, request.number, () =>
    stopIfCancelled(installation, production),
  )
  // The statements about what is withheld are records too.
  await sequence(db, logKey)
  const profile = await departmentProfile(db)
  await writeBag({
    db,
    blobs,
    folder,
    records: renditionsOf(db, production.id),
    logKey,
    info: {
      'Source-Organization': profile?.name ?? 'The department',
      'External-Identifier': request.number,
      'External-Description': `Records produced for records request ${request.number}`,
      'Internal-Sender-Identifier': production.id,
    },
    onProgress: (written: number) => step(installation, production, written),
  })
  await step(installation, production, production.records)
}

async function step({ db }: Installation, production: store.Production, written: number) {
  if (await store.progressProduction(db, production.id, written)) throw new Cancelled()
}

async function stopIfCancelled({ db }: Installation, production: store.Production) {
  if ((await store.productionById(db, production.id))?.cancelledAt) throw new Cancelled()
}

const partBytes = 8 * 1024 * 1024

/** Cuts a stream into pieces that fit into memory, and keeps each as a blob. */
async function keepInParts(blobs: Blobs, stream: Readable, beforeEach: () => Promise<void>) {
  const whole = createHash('sha256')
  const parts: store.Part[] = []
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let bytes = 0
  async function keep() {
    await beforeEach()
    const part = await blobs.put(Buffer.concat(waiting), 'application/octet-stream')
    parts.push({ sha256: part.sha256, bytes: part.bytes })
    waiting = []
    waitingBytes = 0
  }
  for await (const piece of stream as AsyncIterable<Buffer>) {
    whole.update(piece)
    waiting.push(piece)
    waitingBytes += piece.length
    bytes += piece.length
    if (waitingBytes >= partBytes) await keep()
  }
  if (waitingBytes > 0) await keep()
  return { parts, bytes, sha256: whole.digest('hex') }
}

async function finish(
  installation: Installation,
  id: store.ProductionId,
  packed: { parts: store.Part[]; bytes: number; sha256: string },
) {
  const { db } = installation
  const at = installation.now()
  const found = await store.productionById(db, id)
  if (!found) return
  await db.transaction().execute(async (tx) => {
    const request = await store.lockRequest(tx, found.request)
    const production = await store.lockProduction(tx, id)
    if (!request || !production || production.cancelledAt) return
    // Another run of the same job was faster; its bag is the one that exists.
    if (production.bag) return
    await store.insertBag(tx, id, { finishedAt: at, ...packed })
    if (production.releaseWhenReady) await store.insertRelease(tx, id, production.by, at)
    await append(tx, {
      kind: 'request.production',
      subject: { kind: 'request', id: request.id },
      by: { kind: 'system' },
      content: {
        number: request.number,
        production: id,
        orderedBy: production.by,
        records: production.records,
        bytes: packed.bytes,
        sha256: packed.sha256,
        released: production.releaseWhenReady,
      },
      words: request.number,
      at,
    })
  })
}

function troubleOf(error: unknown): string {
  if (error instanceof StorageFull || (error as NodeJS.ErrnoException).code === 'ENOSPC')
    return 'The disk is full. Make room; the production then goes on by itself.'
  return 'Something went wrong while the production was written. It will be tried again by itself; the log of the server says more.'
}

/** What a killed process left behind. A day is longer than any production takes. */
async function removeLeftovers(folder: string) {
  const dayAgo = Date.now() - 24 * 3_600_000
  for (const name of await readdir(folder).catch(() => [])) {
    const place = path.join(folder, name)
    const { mtimeMs } = await stat(place)
    if (mtimeMs < dayAgo) await rm(place, { recursive: true, force: true })
  }
}
