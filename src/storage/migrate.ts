import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'

const folder = path.join(import.meta.dirname, 'migrations')
// One key for all of Plainview's processes: two that start together migrate one after the other.
const lock = 4_370_001

/**
 * Brings the database at `ownerUrl` to the newest schema and returns the names of the migrations it ran.
 * Each file of migrations/ runs once, in one transaction with its entry in `migration`: a crash leaves
 * the file either wholly done or not begun.
 */
export async function migrate(ownerUrl: string, from = folder): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lock])
    await client.query(
      'create table if not exists migration (name text primary key, ran_at timestamptz not null default now())',
    )
    const { rows } = await client.query<{ name: string }>('select name from migration')
    const done = new Set(rows.map((row) => row.name))
    const names = (await readdir(from)).filter((name) => name.endsWith('.sql')).sort()
    const ran: string[] = []
    for (const name of names.filter((name) => !done.has(name))) {
      await runOne(client, from, name)
      ran.push(name)
    }
    return ran
  } finally {
    await client.end()
  }
}

async function runOne(client: pg.Client, from: string, name: string) {
  const sql = await readFile(path.join(from, name), 'utf8')
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('insert into migration (name) values ($1)', [name])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`Migration ${name} failed; the database is as it was before it.`, { cause: error })
  }
}
