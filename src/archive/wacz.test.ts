import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { sequence } from './log.ts'
import { append } from './record.ts'
import { recordProof } from './record-proof.ts'
import { verifyWacz } from './verify-wacz.ts'
import { warcOnDisk, writeWacz } from './wacz.ts'
import { writeIndex } from './wacz-index.ts'
import { withProof } from './wacz-proof.ts'
import { type WarcEntry, writeWarc } from './warc.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plainview-wacz-'))
  await writeFile(path.join(folder, 'data.warc.gz'), writeWarc([info, ...['a', 'b'].map(exchange)]))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const at = new Date('2026-11-25T12:00:00Z')
const info: WarcEntry = {
  type: 'warcinfo',
  id: '00000000-0000-4000-8000-000000000000',
  at,
  info: { software: 'a test' },
}
const exchange = (name: string, n: number): WarcEntry => ({
  type: 'exchange',
  id: `00000000-0000-4000-8000-00000000001${n}`,
  requestId: `00000000-0000-4000-8000-00000000002${n}`,
  at,
  url: `https://example.org/${name}`,
  request: { line: `GET /${name} HTTP/1.1`, headers: [['Host', 'example.org']], body: Buffer.alloc(0) },
  response: { line: 'HTTP/1.1 200 OK', headers: [['Content-Type', 'text/html']], body: Buffer.from(name) },
})
const written = async (name: string) => {
  const file = path.join(folder, name)
  const { datapackage } = await writeWacz(file, {
    title: 'A page',
    description: 'As it was seen',
    created: at,
    main: { url: 'https://example.org/a', at },
    warcs: [warcOnDisk('data.warc.gz', path.join(folder, 'data.warc.gz'))],
    pages: [{ id: '1', url: 'https://example.org/a', at, title: 'A page', text: 'a' }],
  })
  return { file, datapackage }
}

test('the same content gives the same bytes, in whatever time zone', async () => {
  const first = await written('first.wacz')
  const zone = process.env.TZ
  process.env.TZ = 'Pacific/Auckland'
  const second = await written('second.wacz')
  process.env.TZ = zone ?? ''
  if (zone === undefined) delete process.env.TZ
  expect((await readFile(second.file)).equals(await readFile(first.file))).toBe(true)
  expect(await verifyWacz(first.file, null)).toMatchObject({ genuine: true, title: 'A page', files: 3 })
})

test('an index lists every answer by the bytes of its key, in one file while it is small', () => {
  const [only, ...more] = [...writeIndex(['org,example)/b 2026 {}\n', 'org,example)/B 2026 {}\n'])]
  expect(more).toEqual([])
  expect(only).toEqual({
    path: 'indexes/index.cdx',
    content: Buffer.from('org,example)/B 2026 {}\norg,example)/b 2026 {}\n'),
  })
})

test('a large index is packed in blocks, and a list says where each begins and what its sum is', () => {
  const lines = Array.from(
    { length: 7_000 },
    (_, n) => `org,example)/${String(n).padStart(5, '0')} 2026 {}\n`,
  )
  const [packed, list] = [...writeIndex([...lines].reverse())]
  expect([packed?.path, list?.path]).toEqual(['indexes/index.cdx.gz', 'indexes/index.idx'])
  const [meta, ...entries] = String(list?.content).trimEnd().split('\n')
  expect(meta).toBe('!meta 0 {"format":"cdxj-gzip-1.0","filename":"index.cdx.gz"}')
  const blocks = entries.map((line) => {
    const { offset, length, digest } = JSON.parse(line.slice(line.indexOf('{')))
    const block = packed?.content.subarray(offset, offset + length) ?? Buffer.alloc(0)
    expect(`sha256:${createHash('sha256').update(block).digest('hex')}`).toBe(digest)
    const text = String(gunzipSync(block))
    expect(text.startsWith(line.slice(0, line.indexOf('{')))).toBe(true)
    return text
  })
  expect(blocks.join('')).toBe(lines.join(''))
})

test('a kept capture goes out with the proof of its record, and what was kept is unchanged in it', async () => {
  const here = await testInstallation()
  const { file, datapackage } = await written('kept.wacz')
  const record = async (content: object) =>
    here.db.transaction().execute((tx) =>
      append(tx, {
        kind: 'capture.page',
        subject: { kind: 'capture', id: '1' },
        by: { kind: 'system' },
        content,
      }),
    )
  const [mine, other] = [await record({ datapackage }), await record({ datapackage: 'of another' })]
  await sequence(here.db, here.logKey)
  const trust = { key: here.logKey.verifier, rotations: [], ca: '', witnesses: [] }
  const takenOut = async (id: typeof mine, highWaterMark: number) => {
    const proof = JSON.stringify(await recordProof(here.db, here.logKey, id))
    const { bytes, stream } = await withProof(async () => createReadStream(file, { highWaterMark }), proof)
    const out = path.join(folder, `out-${highWaterMark}.wacz`)
    await writeFile(out, Readable.from(stream))
    expect((await readFile(out)).length).toBe(bytes)
    return out
  }
  // Wherever the pieces of the kept file begin and end.
  for (const size of [7, 22, 1_000, 1_000_000])
    expect(await verifyWacz(await takenOut(mine, size), trust)).toMatchObject({
      genuine: true,
      logged: { treeSize: 2 },
    })
  expect(await verifyWacz(await takenOut(other, 999), trust)).toEqual({
    genuine: false,
    problem: 'The proof is of a record about another capture.',
  })
})
