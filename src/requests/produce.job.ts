import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { append, type BagFiles, packBag, sequence } from '../archive/archive.ts'
import { departmentProfile } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { type Blobs, StorageFull } from '../storage/blobs.ts'
import { insertProductionCheckpoint } from './certificate-store.ts'
import { copiesFor } from './formats/copies.ts'
import { type ProduceJob, produceQueue } from './production.ts'
import { renderProduction, renditionsOf } from './render.ts'
import * as store from './store.ts'
import { tarTo } from './tar.ts'

/** Thrown inside the job when somebody cancelled the production. */
class Cancelled extends Error {
  override name = 'Cancelled'
}

/**
 * Lets this process make productions. `folder` holds what grows with a bag while it is being written; no other process
 * uses it.
 */
export async function registerRequestJobs(installation: Installation, { folder }: { folder: string }) {
  // What a killed process left behind: its productions begin anew.
  await rm(folder, { recursive: true, force: true })
  await installation.jobs.on<ProduceJob>(produceQueue, ({ production }) =>
    produce(installation, production, folder),
  )
}

/**
 * Makes one production: the renditions of what is not released whole, bag, tar file, pieces in the blob store, and last, in one transaction, the row that makes it
 * exist. A crash before that row leaves pieces that nothing names, and the next run begins anew; a run beside or
 * after another one finds the row and leaves it.
 */
export async function produce(installation: Installation, id: store.ProductionId, folder: string) {
  const { db, log } = installation
  const production = await store.productionById(db, id)
  if (!production || production.bag || production.cancelledAt) return
  const request = await store.requestById(db, production.request)
  if (!request) return
  await store.beginProduction(db, id, installation.now())
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(path.join(folder, `${id}-`))
  try {
    const parts = keepInParts(installation.blobs)
    const tar = tarTo(`records-request-${request.number}`, parts.put)
    const { treeSize } = await fillBag(installation, tar, work, production, request)
    await tar.end()
    await finish(installation, id, { ...(await parts.end()), treeSize })
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
  into: BagFiles,
  aside: string,
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
  const checkpoint = await packBag({
    db,
    blobs,
    into,
    aside,
    records: renditionsOf(db, production.id),
    logKey,
    info: {
      'Source-Organization': profile?.name ?? 'The department',
      'External-Identifier': request.number,
      'External-Description': `Records produced for records request ${request.number}`,
      'Internal-Sender-Identifier': production.id,
    },
    onProgress: (written: number) => step(installation, production, written),
    copies: copiesFor(installation, production, request.number, path.join(aside, 'formats'), () =>
      stopIfCancelled(installation, production),
    ),
  })
  await step(installation, production, production.records)
  return checkpoint
}

async function step({ db }: Installation, production: store.Production, written: number) {
  if (await store.progressProduction(db, production.id, written)) throw new Cancelled()
}

async function stopIfCancelled({ db }: Installation, production: store.Production) {
  if ((await store.productionById(db, production.id))?.cancelledAt) throw new Cancelled()
}

const partBytes = 8 * 1024 * 1024

/** Cuts what comes into pieces that fit into memory, and keeps each as a blob. */
function keepInParts(blobs: Blobs) {
  const whole = createHash('sha256')
  const parts: store.Part[] = []
  // While the disk takes one piece, the other one is filled.
  let [piece, other] = [Buffer.allocUnsafe(partBytes), Buffer.allocUnsafe(partBytes)]
  let filled = 0
  let bytes = 0
  let keeping: Promise<void> = Promise.resolve()

  async function keep(content: Buffer) {
    await keeping
    keeping = blobs.put(content, 'application/octet-stream').then(({ sha256, bytes }) => {
      parts.push({ sha256, bytes })
    })
    // A failure comes out at the next piece or at the end, which both wait for it.
    keeping.catch(() => {})
  }
  return {
    async put(content: Buffer) {
      whole.update(content)
      bytes += content.length
      for (let done = 0; done < content.length; ) {
        const taken = content.copy(piece, filled, done)
        done += taken
        filled += taken
        if (filled < partBytes) return
        await keep(piece)
        // The other one is free: `keep` has waited for it.
        ;[piece, other] = [other, piece]
        filled = 0
      }
    },
    async end() {
      if (filled > 0) await keep(piece.subarray(0, filled))
      await keeping
      return { parts, bytes, sha256: whole.digest('hex') }
    },
  }
}

async function finish(
  installation: Installation,
  id: store.ProductionId,
  packed: { parts: store.Part[]; bytes: number; sha256: string; treeSize: number },
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
    await insertProductionCheckpoint(tx, id, packed.treeSize)
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
