import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
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

/**
 * At the end of a statement: each connection keeps how it is carried out, as planning it anew can take longer than the
 * work (docs/decisions/077). For what is read or written by its key, with its columns named: a search's best plan hangs
 * on what is sought, and `select *` fails on a connection that outlives a migration.
 */
export const keptMark = '/* kept */'
/** The same, for a statement that Kysely builds. */
export const kept = sql.raw(keptMark)
const names = new Map<string, string>()

function nameOf(text: string): string {
  const known = names.get(text)
  if (known) return known
  const name = `kept ${names.size + 1}`
  names.set(text, name)
  return name
}

const copyMark = '/* copied */'
/** At the end of a `copy … to stdout`: its rows are the messages that the database sends (copied.ts). */
export const copiedMark = sql.raw(copyMark)

class Connection extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: the driver's method has a dozen forms, of which two are ours
  override query(...given: any[]): any {
    const [text, values, ...rest] = given
    if (typeof text !== 'string') return super.query(...(given as [string]))
    if (text.endsWith(copyMark)) return this.#copyOut(text)
    if (!text.endsWith(keptMark)) return super.query(...(given as [string]))
    return super.query({ name: nameOf(text), text, values }, ...(rest as []))
  }

  #copyOut(text: string) {
    const { promise, resolve, reject } = Promise.withResolvers<{ rows: Buffer[] }>()
    const copy: CopyOut = new CopyOut(text, [], (error) =>
      error ? reject(error) : resolve({ rows: copy.sent }),
    )
    super.query(copy)
    return promise
  }
}

/** A `copy … to stdout`. The driver hands each message to its query, which has no use for it. */
class CopyOut extends pg.Query {
  readonly sent: Buffer[] = []
  handleCopyData({ chunk }: { chunk: Buffer }) {
    // The driver will write over its own.
    this.sent.push(Buffer.from(chunk))
  }
}

/** Opens a pool of connections to `url` (postgres://…). Close it with `db.destroy()`. */
export function openDatabase(url: string, { connections = 10 } = {}): { db: Db; pool: pg.Pool } {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    options: '-c timezone=UTC',
    Client: Connection,
  })
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
