import { spawn } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AtpAgent } from '@atproto/api'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { appendMany, latestCheckpoint } from '../../src/archive/archive.ts'
import type { Person } from '../../src/department/department.ts'
import type { Installation } from '../../src/installation.ts'
import { publishNow } from '../../src/posts/posts.ts'
import { collect } from '../../src/requests/collection.ts'
import { orderProduction } from '../../src/requests/production.ts'
import { enterRequest } from '../../src/requests/requests.ts'
import { newId, type PostId } from '../../src/storage/ids.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { testDatabase } from '../database.ts'
import { releaseTheRest, value } from '../desk.ts'
import { startPds, type TestPds } from '../pds.ts'
import { beside, cli, dataFolder, killDatabase, launch, startPlainview, until } from '../plainview.ts'
import { done, settle } from '../town.ts'
import { platformProxy } from './platform-proxy.ts'

/*
 * A real process, a real database and a real platform; the process is killed with SIGKILL at an instant that the
 * test can see, and the next one has to go on.
 */

// Each starts real processes, which takes a while when much else runs on the machine.
vi.setConfig({ testTimeout: 240_000 })

describe('killed while it publishes', () => {
  let pds: TestPds
  beforeAll(async () => {
    pds = await startPds()
  })
  afterAll(() => pds?.stop())

  test.each(['after the platform took the post, before its answer came', 'before the platform had it'])(
    '%s: one post and one record',
    async (when) => {
      const proxy = await platformProxy(pds.url)
      const env = { PLAINVIEW_ALLOW_PRIVATE_NETWORK: 'true' }
      const first = await startPlainview({ env })
      const here = await beside(first)
      const [town] = pds.accounts
      const { approved, chief } = await settle(here, 'bluesky', {
        service: proxy.url,
        handle: town?.handle ?? '',
        password: town?.password ?? '',
      })
      const words = `The bridge is closed (${when}).`
      const post = await approved(words)

      const instant = Promise.withResolvers<void>()
      const killed = Promise.withResolvers<void>()
      proxy.on(async ({ path, passOn }, answer) => {
        if (!path.includes('createRecord')) return 'pass'
        if (when.startsWith('after')) await passOn()
        instant.resolve()
        await killed.promise
        answer.destroy()
        return 'handled'
      })
      done(await publishNow(here, chief, post.id, post.version))
      await instant.promise
      await first.kill()
      killed.resolve()
      proxy.on(async () => 'pass')
      await here.close()

      const second = await startPlainview({ folder: first.folder, env })
      const after = await beside(second)
      await until(async () => (await publicationOf(after, post.id))?.done_at)
      const posts = await wordsOn(pds)
      expect(posts.filter((text) => text.startsWith(words))).toHaveLength(1)
      expect(await recordsOf(after, 'post.publication', post.id)).toHaveLength(1)
      expect(proxy.calls.filter((call) => call === 'com.atproto.repo.createRecord')).toHaveLength(
        when.startsWith('after') ? 1 : 2,
      )
      await after.close()
      expect(await second.stop()).toBe(0)
    },
  )
})

test('killed while it puts thousands of records into the log: none is missing, and the log is genuine', async () => {
  const first = await startPlainview()
  const here = await beside(first)
  const many = Array.from({ length: 12_000 }, (_, n) => entry(`Road work number ${n}`))
  // One transaction: the sequencer meets all of them at once.
  await appendMany(here.db, many)
  await until(async () => {
    const { rows } = await sql`select from pg_stat_activity
      where state = 'active' and query ilike '%delete from record_to_log%' and pid <> pg_backend_pid()`.execute(
      here.db,
    )
    return rows.length > 0
  })
  await first.kill()
  // The machine fails with it: the database's own processes are gone at the same instant.
  await killDatabase(first.folder)
  await here.close()

  const second = await startPlainview({ folder: first.folder })
  const after = await beside(second)
  const records = await until(async () => {
    const waiting = await after.db.selectFrom('record_to_log').select('record_id').limit(1).execute()
    return waiting.length === 0 ? (await latestCheckpoint(after.db))?.treeSize : null
  })
  const { rows } = await sql<{ count: number }>`select count(*) from record`.execute(after.db)
  expect(rows[0]?.count).toBe(records)
  expect(records).toBeGreaterThanOrEqual(12_000)
  expect(await cli(first.folder, 'log', 'verify')).toEqual({
    code: 0,
    output: `The log is whole: ${records} records, 0 on their way into it.\n`,
  })
})

describe('killed while it migrates', () => {
  test('the database is as before, and the next start finishes', async () => {
    const { ownerUrl, pool } = await testDatabase()
    const folder = await dataFolder()
    await writeFile(path.join(folder, '900-first.sql'), 'create table before_it (id int);')
    await migrate(ownerUrl, folder)
    // Halfway through, the next one waits for a lock that the test holds: there it is killed.
    await writeFile(
      path.join(folder, '910-second.sql'),
      'create table half (id int); lock table before_it; create table whole (id int);',
    )
    await writeFile(path.join(folder, '920-third.sql'), 'create table after_it (id int);')
    const client = new pg.Client({ connectionString: ownerUrl })
    await client.connect()
    onTestFinished(() => client.end())
    await client.query('begin; lock table before_it')
    const child = spawn(process.execPath, [
      '--input-type=module-typescript',
      '--eval',
      `import { migrate } from ${JSON.stringify(path.resolve('src/storage/migrate.ts'))}
       await migrate(${JSON.stringify(ownerUrl)}, ${JSON.stringify(folder)})`,
    ])
    const ended = new Promise((resolve) => child.once('close', resolve))
    await until(async () => {
      // From outside the transaction, which would see one and the same state of the server all along.
      const { rowCount } = await pool.query(
        'select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())',
      )
      return rowCount
    })
    child.kill('SIGKILL')
    await ended
    await client.query('rollback')
    // The server notices that its client is gone, and undoes what it had begun.
    const next = await migrate(ownerUrl, folder)
    expect(next).toEqual(['910-second.sql', '920-third.sql'])
    const { rows } = await client.query(
      "select to_regclass('half') as half, to_regclass('whole') as whole, to_regclass('after_it') as after_it",
    )
    expect(rows[0]).toEqual({ half: 'half', whole: 'whole', after_it: 'after_it' })
  })

  test.each([
    [
      'the cluster is being made',
      async (folder: string) => (await readdir(folder)).some((name) => name.startsWith('postgres.new-')),
    ],
    [
      'the database is being filled',
      async (folder: string) =>
        (await readFile(path.join(folder, 'plainview.log'), 'utf8').catch(() => '')).includes(
          'ready to accept connections',
        ),
    ],
  ])('at its very first start, while %s', async (_, reached) => {
    const first = await launch({})
    await until(() => reached(first.folder))
    await first.kill()
    const second = await startPlainview({ folder: first.folder })
    expect(await (await fetch(`${second.url}/health`)).json()).toMatchObject({ status: 'ok' })
    expect((await readdir(first.folder)).filter((name) => /^(postgres\.new|initdb)-/.test(name))).toEqual([])
  })
})

test('killed while it makes a production: the next start makes it once, whole', async () => {
  const first = await startPlainview()
  const here = await beside(first)
  const id = newId<'person'>()
  const person: Person = {
    id,
    name: 'Dana Whitfield',
    email: 'dana@millbrook.example',
    title: '',
    roles: ['records-access-officer'],
    designee: false,
  }
  await here.db
    .insertInto('person')
    .values({ ...person, roles: [...person.roles] })
    .execute()
  const records = await appendMany(
    here.db,
    Array.from({ length: 4_000 }, () => entry('The plow never came.')),
  )
  const request = value(
    await enterRequest(here, person, {
      text: 'All about the storm',
      contact: {},
      channel: 'letter',
      arrivedOn: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
    }),
  ).id
  value(await collect(here, person, request, records))
  await releaseTheRest(here, person, request)
  const production = value(await orderProduction(here, person, request, { releaseWhenReady: false }))
  await until(async () => {
    const row = await here.db
      .selectFrom('production')
      .select('records_done')
      .where('id', '=', production)
      .executeTakeFirst()
    return (row?.records_done ?? 0) > 0
  })
  await first.kill()
  const bags = await here.db.selectFrom('production_bag').selectAll().execute()
  expect(bags, 'it was killed too late to show anything').toEqual([])
  await here.close()

  const second = await startPlainview({ folder: first.folder })
  const after = await beside(second)
  const bag = await until(() =>
    after.db
      .selectFrom('production_bag')
      .selectAll()
      .where('production_id', '=', production)
      .executeTakeFirst(),
  )
  expect(bag.bytes).toBeGreaterThan(4_000 * 512)
  expect(await recordsOf(after, 'request.production', request)).toHaveLength(1)
  // The folder in which it was written, and that of the killed process, are gone.
  expect(await until(async () => (await readdir(path.join(first.folder, 'productions'))).length === 0)).toBe(
    true,
  )
})

const entry = (words: string) => ({
  kind: 'comment.capture',
  subject: { kind: 'comment', id: newId() },
  by: { kind: 'system' } as const,
  content: { text: words },
  words,
})
const publicationOf = ({ db }: Installation, post: PostId) =>
  db.selectFrom('publication').selectAll().where('post', '=', post).executeTakeFirst()
const recordsOf = ({ db }: Installation, kind: string, subject: string) =>
  db.selectFrom('record').selectAll().where('kind', '=', kind).where('subject_id', '=', subject).execute()

/** What the town's account shows on its own server. */
async function wordsOn({ url, accounts }: TestPds): Promise<string[]> {
  const { data } = await new AtpAgent({ service: url }).com.atproto.repo.listRecords({
    repo: accounts[0]?.did ?? '',
    collection: 'app.bsky.feed.post',
  })
  return data.records.map(({ value }) => String(value.text))
}
