import { type ColumnType, type Selectable, sql } from 'kysely'
import type { Who } from '../policy/policy.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { ImportId, PageId } from '../storage/ids.ts'

interface UploadTable {
  id: ImportId
  page: PageId
  begun_by: ColumnType<Who, string, never>
  begun_at: Date
  file_name: string
  bytes: number
  modified: Date | null
  received: ColumnType<number, number | undefined, number>
  received_at: Date
  taken_by: ColumnType<string | null, undefined, string | null>
  taken_until: ColumnType<Date | null, undefined, Date | null>
}

declare module '../storage/database.ts' {
  interface Tables {
    import_upload: UploadTable
  }
}

/** A file on its way, of which `received` bytes are on the disk. */
export interface Upload {
  id: ImportId
  page: PageId
  pageTitle: string
  by: Who
  fileName: string
  bytes: number
  modified: Date | null
  received: number
  receivedAt: Date
}

const select = (db: Db | Tx) =>
  db
    .selectFrom('import_upload')
    .innerJoin('page', 'page.id', 'import_upload.page')
    .selectAll('import_upload')
    .select('page.title as page_title')

const asUpload = (row: Selectable<UploadTable> & { page_title: string }): Upload => ({
  id: row.id,
  page: row.page,
  pageTitle: row.page_title,
  by: row.begun_by,
  fileName: row.file_name,
  bytes: row.bytes,
  modified: row.modified,
  received: row.received,
  receivedAt: row.received_at,
})

export async function uploadById(db: Db | Tx, id: ImportId): Promise<Upload | null> {
  const row = await select(db).where('import_upload.id', '=', id).executeTakeFirst()
  return row ? asUpload(row) : null
}

/** All that are unfinished, the latest first. */
export async function uploads(db: Db): Promise<Upload[]> {
  const rows = await select(db).orderBy('received_at', 'desc').orderBy('import_upload.id').execute()
  return rows.map(asUpload)
}

/**
 * Puts an upload on the list, if fewer than `most` are there and `room` bytes hold what is still to come of all of them. Two that begin
 * at once take turns.
 */
export async function insertUpload(
  db: Db,
  upload: Pick<Upload, 'id' | 'page' | 'by' | 'fileName' | 'bytes' | 'modified'> & { at: Date },
  { most, room }: { most: number; room: number },
): Promise<'begun' | 'too many' | 'no room'> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('import uploads', 0))`.execute(tx)
    const { count, outstanding } = await tx
      .selectFrom('import_upload')
      .select([
        sql<number>`count(*)::int`.as('count'),
        sql<number>`coalesce(sum(bytes - received), 0)::int8`.as('outstanding'),
      ])
      .executeTakeFirstOrThrow()
    if (count >= most) return 'too many'
    if (outstanding + upload.bytes > room) return 'no room'
    await tx
      .insertInto('import_upload')
      .values({
        id: upload.id,
        page: upload.page,
        begun_by: JSON.stringify(upload.by),
        begun_at: upload.at,
        file_name: upload.fileName,
        bytes: upload.bytes,
        modified: upload.modified,
        received_at: upload.at,
      })
      .execute()
    return 'begun'
  })
}

/** Takes an upload for one request; false while another one writes to it. */
export async function takeUpload(
  db: Db,
  id: ImportId,
  { by, now, until }: { by: string; now: Date; until: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('import_upload')
    .set({ taken_by: by, taken_until: until })
    .where('id', '=', id)
    .where(({ or, eb }) => or([eb('taken_until', 'is', null), eb('taken_until', '<', now)]))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Keeps it for longer; false when another request has taken it meanwhile, or it is gone. */
export async function keepUpload(db: Db, id: ImportId, by: string, until: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('import_upload')
    .set({ taken_until: until })
    .where('id', '=', id)
    .where('taken_by', '=', by)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Says how much is on the disk now, and gives the upload back. */
export const noteReceived = (db: Db, id: ImportId, by: string, received: number, at: Date) =>
  db
    .updateTable('import_upload')
    .set({ received, received_at: at, taken_by: null, taken_until: null })
    .where('id', '=', id)
    .where('taken_by', '=', by)
    .execute()

export async function deleteUpload(db: Db | Tx, id: ImportId): Promise<void> {
  await db.deleteFrom('import_upload').where('id', '=', id).execute()
}

/** Uploads of which nothing has come since then, and to which nobody writes. */
export async function deleteForgotten(db: Db, since: Date, now: Date): Promise<ImportId[]> {
  const rows = await db
    .deleteFrom('import_upload')
    .where('received_at', '<', since)
    .where(({ or, eb }) => or([eb('taken_until', 'is', null), eb('taken_until', '<', now)]))
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}
