import { append, asRanges, sequence } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import type { RecordId } from '../storage/ids.ts'
import { coverHolds } from './coverage.ts'
import { type DisposeJob, disposeQueue, termsOf } from './disposition.ts'
import { hindranceSentence } from './rules.ts'
import * as store from './store.ts'

/** Files that one transaction destroys: nobody can place a hold while it lasts, so it is short. */
const batch = 20
/** A stored file that was put again within this time may be about to be used. */
const settling = 24 * 3_600_000

/** Lets this process carry runs out, put back those whose job disappeared, and work out for the search what holds cover. */
export async function registerRetentionJobs(installation: Installation) {
  await installation.jobs.on<DisposeJob>(disposeQueue, ({ run }) => dispose(installation, run))
  await installation.jobs.every('retention.coverage', 3, () => coverHolds(installation))
  await installation.jobs.every('retention.sweep', 300, async () => {
    for (const run of await store.unfinishedRuns(installation.db))
      await installation.db
        .transaction()
        .execute((tx) => installation.jobs.enqueue(tx, disposeQueue, { run }, { key: run }))
    await lookAgainAtBlobs(installation)
  })
}

/**
 * Carries a run out: its files, batch by batch, then the stored files that nothing names any more, and last the
 * certificate. What a batch destroyed is noted in the batch's own transaction, so a run that was cut off anywhere
 * goes on where it was; two jobs of one run at once share the work, and the certificate is made once.
 */
export async function dispose(installation: Installation, id: store.DispositionId): Promise<void> {
  const { db, logKey } = installation
  if (!(await begin(installation, id))) return
  // A record that is not in the log has no leaf to leave behind.
  await sequence(db, logKey)
  while (await disposeBatch(installation, id));
  while (await destroyBlobs(installation, id));
  await certify(installation, id)
}

/** From here on nobody can cancel the run. False when it was cancelled, or has its certificate. */
async function begin({ db, now }: Installation, id: store.DispositionId): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const run = await store.lockRun(tx, id)
    if (run?.state === 'running') return true
    if (run?.state !== 'ordered') return false
    await store.insertBeginning(tx, id, now())
    return true
  })
}

/** Whether there may be more. */
async function disposeBatch({ db, now }: Installation, id: store.DispositionId): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const run = await store.lockRun(tx, id)
    if (run?.state !== 'running') return false
    const files = await store.pendingFiles(tx, id, batch)
    for (const file of files) {
      // Asked under the lock that keeps holds out until the commit: what is free here is free when it is destroyed.
      await store.keepHoldsOut(tx)
      const hindrance = await store.hindranceOf(tx, run.series.id, file)
      if (hindrance)
        await store.insertException(tx, id, file, {
          reason: hindranceSentence(hindrance),
          by: null,
          at: now(),
        })
      else await store.disposeOfFile(tx, id, file)
    }
    return files.length > 0
  })
}

/** Deletes stored files that nothing names any more; whether there may be more. */
async function destroyBlobs({ db, blobs, now }: Installation, id: store.DispositionId): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await store.takeTurnAtBlobs(tx)
    const files = await store.pendingBlobs(tx, id, 100)
    for (const { sha256 } of files) {
      const kept =
        (await store.blobInUse(tx, sha256)) ||
        !(await blobs.remove(sha256, new Date(now().getTime() - settling)))
      await store.endBlob(tx, id, sha256, { at: now(), kept })
    }
    return files.length > 0
  })
}

/** A file that was kept because somebody had just put it again, and then made nothing of it, goes a day later. */
async function lookAgainAtBlobs({ db, blobs, now }: Installation) {
  await db.transaction().execute(async (tx) => {
    await store.takeTurnAtBlobs(tx)
    for (const { disposition, sha256 } of await store.keptBlobsWithoutUse(tx))
      if (await blobs.remove(sha256, new Date(now().getTime() - settling)))
        await store.endBlob(tx, disposition, sha256, { at: now(), kept: false })
  })
}

async function certify({ db, now }: Installation, id: store.DispositionId) {
  await db.transaction().execute(async (tx) => {
    const run = await store.lockRun(tx, id)
    if (run?.state !== 'running') return
    const at = now()
    const destroyed = await store.destroyedRecords(tx, id)
    const record: RecordId = await append(tx, {
      kind: 'retention.disposition',
      subject: { kind: 'disposition', id },
      by: { kind: 'system' },
      content: {
        series: termsOf(run.series),
        asOf: run.asOf,
        files: run.counts.disposed,
        filesKept: run.counts.excepted,
        records: destroyed.length,
        first: destroyed.length ? earliest(destroyed).toISOString() : null,
        last: destroyed.length ? latest(destroyed).toISOString() : null,
        /** Their leaves in the log, which stay. */
        positions: asRanges(destroyed.map((one) => one.position)),
        storedFiles: await store.blobCounts(tx, id),
        permission: run.permission && { number: run.permission.number, grantedOn: run.permission.grantedOn },
        proposedBy: { id: run.proposedBy, name: run.proposedByName, at: run.proposedAt },
        approvedBy: run.approvals.map(({ person, name, at }) => ({ id: person, name, at })),
        orderedBy: run.order && { name: run.order.byName, at: run.order.at },
        begunAt: run.begunAt,
      },
      words: ['Certificate of disposition', run.series.title, run.permission?.number ?? ''].join('\n'),
      at,
    })
    await store.insertCertificate(tx, { disposition: id, record, at })
  })
}

const earliest = (records: readonly { at: Date }[]) =>
  new Date(records.reduce((least, { at }) => Math.min(least, at.getTime()), Number.POSITIVE_INFINITY))
const latest = (records: readonly { at: Date }[]) =>
  new Date(records.reduce((most, { at }) => Math.max(most, at.getTime()), 0))
