import { type Generated, type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import { type Id, newId, type PageId, type PersonId, type RecordId, type RequestId } from '../storage/ids.ts'
import { type AppealId, type AppealOrder, ordersOf } from './appeal-store.ts'
import type { ClosedDay } from './calendar.ts'
import type { ExtensionBasis } from './deadline.ts'
import type { Mark } from './marks.ts'
import type { ReviewDecision } from './review-store.ts'
import { type Wait, waitsOf } from './wait-store.ts'

export type ProductionId = Id<'production'>
export type Channel = 'form' | 'in-person' | 'letter' | 'email' | 'fax' | 'telephone'
export type Outcome = 'provided' | 'provided-in-part' | 'no-records' | 'denied' | 'withdrawn'

interface RequestTable {
  id: RequestId
  number: string
  text: string
  about_from: string | null
  about_to: string | null
  format: string | null
  channel: Channel
  requester_name: string | null
  arrived_on: string
  received_on: string
  response_due: string
  entered_by: PersonId | null
  entered_at: Date
}
interface ProductionTable {
  id: ProductionId
  request_id: RequestId
  by: PersonId
  at: Date
  release_when_ready: boolean
  records: number
  records_done: number
  begun_at: Date | null
  trouble: string | null
  cancelled_at: Date | null
  formats: Generated<string[]>
}
interface FinalAnswerTable {
  id: Id<'answer'>
  request_id: RequestId
  outcome: Outcome
  answer: string
  exemptions: string[]
  by: PersonId
  at: Date
  closed_on: string
  reopened_by: AppealId | null
}

declare module '../storage/database.ts' {
  interface Tables {
    closed_day: { day: string; reason: string; set_by: PersonId; set_at: Date }
    request_number: { year: number; last: number }
    request: RequestTable
    request_contact: { request_id: RequestId; sealed: string }
    request_code: { request_id: RequestId; digest: string; sealed: string }
    request_form_use: { address_digest: string; used_at: Date }
    request_acknowledgement: { request_id: RequestId; text: string; by: PersonId; at: Date; sent_on: string }
    request_extension: {
      request_id: RequestId
      basis: ExtensionBasis
      due: string
      reason: string
      by: PersonId
      at: Date
      written_on: string
    }
    request_record: {
      request_id: RequestId
      record_id: RecordId
      by: PersonId
      at: Date
      thread: string
      alike: string
    }
    production: ProductionTable
    production_record: {
      production_id: ProductionId
      record_id: RecordId
      decision: ReviewDecision
      exemptions: string[]
      why: string
      marks: Mark[]
    }
    production_bag: { production_id: ProductionId; finished_at: Date; bytes: number; sha256: string }
    production_part: { production_id: ProductionId; position: number; sha256: string; bytes: number }
    production_release: { production_id: ProductionId; by: PersonId; at: Date }
    request_final_answer: FinalAnswerTable
    /** A view of the final answers that stand. */
    request_closure: FinalAnswerTable
  }
}

export type Acknowledgement = { text: string; by: PersonId; at: Date; sentOn: string }
export type Extension = { basis: ExtensionBasis; due: string; reason: string; by: PersonId; at: Date }
/** A written answer that ended a request. */
export type Closure = { outcome: Outcome; answer: string; exemptions: string[]; at: Date; closedOn: string }

/** A request with everything that has happened to it. */
export interface RecordsRequest {
  id: RequestId
  number: string
  text: string
  about: { from: string | null; to: string | null }
  format: string | null
  channel: Channel
  requesterName: string | null
  arrivedOn: string
  receivedOn: string
  /** The last day for the first written response. */
  responseDue: string
  /** The day by which the records are promised: the response's or an order's day, or what an extension made of it. */
  due: string
  enteredAt: Date
  acknowledgement: Acknowledgement | null
  extensions: Extension[]
  /** The answer that ended it; null while it is open. */
  closure: Closure | null
  /** Answers that ended it until an order opened it again, oldest first. */
  reopened: Closure[]
  /** What the supervisor ordered after appeals, oldest first. */
  orders: AppealOrder[]
  collected: number
  /** What it waited or waits for. */
  waits: Wait[]
}

// Closing, and with it the clock, looks at the latest promise.
const promised = sql<string>`request_due(request.id)`

const orderedOn = sql<string | null>`(select a.determined_on
  from request_appeal_order o join request_appeal a on a.id = o.appeal_id
  where o.request_id = request.id and o.due is not null order by o.at desc limit 1)`

export async function requestById(db: Db, id: RequestId): Promise<RecordsRequest | null> {
  const row = await db
    .selectFrom('request')
    .selectAll()
    .select(promised.as('due'))
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const [acknowledgement, extensions, answers, orders, collected, waits] = await Promise.all([
    db.selectFrom('request_acknowledgement').selectAll().where('request_id', '=', id).executeTakeFirst(),
    db.selectFrom('request_extension').selectAll().where('request_id', '=', id).orderBy('at').execute(),
    db.selectFrom('request_final_answer').selectAll().where('request_id', '=', id).orderBy('at').execute(),
    ordersOf(db, id),
    countCollected(db, id),
    waitsOf(db, id),
  ])
  return whole(row, { acknowledgement, extensions, answers, orders, collected, waits })
}

function whole(
  row: Selectable<RequestTable> & { due: string },
  rest: {
    acknowledgement: { text: string; by: PersonId; at: Date; sent_on: string } | undefined
    extensions: Extension[]
    answers: Selectable<FinalAnswerTable>[]
    orders: AppealOrder[]
    collected: number
    waits: Wait[]
  },
): RecordsRequest {
  const { acknowledgement, answers } = rest
  const extensions = rest.extensions.map(({ basis, due, reason, by, at }) => ({ basis, due, reason, by, at }))
  return {
    id: row.id,
    number: row.number,
    text: row.text,
    about: { from: row.about_from, to: row.about_to },
    format: row.format,
    channel: row.channel,
    requesterName: row.requester_name,
    arrivedOn: row.arrived_on,
    receivedOn: row.received_on,
    responseDue: row.response_due,
    due: row.due,
    enteredAt: row.entered_at,
    acknowledgement: acknowledgement
      ? {
          text: acknowledgement.text,
          by: acknowledgement.by,
          at: acknowledgement.at,
          sentOn: acknowledgement.sent_on,
        }
      : null,
    extensions,
    closure: answers.filter((one) => one.reopened_by === null).map(closureOf)[0] ?? null,
    reopened: answers.filter((one) => one.reopened_by !== null).map(closureOf),
    orders: rest.orders,
    collected: rest.collected,
    waits: rest.waits,
  }
}

const closureOf = (row: Selectable<FinalAnswerTable>): Closure => ({
  outcome: row.outcome,
  answer: row.answer,
  exemptions: row.exemptions,
  at: row.at,
  closedOn: row.closed_on,
})

/** The request, with nobody else able to change its state until the transaction ends. */
export async function lockRequest(tx: Tx, id: RequestId): Promise<RecordsRequest | null> {
  await tx.selectFrom('request').select('id').where('id', '=', id).forUpdate().execute()
  return requestById(tx, id)
}

/** The next number of a year, in order and without a gap: a rolled-back request gives its number back. */
export async function nextNumber(tx: Tx, year: number): Promise<string> {
  const { last } = await tx
    .insertInto('request_number')
    .values({ year, last: 1 })
    .onConflict((c) => c.column('year').doUpdateSet({ last: sql<number>`request_number.last + 1` }))
    .returning('last')
    .executeTakeFirstOrThrow()
  return `${year}-${String(last).padStart(4, '0')}`
}

export async function insertRequest(
  tx: Tx,
  row: Selectable<RequestTable>,
  code: { digest: string; sealed: string },
  sealedContact: string | null,
) {
  await tx.insertInto('request').values(row).execute()
  await tx
    .insertInto('request_code')
    .values({ request_id: row.id, ...code })
    .execute()
  if (sealedContact)
    await tx.insertInto('request_contact').values({ request_id: row.id, sealed: sealedContact }).execute()
}

export async function sealedContactOf(db: Db, id: RequestId): Promise<string | null> {
  const row = await db
    .selectFrom('request_contact')
    .select('sealed')
    .where('request_id', '=', id)
    .executeTakeFirst()
  return row?.sealed ?? null
}

export async function sealedCodeOf(db: Db, id: RequestId): Promise<string> {
  const row = await db
    .selectFrom('request_code')
    .select('sealed')
    .where('request_id', '=', id)
    .executeTakeFirstOrThrow()
  return row.sealed
}

export async function requestIdByCode(db: Db, digest: string): Promise<RequestId | null> {
  const row = await db
    .selectFrom('request_code')
    .select('request_id')
    .where('digest', '=', digest)
    .executeTakeFirst()
  return row?.request_id ?? null
}

/** Notes a use of the public form and says how many there were from this address since `since`. */
export async function noteFormUse(tx: Tx, addressDigest: string, at: Date, since: Date): Promise<number> {
  // Uses of one address are counted one after the other, so that a burst can't slip through together.
  await sql`select pg_advisory_xact_lock(hashtextextended(${addressDigest}, 0))`.execute(tx)
  await tx.deleteFrom('request_form_use').where('used_at', '<', since).execute()
  await tx.insertInto('request_form_use').values({ address_digest: addressDigest, used_at: at }).execute()
  const { uses } = await tx
    .selectFrom('request_form_use')
    .select((e) => e.fn.countAll<number>().as('uses'))
    .where('address_digest', '=', addressDigest)
    .executeTakeFirstOrThrow()
  return uses
}

export interface RequestQuery {
  status: 'open' | 'overdue' | 'closed' | 'all'
  channel?: Channel
  words?: string
  page: number
}
export interface RequestRow {
  id: RequestId
  number: string
  text: string
  channel: Channel
  requesterName: string | null
  receivedOn: string
  due: string
  responseDue: string
  /** When the day that stands was ordered after an appeal; null without such an order. */
  orderedOn: string | null
  acknowledgedOn: string | null
  outcome: Outcome | null
  closedOn: string | null
  collected: number
}
export const requestsOnAPage = 25

/** One page of the desk: open requests by deadline, closed ones newest first. */
export async function listRequests(
  db: Db,
  query: RequestQuery,
  today: string,
): Promise<{ rows: RequestRow[]; total: number }> {
  let found = db
    .selectFrom('request')
    .leftJoin('request_closure', 'request_closure.request_id', 'request.id')
    .leftJoin('request_acknowledgement', 'request_acknowledgement.request_id', 'request.id')
  if (query.status === 'closed') found = found.where('request_closure.request_id', 'is not', null)
  if (query.status === 'open' || query.status === 'overdue')
    found = found.where('request_closure.request_id', 'is', null)
  if (query.status === 'overdue') found = found.where(promised, '<', today)
  if (query.channel) found = found.where('request.channel', '=', query.channel)
  if (query.words) {
    const pattern = `%${query.words.replace(/[\\%_]/g, '\\$&')}%`
    found = found.where((e) =>
      e.or([
        e('request.text', 'ilike', pattern),
        e('request.number', 'ilike', pattern),
        e('request.requester_name', 'ilike', pattern),
      ]),
    )
  }
  const { total } = await found.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await found
    .select([
      'request.id',
      'request.number',
      'request.text',
      'request.channel',
      'request.requester_name as requesterName',
      'request.received_on as receivedOn',
      'request.response_due as responseDue',
      'request_acknowledgement.sent_on as acknowledgedOn',
      'request_closure.outcome',
      'request_closure.closed_on as closedOn',
      promised.as('due'),
      orderedOn.as('orderedOn'),
      sql<number>`(select count(*) from request_record where request_id = request.id)`.as('collected'),
    ])
    .orderBy(sql`request_closure.at desc nulls first`)
    .orderBy(promised)
    .orderBy('request.id')
    .limit(requestsOnAPage)
    .offset((query.page - 1) * requestsOnAPage)
    .execute()
  return { rows, total }
}

export const closedDays = (db: Db): Promise<ClosedDay[]> =>
  db.selectFrom('closed_day').select(['day', 'reason']).orderBy('day').execute()

export async function insertClosedDay(tx: Tx, row: { day: string; reason: string; by: PersonId; at: Date }) {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('closed_day')
    .values({ day: row.day, reason: row.reason, set_by: row.by, set_at: row.at })
    .onConflict((c) => c.column('day').doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

/** Open requests whose days may still move, locked. */
export const lockRunning = (tx: Tx) =>
  tx
    .selectFrom('request')
    .select(['id', 'arrived_on', 'received_on', 'response_due'])
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('request_closure')
            .select('request_id')
            .whereRef('request_closure.request_id', '=', 'request.id'),
        ),
      ),
    )
    .orderBy('id')
    .forUpdate()
    .execute()

export const moveDays = (tx: Tx, id: RequestId, receivedOn: string, responseDue: string) =>
  tx
    .updateTable('request')
    .set({ received_on: receivedOn, response_due: responseDue })
    .where('id', '=', id)
    .execute()

export async function insertAcknowledgement(
  tx: Tx,
  row: { request: RequestId; text: string; by: PersonId; at: Date; sentOn: string },
) {
  await tx
    .insertInto('request_acknowledgement')
    .values({ request_id: row.request, text: row.text, by: row.by, at: row.at, sent_on: row.sentOn })
    .execute()
}

export async function insertExtension(tx: Tx, row: Extension & { request: RequestId; writtenOn: string }) {
  const { request, writtenOn, ...extension } = row
  await tx
    .insertInto('request_extension')
    .values({ request_id: request, written_on: writtenOn, ...extension })
    .execute()
}

export async function insertClosure(tx: Tx, request: RequestId, closure: Closure & { by: PersonId }) {
  const { closedOn, ...rest } = closure
  await tx
    .insertInto('request_final_answer')
    .values({
      id: newId<'answer'>(),
      request_id: request,
      closed_on: closedOn,
      reopened_by: null,
      ...rest,
    })
    .execute()
}

/** Adds records to a collection and returns those that were not in it before. */
export async function insertCollected(
  tx: Tx,
  request: RequestId,
  records: readonly RecordId[],
  by: PersonId,
  at: Date,
): Promise<RecordId[]> {
  if (records.length === 0) return []
  // One array parameter: a thousand ticked records must not become thousands of parameters.
  const { rows } = await sql<{ record_id: RecordId }>`
    insert into request_record (request_id, record_id, by, at, thread, alike)
    select ${request}, record.id, ${by}, ${at}, thread_of_record(record.id), words_of_record(record.id)
    from record where id = any(${records}::uuid[])
    on conflict do nothing returning record_id`.execute(tx)
  return rows.map((row) => row.record_id)
}

export async function deleteCollected(
  tx: Tx,
  request: RequestId,
  records: readonly RecordId[],
): Promise<RecordId[]> {
  const { rows } = await sql<{ record_id: RecordId }>`
    delete from request_record where request_id = ${request} and record_id = any(${records}::uuid[])
    returning record_id`.execute(tx)
  return rows.map((row) => row.record_id)
}

export async function countCollected(db: Db, request: RequestId): Promise<number> {
  const { count } = await db
    .selectFrom('request_record')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('request_id', '=', request)
    .executeTakeFirstOrThrow()
  return count
}

/** Which of `records` are in the collection. */
export async function collectedAmong(
  db: Db,
  request: RequestId,
  records: readonly RecordId[],
): Promise<Set<RecordId>> {
  const { rows } = await sql<{ record_id: RecordId }>`
    select record_id from request_record where request_id = ${request} and record_id = any(${records}::uuid[])
  `.execute(db)
  return new Set(rows.map((row) => row.record_id))
}

/** One page of the collection, oldest record first. */
export async function collectedRecords(
  db: Db,
  request: RequestId,
  { limit, offset }: { limit: number; offset: number },
): Promise<RecordId[]> {
  const rows = await db
    .selectFrom('request_record')
    .select('record_id')
    .where('request_id', '=', request)
    .orderBy('record_id')
    .limit(limit)
    .offset(offset)
    .execute()
  return rows.map((row) => row.record_id)
}

export interface Production {
  id: ProductionId
  request: RequestId
  by: PersonId
  at: Date
  releaseWhenReady: boolean
  /** Made beside the bag's own, by their names. */
  formats: string[]
  records: number
  /** How many of them are withheld as a whole: they stand in its log, and not in it. */
  withheld: number
  recordsDone: number
  begunAt: Date | null
  trouble: string | null
  cancelledAt: Date | null
  bag: { finishedAt: Date; bytes: number; sha256: string } | null
  releasedAt: Date | null
}

/** How many records of a production are withheld as a whole. */
export const withheldWhole = sql<number>`(select count(*) from production_record m
  where m.production_id = production.id and m.decision = 'withhold')`

const productions = (db: Db) =>
  db
    .selectFrom('production')
    .leftJoin('production_bag', 'production_bag.production_id', 'production.id')
    .leftJoin('production_release', 'production_release.production_id', 'production.id')
    .selectAll('production')
    .select([
      'production_bag.finished_at',
      'production_bag.bytes',
      'production_bag.sha256',
      'production_release.at as released_at',
      withheldWhole.as('withheld'),
    ])

type ProductionRow = Awaited<ReturnType<ReturnType<typeof productions>['execute']>>[number]

const wholeProduction = (row: ProductionRow): Production => ({
  id: row.id,
  request: row.request_id,
  by: row.by,
  at: row.at,
  releaseWhenReady: row.release_when_ready,
  formats: row.formats,
  records: row.records,
  withheld: row.withheld,
  recordsDone: row.records_done,
  begunAt: row.begun_at,
  trouble: row.trouble,
  cancelledAt: row.cancelled_at,
  bag:
    row.finished_at && row.bytes !== null && row.sha256
      ? { finishedAt: row.finished_at, bytes: row.bytes, sha256: row.sha256 }
      : null,
  releasedAt: row.released_at,
})

export async function productionById(db: Db, id: ProductionId): Promise<Production | null> {
  const row = await productions(db).where('production.id', '=', id).executeTakeFirst()
  return row ? wholeProduction(row) : null
}

export async function productionsOf(db: Db, request: RequestId): Promise<Production[]> {
  const rows = await productions(db).where('request_id', '=', request).orderBy('production.at').execute()
  return rows.map(wholeProduction)
}

/** How many productions of the same request were ordered before this one. */
export async function productionsBefore(db: Db, { id, request, at }: Production): Promise<number> {
  const { count } = await db
    .selectFrom('production')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('request_id', '=', request)
    .where((e) => e(e.refTuple('at', 'id'), '<', e.tuple(at, id)))
    .executeTakeFirstOrThrow()
  return count
}

/** The pages that a production's records are about, and when the first of them was made; null without a record. */
export async function pagesAndBeginning(
  db: Db,
  production: ProductionId,
): Promise<{ pages: PageId[]; beginning: Date | null }> {
  const { rows } = await sql<{ pages: PageId[]; beginning: Date | null }>`
    select coalesce(array_agg(distinct r.page) filter (where r.page is not null), '{}')::text[] as pages,
      min(r.at) as beginning
    from production_record p join record r on r.id = p.record_id where p.production_id = ${production}`.execute(
    db,
  )
  return rows[0] ?? { pages: [], beginning: null }
}

/** The pictures that nobody could get of the comments that a production's records are about. */
export async function pictureGaps(
  db: Db,
  production: ProductionId,
): Promise<{ title: string; at: Date; record: string }[]> {
  const { rows } = await sql<{ title: string; at: Date; record: string }>`
    select page.title, g.at, g.id as record from record g join page on page.id = g.page
    where g.kind = 'comment.picture-gap' and g.subject_kind = 'comment' and g.subject_id in (
      select r.subject_id from production_record p join record r on r.id = p.record_id
      where p.production_id = ${production} and r.subject_kind = 'comment')
    order by g.id`.execute(db)
  return rows
}

export async function lockProduction(tx: Tx, id: ProductionId): Promise<Production | null> {
  await tx.selectFrom('production').select('id').where('id', '=', id).forUpdate().execute()
  return productionById(tx, id)
}

/** Orders a production of what is reviewed, with the decisions as they stand, and answers how many records that are. */
export async function insertProduction(
  tx: Tx,
  row: {
    id: ProductionId
    request: RequestId
    by: PersonId
    at: Date
    releaseWhenReady: boolean
    formats: readonly string[]
  },
): Promise<number> {
  const { records } = await tx
    .selectFrom('request_review')
    .select((e) => e.fn.countAll<number>().as('records'))
    .where('request_id', '=', row.request)
    .executeTakeFirstOrThrow()
  if (records === 0) return 0
  await tx
    .insertInto('production')
    .values({
      id: row.id,
      request_id: row.request,
      by: row.by,
      at: row.at,
      release_when_ready: row.releaseWhenReady,
      records,
      records_done: 0,
      begun_at: null,
      trouble: null,
      cancelled_at: null,
      formats: [...row.formats],
    })
    .execute()
  await sql`insert into production_record (production_id, record_id, decision, exemptions, why, marks)
    select ${row.id}, record_id, decision, exemptions, why, marks from request_review
    where request_id = ${row.request}`.execute(tx)
  return records
}

export const beginProduction = (db: Db, id: ProductionId, at: Date) =>
  db
    .updateTable('production')
    .set({ begun_at: at, records_done: 0, trouble: null })
    .where('id', '=', id)
    .execute()

/** Writes down how far the job is, and answers whether somebody cancelled it. */
export async function progressProduction(db: Db, id: ProductionId, done: number): Promise<boolean> {
  const { cancelled_at } = await db
    .updateTable('production')
    .set((e) => ({ records_done: sql<number>`least(${done}::int, ${e.ref('records')})` }))
    .where('id', '=', id)
    .returning('cancelled_at')
    .executeTakeFirstOrThrow()
  return cancelled_at !== null
}

export const noteTrouble = (db: Db, id: ProductionId, trouble: string) =>
  db.updateTable('production').set({ trouble }).where('id', '=', id).execute()

export const cancelProductionRow = (tx: Tx, id: ProductionId, at: Date) =>
  tx.updateTable('production').set({ cancelled_at: at }).where('id', '=', id).execute()

export interface Part {
  sha256: string
  bytes: number
}

export async function insertBag(
  tx: Tx,
  id: ProductionId,
  bag: { finishedAt: Date; bytes: number; sha256: string; parts: Part[] },
) {
  await tx
    .insertInto('production_bag')
    .values({ production_id: id, finished_at: bag.finishedAt, bytes: bag.bytes, sha256: bag.sha256 })
    .execute()
  await sql`insert into production_part (production_id, position, sha256, bytes)
    select ${id}, part.position - 1, part.sha256, part.bytes
    from unnest(${bag.parts.map((one) => one.sha256)}::text[], ${bag.parts.map((one) => one.bytes)}::int[])
      with ordinality as part (sha256, bytes, position)`.execute(tx)
  await tx
    .updateTable('production')
    .set((e) => ({ records_done: e.ref('records'), trouble: null }))
    .where('id', '=', id)
    .execute()
}

export const partsOf = (db: Db, id: ProductionId): Promise<Part[]> =>
  db
    .selectFrom('production_part')
    .select(['sha256', 'bytes'])
    .where('production_id', '=', id)
    .orderBy('position')
    .execute()

export async function insertRelease(tx: Tx, id: ProductionId, by: PersonId, at: Date) {
  await tx.insertInto('production_release').values({ production_id: id, by, at }).execute()
}

/** Everybody whose records can be searched for, by name. */
export const people = (db: Db): Promise<{ id: string; name: string }[]> =>
  db.selectFrom('person').select(['id', 'name']).orderBy('name').execute()

/** Every open request for the lists of what waits, oldest deadline first. */
export const openByDeadline = (db: Db, limit: number) =>
  db
    .selectFrom('request')
    .leftJoin('request_closure', 'request_closure.request_id', 'request.id')
    .leftJoin('request_acknowledgement', 'request_acknowledgement.request_id', 'request.id')
    .where('request_closure.request_id', 'is', null)
    .select([
      'request.id',
      'request.number',
      'request.text',
      'request.received_on as receivedOn',
      'request.response_due as responseDue',
      'request_acknowledgement.sent_on as acknowledgedOn',
      promised.as('due'),
      orderedOn.as('orderedOn'),
    ])
    .orderBy(promised)
    .orderBy('request.id')
    .limit(limit)
    .execute()
