import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'

/**
 * Every table, by name. Each module adds its own in its store.ts by declaration merging:
 * `declare module '../storage/database.ts' { interface Tables { post: PostTable } }`
 */
// biome-ignore lint/suspicious/noEmptyInterface: modules merge their tables into it
export interface Tables {}

export type Db = Kysely<Tables>
/** A transaction in progress. What must happen together takes one of these. */
export type Tx = Transaction<Tables>

// Counts and positions stay far below 2^53, so bigint columns are read as numbers.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
// Dates without a time stay text (YYYY-MM-DD): a Date would shift them by the server's time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

/** Opens a pool of connections to `url` (postgres://…). Close it with `db.destroy()`. */
export function openDatabase(url: string, { connections = 10 } = {}): { db: Db; pool: pg.Pool } {
  const pool = new pg.Pool({ connectionString: url, max: connections, options: '-c timezone=UTC' })
  // An idle connection that the server closed is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  // The same for one that a transaction holds: its next query fails, and the transaction with it.
  pool.on('connect', (client) => client.on('error', () => {}))
  return { db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), pool }
}

/**
 * The rows of an answer, taken out of it. The driver's answers hold one another until a full collection of garbage (pg
 * 8.23), so whoever reads many of them in a row would pile up all their rows. For reading in bulk only.
 */
export const emptied = <Row>(rows: Row[]): Row[] => rows.splice(0)
