import { sql } from 'kysely'
import { texts, times, uuids } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { RecordId } from '../storage/ids.ts'
import { storable } from '../storage/storable.ts'

export interface WaitingFile {
  file: string
  mediaType: string
  attempts: number
}

/** Takes the file that has waited longest, for so long; null when none waits. Of two processes each gets another one. */
export async function takeFile(
  db: Db,
  { now, until, pictures }: { now: Date; until: Date; pictures: boolean },
): Promise<WaitingFile | null> {
  const { rows } = await sql<WaitingFile>`
    update file_reading set taken_until = ${until}, attempts = attempts + 1
    where file = (select file from file_reading
      where read_at is null and (taken_until is null or taken_until < ${now})
        and (${pictures} or not starts_with(media_type, 'image/'))
      order by wanted_at limit 1 for update skip locked)
    returning file, media_type as "mediaType", attempts`.execute(db)
  return rows[0] ?? null
}

export async function keepReading(db: Db, file: string, words: string, trouble: string | null) {
  await sql`select keep_reading(${file}, ${storable(words).slice(0, longestReading)},
    ${trouble})`.execute(db)
}
/** The captions of a long film; the database's index of words takes no more than a megabyte. */
const longestReading = 100_000

/** What was read in a record's files, by the files' hashes. A file in which nothing was found is not in it. */
export async function readingsOf(db: Db, id: RecordId): Promise<Map<string, string>> {
  const { rows } = await sql<{ file: string; words: string }>`
    select distinct file, f.words from record_blob b join file_reading f on f.file = b.sha256
    where b.record_id = ${id}::uuid and f.words <> ''`.execute(db)
  return new Map(rows.map(({ file, words }) => [file, words]))
}

export interface ReadingProgress {
  /** Whether pictures are read at all. */
  pictures: boolean
  read: number
  withWords: number
  waiting: number
  failed: number
}

export async function readingProgress(db: Db): Promise<ReadingProgress> {
  const { rows } = await sql<ReadingProgress>`
    select s.pictures, f.* from reading_state s, (
      select count(*) filter (where read_at is not null)::int as read,
        count(*) filter (where words <> '')::int as "withWords",
        count(*) filter (where read_at is null)::int as waiting,
        count(*) filter (where trouble is not null)::int as failed from file_reading) f`.execute(db)
  return rows[0] as ReadingProgress
}

/** How many files wait to be read, 1,000 at most; none while pictures are not read. */
export async function filesWaiting(db: Db): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`
    select count(*)::int as waiting from (select from file_reading, reading_state
      where read_at is null and (pictures or not starts_with(media_type, 'image/')) limit 1000) w`.execute(db)
  return rows[0]?.waiting ?? 0
}

export async function picturesAreRead(db: Db | Tx): Promise<boolean> {
  const { rows } = await sql<{ pictures: boolean }>`select pictures from reading_state`.execute(db)
  return rows[0]?.pictures ?? false
}

export const setPicturesAreRead = (tx: Tx, pictures: boolean) =>
  sql`update reading_state set pictures = ${pictures}`.execute(tx)

/** The next logged records whose language nobody has looked at. */
export async function recordsWithoutLanguage(
  db: Db,
  many: number,
): Promise<{ from: number; to: number; records: { id: RecordId; at: Date; words: string }[] }> {
  const { rows } = await sql<{ from: number; position: number; id: RecordId; at: Date; words: string }>`
    select s.languages_to::int8 as "from", e.position, r.id, r.at, left(r.words, 1200) as words
    from reading_state s, lateral (
      select position, record_id from log_entry where position >= s.languages_to order by position limit ${many}) e
    join record r on r.id = e.record_id order by e.position`.execute(db)
  const from = Number(rows[0]?.from ?? 0)
  return { from, to: Number(rows.at(-1)?.position ?? -1) + 1, records: rows }
}

/** Keeps the languages of the records between two places of the log, unless somebody else did. */
export async function keepLanguages(
  db: Db,
  { from, to }: { from: number; to: number },
  found: readonly { id: RecordId; at: Date; language: string }[],
) {
  await db.transaction().execute(async (tx) => {
    const { numAffectedRows } = await sql`
      update reading_state set languages_to = ${to} where languages_to = ${from}`.execute(tx)
    if (numAffectedRows === 0n || found.length === 0) return
    // A record that is being destroyed keeps no language; one that is found here is destroyed after it.
    await sql`
      insert into record_language (record_id, language, at)
      select f.id, f.language, f.at from unnest(${uuids(found.map(({ id }) => id))}::uuid[],
        ${texts(found.map(({ language }) => language))}::text[], ${times(found.map(({ at }) => at))}::timestamptz[])
        as f (id, language, at)
      join record r on r.id = f.id and r.disposition is null
      on conflict do nothing`.execute(tx)
  })
}
