import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { history } from '../../test/history.ts'
import type { Who } from '../policy/policy.ts'
import { newId, type PageId } from '../storage/ids.ts'
import { importById } from './store.ts'
import { receiveUpload } from './upload.ts'

const { installation, rao, newPage } = await history()
const { db, folder } = installation
const page = await newPage()

const boundary = 'xxBOUNDARYxx'
const head = (page: string, name: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="page"\r\n\r\n${page}\r\n--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/zip\r\n\r\n`
const tail = `\r\n--${boundary}--\r\n`

/** A form as a browser sends it, in the pieces that it comes in; `breaks` ends it before its end. */
function sent(pieces: readonly (string | Uint8Array)[], { breaks = false } = {}) {
  let next = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces[next++]
      if (piece !== undefined) controller.enqueue(new Uint8Array(Buffer.from(piece as string)))
      else if (breaks) controller.error(new Error('aborted'))
      else controller.close()
    },
  })
  return new Request('http://localhost/console/imports/new', {
    method: 'POST',
    body,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    duplex: 'half',
  } as RequestInit)
}
const leftovers = () => readdir(path.join(folder, 'imports')).catch(() => [])

describe('an upload', () => {
  test('goes to the disk as it comes, and is on the list with its size and checksum', async () => {
    const pieces = Array.from({ length: 40 }, (_, n) => Buffer.alloc(50_000, n))
    const answer = await receiveUpload(
      installation,
      rao,
      sent([head(page, 'C:\\Users\\ruth\\export 2024.zip'), ...pieces, tail]),
    )
    if (!('done' in answer)) expect.fail(JSON.stringify(answer))
    const found = await importById(db, answer.done)
    const whole = Buffer.concat(pieces)
    expect(found).toMatchObject({
      fileName: 'export 2024.zip',
      bytes: 2_000_000,
      sha256: createHash('sha256').update(whole).digest('hex'),
      state: 'waiting',
      uploaded: true,
    })
    expect((await readFile(found?.place ?? '')).equals(whole)).toBe(true)
    expect(installation.jobs.enqueued).toMatchObject([{ queue: 'import.run', data: { import: answer.done } }])
  })

  test.each<[string, () => Request, object]>([
    [
      'breaks off',
      () => sent([head(page, 'a.zip'), 'PK'.repeat(9000)], { breaks: true }),
      { problems: { form: expect.stringMatching(/broke off/) } },
    ],
    [
      'ends without its last line',
      () => sent([head(page, 'a.zip'), 'PK']),
      { problems: { form: expect.stringMatching(/broke off/) } },
    ],
    [
      'is empty',
      () => sent([head(page, 'a.zip'), tail]),
      { problems: { file: expect.stringMatching(/empty/) } },
    ],
    [
      'holds no file',
      () => sent([head(page, ''), tail]),
      { problems: { file: expect.stringMatching(/Choose the file/) } },
    ],
    [
      'names no page',
      () => sent([head('', 'a.zip'), 'PK', tail]),
      { problems: { page: expect.stringMatching(/Choose the page/) } },
    ],
    [
      'names a page that nobody registered',
      () => sent([head(newId<'page'>(), 'a.zip'), 'PK', tail]),
      { denied: { rules: ['import-to-registered-pages'] } },
    ],
    [
      'is no form',
      () => new Request('http://localhost/', { method: 'POST', body: 'x' }),
      { problems: { file: expect.any(String) } },
    ],
  ])('that %s leaves nothing behind', async (_, request, answer) => {
    const before = await leftovers()
    expect(await receiveUpload(installation, rao, request())).toMatchObject(answer)
    expect(await leftovers()).toEqual(before)
  })

  test('that would fill the disk is not begun', async () => {
    const crowded = { ...installation, blobs: { ...installation.blobs, room: async () => 1000 } }
    const request = sent([head(page, 'a.zip'), 'PK', tail])
    request.headers.set('content-length', '5000')
    expect(await receiveUpload(crowded, rao, request)).toMatchObject({
      problems: { file: expect.stringMatching(/not enough room/) },
    })
  })

  test('of somebody whom the policy does not let import is not kept', async () => {
    const before = await leftovers()
    const author: Who = { ...rao, roles: ['author'] } as Who
    const answer = await receiveUpload(
      installation,
      author,
      sent([head(page as PageId, 'a.zip'), 'PK', tail]),
    )
    expect(answer).toMatchObject({ denied: { action: 'import.start' } })
    expect(await leftovers()).toEqual(before)
  })
})
