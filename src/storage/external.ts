import pg from 'pg'
import { CannotStart, codeOf } from './cannot-start.ts'
import type { DatabaseUrls } from './embedded.ts'
import type { Secrets } from './secrets.ts'

/** The oldest PostgreSQL that the migrations work on. */
const oldest = 18

/**
 * A PostgreSQL of the department's own. `owner` is its owner's address, who migrates; the application connects as
 * plainview_app, with a password of ours.
 */
export async function connectExternal(owner: string, secrets: Secrets): Promise<DatabaseUrls> {
  const client = new pg.Client({ connectionString: owner, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
    const { rows } = await client.query("select current_setting('server_version_num')::int as version")
    const version = Math.floor((rows[0]?.version ?? 0) / 10_000)
    if (version < oldest)
      throw new Error(`it is PostgreSQL ${version}, and Plainview needs ${oldest} or newer.`)
    const password = secrets.derive('database')
    const { rowCount } = await client.query("select from pg_roles where rolname = 'plainview_app'")
    if (rowCount === 0) await client.query('create role plainview_app login')
    await client.query(`alter role plainview_app password ${client.escapeLiteral(password)}`)
    return { owner, app: Object.assign(new URL(owner), { username: 'plainview_app', password }).href }
  } catch (error) {
    throw new CannotStart(`DATABASE_URL: ${reason(error, new URL(owner))}`, { cause: error })
  } finally {
    await client.end().catch(() => {})
  }
}

function reason(error: unknown, { hostname, port, username, pathname }: URL): string {
  const server = `${hostname}:${port || 5432}`
  const code = codeOf(error)
  if (code === '28P01' || code === '28000')
    return `the server ${server} does not let “${username}” in. Check name and password.`
  if (code === '3D000')
    return `the server ${server} has no database “${pathname.slice(1)}”. Create it, owned by “${username}”.`
  if (code === '42501')
    return `“${username}” may not create roles on ${server}. Give it CREATEROLE, or create the role plainview_app yourself and let “${username}” administer it.`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `nothing is known by the name ${hostname}.`
  if (code === 'ECONNREFUSED') return `nothing answers at ${server}. Is the server running?`
  return `the server ${server} can’t be used: ${(error as Error).message}`
}
