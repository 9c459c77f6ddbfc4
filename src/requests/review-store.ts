import { sql } from 'kysely'
import type { RecordText } from '../archive/archive.ts'
import { type Db, emptied, type Tx } from '../storage/database.ts'
import type { PersonId, RecordId, RequestId } from '../storage/ids.ts'
import type { Mark } from './marks.ts'
import type { ProductionId } from './store.ts'

export type ReviewDecision = 'release' | 'redact' | 'withhold'

interface ReviewTable {
  request_id: RequestId
  record_id: RecordId
  decision: ReviewDecision
  exemptions: string[]
  why: string
  marks: Mark[]
  revision: number
  by: PersonId
  at: Date
  confirmed_by: PersonId | null
  confirmed_at: Date | null
}

declare module '../storage/database.ts' {
  interface Tables {
    request_review: ReviewTable
    redacted_file: { source: string; marks: string; sha256: string; bytes: number; media_type: string }
    production_rendition: {
      production_id: ProductionId
      record_id: RecordId
      form: 'redacted' | 'withheld'
      json: string | null
      statement: RecordId
    }
  }
}

/** What was decided about a record. */
export interface Review {
  decision: ReviewDecision
  exemptions: string[]
  why: string
  marks: Mark[]
  revision: number
  by: PersonId
  byName: string
  at: Date
  confirmedBy: PersonId | null
}

/** Records of a collection that say the same, reviewed together. */
export interface ReviewGroup {
  /** What the records have in common; their key in forms. */
  alike: string
  thread: string
  records: RecordId[]
  /** The first of them, to show. */
  first: RecordId
  /** The decisions made about them; empty while nothing is decided, several when they differ. */
  decisions: ReviewDecision[]
  undecided: number
  exemptions: string[]
  why: string
  byName: string | null
  /** Rises with every change of a decision in the group. */
  seen: number
}

export type ReviewState = 'open' | ReviewDecision | 'all'
export const groupsOnAPage = 20

/** One page of a collection's groups, thread by thread as they happened. */
export async function reviewGroups(
  db: Db,
  request: RequestId,
  { state, words, page }: { state: ReviewState; words: string; page: number },
  limit = groupsOnAPage,
): Promise<{ groups: ReviewGroup[]; total: number }> {
  const wanted =
    state === 'open'
      ? sql`having count(v.decision) < count(*)`
      : state === 'all'
        ? sql``
        : sql`having bool_or(v.decision = ${state})`
  const filter = words
    ? sql`and (r.terms @@ websearch_to_tsquery('english', ${words}) or r.words ilike ${`%${words.replace(/[\\%_]/g, '\\$&')}%`})`
    : sql``
  const { rows } = await sql<ReviewGroup & { total: number }>`
    with grouped as (
      select c.alike, (array_agg(c.thread order by r.at, r.id))[1] as thread,
        array_agg(c.record_id order by r.at, r.id) as records, min(r.at) as begins,
        coalesce(array_agg(distinct v.decision) filter (where v.decision is not null), '{}') as decisions,
        count(*) - count(v.decision) as undecided,
        coalesce((array_agg(v.why order by v.at desc nulls last))[1], '') as why,
        (array_agg(p.name order by v.at desc nulls last))[1] as "byName",
        coalesce(sum(v.revision), 0)::int as seen
      from request_record c join record r on r.id = c.record_id
        left join request_review v on v.request_id = c.request_id and v.record_id = c.record_id
        left join person p on p.id = v.by
      where c.request_id = ${request} ${filter}
      group by c.alike ${wanted}),
    threads as (select thread, min(begins) as begins from grouped group by thread)
    select g.alike, g.thread, g.records::text[] as records, g.records[1] as first, g.decisions, g.undecided,
      '{}'::text[] as exemptions, g.why, g."byName", g.seen, count(*) over () as total
    from grouped g join threads t using (thread)
    order by t.begins, g.thread, g.begins, g.alike
    limit ${limit} offset ${(page - 1) * limit}`.execute(db)
  const first = await reviewsOf(
    db,
    request,
    rows.map((row) => row.first),
  )
  return {
    groups: rows.map(({ total: _, ...row }) => ({
      ...row,
      exemptions: first.get(row.first)?.exemptions ?? [],
    })),
    total: rows[0]?.total ?? 0,
  }
}

/** All groups of which something waits for review, up to 10,000. */
export const openGroups = async (db: Db, request: RequestId): Promise<ReviewGroup[]> =>
  (await reviewGroups(db, request, { state: 'open', words: '', page: 1 }, 10_000)).groups

/** How many records of a collection were reviewed, and how. */
export async function reviewProgress(
  db: Db,
  request: RequestId,
): Promise<{ records: number; reviewed: number; unconfirmed: number } & Record<ReviewDecision, number>> {
  const { rows } = await sql<{
    records: number
    reviewed: number
    unconfirmed: number
    release: number
    redact: number
    withhold: number
  }>`
    select count(*) as records, count(v.decision) as reviewed,
      count(*) filter (where v.decision = 'redact' and v.confirmed_by is null) as unconfirmed,
      count(*) filter (where v.decision = 'release') as release,
      count(*) filter (where v.decision = 'redact') as redact,
      count(*) filter (where v.decision = 'withhold') as withhold
    from request_record c left join request_review v using (request_id, record_id)
    where request_id = ${request}`.execute(db)
  return rows[0] ?? { records: 0, reviewed: 0, unconfirmed: 0, release: 0, redact: 0, withhold: 0 }
}

interface GroupNow {
  records: RecordId[]
  undecided: RecordId[]
  seen: number
  byName: string | null
}

/** The records of each group, with what the group's decisions add up to now. */
export async function groupsNow(
  db: Db,
  request: RequestId,
  alike: readonly string[],
): Promise<Map<string, GroupNow>> {
  const { rows } = await sql<GroupNow & { alike: string }>`
    select c.alike, array_agg(c.record_id)::text[] as records,
      coalesce(array_agg(c.record_id) filter (where v.decision is null), '{}')::text[] as undecided, coalesce(sum(v.revision), 0)::int as seen,
      (array_agg(p.name order by v.at desc nulls last))[1] as "byName"
    from request_record c left join request_review v using (request_id, record_id)
      left join person p on p.id = v.by
    where c.request_id = ${request} and c.alike = any(${alike}::text[]) group by c.alike`.execute(db)
  return new Map(rows.map(({ alike, ...rest }) => [alike, rest]))
}

export async function reviewsOf(
  db: Db,
  request: RequestId,
  records: readonly RecordId[],
): Promise<Map<RecordId, Review>> {
  if (records.length === 0) return new Map()
  const rows = await db
    .selectFrom('request_review')
    .innerJoin('person', 'person.id', 'request_review.by')
    .selectAll('request_review')
    .select('person.name as byName')
    .where('request_id', '=', request)
    .where(sql<boolean>`record_id = any(${records}::uuid[])`)
    .execute()
  return new Map(
    rows.map(({ record_id, request_id: _, confirmed_by, confirmed_at: __, ...row }) => [
      record_id,
      { ...row, confirmedBy: confirmed_by },
    ]),
  )
}

export interface NewReview {
  decision: ReviewDecision
  exemptions: readonly string[]
  why: string
  by: PersonId
  at: Date
}

/** Decides about many records at once; what was decided before is replaced, a second look has to be taken anew. */
export async function upsertReviews(
  tx: Tx,
  request: RequestId,
  records: readonly RecordId[],
  review: NewReview,
  marks: readonly Mark[] = [],
) {
  await sql`
    insert into request_review (request_id, record_id, decision, exemptions, why, marks, revision, by, at)
    select request_id, record_id, ${review.decision}, ${review.exemptions}::text[], ${review.why},
      ${JSON.stringify(marks)}::jsonb, 1, ${review.by}, ${review.at}
    from request_record where request_id = ${request} and record_id = any(${records}::uuid[])
    on conflict (request_id, record_id) do update set
      decision = excluded.decision, exemptions = excluded.exemptions, why = excluded.why, marks = excluded.marks,
      revision = request_review.revision + 1, by = excluded.by, at = excluded.at,
      confirmed_by = null, confirmed_at = null`.execute(tx)
}

export const deleteReviews = (tx: Tx, request: RequestId, records: readonly RecordId[]) =>
  sql`delete from request_review where request_id = ${request} and record_id = any(${records}::uuid[])`.execute(
    tx,
  )

export const confirmRow = (tx: Tx, request: RequestId, record: RecordId, by: PersonId, at: Date) =>
  tx
    .updateTable('request_review')
    .set((e) => ({ confirmed_by: by, confirmed_at: at, revision: e('revision', '+', 1) }))
    .where('request_id', '=', request)
    .where('record_id', '=', record)
    .execute()

/** A record's place in a collection: what it is read with, and what comes after it in the review. */
export async function neighbours(db: Db, request: RequestId, record: RecordId) {
  const { rows } = await sql<{ next: RecordId | null; alike: number }>`
    select
      (select o.record_id from request_record o left join request_review v using (request_id, record_id)
        where o.request_id = c.request_id and v.decision is null and o.record_id <> c.record_id
        order by o.thread = c.thread desc, o.record_id limit 1) as next,
      (select count(*) from request_record o where o.request_id = c.request_id and o.alike = c.alike) as alike
    from request_record c where c.request_id = ${request} and c.record_id = ${record}`.execute(db)
  return rows[0] ?? null
}

/** Records of the collection whose text holds one of `words`, whatever the capitals: candidates for a closer look. */
export async function collectedHolding(
  db: Db,
  request: RequestId,
  words: readonly string[],
): Promise<RecordText[]> {
  if (words.length === 0) return []
  // As they stand in JSON, in one expression: the texts are gone through once, however many words there are.
  const inJson = words.map((one) =>
    JSON.stringify(one.toLowerCase())
      .slice(1, -1)
      .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
  )
  const { rows } = await sql<{ json: string }>`
    select r.json from request_record c join record r on r.id = c.record_id
    where c.request_id = ${request} and lower(r.json) ~ ${`(?:${inJson.join('|')})`}
    order by r.id limit 20000`.execute(db)
  return rows.map((row) => JSON.parse(row.json) as RecordText)
}

/** The redacted records of a collection, with their originals. */
export async function redactedRecords(
  db: Db,
  request: RequestId,
): Promise<{ record: RecordText; marks: Mark[] }[]> {
  const rows = await db
    .selectFrom('request_review')
    .innerJoin('record', 'record.id', 'request_review.record_id')
    .select(['record.json', 'request_review.marks'])
    .where('request_id', '=', request)
    .where('decision', '=', 'redact')
    .execute()
  // What was disposed of since has no words left.
  return rows.flatMap(({ json, marks }) => (json ? [{ record: JSON.parse(json) as RecordText, marks }] : []))
}

/** A reviewed record as its production holds it, with the original. */
export interface ReviewedRecord {
  record: RecordText
  position: number | null
  commitment: Buffer | null
  decision: ReviewDecision
  exemptions: string[]
  why: string
  marks: Mark[]
}

/** Records of a production that do not go out as they are, or name one of the `sealed` files; in order, a page at a time. */
export async function toRender(
  db: Db,
  production: ProductionId,
  { after, limit, sealed = [] }: { after: RecordId | null; limit: number; sealed?: readonly string[] },
): Promise<ReviewedRecord[]> {
  const { rows } = await sql<Omit<ReviewedRecord, 'record'> & { json: string }>`
    select r.json, l.position, l.commitment, p.decision, p.exemptions, p.why, p.marks
    from production_record p join record r on r.id = p.record_id left join log_entry l on l.record_id = r.id
    where p.production_id = ${production} and (${after}::uuid is null or p.record_id > ${after}::uuid)
      and (p.decision <> 'release' or exists (
        select from record_blob b where b.record_id = r.id and b.sha256 = any(${sealed}::text[])))
    order by p.record_id limit ${limit}`.execute(db)
  return rows.map(({ json, ...rest }) => ({ ...rest, record: JSON.parse(json) as RecordText }))
}

/**
 * For each of the records, the files of what went over the wire that a production's records about the same thing name: an
 * edit's holds the words of before, too.
 */
export async function wiresBeside(
  db: Db,
  production: ProductionId,
  records: readonly RecordId[],
): Promise<{ record: RecordId; sha256: string }[]> {
  const { rows } = await sql<{ record: RecordId; sha256: string }>`
    select distinct r.id as record, b.sha256
    from record r join record o on o.subject_kind = r.subject_kind and o.subject_id = r.subject_id
      join production_record p on p.record_id = o.id and p.production_id = ${production}
      join record_blob b on b.record_id = o.id and b.media_type like 'application/warc%'
    where r.id = any(${records}::uuid[])`.execute(db)
  return rows
}

export async function renderedAmong(
  db: Db,
  production: ProductionId,
  records: readonly RecordId[],
): Promise<Set<RecordId>> {
  const { rows } = await sql<{ record_id: RecordId }>`
    select record_id from production_rendition
    where production_id = ${production} and record_id = any(${records}::uuid[])`.execute(db)
  return new Set(rows.map((row) => row.record_id))
}

export const insertRendition = (
  tx: Tx,
  row: {
    production: ProductionId
    record: RecordId
    form: 'redacted' | 'withheld'
    json: string | null
    statement: RecordId
  },
) =>
  tx
    .insertInto('production_rendition')
    .values({
      production_id: row.production,
      record_id: row.record,
      form: row.form,
      json: row.json,
      statement: row.statement,
    })
    .execute()

/** A page of what a production releases, in order. */
export async function releasedPage(
  db: Db,
  production: ProductionId,
  { after, limit }: { after: RecordId | null; limit: number },
) {
  const { rows } = await sql<{
    record: RecordId
    decision: ReviewDecision
    form: 'redacted' | 'withheld' | null
    json: string | null
    statement: RecordId | null
  }>`
    select p.record_id as record, p.decision, n.form, n.json, n.statement
    from production_record p left join production_rendition n using (production_id, record_id)
    where p.production_id = ${production} and (${after}::uuid is null or p.record_id > ${after}::uuid)
    order by p.record_id limit ${limit}`.execute(db)
  return emptied(rows)
}

/** The canonical JSON of records that go out whole, and of statements; null where it was lawfully disposed of. */
export async function recordTexts(db: Db, ids: readonly RecordId[]): Promise<Map<RecordId, string | null>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('record').select(['id', 'json']).where('id', 'in', ids).execute()
  return new Map(emptied(rows).map((row) => [row.id, row.json]))
}

export async function redactedFile(db: Db, source: string, marks: string) {
  const row = await db
    .selectFrom('redacted_file')
    .select(['sha256', 'bytes', 'media_type as mediaType'])
    .where('source', '=', source)
    .where('marks', '=', marks)
    .executeTakeFirst()
  return row ?? null
}

export const insertRedactedFile = (
  db: Db,
  source: string,
  marks: string,
  file: { sha256: string; bytes: number; mediaType: string },
) =>
  db
    .insertInto('redacted_file')
    .values({ source, marks, sha256: file.sha256, bytes: file.bytes, media_type: file.mediaType })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
