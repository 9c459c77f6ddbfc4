import { sql } from 'kysely'
import { uuids } from '../storage/arrays.ts'
import type { Db } from '../storage/database.ts'
import { firstHeld, timed } from './held.ts'
import { narrowing, type RecordQuery, type Time } from './narrowing.ts'

/** As many matches as are counted unless somebody asks for all: what a search costs has an end, whatever it finds. */
export const usuallyCounted = 2_000
/** The same of what is on hold, as that is one more thing to look up for each record with the words. */
const usuallyCountedOnHold = 500
/** All, as far as anybody waits for it. */
export const mostCounted = 1_000_000

export interface Facets {
  /** At most as many as were to be counted. */
  found: number
  /** There are more, and all counts are of a part of them. */
  more: boolean
  kind: Count[]
  page: Count[]
  person: Count[]
  /** By the department's calendar; of content that was published at another time, by that. */
  year: Count[]
  month: Count[]
  files: Count[]
  state: Count[]
  /** Where the language is not known, 'unknown'. */
  language: Count[]
}
export interface Count {
  value: string
  count: number
}

const divided = [
  'record.id',
  'record.kind',
  'record.page',
  'record.by_kind',
  'record.by_id',
  'record.at',
  'record.subject_kind',
  'record.subject_id',
] as const
const names = ['kind', 'page', 'person', 'year', 'month', 'files', 'state', 'language'] as const

/** How the matches of a query divide; the first `most` of them are counted. */
export async function facetsOf(
  db: Db,
  wanted: RecordQuery,
  zone: string,
  most = wanted.held || wanted.heldBy ? usuallyCountedOnHold : usuallyCounted,
): Promise<Facets> {
  const none = {
    found: 0,
    more: false,
    kind: [],
    page: [],
    person: [],
    year: [],
    month: [],
    files: [],
    state: [],
    language: [],
  }
  const narrow = await narrowing(db, wanted, { any: true })
  if (!narrow) return none
  const some = (by: Time) => narrow.apply(timed(db, by).select(divided), by).limit(most + 1)
  const stretch = { order: 'newest', after: null, limit: most + 1 } as const
  const enough = narrow.held ? await firstHeld(db, narrow.held, 'record.at', wanted, stretch) : null
  const both = enough
    ? sql`${db
        .selectFrom('record')
        .select(divided)
        .where(sql<boolean>`record.id = any(${uuids(enough)}::uuid[])`)}`
    : wanted.from || wanted.to
      ? sql`(${some('record.at')}) union (${some('record_posted.posted_at')}) limit ${most + 1}`
      : sql`${some('record.at')}`
  const { rows } = await sql<{ facet: (typeof names)[number] | 'all'; value: string; count: number }>`
    with found as materialized (${both}),
      dated as materialized (
        select to_char(coalesce(p.posted_at, f.at) at time zone ${zone}, 'YYYY-MM') as month
        from found f left join record_posted p on p.record_id = f.id)
    select 'all' as facet, '' as value, count(*)::int as count from found
    union all select 'kind', kind, count(*)::int from found group by kind
    union all select 'page', page::text, count(*)::int from found where page is not null group by page
    union all select 'person', by_id, count(*)::int from found where by_kind = 'person' and by_id is not null group by by_id
    union all select 'year', left(month, 4), count(*)::int from dated group by left(month, 4)
    union all select 'month', month, count(*)::int from dated group by month
    union all select 'files', 'with', count(*)::int from found
      where exists (select from record_blob b where b.record_id = found.id)
    union all select 'state', c.state, count(*)::int from found
      join concealment c on c.subject_kind = found.subject_kind and c.subject_id = found.subject_id group by c.state
    union all select 'language', coalesce(l.language, 'unknown'), count(*)::int from found
      left join record_language l on l.record_id = found.id group by 2`.execute(db)
  const all = rows.find(({ facet }) => facet === 'all')?.count ?? 0
  const counts = Object.fromEntries(
    names.map((name) => [
      name,
      rows
        .filter(({ facet, count }) => facet === name && count > 0)
        .map(({ value, count }) => ({ value, count: Math.min(count, most) }))
        .sort(
          name === 'year' || name === 'month'
            ? (a, b) => b.value.localeCompare(a.value)
            : (a, b) => b.count - a.count,
        ),
    ]),
  )
  return { ...none, ...counts, found: Math.min(all, most), more: all > most }
}
