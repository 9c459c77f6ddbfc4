import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/database.ts'
import { newId, parseId } from './ids.ts'
import { migrate } from './migrate.ts'
import { startJobs } from './pg-boss-jobs.ts'
import { secretsWith } from './secrets.ts'

const silent = pino({ level: 'silent' })
let database: Awaited<ReturnType<typeof testDatabase>>
let folder: string
beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'plainview-storage-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('ids', () => {
  test('follow each other in time and are recognised', () => {
    const ids = Array.from({ length: 50 }, () => newId())
    expect([...ids].sort()).toEqual(ids)
    expect(parseId(ids[0])).toBe(ids[0])
    expect(parseId("1' or 1=1")).toBeNull()
  })
})

describe('secrets', () => {
  const secrets = secretsWith(randomBytes(32))
  test('open for the purpose they were sealed for, and for no other', () => {
    const sealed = secrets.seal('app-password', 'page.connection')
    expect(secrets.open(sealed, 'page.connection')).toBe('app-password')
    expect(() => secrets.open(sealed, 'totp')).toThrow()
    const altered = Buffer.from(sealed, 'base64url')
    altered.writeUInt8(altered.readUInt8(altered.length - 1) ^ 1, altered.length - 1)
    expect(() => secrets.open(altered.toString('base64url'), 'page.connection')).toThrow()
  })
})

describe('migrations', () => {
  test('a migration that fails in the middle leaves the database as it was', async () => {
    const own = await mkdtemp(path.join(folder, 'migrations-'))
    await writeFile(path.join(own, '900-good.sql'), 'create table good (id int);')
    await writeFile(path.join(own, '910-bad.sql'), 'create table half (id int); select no_such_function();')
    await expect(migrate(database.ownerUrl, own)).rejects.toThrow('910-bad.sql')
    const client = new pg.Client({ connectionString: database.ownerUrl })
    await client.connect()
    const { rows } = await client.query("select to_regclass('good') as good, to_regclass('half') as half")
    await client.end()
    expect(rows[0]).toEqual({ good: 'good', half: null })
  })
  test('two processes that start together run each migration once', async () => {
    const own = await mkdtemp(path.join(folder, 'migrations-'))
    await writeFile(path.join(own, '920-once.sql'), 'create table once (id int);')
    const ran = await Promise.all([migrate(database.ownerUrl, own), migrate(database.ownerUrl, own)])
    expect(ran.flat()).toEqual(['920-once.sql'])
  })
})

describe('jobs', () => {
  test('run when their transaction commits, and never when it is rolled back', async () => {
    const jobs = await startJobs(database.url, silent)
    const seen: string[] = []
    const done = Promise.withResolvers<void>()
    await jobs.on<{ word: string }>('storage.test', async ({ word }) => {
      seen.push(word)
      if (word === 'last') done.resolve()
    })
    await database.db
      .transaction()
      .execute(async (tx) => {
        await jobs.enqueue(tx, 'storage.test', { word: 'rolled back' })
        throw new Error('cancelled')
      })
      .catch(() => {})
    await database.db.transaction().execute(async (tx) => {
      await sql`select 1`.execute(tx)
      await jobs.enqueue(tx, 'storage.test', { word: 'last' })
    })
    await done.promise
    await jobs.stop()
    expect(seen).toEqual(['last'])
  })
})

describe('a connection that breaks while a transaction holds it', () => {
  test('ends the transaction, and nothing else', async () => {
    const { db } = database
    const broken = db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(db)
      // Until the news is here: an error that nobody listens for would end this process now.
      while ((await sql`select from pg_stat_activity where pid = ${rows[0]?.pid}`.execute(db)).rows.length);
      await new Promise((resolve) => setImmediate(resolve))
      await sql`select 1`.execute(tx)
    })
    await expect(broken).rejects.toThrow()
    expect((await sql`select 1`.execute(db)).rows).toHaveLength(1)
  })
})
