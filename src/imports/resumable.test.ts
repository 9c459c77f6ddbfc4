import { createHash } from 'node:crypto'
import { appendFile, readdir, readFile, truncate } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { history } from '../../test/history.ts'
import { limitsOf } from '../platforms/histories.ts'
import type { Who } from '../policy/policy.ts'
import { type ImportId, newId } from '../storage/ids.ts'
import { runImport } from './import.job.ts'
import {
  beginUpload,
  discardUpload,
  importUpload,
  keptFor,
  receivePiece,
  removeForgotten,
  uploadState,
} from './resumable.ts'
import { importById } from './store.ts'
import { takeUpload, uploads } from './upload-store.ts'
import { folderOf, removeLeftovers } from './workplace.ts'

let now = new Date('2026-03-02T15:00:00Z')
const { rao, newPage, ...here } = await history()
const installation = { ...here.installation, now: () => now }
const { db, folder } = installation
const author: Who = { ...rao, roles: ['author'] } as Who
const page = await newPage()

afterEach(async () => {
  now = new Date('2026-03-02T15:00:00Z')
  for (const { id } of await uploads(db)) await discardUpload(installation, rao, id)
})

const file = (bytes = 300_000) => Buffer.from(Array.from({ length: bytes }, (_, n) => (n * 31) % 251))
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex')

async function begun(bytes: number, by: Who = rao): Promise<ImportId> {
  const answer = await beginUpload(installation, by, {
    page,
    fileName: 'C:\\history\\export.zip',
    bytes,
    modified: null,
  })
  if (!('done' in answer)) throw new Error(JSON.stringify(answer))
  return answer.done
}
/** A piece of a file as it comes over the line, which may break at its end. */
async function* line(content: Buffer, from: number, to: number, { breaks = false } = {}) {
  for (let at = from; at < to; at += 1000) yield content.subarray(at, Math.min(at + 1000, to))
  if (breaks) throw new Error('the line is dead')
}
const send = (id: ImportId, content: Buffer, from: number, to = content.length, how?: { breaks: boolean }) =>
  receivePiece(installation, rao, id, { offset: from, body: line(content, from, to, how) })
const arrived = (id: ImportId) => readFile(path.join(folderOf(installation, id), 'upload'))

describe('an upload in pieces', () => {
  test('goes on where the line broke, and is imported with the checksum of the whole', async () => {
    const content = file()
    const id = await begun(content.length)
    expect(await send(id, content, 0, 120_500, { breaks: true })).toEqual({ received: 120_500 })
    expect(await uploadState(installation, id)).toMatchObject({ fileName: 'export.zip', received: 120_500 })
    expect(await importUpload(installation, rao, id, sha256(content))).toMatchObject({
      problems: { form: expect.stringMatching(/Not all of the file/) },
    })
    expect(await send(id, content, 120_500)).toEqual({ received: content.length })
    // The answer can get lost, and is asked for again.
    const twice = [
      await importUpload(installation, rao, id, sha256(content)),
      await importUpload(installation, rao, id, sha256(content)),
    ]
    expect(twice).toEqual([{ done: id }, { done: id }])
    expect(await importById(db, id)).toMatchObject({
      bytes: content.length,
      sha256: sha256(content),
      state: 'waiting',
    })
    expect((await arrived(id)).equals(content)).toBe(true)
    expect(await uploads(db)).toEqual([])
  })

  test('that is not the file whose checksum the browser made is refused before anything is read', async () => {
    const content = file(5000)
    const id = await begun(content.length)
    await send(id, content, 0, 2000)
    await send(id, Buffer.from(content.map((byte) => byte ^ 1)), 2000)
    await importUpload(installation, rao, id, sha256(content))
    await runImport(installation, id, { batch: 10, turn: 60_000, limits: limitsOf({ file: 1, total: 1 }) })
    expect(await importById(db, id)).toMatchObject({
      state: 'refused',
      refusedBecause: expect.stringMatching(/checksum is another/),
    })
  })

  test('however it is cut and wherever it breaks, arrives as it was', async () => {
    const content = file(20_000)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ length: fc.integer({ min: 0, max: 9000 }), breaks: fc.boolean() }), {
          maxLength: 8,
        }),
        async (pieces) => {
          const id = await begun(content.length)
          for (const { length, breaks } of pieces) {
            const at = (await uploadState(installation, id))?.received ?? 0
            await send(id, content, at, Math.min(at + length, content.length), { breaks })
          }
          const at = (await uploadState(installation, id))?.received ?? 0
          await send(id, content, at)
          expect((await arrived(id)).equals(content)).toBe(true)
          await discardUpload(installation, rao, id)
        },
      ),
      { numRuns: 20 },
    )
  })

  test('after a power cut counts only what was written out, and has no hole', async () => {
    const content = file()
    const id = await begun(content.length)
    await send(id, content, 0, 100_000)
    // The process died in the middle of the next piece, of which garbage is left.
    await appendFile(path.join(folderOf(installation, id), 'upload'), Buffer.alloc(70_000, 0xee))
    expect(await uploadState(installation, id)).toMatchObject({ received: 100_000 })
    // Or the disk lost some of what it had.
    await truncate(path.join(folderOf(installation, id), 'upload'), 90_000)
    expect(await uploadState(installation, id)).toMatchObject({ received: 90_000 })
    expect(await send(id, content, 100_000)).toEqual({ problem: 'elsewhere' })
    expect(await send(id, content, 90_000)).toEqual({ received: content.length })
    expect((await arrived(id)).equals(content)).toBe(true)
  })

  test('is written to by one request at a time, and by the next when the first has lost its line', async () => {
    const content = file(5000)
    const id = await begun(content.length)
    await takeUpload(db, id, { by: newId(), now, until: new Date(now.getTime() + 30_000) })
    expect(await send(id, content, 0)).toEqual({ problem: 'taken' })
    now = new Date(now.getTime() + 31_000)
    expect(await send(id, content, 0)).toEqual({ received: 5000 })
  })

  test('does not grow beyond its length, nor go on at a place that was not reached', async () => {
    const content = file(5000)
    const id = await begun(3000)
    expect(await send(id, content, 100)).toEqual({ problem: 'elsewhere' })
    expect(await send(id, content, Number.NaN)).toEqual({ problem: 'elsewhere' })
    expect(await send(id, content, 0)).toEqual({ problem: 'too long' })
    expect((await arrived(id)).length).toBeLessThanOrEqual(3000)
    expect(await send(newId<'import'>(), content, 0)).toEqual({ problem: 'gone' })
  })
})

describe('who may', () => {
  test('an author neither begins, continues, imports nor discards one; the refusals are on record', async () => {
    const content = file(1000)
    const id = await begun(content.length)
    const announced = { page, fileName: 'a.zip', bytes: 10, modified: null }
    expect(await beginUpload(installation, author, announced)).toMatchObject({
      denied: { action: 'import.start' },
    })
    const body = line(content, 0, 1000)
    expect(await receivePiece(installation, author, id, { offset: 0, body })).toMatchObject({
      denied: { action: 'import.start' },
    })
    await send(id, content, 0)
    expect(await importUpload(installation, author, id, sha256(content))).toHaveProperty('denied')
    expect(await discardUpload(installation, author, id)).toMatchObject({
      denied: { action: 'import.cancel' },
    })
    const refusals = await db
      .selectFrom('record')
      .select('kind')
      .where('kind', '=', 'decision.refusal')
      .execute()
    expect(refusals).toHaveLength(3)
    expect(await importUpload(installation, rao, id, sha256(content))).toEqual({ done: id })
  })

  test.each([
    ['no page', { page: null }, { page: expect.stringMatching(/Choose the page/) }],
    ['no name', { fileName: '' }, { file: expect.stringMatching(/Choose the file/) }],
    ['nothing in it', { bytes: 0 }, { file: expect.stringMatching(/empty/) }],
    ['no length', { bytes: Number.NaN }, { file: expect.stringMatching(/how large/) }],
  ])('a file with %s gets a sentence', async (_, wrong, problems) => {
    const announced = { page, fileName: 'a.zip', bytes: 10, modified: null, ...wrong }
    expect(await beginUpload(installation, rao, announced)).toEqual({ problems })
  })
})

describe('the disk', () => {
  test('has room for what is still to come of all uploads, or the next one is not begun', async () => {
    const small = { ...installation, blobs: { ...installation.blobs, room: async () => 10_000 } }
    const announced = { page, fileName: 'a.zip', bytes: 6000, modified: null }
    expect(await beginUpload(small, rao, announced)).toHaveProperty('done')
    expect(await beginUpload(small, rao, announced)).toEqual({
      problems: { file: expect.stringMatching(/not enough room/) },
    })
  })

  test('keeps an unfinished upload for a week after its last piece, over a restart as well, and then gives the room back', async () => {
    const content = file(5000)
    const [old, fresh] = [await begun(5000), await begun(5000)]
    await send(old, content, 0, 1000)
    now = new Date(now.getTime() + keptFor - 1000)
    await send(fresh, content, 0, 1000)
    await removeLeftovers(installation)
    await removeForgotten(installation)
    expect((await readdir(path.join(folder, 'imports'))).sort()).toEqual(
      expect.arrayContaining([old, fresh].sort()),
    )
    now = new Date(now.getTime() + 2000)
    await removeForgotten(installation)
    expect((await uploads(db)).map(({ id }) => id)).toEqual([fresh])
    expect(await readdir(path.join(folder, 'imports'))).not.toContain(old)
    expect(await send(old, content, 1000)).toEqual({ problem: 'gone' })
  })

  test('holds twenty unfinished uploads at most', async () => {
    const announced = { page, fileName: 'a.zip', bytes: 10, modified: null }
    const answers = await Promise.all(
      Array.from({ length: 23 }, () => beginUpload(installation, rao, announced)),
    )
    expect(answers.filter((one) => 'done' in one)).toHaveLength(20)
    expect(answers.find((one) => 'problems' in one)).toEqual({
      problems: { form: expect.stringMatching(/20 uploads are unfinished/) },
    })
  })
})
