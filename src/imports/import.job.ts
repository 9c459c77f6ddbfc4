import { append, appendMany } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import { type Limits, limitsOf, openExport, recognise } from '../platforms/histories.ts'
import { ExportRefused, type Found, type Part, type Remark } from '../platforms/history.ts'
import { diskFull, isDiskFull } from '../storage/blobs.ts'
import type { ImportId } from '../storage/ids.ts'
import { asText, entryOf, type KeptItem, keepFiles, shortId } from './item.ts'
import { removeForgotten } from './resumable.ts'
import { type ImportJob, importQueue } from './starting.ts'
import {
  advance,
  endImport,
  type Import,
  importById,
  insertRemarks,
  insertVersions,
  isOpen,
  itemsFor,
  type KnownItem,
  lockImport,
  noteFile,
  noteReader,
  noteTrouble,
  type Position,
  setLease,
  sweep,
  takeLease,
} from './store.ts'
import { emptyTally, sumOf, type Tally } from './tally.ts'
import { fingerprintOf, folderOf, hashOf, removeFiles, removeLeftovers } from './workplace.ts'

/** How an import is worked through. */
export interface Pace {
  /** Things looked at in one transaction. */
  batch: number
  limits: Limits
  /** Milliseconds after which the rest is left to the next job: a job that never ends would be taken for dead. */
  turn: number
  /** Called after each batch is committed. */
  onBatch?(position: Position): void
}

/** A batch of long texts ends earlier, so that its size in memory has a bound. */
const batchText = 4_000_000
const leaseFor = 120_000

/** Somebody cancelled the import, or another process works on it. */
class Overtaken extends Error {
  override name = 'Overtaken'
}
/** The turn is over; another job goes on. */
class TurnOver extends Error {
  override name = 'TurnOver'
}

/** Lets this process work on imports, and finds those that a dead process left behind. */
export async function registerImportJobs(
  installation: Installation,
  gigabytes: { file: number; total: number },
) {
  const pace = { limits: limitsOf(gigabytes), batch: 200, turn: 5 * 60_000 }
  const { db, jobs, now } = installation
  await removeLeftovers(installation)
  await jobs.on<ImportJob>(importQueue, ({ import: id }) => runImport(installation, id, pace))
  await jobs.every('imports.uploads', 3600, () => removeForgotten(installation))
  await jobs.every('imports.sweep', 5, () =>
    db.transaction().execute(async (tx) => {
      for (const id of await sweep(tx, now()))
        await jobs.enqueue(tx, importQueue, { import: id } satisfies ImportJob)
    }),
  )
}

/**
 * Works on an import until it ends or its turn is over. Each batch's records, what could not be read, and how far
 * the import is are one transaction: a process that dies anywhere leaves a whole number of batches, and the next one
 * goes on after them.
 */
export async function runImport(installation: Installation, id: ImportId, pace: Pace) {
  const { db, now, log } = installation
  const lease = () => new Date(now().getTime() + leaseFor)
  if (!(await takeLease(db, id, now(), lease()))) return
  const keeping = setInterval(() => void setLease(db, id, lease()).catch(() => {}), leaseFor / 4)
  let over = false
  try {
    const found = await importById(db, id)
    if (found && isOpen(found)) await work(installation, found, pace)
  } catch (error) {
    over = error instanceof TurnOver
    if (!over && !(error instanceof Overtaken)) {
      log.error({ err: error, import: id }, 'import interrupted')
      await noteTrouble(db, id, troubleOf(error))
      throw error
    }
  } finally {
    clearInterval(keeping)
    await db.transaction().execute(async (tx) => {
      await setLease(tx, id, null)
      if (over) await installation.jobs.enqueue(tx, importQueue, { import: id } satisfies ImportJob)
    })
  }
}

/** What can't be read is the end of an import, with its reason; what was read before stays. */
async function work(installation: Installation, found: Import, pace: Pace) {
  try {
    await read(installation, found, pace)
  } catch (error) {
    if (!(error instanceof ExportRefused)) throw error
    await end(installation, found.id, error.message)
  }
  await removeFiles(installation, found)
}

async function read(installation: Installation, found: Import, pace: Pace) {
  await sameFile(installation, found)
  const files = await openExport(found.place, {
    name: found.fileName,
    scratch: `${folderOf(installation, found.id)}/unpacked`,
    limits: pace.limits,
  })
  try {
    const { reader, found: recognised } = await recognise(files)
    const remarks = [...files.remarks, ...recognised.rest]
    const parts: Part[] = [...recognised.parts, { file: found.fileName, read: () => asFound(remarks) }]
    const same = found.reader === reader.kind && found.readerVersion === reader.version
    await noteReader(installation.db, found.id, {
      reader: reader.kind,
      version: reader.version,
      what: asText(recognised.what),
      parts: recognised.parts.length,
      anew: !same,
    })
    await readParts(
      installation,
      { ...found, reader: reader.kind },
      parts,
      same ? found.position : { part: 0, seen: 0 },
      pace,
    )
    await end(installation, found.id, null)
  } finally {
    await files.close()
  }
}

/** The file that is read now is the file whose hash stands on the import. */
async function sameFile({ db }: Installation, { id, place, sha256, fingerprint }: Import) {
  const now = await fingerprintOf(place)
  if (fingerprint === null) {
    const hashed = await hashOf(place)
    if (sha256 !== null && sha256 !== hashed.sha256)
      throw new ExportRefused(
        'The file is not the one that was uploaded: its checksum is another. Upload it again.',
      )
    await noteFile(db, id, { ...hashed, fingerprint: now })
  } else if (fingerprint !== now)
    throw new ExportRefused(
      'The file was changed while it was being imported. Import it again; what is known already is not taken twice.',
    )
}

async function* asFound(remarks: readonly Remark[]): AsyncGenerator<Found> {
  for (const remark of remarks) yield { remark }
}

async function readParts(
  installation: Installation,
  found: Import & { reader: string },
  parts: readonly Part[],
  from: Position,
  pace: Pace,
) {
  let turnEnds: number | null = null
  let at = from
  for (let part = from.part; part < parts.length; part++) {
    let seen = 0
    let batch: { items: KeptItem[]; remarks: Remark[]; text: number } = { items: [], remarks: [], text: 0 }
    const commit = async (to: Position) => {
      await keepBatch(installation, found, batch, at, to)
      batch = { items: [], remarks: [], text: 0 }
      at = to
      pace.onBatch?.(to)
      if (turnEnds !== null && performance.now() >= turnEnds) throw new TurnOver()
    }
    for await (const one of (parts[part] as Part).read()) {
      seen++
      // Read before, in a turn that ended or died: a part read again gives the same things in the same order.
      if (part === from.part && seen <= from.seen) continue
      // Passing over a long part takes time; the turn is meant for what is new.
      turnEnds ??= performance.now() + pace.turn
      if ('remark' in one) batch.remarks.push(one.remark)
      else {
        batch.text += one.item.text.length
        batch.items.push(await keepFiles(installation.blobs, one.item))
      }
      if (batch.items.length + batch.remarks.length >= pace.batch || batch.text > batchText)
        await commit({ part, seen })
    }
    await commit({ part: part + 1, seen: 0 })
  }
}

/** One step: the records of what is new, what was not understood, and the new position; all of it or nothing. */
async function keepBatch(
  { db, now }: Installation,
  found: Import & { reader: string },
  { items, remarks }: { items: readonly KeptItem[]; remarks: readonly Remark[] },
  from: Position,
  to: Position,
) {
  await db.transaction().execute(async (tx) => {
    const current = await lockImport(tx, found.id)
    if (!current || !isOpen(current)) throw new Overtaken()
    if (current.position.part !== from.part || current.position.seen !== from.seen) throw new Overtaken()

    const tally = emptyTally()
    const posted: number[] = []
    const known = await itemsFor(
      tx,
      found.page,
      found.reader,
      items.map(({ item }) => shortId(item.remoteId)),
    )
    const common = { by: found.by, decision: found.decision, page: found.page, at: now() }
    const fresh: { kept: KeptItem; item: KnownItem }[] = []
    const inBatch = new Set<string>()
    for (const kept of items) {
      const item = known.get(shortId(kept.item.remoteId))
      if (!item) throw new Error(`The item ${kept.item.remoteId} was not made.`)
      const digest = kept.digest.toString('hex')
      if (item.versions.some((version) => version.digest === digest) || inBatch.has(`${item.id} ${digest}`)) {
        tally.known++
        continue
      }
      if (item.versions.length > 0 || inBatch.has(item.id)) tally.changed++
      else tally.added[kept.item.kind]++
      inBatch.add(item.id).add(`${item.id} ${digest}`)
      count(tally, kept)
      if (kept.item.postedAt) posted.push(kept.item.postedAt.getTime())
      fresh.push({ kept, item })
    }
    const records = await appendMany(
      tx,
      fresh.map(({ kept, item }) => {
        const earlier = item.versions.at(-1)?.record ?? null
        return entryOf(kept, { import: found.id, reader: found.reader, subject: item.id, earlier, common })
      }),
    )
    await insertVersions(
      tx,
      fresh.map(({ kept, item }, n) => ({
        item: item.id,
        digest: kept.digest,
        record: records[n] as (typeof records)[number],
        import: found.id,
      })),
    )
    await insertRemarks(
      tx,
      found.id,
      current.remarks,
      remarks.map(({ file, at, because }) => ({
        file: asText(file),
        at: asText(at),
        because: asText(because).slice(0, 500),
      })),
    )
    await advance(tx, found.id, to, {
      tally: sumOf(current.tally, tally),
      firstPosted: posted.length ? new Date(Math.min(...posted)) : null,
      lastPosted: posted.length ? new Date(Math.max(...posted)) : null,
    })
  })
}

function count(tally: Tally, { media }: KeptItem) {
  for (const { blob } of media) {
    if (blob) tally.media.kept++
    else tally.media.missing++
  }
}

/** The record that says how an import ended, with its report. */
async function end({ db, now }: Installation, id: ImportId, because: string | null) {
  await db.transaction().execute(async (tx) => {
    const found = await lockImport(tx, id)
    if (!found || !isOpen(found)) return
    const at = now()
    await endImport(
      tx,
      id,
      because === null ? { finished_at: at } : { refused_at: at, refused_because: because },
    )
    await append(tx, {
      kind: because === null ? 'import.finish' : 'import.refusal',
      subject: { kind: 'import', id },
      page: found.page,
      by: { kind: 'system' },
      content: {
        file: found.fileName,
        bytes: found.bytes,
        sha256: found.sha256,
        what: found.what,
        because,
        tally: found.tally,
        firstPosted: found.firstPosted?.toISOString() ?? null,
        lastPosted: found.lastPosted?.toISOString() ?? null,
        remarks: found.remarks,
        startedBy: found.by,
      },
      words: [found.fileName, found.what, because].filter(Boolean).join('\n'),
      at,
    })
  })
}

function troubleOf(error: unknown): string {
  if (isDiskFull(error)) return `${diskFull} The import then goes on by itself.`
  if ((error as NodeJS.ErrnoException).code === 'EACCES')
    return 'Plainview may not read the file. Give its user the right to; the import then goes on by itself.'
  return 'Something went wrong. It is tried again by itself; the log of the server says more.'
}
