import { sql } from 'kysely'
import type { Installation } from '../installation.ts'
import type { Db } from '../storage/database.ts'
import type { HoldId } from './store.ts'

/** Records that one statement looks at, so that none lasts long. */
const batch = 20_000
/** A turn is short, so that a process that is asked to stop does not keep anybody waiting. */
const turn = 20_000

/**
 * Brings the table of what holds cover up to the end of the log, for the search: condition by condition where a new one
 * has all of the archive before it. Any number of workers may do it at once.
 */
export async function coverHolds({ db }: Pick<Installation, 'db'>): Promise<void> {
  const began = performance.now()
  await forgetEnded(db)
  for (;;) {
    const next = await furthestBehind(db)
    if (!next) return
    const end = Math.min(next.upto + batch, next.size)
    await db.transaction().execute(async (tx) => {
      await sql`insert into hold_coverage (scope, record, subject_kind, subject_id)
        select scope, record, subject_kind, subject_id from held_by_scope
        where scope = any(${next.scopes}::uuid[]) and record in
          (select record_id from log_entry where position >= ${next.upto} and position < ${end})
        on conflict do nothing`.execute(tx)
      await sql`insert into hold_coverage_progress (scope, upto) select unnest(${next.scopes}::uuid[]), ${end}
        on conflict (scope) do update set upto = greatest(hold_coverage_progress.upto, excluded.upto)`.execute(
        tx,
      )
    })
    if (performance.now() - began > turn) return
  }
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
async function furthestBehind(db: Db): Promise<{ upto: number; size: number; scopes: string[] } | null> {
  const { rows } = await sql<{ upto: number; size: number; scopes: string[] }>`
    select coalesce(p.upto, 0)::int as upto, e.size::int as size, array_agg(s.id) as scopes
    from hold_scope s join hold_in_force h on h.id = s.hold left join hold_coverage_progress p on p.scope = s.id,
      (select coalesce(max(position) + 1, 0) as size from log_entry) e
    where coalesce(p.upto, 0) < e.size
    group by 1, 2 order by 1 limit 1`.execute(db)
  return rows[0] ?? null
}

/** Holds that were released or became part of another cover nothing any more. */
async function forgetEnded(db: Db) {
  const ended = sql`select p.scope from hold_coverage_progress p join hold_scope s on s.id = p.scope
    where not exists (select from hold_in_force h where h.id = s.hold)`
  await db.transaction().execute(async (tx) => {
    await sql`delete from hold_coverage where scope in (${ended})`.execute(tx)
    await sql`delete from hold_coverage_progress where scope in (${ended})`.execute(tx)
  })
}
