import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { WARCParser } from 'warcio'
import { checkWarc, type WarcEntry, writeWarc } from './warc.ts'

const at = new Date('2026-07-04T12:00:00.250Z')
const ids = {
  info: '0197d5a0-0000-7000-8000-000000000001',
  response: '0197d5a0-0000-7000-8000-000000000002',
  request: '0197d5a0-0000-7000-8000-000000000003',
  note: '0197d5a0-0000-7000-8000-000000000004',
  picture: '0197d5a0-0000-7000-8000-000000000005',
}
const body = gzipSync('{"text":"The parade begins at noon."}')
const entries: WarcEntry[] = [
  { type: 'warcinfo', id: ids.info, at, filename: 'a.warc.gz', info: { software: 'Plainview' } },
  {
    type: 'exchange',
    id: ids.response,
    requestId: ids.request,
    at,
    url: 'https://example.org/post?id=1',
    request: {
      line: 'POST /post?id=1 HTTP/1.1',
      headers: [['Host', 'example.org']],
      body: Buffer.from('{"id":1}'),
    },
    response: {
      line: 'HTTP/1.1 200 OK',
      headers: [
        ['Content-Type', 'application/json'],
        ['Content-Encoding', 'gzip'],
      ],
      body,
    },
  },
  {
    type: 'metadata',
    id: ids.note,
    at,
    url: 'https://example.org/post?id=1',
    concurrentTo: ids.response,
    mediaType: 'application/json',
    content: Buffer.from('{}'),
  },
  {
    type: 'resource',
    id: ids.picture,
    at,
    url: 'urn:view:https://example.org/',
    mediaType: 'image/png',
    content: Buffer.from('png'),
  },
]

test('a call and its answer stand in the file as they were sent, and name each other', async () => {
  const found = []
  for await (const record of new WARCParser(streamOf(await written(entries)), { keepHeadersCase: true })) {
    const payload = await record.readFully(false)
    found.push({ record, payload: Buffer.from(payload) })
  }
  expect(found.map(({ record }) => [record.warcType, record.warcHeader('WARC-Record-ID')])).toEqual([
    ['warcinfo', `<urn:uuid:${ids.info}>`],
    ['response', `<urn:uuid:${ids.response}>`],
    ['request', `<urn:uuid:${ids.request}>`],
    ['metadata', `<urn:uuid:${ids.note}>`],
    ['resource', `<urn:uuid:${ids.picture}>`],
  ])
  const [, response, request, note] = found
  expect(response?.record.warcHeaders.statusline).toBe('WARC/1.1')
  expect(response?.record.warcDate).toBe('2026-07-04T12:00:00.250Z')
  expect(response?.record.warcTargetURI).toBe('https://example.org/post?id=1')
  expect(response?.record.httpHeaders?.statusline).toBe('HTTP/1.1 200 OK')
  expect(response?.payload).toEqual(body)
  expect(request?.record.httpHeaders?.statusline).toBe('POST /post?id=1 HTTP/1.1')
  expect(request?.payload.toString()).toBe('{"id":1}')
  expect(request?.record.warcConcurrentTo).toEqual([`<urn:uuid:${ids.response}>`])
  expect(note?.record.warcConcurrentTo).toEqual([`<urn:uuid:${ids.response}>`])
  expect(found.slice(1).map(({ record }) => record.warcHeader('WARC-Warcinfo-ID'))).toEqual(
    Array(4).fill(`<urn:uuid:${ids.info}>`),
  )
})

test('each record is packed by itself, and the same entries give the same bytes', async () => {
  const once = await written(entries)
  expect(await written(entries)).toEqual(once)
  const first = await written(entries.slice(0, 1))
  expect(once.subarray(0, first.length)).toEqual(first)
  expect(gunzipSync(first).toString()).toContain('WARC-Type: warcinfo')
})

test('every digest holds for any content, given whole or in pieces', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 5 }), async (pieces) => {
      const [info, exchange] = entries as [WarcEntry, Extract<WarcEntry, { type: 'exchange' }>]
      const response = (content: typeof exchange.request.body) =>
        [
          info,
          { ...exchange, response: { line: 'HTTP/1.1 200 OK', headers: [['A', 'b']], body: content } },
        ] as WarcEntry[]
      const whole = await written(response(Buffer.concat(pieces)))
      expect(await checkWarc(streamOf(whole))).toEqual({ records: 3, flaws: [] })
      expect(await written(response(streamOf(...pieces)))).toEqual(whole)
    }),
    { numRuns: 40 },
  )
})

test('a call that was never answered is kept alone', async () => {
  const [, exchange] = entries as [WarcEntry, Extract<WarcEntry, { type: 'exchange' }>]
  const file = gunzipSync(await written([{ ...exchange, response: null }])).toString()
  expect(file).toContain('WARC-Type: request')
  expect(file).not.toContain('WARC-Type: response')
  expect(file).not.toContain('WARC-Concurrent-To')
})

test('a film longer than what is held in memory is written whole', async () => {
  const piece = Buffer.alloc(1_000_000, 7)
  const [info] = entries as [WarcEntry]
  const film: WarcEntry = {
    type: 'resource',
    id: ids.picture,
    at,
    url: 'https://example.org/film',
    mediaType: 'video/mp4',
    content: streamOf(...Array<Buffer>(5).fill(piece)),
  }
  const file = await written([info, film])
  expect(await checkWarc(streamOf(file))).toEqual({ records: 2, flaws: [] })
  expect(gunzipSync(file).includes('Content-Length: 5000000')).toBe(true)
})

test('a byte that was changed is found, and a file that was cut', async () => {
  const plain = gunzipSync(await written(entries))
  const changed = Buffer.from(plain.toString('latin1').replace('{"id":1}', '{"id":2}'), 'latin1')
  expect((await checkWarc(streamOf(changed))).flaws).toEqual([
    'Record 3 (request): its WARC-Block-Digest is not right.',
    'Record 3 (request): its WARC-Payload-Digest is not right.',
  ])
  const cut = await checkWarc(streamOf(plain.subarray(0, plain.lastIndexOf('png') + 1)))
  expect(cut.flaws).toEqual(['Record 5 (resource) is cut short.'])
  expect((await checkWarc(streamOf(Buffer.alloc(0)))).flaws).toEqual(['The file holds no record.'])
})

test('the format’s own program reads it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-warc-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = path.join(folder, 'a.warc.gz')
  await writeFile(file, await written(entries))
  const { stdout } = await promisify(execFile)(process.execPath, [
    'node_modules/warcio/dist/cli.js',
    'index',
    file,
  ])
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(rows.map((row) => row['warc-type'])).toEqual([
    'warcinfo',
    'response',
    'request',
    'metadata',
    'resource',
  ])
  const bytes = await readFile(file)
  const offsets = rows.map((row) => Number(row.offset))
  for (const [nth, offset] of offsets.entries())
    expect(gunzipSync(bytes.subarray(offset, offsets[nth + 1])).toString()).toMatch(/^WARC\/1\.1/)
})

async function written(list: Iterable<WarcEntry>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of writeWarc(list)) parts.push(part)
  return Buffer.concat(parts)
}

async function* streamOf(...parts: Uint8Array[]) {
  yield* parts
}
