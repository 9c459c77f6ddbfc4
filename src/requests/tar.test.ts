import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tarTo } from './tar.ts'

let work: string
beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'plainview-tar-'))
})
afterAll(() => rm(work, { recursive: true, force: true }))

async function tarOf(contents: Record<string, Buffer>, asStream: (file: string) => boolean = () => false) {
  const pieces: Buffer[] = []
  const tar = tarTo('request-2026-0001', (piece) => {
    pieces.push(Buffer.from(piece))
  })
  for (const [file, content] of Object.entries(contents))
    await tar.add(
      file,
      asStream(file) ? { bytes: content.length, stream: Readable.from([content]) } : content,
    )
  await tar.end()
  return Buffer.concat(pieces)
}

test('tar itself unpacks what was packed, long paths, empty files and streams included', async () => {
  const contents = {
    'bagit.txt': Buffer.from('BagIt-Version: 1.0\n'),
    'data/empty': Buffer.alloc(0),
    'data/exactly-one-block': randomBytes(512),
    'data/picture é.bin': randomBytes(200_001),
    'data/stream.bin': randomBytes(70_001),
    [`data/${'records-of-the-year-2026/'.repeat(5)}post.json`]: Buffer.from('{}'),
  }
  await writeFile(path.join(work, 'one.tar'), await tarOf(contents, (file) => file === 'data/stream.bin'))
  await promisify(execFile)('tar', ['-xf', 'one.tar'], { cwd: work })
  for (const [file, content] of Object.entries(contents))
    expect((await readFile(path.join(work, 'request-2026-0001', file))).equals(content), file).toBe(true)
})

test('the same files give the same bytes', async () => {
  const contents = { 'b.txt': Buffer.from('b'), 'a/c.txt': randomBytes(3000) }
  expect((await tarOf(contents, () => true)).equals(await tarOf(contents))).toBe(true)
})

test('a path that tar cannot hold is an error, not a shortened name', async () => {
  await expect(tarOf({ [`data/${'x'.repeat(120)}`]: Buffer.from('x') })).rejects.toThrow(/too long/)
})

test('a file that is not as long as it was announced is an error, not a broken archive', async () => {
  const tar = tarTo('bag', () => {})
  const content = { bytes: 5, stream: Readable.from([Buffer.from('four')]) }
  await expect(tar.add('data/file', content)).rejects.toThrow(/has 4 bytes, and not the 5/)
})
