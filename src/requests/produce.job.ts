import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { append, type BagFiles, packBag, sequence } from '../archive/archive.ts'
import { departmentProfile } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { diskFull, isDiskFull } from '../storage/blobs.ts'
import { insertProductionCheckpoint } from './certificate-store.ts'
import { copiesFor } from './formats/copies.ts'
import { notCaptured } from './not-captured.ts'
import { keepInParts } from './parts.ts'
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
    const packed = await keepInParts(installation.blobs, async (put) => {
      const tar = tarTo(`records-request-${request.number}`, put)
      const { treeSize } = await fillBag(installation, tar, work, production, request)
      await tar.end()
      return { treeSize }
    })
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
  const step = steps(installation, production)
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
    onProgress: step,
    remarks: await notCaptured(db, production),
    copies: copiesFor(installation, production, request.number, path.join(aside, 'formats'), () =>
      stopIfCancelled(installation, production),
    ),
  })
  await step(production.records)
  return checkpoint
}

/** Notes how far it has come, and stops when somebody cancelled it: now and then, because each note is a commit. */
function steps({ db }: Installation, production: store.Production) {
  let last = Number.NEGATIVE_INFINITY
  return async (written: number) => {
    if (performance.now() - last < millisecondsBetweenSteps && written < production.records) return
    last = performance.now()
    if (await store.progressProduction(db, production.id, written)) throw new Cancelled()
  }
}
const millisecondsBetweenSteps = 500

async function stopIfCancelled({ db }: Installation, production: store.Production) {
  if ((await store.productionById(db, production.id))?.cancelledAt) throw new Cancelled()
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
  if (isDiskFull(error)) return `${diskFull} The production then goes on by itself.`
  return 'Something went wrong while the production was written. It will be tried again by itself; the log of the server says more.'
}
