import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tarOf } from './tar.ts'

let work: string
beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'plainview-tar-'))
})
afterAll(() => rm(work, { recursive: true, force: true }))

const deep = `data/${'records-of-the-year-2026/'.repeat(5)}post.json`

async function bag(name: string, contents: Record<string, Buffer>) {
  for (const [file, content] of Object.entries(contents)) {
    await mkdir(path.dirname(path.join(work, name, file)), { recursive: true })
    await writeFile(path.join(work, name, file), content)
  }
  return path.join(work, name)
}

test('tar itself unpacks what was packed, long paths and empty files included', async () => {
  const contents = {
    'bagit.txt': Buffer.from('BagIt-Version: 1.0\n'),
    'data/empty': Buffer.alloc(0),
    'data/exactly-one-block': randomBytes(512),
    'data/picture é.bin': randomBytes(200_001),
    [deep]: Buffer.from('{}'),
  }
  const { bytes, stream } = await tarOf(await bag('source', contents), 'request-2026-0001')
  const archive = await buffer(stream)
  expect(archive.length).toBe(bytes)

  await writeFile(path.join(work, 'one.tar'), archive)
  await promisify(execFile)('tar', ['-xf', 'one.tar'], { cwd: work })
  for (const [file, content] of Object.entries(contents))
    expect((await readFile(path.join(work, 'request-2026-0001', file))).equals(content), file).toBe(true)
})

test('the same files give the same bytes whenever they were written', async () => {
  const contents = { 'b.txt': Buffer.from('b'), 'a/c.txt': Buffer.from('c') }
  const first = await bag('first', contents)
  const second = await bag('second', Object.fromEntries(Object.entries(contents).reverse()))
  await utimes(path.join(second, 'b.txt'), 1, 1)
  const digest = async (folder: string) =>
    createHash('sha256')
      .update(await buffer((await tarOf(folder, 'bag')).stream))
      .digest('hex')
  expect(await digest(first)).toBe(await digest(second))
})

test('a path that tar cannot hold is an error, not a shortened name', async () => {
  const folder = await bag('long', { [`data/${'x'.repeat(120)}`]: Buffer.from('x') })
  await expect(buffer((await tarOf(folder, 'bag')).stream)).rejects.toThrow(/too long/)
})
