import { sql } from 'kysely'
import type { Db } from '../storage/database.ts'

/** How often decisions cited a clause: how many were made, and how many of them said no. */
export interface ClauseCount {
  decisions: number
  refusals: number
}

/** The decisions on record since `since`, by clause. */
export async function decisionCounts(db: Db, since: Date): Promise<Map<string, ClauseCount>> {
  const { rows } = await sql<{ clause: string } & ClauseCount>`
    select clause, count(*) as decisions, count(*) filter (where kind = 'decision.refusal') as refusals
    from record, unnest(clauses) clause
    where clauses <> '{}' and at >= ${since}
    group by clause`.execute(db)
  return new Map(rows.map(({ clause, decisions, refusals }) => [clause, { decisions, refusals }]))
}
