import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { diskBlobs } from '../storage/disk-blobs.ts'
import { keepInParts, type Put } from './parts.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plainview-parts-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')

/** Puts each piece, and overwrites it afterwards, as a writer may who uses one buffer for all. */
const putting = (pieces: readonly Buffer[]) => async (put: Put) => {
  for (const piece of pieces) {
    const own = Buffer.from(piece)
    await put(own)
    own.fill(0)
  }
  return {}
}

test.each([
  ['one part', 2 ** 30, 1],
  ['several parts', 100_000, 4],
])('what is put comes back in order, kept as %s', async (_, limit, expected) => {
  const blobs = diskBlobs(path.join(folder, `kept-${limit}`))
  const pieces = [
    randomBytes(10),
    randomBytes(150_000),
    Buffer.alloc(0),
    randomBytes(70_000),
    randomBytes(99_999),
  ]
  const { parts, bytes, sha256: sum } = await keepInParts(blobs, putting(pieces), limit)
  expect(parts).toHaveLength(expected)
  const back = Buffer.concat(
    await Promise.all(parts.map(async (part) => buffer(await blobs.read(part.sha256)))),
  )
  expect(back.equals(Buffer.concat(pieces))).toBe(true)
  expect({ bytes, sum }).toEqual({ bytes: back.length, sum: sha256(back) })
})

test('a writer that fails leaves nothing of the part in progress', async () => {
  const place = path.join(folder, 'failed')
  // One piece is handed on and not taken yet; several were; nothing was.
  for (const bytes of [2_500_000, 5_000_000, 100]) {
    const failing = keepInParts(diskBlobs(place), async (put) => {
      await put(randomBytes(bytes))
      throw new Error('the database went away')
    })
    await expect(failing).rejects.toThrow('the database went away')
    expect(await readdir(place)).toEqual([])
  }
})

test('a store that fails ends the writing, whenever it does', async () => {
  for (const after of [0, 1, 2]) {
    const blobs = {
      ...diskBlobs(folder),
      async putStream(content: AsyncIterable<Uint8Array>): Promise<never> {
        let taken = 0
        for await (const _ of content) if (taken++ >= after) break
        throw new Error('no space left')
      },
    }
    await expect(keepInParts(blobs, putting(Array(8).fill(randomBytes(3_000_000))))).rejects.toThrow(
      'no space',
    )
  }
})
