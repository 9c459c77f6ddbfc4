import { execFileSync } from 'node:child_process'
import { open, rm, statfs } from 'node:fs/promises'
import path from 'node:path'
import { AtpAgent } from '@atproto/api'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { fateOf } from '../../src/posts/fate.ts'
import { publishNow } from '../../src/posts/posts.ts'
import { startPds, type TestPds } from '../pds.ts'
import { beside, cli, dataFolder, killDatabase, startPlainview, until } from '../plainview.ts'
import { done, settle } from '../town.ts'

/* A small disk of its own, which fills up while Plainview runs on it. */

vi.setConfig({ testTimeout: 300_000 })

/** A folder on a disk of `megabytes`, or why there can be none. */
async function smallDisk(megabytes: number): Promise<{ folder: string } | { because: string }> {
  const folder = await dataFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    return {
      because: `no disk can be mounted here (${String((error as Error).message)
        .split('\n')
        .at(-1)})`,
    }
  }
  onTestFinished(async () => {
    await killDatabase(folder)
    execFileSync('umount', ['--lazy', folder])
  })
  return { folder }
}

/** Fills the disk until about `left` bytes are free. */
async function fill(folder: string, left: number) {
  const file = await open(path.join(folder, 'ballast'), 'a')
  try {
    for (;;) {
      const { bavail, bsize } = await statfs(folder)
      const room = bavail * bsize - left
      if (room <= 0) return
      await file.write(Buffer.alloc(Math.min(room, 1_000_000)))
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    await file.close()
  }
}

let pds: TestPds
beforeAll(async () => {
  pds = await startPds()
})
afterAll(() => pds?.stop())

test('publishing stops with a clear word, nothing goes out unrecorded, and it goes on when there is room', async (context) => {
  const disk = await smallDisk(320)
  if ('because' in disk) return context.skip(`Skipped: ${disk.because}.`)
  const { folder } = disk
  const plainview = await startPlainview({ folder, env: { PLAINVIEW_ALLOW_PRIVATE_NETWORK: 'true' } })
  const here = await beside(plainview)
  const [account] = pds.accounts
  const town = await settle(here, 'bluesky', {
    service: pds.url,
    handle: account?.handle ?? '',
    password: account?.password ?? '',
  })
  const there = async () => {
    const { data } = await new AtpAgent({ service: pds.url }).com.atproto.repo.listRecords({
      repo: account?.did ?? '',
      collection: 'app.bsky.feed.post',
    })
    return data.records.map(({ value }) => String(value.text).split('\n')[0]).sort()
  }
  const health = async () => (await fetch(`${plainview.url}/health`)).json()
  const [first, second] = [
    await town.approved('The first notice.'),
    await town.approved('The second notice.'),
  ]

  // Only what is left for the database.
  await fill(folder, 40_000_000)
  expect(await health()).toMatchObject({
    status: 'failing',
    database: 'ok',
    disk: expect.stringMatching(/^full/),
  })
  done(await publishNow(here, town.chief, first.id, first.version))
  const fate = async () => (await fateOf(here.db, first.id))[0]?.words ?? ''
  expect(await until(async () => /disk/.test(await fate()) && fate())).toBe(
    'Not there yet: The disk is full, so publishing stopped. Nothing is lost: make room, and it goes on by itself. It is tried again.',
  )
  expect(await there()).toEqual([])

  // Not even that: the database itself can't write.
  await fill(folder, 0)
  const order = await publishNow(here, town.chief, second.id, second.version).then(
    () => 'taken',
    () => 'refused',
  )
  expect(await there()).toEqual([])

  await rm(path.join(folder, 'ballast'))
  // The database is started again if it had to end; what was ordered goes on.
  await until(async () => (await health().catch(() => null))?.database === 'ok')
  if (order === 'refused') done(await publishNow(here, town.chief, second.id, second.version))
  await until(async () => (await there()).length === 2)
  await until(async () => (await fateOf(here.db, second.id).catch(() => []))[0]?.words === 'Published.')
  await until(async () => (await fate()) === 'Published.')
  expect(await there()).toEqual(['The first notice.', 'The second notice.'])
  await until(async () => (await health()).status === 'ok')
  const published = await here.db
    .selectFrom('record')
    .select('id')
    .where('kind', '=', 'post.publication')
    .execute()
  expect(published).toHaveLength(2)
  expect((await cli(folder, 'log', 'verify')).code).toBe(0)
})
