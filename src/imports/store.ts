import { type ColumnType, type Generated, type Selectable, sql } from 'kysely'
import type { Remark } from '../platforms/history.ts'
import type { Decision, Who } from '../policy/policy.ts'
import type { Db, Tx } from '../storage/database.ts'
import { type ImportId, newId, type PageId, type RecordId } from '../storage/ids.ts'
import { emptyTally, type Tally } from './tally.ts'

interface ImportTable {
  id: ImportId
  page: PageId
  started_by: ColumnType<Who, string, never>
  decision: ColumnType<Decision, string, never>
  started_at: Date
  file_name: string
  place: string
  uploaded: boolean
  bytes: number
  sha256: string | null
  fingerprint: string | null
  reader: Generated<string | null>
  reader_version: Generated<number | null>
  what: Generated<string | null>
  parts: Generated<number>
  part: Generated<number>
  seen: Generated<number>
  tally: ColumnType<Partial<Tally>, string | undefined, string>
  first_posted: Generated<Date | null>
  last_posted: Generated<Date | null>
  remarks: Generated<number>
  trouble: Generated<string | null>
  lease_until: Generated<Date | null>
  swept_at: Generated<Date | null>
  finished_at: Generated<Date | null>
  refused_at: Generated<Date | null>
  refused_because: Generated<string | null>
  cancelled_at: Generated<Date | null>
}

declare module '../storage/database.ts' {
  interface Tables {
    import: ImportTable
    import_remark: { import: ImportId; number: number; file: string; at: string; because: string }
    import_remark_count: { import: ImportId; because: string; count: number }
    imported_item: { id: string; page: PageId; reader: string; remote_id: string }
    imported_version: { item: string; digest: Buffer; record: RecordId; import: ImportId }
  }
}

export type ImportState = 'waiting' | 'running' | 'finished' | 'refused' | 'cancelled'

/** A file or folder with a page's history, and how far it is. */
export interface Import {
  id: ImportId
  page: PageId
  pageTitle: string
  by: Who
  decision: Decision
  startedAt: Date
  fileName: string
  place: string
  uploaded: boolean
  bytes: number
  sha256: string | null
  fingerprint: string | null
  reader: string | null
  readerVersion: number | null
  what: string | null
  /** How many parts it has, how many are done, and how much of the next one was looked at. */
  parts: number
  position: Position
  tally: Tally
  firstPosted: Date | null
  lastPosted: Date | null
  remarks: number
  trouble: string | null
  finishedAt: Date | null
  refusedAt: Date | null
  refusedBecause: string | null
  cancelledAt: Date | null
  state: ImportState
}
export interface Position {
  part: number
  seen: number
}

type Row = Selectable<ImportTable> & { page_title: string }

const select = (db: Db | Tx) =>
  db
    .selectFrom('import')
    .innerJoin('page', 'page.id', 'import.page')
    .selectAll('import')
    .select('page.title as page_title')

const asImport = (row: Row): Import => ({
  id: row.id,
  page: row.page,
  pageTitle: row.page_title,
  by: row.started_by,
  decision: row.decision,
  startedAt: row.started_at,
  fileName: row.file_name,
  place: row.place,
  uploaded: row.uploaded,
  bytes: row.bytes,
  sha256: row.sha256,
  fingerprint: row.fingerprint,
  reader: row.reader,
  readerVersion: row.reader_version,
  what: row.what,
  parts: row.parts,
  position: { part: row.part, seen: row.seen },
  tally: { ...emptyTally(), ...row.tally },
  firstPosted: row.first_posted,
  lastPosted: row.last_posted,
  remarks: row.remarks,
  trouble: row.trouble,
  finishedAt: row.finished_at,
  refusedAt: row.refused_at,
  refusedBecause: row.refused_because,
  cancelledAt: row.cancelled_at,
  state: stateOf(row),
})

function stateOf(row: Row): ImportState {
  if (row.cancelled_at) return 'cancelled'
  if (row.refused_at) return 'refused'
  if (row.finished_at) return 'finished'
  return row.reader ? 'running' : 'waiting'
}

export const isOpen = ({ state }: Import) => state === 'waiting' || state === 'running'

export async function insertImport(
  tx: Tx,
  row: {
    id: ImportId
    page: PageId
    by: Who
    decision: Decision
    at: Date
    fileName: string
    place: string
    uploaded: boolean
    bytes: number
    sha256: string | null
  },
) {
  await tx
    .insertInto('import')
    .values({
      id: row.id,
      page: row.page,
      started_by: JSON.stringify(row.by),
      decision: JSON.stringify(row.decision),
      started_at: row.at,
      file_name: row.fileName,
      place: row.place,
      uploaded: row.uploaded,
      bytes: row.bytes,
      sha256: row.sha256,
    })
    .execute()
}

export async function importById(db: Db | Tx, id: ImportId): Promise<Import | null> {
  const row = await select(db).where('import.id', '=', id).executeTakeFirst()
  return row ? asImport(row) : null
}

/** Locks an import until the transaction ends, so that a batch and a cancellation come one after the other. */
export async function lockImport(tx: Tx, id: ImportId): Promise<Import | null> {
  await tx.selectFrom('import').select('id').where('id', '=', id).forUpdate().execute()
  return importById(tx, id)
}

const open = sql<boolean>`import.finished_at is null and import.refused_at is null and import.cancelled_at is null`
const conditions: Record<ImportState | 'open', ReturnType<typeof sql<boolean>>> = {
  open,
  waiting: sql<boolean>`${open} and import.reader is null`,
  running: sql<boolean>`${open} and import.reader is not null`,
  finished: sql<boolean>`import.finished_at is not null`,
  refused: sql<boolean>`import.refused_at is not null`,
  cancelled: sql<boolean>`import.cancelled_at is not null`,
}

/** Imports newest first, a page of the list at a time. */
export async function listImports(
  db: Db,
  {
    page,
    state,
    from,
    limit,
  }: { page?: PageId | null; state?: ImportState | null; from: number; limit: number },
): Promise<{ imports: Import[]; total: number }> {
  let query = select(db)
  let counting = db.selectFrom('import').select(({ fn }) => fn.countAll<number>().as('count'))
  if (page) {
    query = query.where('import.page', '=', page)
    counting = counting.where('import.page', '=', page)
  }
  if (state) {
    query = query.where(conditions[state])
    counting = counting.where(conditions[state])
  }
  const [rows, total] = await Promise.all([
    query.orderBy('import.started_at', 'desc').orderBy('import.id').limit(limit).offset(from).execute(),
    counting.executeTakeFirstOrThrow(),
  ])
  return { imports: rows.map(asImport), total: Number(total.count) }
}

/** How long an import stays in the queue before it is put there again. */
const inQueue = sql`interval '10 minutes'`

/**
 * Imports that nobody works on: new ones of the command line, and those whose process died. One that is in the queue
 * already may have to wait there behind a long one, so it is handed out again after ten minutes only, or when whoever
 * took it up died.
 */
export async function sweep(tx: Tx, now: Date): Promise<ImportId[]> {
  const rows = await tx
    .updateTable('import')
    .set({ swept_at: now })
    .where(open)
    .where(({ or, eb }) => or([eb('lease_until', 'is', null), eb('lease_until', '<', now)]))
    .where(
      sql<boolean>`(swept_at is null or swept_at < lease_until or swept_at < ${now}::timestamptz - ${inQueue})`,
    )
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Takes an import for this process; false when another one works on it. */
export async function takeLease(db: Db, id: ImportId, now: Date, until: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('import')
    .set({ lease_until: until })
    .where('id', '=', id)
    .where(({ or, eb }) => or([eb('lease_until', 'is', null), eb('lease_until', '<', now)]))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export const setLease = (db: Db | Tx, id: ImportId, until: Date | null) =>
  db.updateTable('import').set({ lease_until: until }).where('id', '=', id).execute()

export const noteTrouble = (db: Db, id: ImportId, trouble: string | null) =>
  db.updateTable('import').set({ trouble }).where('id', '=', id).execute()

export const noteFile = (
  db: Db,
  id: ImportId,
  file: { sha256: string; fingerprint: string; bytes: number },
) => db.updateTable('import').set(file).where('id', '=', id).execute()

/** What the file turned out to be. Another reader, or a newer one, begins at the beginning. */
export async function noteReader(
  db: Db,
  id: ImportId,
  {
    reader,
    version,
    what,
    parts,
    anew,
  }: { reader: string; version: number; what: string; parts: number; anew: boolean },
) {
  await db
    .updateTable('import')
    .set({ reader, reader_version: version, what, parts, ...(anew ? { part: 0, seen: 0 } : {}) })
    .where('id', '=', id)
    .execute()
}

/** How far it is now, and what came of the step; in the transaction of the step's records. */
export async function advance(
  tx: Tx,
  id: ImportId,
  to: Position,
  report: { tally: Tally; firstPosted: Date | null; lastPosted: Date | null },
) {
  await tx
    .updateTable('import')
    .set({
      part: to.part,
      seen: to.seen,
      tally: JSON.stringify(report.tally),
      first_posted: sql`least(first_posted, ${report.firstPosted}::timestamptz)`,
      last_posted: sql`greatest(last_posted, ${report.lastPosted}::timestamptz)`,
      trouble: null,
    })
    .where('id', '=', id)
    .execute()
}

export async function endImport(
  tx: Tx,
  id: ImportId,
  end: { finished_at: Date } | { cancelled_at: Date } | { refused_at: Date; refused_because: string },
) {
  await tx
    .updateTable('import')
    .set({ ...end, trouble: null, lease_until: null })
    .where('id', '=', id)
    .execute()
}

/** Remarks above this number are only counted. */
export const longestList = 1000

/** Keeps remarks, the first thousand one by one and all of them by their reason. */
export async function insertRemarks(tx: Tx, id: ImportId, before: number, remarks: readonly Remark[]) {
  if (remarks.length === 0) return
  const kept = remarks.slice(0, Math.max(0, longestList - before))
  if (kept.length > 0)
    await tx
      .insertInto('import_remark')
      .values(
        kept.map(({ file, at, because }, n) => ({ import: id, number: before + n + 1, file, at, because })),
      )
      .execute()
  const counts = new Map<string, number>()
  for (const { because } of remarks) counts.set(because, (counts.get(because) ?? 0) + 1)
  await tx
    .insertInto('import_remark_count')
    .values([...counts].map(([because, count]) => ({ import: id, because, count })))
    .onConflict((already) =>
      already.columns(['import', 'because']).doUpdateSet({
        count: sql`import_remark_count.count + excluded.count`,
      }),
    )
    .execute()
  await tx
    .updateTable('import')
    .set({ remarks: before + remarks.length })
    .where('id', '=', id)
    .execute()
}

export const remarksOf = (db: Db, id: ImportId, limit = longestList) =>
  db
    .selectFrom('import_remark')
    .select(['number', 'file', 'at', 'because'])
    .where('import', '=', id)
    .orderBy('number')
    .limit(limit)
    .execute()

export const remarkCounts = (db: Db, id: ImportId) =>
  db
    .selectFrom('import_remark_count')
    .select(['because', 'count'])
    .where('import', '=', id)
    .orderBy('count', 'desc')
    .orderBy('because')
    .limit(200)
    .execute()

/** What the archive knows of items: their own ids here, and the versions it has, in the order they came. */
export interface KnownItem {
  id: string
  versions: { digest: string; record: RecordId }[]
}

/**
 * Finds or makes the items of one batch. Two imports into one page take turns, so that the same post in both is
 * found by the second instead of being made twice.
 */
export async function itemsFor(
  tx: Tx,
  page: PageId,
  reader: string,
  remoteIds: readonly string[],
): Promise<Map<string, KnownItem>> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`import ${page}`}, 0))`.execute(tx)
  const wanted = [...new Set(remoteIds)]
  await sql`
    insert into imported_item (id, page, reader, remote_id)
    select * from unnest(${wanted.map(() => newId())}::uuid[], ${wanted.map(() => page)}::uuid[],
      ${wanted.map(() => reader)}::text[], ${wanted}::text[])
    on conflict (page, reader, remote_id) do nothing`.execute(tx)
  const { rows } = await sql<{
    id: string
    remote_id: string
    digest: Buffer | null
    record: RecordId | null
  }>`
    select i.id, i.remote_id, v.digest, v.record
    from imported_item i left join imported_version v on v.item = i.id
    where i.page = ${page} and i.reader = ${reader} and i.remote_id = any (${wanted}::text[])
    order by v.record`.execute(tx)
  const found = new Map<string, KnownItem>()
  for (const { id, remote_id, digest, record } of rows) {
    const item = found.get(remote_id) ?? { id, versions: [] }
    if (digest && record) item.versions.push({ digest: digest.toString('hex'), record })
    found.set(remote_id, item)
  }
  return found
}

export async function insertVersions(
  tx: Tx,
  versions: readonly { item: string; digest: Buffer; record: RecordId; import: ImportId }[],
) {
  if (versions.length > 0) await tx.insertInto('imported_version').values(versions).execute()
}
