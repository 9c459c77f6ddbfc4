import { type SelectQueryBuilder, sql } from 'kysely'
import type { Decision, Who } from '../policy/policy.ts'
import type { Db, Tx } from '../storage/database.ts'
import { type PageId, parseId, type RecordId } from '../storage/ids.ts'
import type { RecordBlob, RecordText } from './record.ts'

/** Which records are wanted; what is left out does not limit. */
export interface RecordQuery {
  /** As people type them: several words, "a phrase", -without. */
  words?: string
  page?: PageId
  /** A kind ('post.edit'), or all that begin with a word ('post'). */
  kind?: string
  /** Who did it. */
  person?: string
  /** The record's own time, or the time its content was published, lies between these. */
  from?: Date
  to?: Date
  /** What the kinds of one series of retention are, or, with `not`, are not. */
  among?: { kinds: readonly string[]; not?: boolean }
  /** On legal hold: about something of which a hold covers a record. */
  held?: boolean
  /** Covered by this hold. */
  heldBy?: string
  /** `next` of the page before. */
  after?: string
  limit?: number
}

/** A record in one line of a list. */
export interface RecordLine {
  id: RecordId
  kind: string
  at: Date
  /** When its content was published, if that was at another time. */
  postedAt: Date | null
  by: { kind: Who['kind']; id: string | null; name: string | null }
  subject: { kind: string; id: string }
  page: PageId | null
  clauses: string[]
  /** The opening of its words. */
  words: string
  /** Its content was lawfully destroyed; what stands here is all that is left. */
  disposed: boolean
}

const columns = [
  'record.id',
  'record.kind',
  'record.at',
  'record.by_kind',
  'record.by_id',
  'record.by_name',
  'record.subject_kind',
  'record.subject_id',
  'record.page',
  'record.clauses',
  'record.disposition',
] as const
const postedAt = sql<Date | null>`(select posted_at from record_posted where record_id = record.id)`.as(
  'posted_at',
)
const opening = sql<string>`left(record.words, 300)`.as('opening')

/** Records newest first, a page at a time. */
export async function searchRecords(
  db: Db,
  { limit = 25, ...wanted }: RecordQuery,
): Promise<{ records: RecordLine[]; next: string | null }> {
  const after = wanted.after ? readCursor(wanted.after) : null
  const newest = async (by: 'record.at' | 'record_posted.posted_at') => {
    const all = db.selectFrom('record')
    // Two searches, each by an index of its own: one for both times would read the whole archive.
    const from = by === 'record.at' ? all : all.innerJoin('record_posted', 'record_id', 'record.id')
    let query = narrowed(from.select(columns).select([opening, postedAt]), wanted, by)
    if (after) query = query.where(sql<boolean>`(record.at, record.id) < (${after.at}, ${after.id}::uuid)`)
    return query
      .orderBy('record.at', 'desc')
      .orderBy('record.id', 'desc')
      .limit(limit + 1)
      .execute()
  }
  const rows = await newest('record.at')
  if (wanted.from || wanted.to) {
    const known = new Set(rows.map(({ id }) => id))
    rows.push(...(await newest('record_posted.posted_at')).filter(({ id }) => !known.has(id)))
    rows.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1))
  }
  const records = rows.slice(0, limit).map(asLine)
  const last = records.at(-1)
  return { records, next: rows.length > limit && last ? `${last.at.toISOString()}_${last.id}` : null }
}

// biome-ignore lint/suspicious/noExplicitAny: the builder's type grows with every selected column
function narrowed<Query extends SelectQueryBuilder<any, any, any>>(
  query: Query,
  wanted: RecordQuery,
  time: 'record.at' | 'record_posted.posted_at',
): Query {
  const { words, page, kind, person, from, to } = wanted
  // biome-ignore lint/suspicious/noExplicitAny: see above
  let narrowed: SelectQueryBuilder<any, any, any> = query
  if (words)
    narrowed = narrowed.where(
      sql<boolean>`record.terms @@ websearch_to_tsquery('english', ${words.replaceAll('\0', '')})`,
    )
  if (page) narrowed = narrowed.where('record.page', '=', page)
  if (kind?.includes('.')) narrowed = narrowed.where('record.kind', '=', kind)
  else if (kind) narrowed = narrowed.where(sql<boolean>`starts_with(record.kind, ${`${kind}.`})`)
  if (person) narrowed = narrowed.where('record.by_id', '=', person)
  if (from) narrowed = narrowed.where(time, '>=', from)
  if (to) narrowed = narrowed.where(time, '<=', to)
  const { among, held, heldBy } = wanted
  if (among) narrowed = narrowed.where('record.kind', among.not ? 'not in' : 'in', among.kinds)
  if (held)
    narrowed = narrowed.where(
      sql<boolean>`(record.subject_kind, record.subject_id) in (select subject_kind, subject_id from held_record)`,
    )
  if (heldBy)
    narrowed = narrowed.where(
      sql<boolean>`record.id in (select record from held_record where hold = ${heldBy})`,
    )
  return narrowed as Query
}

function readCursor(text: string): { at: Date; id: RecordId } | null {
  const [time = '', name = ''] = text.split('_')
  const at = new Date(time)
  const id = parseId<'record'>(name)
  return id && !Number.isNaN(at.getTime()) ? { at, id } : null
}

/** Everything that happened to one thing, first to last. */
export async function recordsAbout(
  db: Db | Tx,
  subject: { kind: string; id: string },
): Promise<RecordLine[]> {
  const rows = await db
    .selectFrom('record')
    .select(columns)
    .select([opening, postedAt])
    .where('subject_kind', '=', subject.kind)
    .where('subject_id', '=', subject.id)
    .orderBy('at')
    .orderBy('id')
    .limit(500)
    .execute()
  return rows.map(asLine)
}

interface Row {
  id: RecordId
  kind: string
  at: Date
  by_kind: Who['kind']
  by_id: string | null
  by_name: string | null
  subject_kind: string
  subject_id: string
  page: PageId | null
  clauses: string[]
  disposition: string | null
  opening: string
  posted_at: Date | null
}

const asLine = (row: Row): RecordLine => ({
  id: row.id,
  kind: row.kind,
  at: row.at,
  postedAt: row.posted_at,
  by: { kind: row.by_kind, id: row.by_id, name: row.by_name },
  subject: { kind: row.subject_kind, id: row.subject_id },
  page: row.page,
  clauses: row.clauses,
  words: row.opening,
  disposed: row.disposition !== null,
})

/** A record with all that it says, and what proves it. */
export interface KeptRecord {
  id: RecordId
  kind: string
  at: Date
  by: Who
  subject: { kind: string; id: string }
  page: PageId | null
  decision: Decision | null
  content: Record<string, unknown>
  words: string
  blobs: RecordBlob[]
  /** The canonical text, byte for byte what was hashed. */
  json: string
  salt: Buffer
  /** Its place in the log; null until the sequencer has been by. */
  position: number | null
}

/** The record, or null when there is none or its content was disposed of. */
export async function readRecord(db: Db, id: RecordId): Promise<KeptRecord | null> {
  const row = await db
    .selectFrom('record')
    .leftJoin('log_entry', 'log_entry.record_id', 'record.id')
    .select(['record.json', 'record.salt', 'log_entry.position'])
    .where('record.id', '=', id)
    .executeTakeFirst()
  if (!row?.json || !row.salt) return null
  const { version: _, at, ...text } = JSON.parse(row.json) as RecordText
  return { ...text, at: new Date(at), json: row.json, salt: row.salt, position: row.position }
}

/** What is left of a record that was disposed of. */
export interface DisposedRecord {
  id: RecordId
  kind: string
  at: Date
  subject: { kind: string; id: string }
  /** The run that destroyed it. */
  disposition: string
  /** Its place in the log. */
  position: number
  /** What the log holds there: without the salt it says nothing about the record any more. */
  commitment: Buffer
}

export async function readDisposed(db: Db, id: RecordId): Promise<DisposedRecord | null> {
  const row = await db
    .selectFrom('record')
    .innerJoin('log_entry', 'log_entry.record_id', 'record.id')
    .select([
      'record.id',
      'kind',
      'at',
      'subject_kind',
      'subject_id',
      'disposition',
      'position',
      'commitment',
    ])
    .where('record.id', '=', id)
    .executeTakeFirst()
  if (!row?.disposition) return null
  const { subject_kind, subject_id, disposition, ...rest } = row
  return { ...rest, disposition, subject: { kind: subject_kind, id: subject_id } }
}
