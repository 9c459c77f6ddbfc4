import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as exports from '../../test/exports.ts'
import { history } from '../../test/history.ts'
import { readRecord, searchRecords } from '../archive/archive.ts'
import { readFiles } from '../archive/reading.job.ts'
import { limitsOf } from '../platforms/histories.ts'
import type { Who } from '../policy/policy.ts'
import { type ImportId, newId, type PageId } from '../storage/ids.ts'
import { type Pace, runImport } from './import.job.ts'
import { registerImportJobs } from './imports.ts'
import { cancelImport, importQueue, newImportId, startImport } from './starting.ts'
import { importById, longestList, remarkCounts, remarksOf, sweep, takeLease } from './store.ts'
import { folderOf } from './workplace.ts'

const { installation, rao, newPage } = await history()
const { db } = installation

beforeAll(() => registerImportJobs(installation, { file: 1, total: 2 }))
afterEach(() => {
  installation.jobs.enqueued.length = 0
})

/** An upload that arrived: the file lies in the import's own folder. */
async function brought(page: PageId, content: Uint8Array, who: Who = rao): Promise<ImportId> {
  const id = newImportId()
  const place = path.join(folderOf(installation, id), 'file')
  await mkdir(path.dirname(place), { recursive: true })
  await writeFile(place, content)
  const answer = await startImport(installation, who, {
    id,
    page,
    fileName: 'export.zip',
    place,
    uploaded: true,
    bytes: content.length,
    sha256: null,
  })
  if (!('done' in answer)) throw new Error(JSON.stringify(answer))
  return id
}

const limits = limitsOf({ file: 1, total: 2 })
const steady: Pace = { limits, batch: 3, turn: 600_000 }

async function imported(page: PageId, content: Uint8Array, pace: Pace = steady) {
  const id = await brought(page, content)
  await runImport(installation, id, pace)
  return (await importById(db, id)) ?? expect.fail('The import is gone.')
}

/** What the archive holds of a page's history: what it is about, and what it says. */
async function archived(page: PageId) {
  const rows = await db
    .selectFrom('record')
    .select(['kind', 'json', 'id'])
    .where('page', '=', page)
    .where('kind', 'in', ['import.post', 'import.comment', 'import.capture'])
    .orderBy('id')
    .execute()
  return rows.map(({ kind, json }) => {
    const { content, blobs } = JSON.parse(json ?? '')
    return `${kind} ${content.remoteId} ${content.text} ${blobs.map((blob: { sha256: string }) => blob.sha256.slice(0, 8))}`
  })
}

const tweets = (from: number, to: number, text = 'Post') =>
  Array.from({ length: to - from }, (_, n) => ({
    id: String(from + n),
    text: `${text} ${from + n}`,
    ...((from + n) % 3 === 0 ? { media: `m${from + n}.jpg` } : {}),
  }))

describe('an import', () => {
  test('makes a record of each post, with its files, its time and where it came from', async () => {
    const page = await newPage()
    const done = await imported(page, exports.xArchive([{ id: '77', text: 'Bridge closed', media: 'B.jpg' }]))
    expect(done).toMatchObject({
      state: 'finished',
      what: 'X (Twitter) archive of @MillbrookPD',
      tally: {
        added: { post: 1, comment: 0, capture: 0 },
        changed: 0,
        known: 0,
        media: { kept: 1, missing: 0 },
      },
      firstPosted: new Date('2018-10-10T20:19:24Z'),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const [line] = (await searchRecords(db, { page, kind: 'import.post' })).records
    const record = await readRecord(db, line?.id ?? expect.fail())
    expect(record).toMatchObject({
      by: rao,
      decision: { allowed: true, action: 'import.start' },
      words: 'Bridge closed',
      content: {
        import: done.id,
        from: 'x',
        remoteId: '77',
        postedAt: '2018-10-10T20:19:24.000Z',
        original: { id_str: '77' },
      },
      blobs: [{ role: 'image', mediaType: 'image/jpeg' }],
    })
    expect(await installation.blobs.bytes(record?.blobs[0]?.sha256 ?? '')).toEqual(exports.picture('B.jpg'))
  })

  test('of a film is found by what its captions say', async () => {
    const page = await newPage()
    const said = '1\n00:00:01,000 --> 00:00:02,000\nThread the chain through both wheels.\n'
    await imported(page, exports.youtubeExport(said))
    await readFiles(installation)
    const found = (await searchRecords(db, { page, words: '"through both wheels"' })).records
    expect(found).toMatchObject([{ kind: 'import.post', words: expect.stringMatching(/^Lock it: bikes/) }])
  })

  test('is found by the day it was posted, and by the day it was imported', async () => {
    const page = await newPage()
    await imported(page, exports.xArchive(tweets(1, 40)), { ...steady, batch: 50 })
    const between = (from: string, to: string) => ({
      page,
      kind: 'import.post',
      from: new Date(from),
      to: new Date(to),
    })
    const posted = between('2018-10-10T00:00:00Z', '2018-10-11T00:00:00Z')
    const first = await searchRecords(db, { ...posted, limit: 25 })
    const rest = await searchRecords(db, { ...posted, limit: 25, after: first.next ?? '' })
    expect(new Set([...first.records, ...rest.records].map(({ id }) => id)).size).toBe(39)
    expect(rest.next).toBeNull()
    expect(first.records[0]?.postedAt).toEqual(new Date('2018-10-10T20:19:24Z'))
    expect(
      (await searchRecords(db, between('2018-10-11T00:00:00Z', '2018-10-12T00:00:00Z'))).records,
    ).toEqual([])
    const now = Date.now()
    const today = {
      page,
      kind: 'import.post',
      from: new Date(now - 3_600_000),
      to: new Date(now + 3_600_000),
      limit: 100,
    }
    expect((await searchRecords(db, today)).records).toHaveLength(39)
  })

  test('of the same file again adds nothing; a newer export adds what is new and what was changed', async () => {
    const page = await newPage()
    const older = exports.xArchive(tweets(0, 8))
    await imported(page, older)
    const before = await archived(page)
    expect((await imported(page, older)).tally).toMatchObject({ added: { post: 0 }, changed: 0, known: 8 })
    expect(await archived(page)).toEqual(before)

    const newer = tweets(4, 12).map((tweet) => ({
      ...tweet,
      likes: 99,
      ...(tweet.id === '5' ? { text: 'Corrected' } : {}),
    }))
    const done = await imported(page, exports.xArchive(newer))
    expect(done.tally).toMatchObject({ added: { post: 4 }, changed: 1, known: 3 })
    expect(await archived(page)).toHaveLength(8 + 4 + 1)

    const { records } = await searchRecords(db, { page, words: 'corrected' })
    const changed = await readRecord(db, records[0]?.id ?? expect.fail())
    const first = await readRecord(db, changed?.content.earlierVersion as never)
    expect(first).toMatchObject({ words: 'Post 5', subject: changed?.subject })
  })

  test('of one account into two pages makes a history for each', async () => {
    const content = exports.xArchive(tweets(0, 3))
    const [one, other] = [await newPage(), await newPage()]
    await imported(one, content)
    expect((await imported(other, content)).tally.added.post).toBe(3)
  })

  test('tells what it did not take over, one by one and in numbers', async () => {
    const page = await newPage()
    const items = Array.from(
      { length: longestList + 20 },
      (_, n) => `<item><wp:post_id>${n + 100}</wp:post_id><wp:post_type>nav_menu_item</wp:post_type></item>`,
    ).join('\n')
    const done = await imported(page, Buffer.from(exports.wxr(items)), { ...steady, batch: 300 })
    expect(done).toMatchObject({
      state: 'finished',
      remarks: longestList + 21,
      tally: { added: { post: 1, comment: 1 } },
    })
    expect(await remarksOf(db, done.id)).toHaveLength(longestList)
    expect(await remarkCounts(db, done.id)).toEqual([
      { because: expect.stringContaining('nav_menu_item'), count: longestList + 20 },
      { because: 'A draft was never published.', count: 1 },
    ])
    expect((await remarksOf(db, done.id))[0]).toMatchObject({ file: 'export.zip', at: 'line 18' })
  })

  test('leaves nothing of an upload behind when it ends', async () => {
    const done = await imported(await newPage(), Buffer.from(await exports.mastodonTar()))
    expect(done.state).toBe('finished')
    await expect(readdir(folderOf(installation, done.id))).rejects.toThrow('ENOENT')
  })
})

describe('an import that is cut off', () => {
  test('at any batch, or within one, goes on and ends with the records of one that was not', async () => {
    const content = exports.xArchive(tweets(0, 20), [
      {
        name: 'data/deleted-tweets.js',
        content: exports.tweetsJs(tweets(30, 35)).replace('tweets.part0', 'deleted_tweets.part0'),
      },
    ])
    const whole = await newPage()
    await imported(whole, content)
    const expected = await archived(whole)
    expect(expected).toHaveLength(25)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ batches: fc.nat(5), files: fc.nat(6) }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        async (cuts, batch) => {
          const page = await newPage()
          const id = await brought(page, content)
          for (const cut of cuts) await dies(id, cut, batch)
          await runImport(installation, id, { ...steady, batch })
          expect(await importById(db, id)).toMatchObject({
            state: 'finished',
            tally: { added: { post: 25 }, known: 0 },
          })
          expect(await archived(page)).toEqual(expected)
        },
      ),
      { numRuns: 10 },
    )
  })

  /** Runs until so many batches are committed, or so many files kept, and dies there. */
  async function dies(id: ImportId, cut: { batches: number; files: number }, batch: number) {
    let { batches, files } = cut
    const { putStream } = installation.blobs
    const mortal = {
      ...installation,
      blobs: {
        ...installation.blobs,
        putStream: async (...given: Parameters<typeof putStream>) => {
          if (files-- === 0) throw new Error('killed')
          return putStream(...given)
        },
      },
    }
    const onBatch = () => {
      if (batches-- === 0) throw new Error('killed')
    }
    await runImport(mortal, id, { ...steady, batch, onBatch }).catch((error) => {
      if (error.message !== 'killed') throw error
    })
  }

  test('by the end of its turn is continued by the next job', async () => {
    const page = await newPage()
    const id = await brought(page, exports.xArchive(tweets(0, 10)))
    installation.jobs.enqueued.length = 0
    await runImport(installation, id, { ...steady, batch: 4, turn: 0 })
    expect(await importById(db, id)).toMatchObject({ state: 'running', position: { part: 0, seen: 4 } })
    expect(installation.jobs.enqueued).toMatchObject([{ queue: importQueue, data: { import: id } }])
    await installation.jobs.run(importQueue)
    expect((await importById(db, id))?.state).toBe('finished')
  })

  test('by the death of its process is found, and put into the queue once in a while', async () => {
    const id = await brought(await newPage(), exports.xArchive(tweets(0, 3)))
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000)
    const swept = async (minutes: number) =>
      (await db.transaction().execute((tx) => sweep(tx, at(minutes)))).includes(id)
    await takeLease(db, id, at(0), at(2))
    expect(await swept(1)).toBe(false)
    expect(await swept(3)).toBe(true)
    expect(await swept(4)).toBe(false)
    expect(await swept(14)).toBe(true)
    await takeLease(db, id, at(15), at(17))
    expect(await swept(18)).toBe(true)
    expect(await swept(19)).toBe(false)
    await db.updateTable('import').set({ lease_until: null }).where('id', '=', id).execute()
    await runImport(installation, id, steady)
    expect(await swept(60)).toBe(false)
  })

  test('is not worked on by two processes at once', async () => {
    const page = await newPage()
    const id = await brought(page, exports.xArchive(tweets(0, 10)))
    await Promise.all([1, 2, 3].map(() => runImport(installation, id, steady)))
    await runImport(installation, id, steady)
    expect(await archived(page)).toHaveLength(10)
  })

  test('with another import of the same posts beside it makes none of them twice', async () => {
    const page = await newPage()
    const ids = [
      await brought(page, exports.xArchive(tweets(0, 12))),
      await brought(page, exports.xArchive(tweets(6, 18))),
    ]
    await Promise.all(ids.map((id) => runImport(installation, id, steady)))
    expect(await archived(page)).toHaveLength(18)
    expect(new Set(await archived(page)).size).toBe(18)
  })

  test('by damage in the middle keeps what was read before and says so', async () => {
    const page = await newPage()
    const text = exports.tweetsJs(tweets(0, 10))
    const done = await imported(
      page,
      exports.zip([{ name: 'data/tweets.js', content: text.slice(0, text.length - 700) }]),
    )
    expect(done).toMatchObject({
      state: 'refused',
      refusedBecause: expect.stringMatching(/“data\/tweets.js” ends in the middle/),
    })
    expect(done.tally.added.post).toBeGreaterThan(0)
    expect(await archived(page)).toHaveLength(done.tally.added.post)
    const record = (await searchRecords(db, { page, kind: 'import.refusal' })).records[0]
    expect(record?.words).toContain('ends in the middle')
  })

  test('by a change of its file is refused', async () => {
    const page = await newPage()
    const id = await brought(page, exports.xArchive(tweets(0, 10)))
    await runImport(installation, id, { ...steady, batch: 4, turn: 0 })
    await writeFile((await importById(db, id))?.place ?? '', exports.xArchive(tweets(0, 11)))
    await runImport(installation, id, steady)
    expect(await importById(db, id)).toMatchObject({
      state: 'refused',
      refusedBecause: expect.stringMatching(/was changed/),
    })
  })
})

describe('who may', () => {
  const member: Who = {
    kind: 'person',
    id: newId<'person'>(),
    name: 'Lee Park',
    roles: ['author'],
    designee: false,
  }

  test('an author does not import history', async () => {
    const answer = await startImport(installation, member, {
      id: newImportId(),
      page: await newPage(),
      fileName: 'x',
      place: '/nowhere',
      uploaded: false,
      bytes: 0,
      sha256: null,
    })
    expect(answer).toMatchObject({ denied: { because: expect.stringMatching(/records access officer/) } })
  })

  test('nobody imports to a page that is not on the register', async () => {
    const answer = await startImport(installation, rao, {
      id: newImportId(),
      page: newId<'page'>(),
      fileName: 'x',
      place: '/nowhere',
      uploaded: false,
      bytes: 0,
      sha256: null,
    })
    expect(answer).toMatchObject({
      denied: {
        rules: ['import-to-registered-pages'],
        wayForward: expect.stringMatching(/Register the page/),
      },
    })
  })

  test('a cancelled import stops at its next step and keeps what it made', async () => {
    const page = await newPage()
    const id = await brought(page, exports.xArchive(tweets(0, 10)))
    await runImport(installation, id, { ...steady, batch: 4, turn: 0 })
    expect(await cancelImport(installation, member, id)).toMatchObject({
      denied: { action: 'import.cancel' },
    })
    expect(await cancelImport(installation, rao, id)).toEqual({ done: id })
    await runImport(installation, id, steady)
    expect(await importById(db, id)).toMatchObject({ state: 'cancelled', tally: { added: { post: 4 } } })
    expect(await archived(page)).toHaveLength(4)
    expect(await cancelImport(installation, rao, id)).toMatchObject({
      problems: { form: expect.stringMatching(/ended already/) },
    })
  })
})
