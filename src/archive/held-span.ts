import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'

/** What a hold covers, or all holds. */
export interface HeldSpan {
  /** Which rows of hold_coverage. */
  covering: RawBuilder<boolean>
  /** Nothing is gained by looking at some of them before the others. */
  few: boolean
  // biome-ignore lint/suspicious/noExplicitAny: the builder's type grows with every selected column
  only<Query extends SelectQueryBuilder<any, any, any>>(query: Query): Query
}

/** A hold on no more than so many records needs no special way. */
const fewHeld = 4_000

export async function heldSpan(db: Db | Tx, hold: string | null): Promise<HeldSpan> {
  const covering = hold ? sql<boolean>`hold = ${hold}::uuid and itself` : sql<boolean>`true`
  const { rows } = await sql<{ first: Date | null; last: Date | null; few: boolean }>`
    select (select min(at) from hold_coverage where ${covering}) as first,
      (select max(at) from hold_coverage where ${covering}) as last,
      not exists (select from hold_coverage where ${covering} offset ${fewHeld}) as few`.execute(db)
  const { first = null, last = null, few = true } = rows[0] ?? {}
  return {
    covering,
    few,
    only(query) {
      const held = query.where(
        sql<boolean>`exists (select from hold_coverage where record = record.id and ${covering})`,
      )
      // The index by time leaves out other years, for which nothing has to be looked up then.
      const meant = few ? held : held.where(sql<boolean>`record.at between ${first} and ${last}`)
      return meant as typeof query
    },
  }
}
