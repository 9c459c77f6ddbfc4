import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import type { PageId } from '../storage/ids.ts'
import type { Concealment } from './concealment.ts'
import { type HeldSpan, heldSpan } from './held-span.ts'
import { lookups } from './kinds.ts'
import { readQuery } from './query.ts'
import { tsqueryOf } from './query-words.ts'

/** Which records are wanted; what is left out does not limit. */
export interface RecordQuery {
  /** In the language of query.ts. */
  words?: string
  page?: PageId
  /** Pages of one platform. */
  platform?: string
  /** A kind ('post.edit'), or all that begin with a word ('post'). */
  kind?: string
  /** Who did it. */
  person?: string
  /** The record's own time, or the time its content was published, lies between these. */
  from?: Date
  to?: Date
  files?: 'with' | 'without' | 'image' | 'video'
  /** What it is about is hidden or deleted now. */
  state?: Concealment
  /** What its words are written in, by ISO 639-3, or 'unknown'. */
  language?: string
  /** Of the retention schedule. */
  series?: string
  /** On legal hold: about something of which a hold covers a record. */
  held?: boolean
  /** Covered by this hold. */
  heldBy?: string
  /** Logged at these positions, the last one not included. */
  logged?: { from: number; to: number }
  /** Also who searched for and opened what; without this only a search for such a kind finds them. */
  lookups?: boolean
  order?: 'newest' | 'oldest' | 'relevance'
  /** `next` of the page before. */
  after?: string
  limit?: number
}

export type Time = 'record.at' | 'record_posted.posted_at'

// biome-ignore lint/suspicious/noExplicitAny: the builder's type grows with every selected column
type Narrow = <Query extends SelectQueryBuilder<any, any, any>>(query: Query, time: Time) => Query

/** What is on hold, of which a search wants what meets all its other conditions. */
export interface Held extends HeldSpan {
  conditions: Narrow
}

export interface Narrowing {
  /** The words, for ranking and marking; null when none are wanted. */
  tsquery: RawBuilder<unknown> | null
  apply: Narrow
  /** Null where also what is not on hold is wanted. */
  held: Held | null
}

/**
 * The conditions of a query; null when its words can't be understood. `any`: so many of the records found will do,
 * whichever they are.
 */
export async function narrowing(
  db: Db | Tx,
  wanted: RecordQuery,
  { any = false } = {},
): Promise<Narrowing | null> {
  const read = wanted.words ? readQuery(wanted.words) : null
  if (read?.problem !== undefined) return null
  const tsquery = read ? sql`to_tsquery('english', ${tsqueryOf(read.term)})` : null
  // Looked up first: as constants they let the planner see how many records they leave.
  const kinds = wanted.series ? await kindsOf(db, wanted.series) : null
  const pages = wanted.platform ? await pagesOn(db, wanted.platform) : null
  const { page, kind, person, from, to, files, state, heldBy } = wanted
  const crowded = {
    page: any && tsquery && page ? await holdsMuch(db, 'page', page) : false,
    kind: any && tsquery && kind?.includes('.') ? await holdsMuch(db, 'kind', kind) : false,
  }
  const conditions: Narrow = (query, time) => {
    // biome-ignore lint/suspicious/noExplicitAny: see above
    let narrowed: SelectQueryBuilder<any, any, any> = query
    const where = (condition: RawBuilder<boolean>) => {
      narrowed = narrowed.where(condition)
    }
    if (tsquery) where(sql`record.terms @@ ${tsquery}`)
    if (page && crowded.page) where(sql`record.page is not distinct from ${page}::uuid`)
    else if (page) narrowed = narrowed.where('record.page', '=', page)
    if (pages) where(sql`record.page = any(${pages}::uuid[])`)
    if (kind && crowded.kind) where(sql`record.kind is not distinct from ${kind}`)
    else if (kind?.includes('.')) narrowed = narrowed.where('record.kind', '=', kind)
    else if (kind) where(sql`starts_with(record.kind, ${`${kind}.`})`)
    else if (!wanted.lookups) narrowed = narrowed.where('record.kind', 'not in', lookups)
    if (kinds) where(sql`record.kind = any(${kinds}::text[])`)
    if (person) narrowed = narrowed.where('record.by_id', '=', person)
    if (files === 'with') where(sql`exists (${filesOfIt})`)
    else if (files === 'without') where(sql`not exists (${filesOfIt})`)
    else if (files) where(sql`exists (${filesOfIt} and starts_with(media_type, ${`${files}/`}))`)
    if (state)
      where(sql`(record.subject_kind, record.subject_id) in
        (select subject_kind, subject_id from concealment where state = ${state})`)
    if (wanted.language === 'unknown') where(sql`not exists (${languageOfIt})`)
    else if (wanted.language) where(sql`exists (${languageOfIt} and language = ${wanted.language})`)
    if (wanted.logged)
      where(sql`record.id in (select record_id from log_entry
        where position >= ${wanted.logged.from} and position < ${wanted.logged.to})`)
    if (from) narrowed = narrowed.where(time, '>=', from)
    if (to) narrowed = narrowed.where(time, '<=', to)
    return narrowed as typeof query
  }
  if (!wanted.held && !heldBy) return { tsquery, apply: conditions, held: null }
  const held = await heldSpan(db, heldBy ?? null)
  return {
    tsquery,
    apply: (query, time) => held.only(conditions(query, time)),
    held: { ...held, conditions },
  }
}

const languageOfIt = sql`select from record_language where record_language.record_id = record.id`
const filesOfIt = sql`select from record_blob where record_blob.record_id = record.id`

/**
 * Whether more than a fifth of all records are on a page, or of a kind. With words, the planner would mark all of these
 * records and all of the words', half a million to find two thousand. Where any two thousand will do, it costs a third to
 * look at one record with the words after the other; no index knows `is not distinct from`.
 */
async function holdsMuch(db: Db | Tx, column: 'page' | 'kind', value: string): Promise<boolean> {
  const { rows } = await sql<{ share: number }>`
    select share from pg_stats, unnest(most_common_vals::text::text[], most_common_freqs) as common (value, share)
    where schemaname = 'public' and tablename = 'record' and attname = ${column} and value = ${value}`.execute(
    db,
  )
  return (rows[0]?.share ?? 0) > 0.2
}

async function pagesOn(db: Db | Tx, platform: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from page where platform = ${platform}`.execute(db)
  return rows.map(({ id }) => id)
}

/** The kinds of a series that are in the archive. They are few: each is found by one step in the index. */
async function kindsInArchive(db: Db | Tx): Promise<{ kind: string; series: string | null }[]> {
  const { rows } = await sql<{ kind: string; series: string | null }>`
    with recursive known as (
      (select kind from record order by kind limit 1)
      union all
      select (select kind from record where kind > known.kind order by kind limit 1) from known where known.kind is not null)
    select kind, series_of(kind) as series from known where kind is not null`.execute(db)
  return rows
}

const kindsOf = async (db: Db | Tx, series: string) =>
  (await kindsInArchive(db)).filter((one) => one.series === series).map(({ kind }) => kind)
