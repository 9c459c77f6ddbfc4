import { type RawBuilder, sql } from 'kysely'
import type { Installation } from '../installation.ts'
import { uuids } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { HoldId } from './store.ts'

/** Records that one statement looks at, so that none lasts long. */
const batch = 20_000
/** A turn is short, so that a process that is asked to stop does not keep anybody waiting. */
const turn = 20_000
// One writer at a time, however many processes run: of two, each could miss what the other is about to add.
const lock = 4_370_003

/**
 * Brings the table of what holds cover up to the end of the log, for the search: condition by condition where a new one
 * has all of the archive before it. Where another worker is at it, it is left to that one.
 */
export async function coverHolds({ db }: Pick<Installation, 'db'>): Promise<void> {
  const began = performance.now()
  const steps = [forgetEnded, coverAgain, coverNext]
  for (const step of steps) while (await alone(db, step)) if (performance.now() - began > turn) return
}

/** Takes a step if nobody else takes one; whether there may be more. */
const alone = (db: Db, step: (tx: Tx) => Promise<boolean>): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${lock}) as mine`.execute(
      tx,
    )
    return rows[0]?.mine === true && step(tx)
  })

/** Holds that were released or became part of another cover nothing any more. */
async function forgetEnded(tx: Tx): Promise<boolean> {
  const ended = sql`select s.id from hold_scope s where not exists (select from hold_in_force h where h.id = s.hold)`
  const { rows } = await sql<{ scope: string }>`
    delete from hold_coverage_progress where scope in (${ended}) returning scope`.execute(tx)
  if (rows.length > 0)
    await sql`delete from hold_coverage where hold in
      (select hold from hold_scope where id = any(${uuids(rows.map(({ scope }) => scope))}::uuid[]))`.execute(
      tx,
    )
  return false
}

/** Records with words that a machine read after they were looked at. */
async function coverAgain(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ record: string }>`
    delete from hold_coverage_again where record in
      (select record from hold_coverage_again limit ${batch} for update skip locked)
    returning record`.execute(tx)
  if (rows.length === 0) return false
  const records = uuids(rows.map(({ record }) => record))
  // Conditions that were not begun with come to these records by themselves.
  const conditions = await sql<{ scope: string }>`
    select p.scope from hold_coverage_progress p join hold_scope s on s.id = p.scope where s.words is not null`.execute(
    tx,
  )
  await cover(
    tx,
    conditions.rows.map(({ scope }) => scope),
    sql`select unnest(${records}::uuid[])`,
  )
  return true
}

/** The next records of the log for the conditions that are furthest behind. */
async function coverNext(tx: Tx): Promise<boolean> {
  const next = await furthestBehind(tx)
  if (!next) return false
  const end = Math.min(next.upto + batch, next.size)
  await cover(
    tx,
    next.scopes,
    sql`select record_id from log_entry where position >= ${next.upto} and position < ${end}`,
  )
  await sql`insert into hold_coverage_progress (scope, upto) select unnest(${next.scopes}::uuid[]), ${end}
    on conflict (scope) do update set upto = excluded.upto`.execute(tx)
  return true
}

/** Adds what conditions cover among these records, and what else there is about a thing of which they cover a record. */
async function cover(tx: Tx, scopes: readonly string[], records: RawBuilder<unknown>) {
  await sql`
    insert into hold_coverage (hold, record, at, subject_kind, subject_id, itself)
    select distinct hold, record, at, subject_kind, subject_id, true from held_by_scope
    where scope = any(${scopes}::uuid[]) and record in (${records})
    on conflict (record, hold) do update set itself = true where not hold_coverage.itself`.execute(tx)
  // Both ways: these may be held because of an earlier one, and earlier ones because of these. Thing by thing, as the planner
  // does not know how few these are (`offset 0` keeps it from going through all that is covered).
  await sql`
    insert into hold_coverage (hold, record, at, subject_kind, subject_id, itself)
    select held.hold, about.id, about.at, thing.subject_kind, thing.subject_id, false
    from (select distinct subject_kind, subject_id from record where id in (${records})) as thing,
      lateral (select distinct hold from hold_coverage c
        where c.itself and c.subject_kind = thing.subject_kind and c.subject_id = thing.subject_id
          and c.hold in (select hold from hold_scope where id = any(${scopes}::uuid[])) offset 0) as held,
      lateral (select id, at from record r
        where r.subject_kind = thing.subject_kind and r.subject_id = thing.subject_id offset 0) as about
    on conflict do nothing`.execute(tx)
}

/**
 * How much of the archive was looked at for the conditions in force, of one hold or of all, from 0 to 1; 1 also where
 * there is none. The records of the last seconds, which are looked at all the time, are not worth a word.
 */
export async function holdsWorkedOut(db: Db, hold: HoldId | null = null): Promise<number> {
  const { rows } = await sql<{ share: number }>`
    select coalesce(avg(case when p.upto + ${latest} >= e.size then 1 when e.size = 0 then 1 else coalesce(p.upto, 0) / e.size end), 1)::float as share
    from hold_scope s join hold_in_force h on h.id = s.hold left join hold_coverage_progress p on p.scope = s.id,
      (select (coalesce(max(position) + 1, 0))::numeric as size from log_entry) e
    where ${hold}::uuid is null or s.hold = ${hold}::uuid`.execute(db)
  return rows[0]?.share ?? 1
}
/** Records that come in while a turn of the work is waited for. */
const latest = 1_000

/** The conditions that are furthest behind, those that are so together in one go; null when none is. */
async function furthestBehind(tx: Tx): Promise<{ upto: number; size: number; scopes: string[] } | null> {
  const { rows } = await sql<{ upto: number; size: number; scopes: string[] }>`
    select coalesce(p.upto, 0)::int as upto, e.size::int as size, array_agg(s.id) as scopes
    from hold_scope s join hold_in_force h on h.id = s.hold left join hold_coverage_progress p on p.scope = s.id,
      (select coalesce(max(position) + 1, 0) as size from log_entry) e
    where coalesce(p.upto, 0) < e.size
    group by 1, 2 order by 1 limit 1`.execute(tx)
  return rows[0] ?? null
}
