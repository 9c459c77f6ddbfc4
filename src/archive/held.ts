import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../storage/database.ts'
import type { RecordId } from '../storage/ids.ts'
import type { Held, RecordQuery, Time } from './narrowing.ts'

/** What a search finds among the records on hold, put in the order of time. */

/** A record's place in that order. */
export interface Moment {
  at: Date
  id: RecordId
}

/** Which of the matches are wanted: so many beyond a place in the order. */
export interface Stretch {
  order: RecordQuery['order']
  after: Moment | null
  limit: number
}

/** Records on hold that are looked at one by one before anything else is tried: 25 ms of those that stand together. */
const mostWalked = 10_000
/** Matches up to so many are all looked up, to be put in order. */
const mostLookedUp = 10_000

/**
 * A hold is often on some years, so nothing is looked for among all that came after them. Where the words are frequent the
 * first records on hold have enough of them. Where they are not, the matches are few; the planner can't know that, as it
 * has no idea of what a hold has to do with words.
 */
export async function heldInTime(
  db: Db,
  held: Held,
  by: Time,
  wanted: RecordQuery,
  stretch: Stretch,
): Promise<RecordId[]> {
  const first = await firstHeld(db, held, by, wanted, stretch)
  if (first) return first
  const matches = await held
    .only(held.conditions(timed(db, by).select(['record.id', 'record.at']), by))
    .limit(mostLookedUp + 1)
    .execute()
  if (matches.length > mostLookedUp) return through(db, held, by, wanted, stretch)
  const compare = inOrder(stretch.order)
  return matches
    .filter((one) => !stretch.after || compare(one, stretch.after) > 0)
    .sort(compare)
    .slice(0, stretch.limit)
    .map(({ id }) => id)
}

/** The stretch, if the first records on hold have as many matches, as can be expected of frequent words; else null. */
export async function firstHeld(
  db: Db,
  held: Held,
  by: Time,
  wanted: RecordQuery,
  stretch: Stretch,
): Promise<RecordId[] | null> {
  if (held.few || (await shareOfAll(db, held, by)) * mostWalked < stretch.limit) return null
  const first = await through(db, held, by, wanted, stretch, mostWalked)
  return first.length === stretch.limit ? first : null
}

/** Which share of all records the planner expects to match, on hold or not. */
async function shareOfAll(db: Db, held: Held, by: Time): Promise<number> {
  const matching = sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`
    explain (format json) ${held.conditions(timed(db, by).select(['record.id']), by)}`
  const all = sql<{ records: number }>`
    select reltuples as records from pg_class where oid = 'record'::regclass`
  const [plan, size] = await Promise.all([matching.execute(db), all.execute(db)])
  return (plan.rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0) / Math.max(1, size.rows[0]?.records ?? 0)
}

/** Matches as they come on the way through what is on hold, of which at most so many records are looked at. */
async function through(
  db: Db,
  held: Held,
  by: Time,
  { from, to, heldBy }: RecordQuery,
  { order, after, limit }: Stretch,
  most?: number,
): Promise<RecordId[]> {
  const [direction, beyond] =
    order === 'oldest' ? ([sql`asc`, sql`>`] as const) : ([sql`desc`, sql`<`] as const)
  const among: RawBuilder<unknown>[] = [held.covering]
  if (from && by === 'record.at') among.push(sql`at >= ${from}`)
  if (to && by === 'record.at') among.push(sql`at <= ${to}`)
  if (after) among.push(sql`(at, record) ${beyond} (${after.at}, ${after.id}::uuid)`)
  const { rows } = await sql<{ id: RecordId }>`
    select ${heldBy ? sql`` : eachOnce} matching.id
    from (select at, record from hold_coverage where ${sql.join(among, sql` and `)}
        ${most ? sql`order by at ${direction}, record ${direction} limit ${most}` : sql``}) as covered
      join (${held.conditions(timed(db, by).select(['record.id']), by)}) as matching on matching.id = covered.record
    order by covered.at ${direction}, covered.record ${direction} limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/** A record that two holds cover. */
const eachOnce = sql`distinct on (covered.at, covered.record)`

/** Compares by time, and by id where that is the same: the newest first, unless the oldest is asked for. */
export function inOrder(order: RecordQuery['order']): (a: Moment, b: Moment) => number {
  const sign = order === 'oldest' ? 1 : -1
  return (a, b) => sign * (a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}

/** Two searches, each by an index of its own: one for both times would read the whole archive. */
export const timed = (db: Db, by: Time) => {
  const all = db.selectFrom('record')
  return by === 'record.at' ? all : all.innerJoin('record_posted', 'record_id', 'record.id')
}
