import { expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { searchRecords, sequence, verifyLog } from '../archive/archive.ts'
import { readFiles } from '../archive/reading.job.ts'
import { listBlocks } from '../comments/block-store.ts'
import { createPlatforms } from '../platforms/platforms.ts'
import { fill } from './fill.ts'

test('the demonstration is filled by the steps that people take, and its log verifies', async () => {
  const here = await testInstallation()
  here.platforms = createPlatforms({ ...here, allowPrivate: false })
  await fill(here, { posts: 13, comments: 40 })
  const count = async (table: 'person' | 'own_post' | 'comment' | 'request') =>
    (await here.db.selectFrom(table).selectAll().execute()).length
  expect(await count('person')).toBe(10)
  expect(await count('own_post')).toBe(13)
  expect(await count('comment')).toBeGreaterThan(20)
  expect(await count('request')).toBe(4)
  const writers = await here.db
    .selectFrom('comment')
    .select(['author_name', 'author_remote_id'])
    .distinct()
    .execute()
  // One name is one person, whom moderators meet again.
  expect(writers).toHaveLength(new Set(writers.map((one) => one.author_name)).size)
  // One appeal waits for somebody who had no part in it, one was decided, and one block is in force.
  const appeals = await here.db
    .selectFrom('comment_appeal as a')
    .leftJoin('comment_appeal_decision as d', 'd.appeal', 'a.id')
    .select('d.outcome')
    .execute()
  expect(appeals.map(({ outcome }) => outcome).sort()).toEqual([null, 'reversed'])
  const { blocks } = await listBlocks(here.db, { state: 'running' })
  expect(blocks.map(({ author }) => author)).toEqual(['Prime Roof & Gutter'])
  // The notice in a picture says what its post does not.
  await readFiles(here)
  const found = await searchRecords(here.db, { words: 'shuttle seniors "Tri-River Utilities"' })
  expect(found.records.map(({ kind }) => kind)).toContain('post.publication')
  // What an archive of a page that is no more held, its private messages left where they were.
  const history = await searchRecords(here.db, { words: '"porch lights"' })
  expect(history.records).toHaveLength(1)
  const brought = await here.db.selectFrom('import').selectAll().executeTakeFirstOrThrow()
  expect(brought.finished_at).not.toBeNull()
  expect(brought.tally).toMatchObject({ added: { post: 24 } })
  expect(await here.db.selectFrom('hold').select('matter').execute()).toEqual([
    { matter: 'Delaney v. Town of Wexford Falls' },
  ])
  await sequence(here.db, here.logKey)
  expect(await verifyLog(here.db, here.logKey.verifier)).toMatchObject({ genuine: true, waiting: 0 })
})
