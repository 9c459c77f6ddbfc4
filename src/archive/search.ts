import { sql } from 'kysely'
import type { Decision, Who } from '../policy/policy.ts'
import { uuids } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
import { type Id, type PageId, parseId, type RecordId } from '../storage/ids.ts'
import { heldInTime, inOrder, type Moment, type Stretch, timed } from './held.ts'
import { type Narrowing, narrowing, type RecordQuery, type Time } from './narrowing.ts'
import type { RecordBlob, RecordText } from './record.ts'
import { timelineLength } from './timeline-length.ts'

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

/**
 * Records a page at a time: newest first, oldest first, or of the newest matches those that fit the words best. A query
 * whose words can't be understood finds nothing; `readQuery` says why.
 */
export async function searchRecords(
  db: Db,
  { limit = 25, order = 'newest', ...wanted }: RecordQuery,
): Promise<{ records: RecordLine[]; next: string | null }> {
  const narrow = await narrowing(db, wanted, { any: Boolean(wanted.held || wanted.heldBy) })
  if (!narrow) return { records: [], next: null }
  if (order === 'relevance' && narrow.tsquery) return bestFirst(db, narrow, wanted, limit)
  const after = wanted.after ? readCursor(wanted.after) : null
  const stretch = { order, after, limit: limit + 1 }
  const inTime = async (by: Time) =>
    narrow.held
      ? recordLines(db, await heldInTime(db, narrow.held, by, wanted, stretch))
      : allInTime(db, narrow, by, stretch)
  const lines = await inTime('record.at')
  if (wanted.from || wanted.to) {
    const known = new Set(lines.map(({ id }) => id))
    lines.push(...(await inTime('record_posted.posted_at')).filter(({ id }) => !known.has(id)))
    lines.sort(inOrder(order))
  }
  const records = lines.slice(0, limit)
  const last = records.at(-1)
  return { records, next: lines.length > limit && last ? cursorAt(last) : null }
}

async function allInTime(db: Db, narrow: Narrowing, by: Time, { order, after, limit }: Stretch) {
  const [direction, beyond] = order === 'oldest' ? (['asc', sql`>`] as const) : (['desc', sql`<`] as const)
  let query = narrow.apply(timed(db, by).select(columns).select([opening, postedAt]), by)
  if (after)
    query = query.where(sql<boolean>`(record.at, record.id) ${beyond} (${after.at}, ${after.id}::uuid)`)
  const rows = await query
    .orderBy('record.at', direction)
    .orderBy('record.id', direction)
    .limit(limit)
    .execute()
  return rows.map(asLine)
}

/** Ranking reads each match as a whole, so it is done among so many of the newest. */
const mostRanked = 2_000

async function bestFirst(db: Db, narrow: Narrowing, wanted: RecordQuery, limit: number) {
  const start = Math.max(0, Math.min(mostRanked, Math.trunc(Number(wanted.after) || 0)))
  const newest = async (by: Time) => {
    const all = timed(db, by).select(['record.id', 'record.at', 'record.terms'])
    if (!narrow.held)
      return narrow.apply(all, by).orderBy('record.at', 'desc').orderBy('record.id', 'desc').limit(mostRanked)
    const stretch = { order: 'newest', after: null, limit: mostRanked } as const
    const ids = await heldInTime(db, narrow.held, by, wanted, stretch)
    return all.where(sql<boolean>`record.id = any(${uuids(ids)}::uuid[])`)
  }
  const ranked = async (by: Time) =>
    sql<{ id: RecordId; at: Date; rank: number }>`
    select id, at, ts_rank(terms, ${narrow.tsquery}) as rank from (${await newest(by)}) as newest`.execute(db)
  const { rows } = await ranked('record.at')
  const known = new Set(rows.map(({ id }) => id))
  if (wanted.from || wanted.to)
    rows.push(...(await ranked('record_posted.posted_at')).rows.filter(({ id }) => !known.has(id)))
  const newestFirst = inOrder('newest')
  rows.sort((a, b) => b.rank - a.rank || newestFirst(a, b))
  const shown = rows.slice(start, start + limit).map(({ id }) => id)
  const found = await recordLines(db, shown)
  return { records: found, next: rows.length > start + limit ? String(start + limit) : null }
}

/** The records with these ids that there are, in the order of `ids`. */
export async function recordLines(db: Db, ids: readonly RecordId[]): Promise<RecordLine[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('record')
    .select(columns)
    .select([opening, postedAt])
    .where('record.id', 'in', ids)
    .execute()
  const lines = new Map(rows.map((row) => [row.id, asLine(row)]))
  return ids.flatMap((id) => lines.get(id) ?? [])
}

const cursorAt = ({ at, id }: Moment) => `${at.toISOString()}_${id}`

function readCursor(text: string): Moment | null {
  const [time = '', name = ''] = text.split('_')
  const at = new Date(time)
  const id = parseId<'record'>(name)
  return id && at.getTime() > 0 ? { at, id } : null
}

/** What happened to one thing, first to last: the newest `timelineLength` records of it. */
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
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(timelineLength)
    .execute()
  return rows.map(asLine).reverse()
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

/** The same thing's record before this one that says its text, if this one says it as well. */
export async function versionBefore(
  db: Db,
  { id, at, subject, content }: Pick<KeptRecord, 'id' | 'at' | 'subject' | 'content'>,
): Promise<KeptRecord | null> {
  if (typeof content.text !== 'string') return null
  const { rows } = await sql<{ id: RecordId }>`
    select id from record
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and (at, id) < (${at}, ${id}::uuid)
    order by at desc, id desc limit ${mostBetween}`.execute(db)
  for (const row of rows) {
    const earlier = await readRecord(db, row.id)
    if (typeof earlier?.content.text === 'string') return earlier
  }
  return null
}

/** Decisions and the like stand between two versions; beyond so many the one before is not looked for. */
const mostBetween = 20

/** What is left of a record that was disposed of. */
export interface DisposedRecord {
  id: RecordId
  kind: string
  at: Date
  subject: { kind: string; id: string }
  /** The run that destroyed it. */
  disposition: Id<'disposition'>
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
