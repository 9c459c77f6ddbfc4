import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPromise } from 'yauzl'
import { filesIn, testDesk, value } from '../../../test/desk.ts'
import { whole } from '../../../test/whole.ts'
import {
  type RecordBlob,
  searchRecords,
  type WarcEntry,
  warcOnDisk,
  writeWacz,
  writeWarc,
} from '../../archive/archive.ts'
import { readFiles } from '../../archive/reading.job.ts'
import { verifyWacz } from '../../archive/verify-wacz.ts'
import type { RecordId, RequestId } from '../../storage/ids.ts'
import { newId } from '../../storage/ids.ts'
import { collect } from '../collection.ts'
import type { Mark, TextMark } from '../marks.ts'
import { orderProduction, tarOfProduction } from '../production.ts'
import { marksFor, redactRecord } from '../redaction.ts'
import * as reviews from '../review-store.ts'
import { copiesFor } from './copies.ts'

const byMachine = 'BANDICOOT AT LARGE'

let desk: Awaited<ReturnType<typeof testDesk>>
let request: RequestId
let files: Map<string, Buffer>
let second: Buffer
let place: string
const captures: Record<string, RecordBlob> = {}
const at = new Date('2026-02-27T12:00:00Z')

afterAll(() => rm(place, { recursive: true, force: true }))

/** What a site answered, as a WARC. */
const traffic = (name: string) =>
  writeWarc([
    { type: 'warcinfo', id: newId(), at, info: { software: 'a test' } },
    {
      type: 'exchange',
      ...{ id: newId(), requestId: newId(), at, url: `https://town.example/${name}` },
      request: { line: `GET /${name} HTTP/1.1`, headers: [], body: Buffer.alloc(0) },
      response: {
        line: 'HTTP/1.1 200 OK',
        headers: [['Content-Type', 'text/html']],
        body: Buffer.from(name),
      },
    } satisfies WarcEntry,
  ])

/** A record of a captured page, with its picture and its web archive. */
async function captured(name: string, text: string): Promise<RecordId> {
  const folder = await mkdtemp(path.join(place, 'capture-'))
  await writeFile(path.join(folder, 'data.warc.gz'), traffic(name))
  const { datapackage } = await writeWacz(path.join(folder, 'capture.wacz'), {
    ...{ title: name, description: '', created: at },
    warcs: [warcOnDisk('data.warc.gz', path.join(folder, 'data.warc.gz'))],
    pages: [{ id: name, url: `https://town.example/${name}`, at, title: name, text }],
  })
  const { blobs } = desk.here
  const picture = await sharp({ create: { width: 80, height: 40, channels: 3, background: '#0a0' } })
    .composite([{ input: Buffer.from(`<svg width="80" height="40"><text y="20">${name}</text></svg>`) }])
    .png()
    .toBuffer()
  const wacz = await blobs.put(await readFile(path.join(folder, 'capture.wacz')), 'application/wacz')
  captures[name] = { ...wacz, role: 'web-capture' }
  return desk.record({
    kind: 'capture.page',
    subject: { kind: 'capture', id: newId() },
    words: text,
    content: { title: name, datapackage },
    blobs: [{ ...(await blobs.put(picture, 'image/png')), role: 'screenshot' }, captures[name]],
  })
}

async function takeOut(record: RecordId, marks: Mark[]) {
  const revision = (await reviews.reviewsOf(desk.here.db, request, [record])).get(record)?.revision ?? 0
  const redaction = { add: marks, why: 'Private life.', revision }
  value(await redactRecord(desk.here, desk.officer, request, record, redaction))
}

beforeAll(async () => {
  desk = await testDesk()
  place = await mkdtemp(path.join(tmpdir(), 'plainview-captured-'))
  const { here } = desk
  const parade = await captured('parade', 'The parade begins at noon')
  const storm = await captured('storm', 'Stay off Main Street')
  const face = await captured('face', 'A picture of a child')
  const named = await captured('named', 'Thank you, Odile Kestrel')
  const wire = { ...(await here.blobs.putStream(traffic('wire'), 'application/warc')), role: 'exchange' }
  const answered = await desk.record({ words: 'Published', blobs: [wire] })
  const foreign = await desk.record({
    words: 'Packed by others',
    blobs: [
      { ...(await here.blobs.put(Buffer.from('not even a ZIP'), 'application/wacz')), role: 'original' },
    ],
  })
  // The screenshots of the captured pages are found by what a machine reads in them.
  await readFiles(here, async () => ({ read: async () => byMachine, close: async () => {} }))
  request = await desk.request()
  value(await collect(here, desk.officer, request, [parade, storm, face, named, answered, foreign]))
  await takeOut(face, [{ kind: 'area', file: 0, left: 0, top: 0, width: 0.5, height: 1, exemption: 'c' }])
  const { json } = await here.db
    .selectFrom('record')
    .select('json')
    .where('id', '=', named)
    .executeTakeFirstOrThrow()
  const marks: TextMark[] = marksFor(JSON.parse(json ?? ''), 'Odile Kestrel', 'c')
  await takeOut(named, marks)
  await desk.releaseTheRest(request)
  const order = { releaseWhenReady: true, formats: ['wacz'] }
  const production = value(await orderProduction(here, desk.officer, request, order))
  await here.jobs.run('request.produce')
  const tar = await tarOfProduction(here, await desk.productionOf(production))
  if (!tar) throw new Error('The production is not ready.')
  const { number } = await desk.found(request)
  await writeFile(path.join(place, 'production.tar'), await buffer(tar.stream))
  await promisify(execFile)('tar', ['-xf', 'production.tar'], { cwd: place })
  const bag = path.join(place, `records-request-${number}`)
  expect(await desk.verdict(bag)).toMatchObject({ genuine: true, redacted: 2 })
  files = await filesIn(path.join(bag, 'data'))

  desk.at('2026-03-09T15:00:00Z')
  const made = await desk.productionOf(production)
  const again = copiesFor(here, made, number, path.join(place, 'again'), async () => {})
  for await (const { path: name, content } of again)
    if (name === 'wacz/captures.wacz' && typeof content !== 'string') second = await whole(content.stream)
})

/** The web archive of the production: each file in it, unpacked. */
async function unpacked(): Promise<Map<string, Buffer>> {
  const file = path.join(place, 'captures.wacz')
  await writeFile(file, files.get('wacz/captures.wacz') ?? '')
  expect(await verifyWacz(file, null)).toMatchObject({ genuine: true, files: 5 })
  const zip = await openPromise(file, { autoClose: false })
  const inside = new Map<string, Buffer>()
  for await (const entry of zip.eachEntry()) {
    const content = await buffer(await zip.openReadStreamPromise(entry))
    inside.set(entry.fileName, entry.fileName.endsWith('.gz') ? gunzipSync(content) : content)
  }
  zip.close()
  return inside
}

test('a production’s web archive holds what was captured and what went over the wire, of whole records only', async () => {
  const inside = await unpacked()
  const lines = String(inside.get('indexes/index.cdx')).trimEnd().split('\n')
  expect(lines.map((line) => line.split(' ')[0])).toEqual([
    'example,town)/parade',
    'example,town)/storm',
    'example,town)/wire',
  ])
  for (const line of lines) {
    const { filename } = JSON.parse(line.slice(line.indexOf('{')))
    expect(inside.has(`archive/${filename}`)).toBe(true)
  }
  const [, ...pages] = String(inside.get('pages/pages.jsonl')).trimEnd().split('\n')
  expect(pages.map((line) => JSON.parse(line).text)).toEqual([
    'The parade begins at noon',
    'Stay off Main Street',
  ])
})

test('it holds no word that a machine read in the picture of a page', async () => {
  const { records } = await searchRecords(desk.here.db, { words: 'bandicoot' })
  expect(records).toHaveLength(4)
  const inside = await unpacked()
  expect([...inside.keys()]).toContain('pages/pages.jsonl')
  for (const [name, content] of [...inside, ...files])
    for (const text of [content.toString('utf8'), content.toString('utf16le')])
      expect(/bandicoot/i.test(text), name).toBe(false)
})

test('the readme says how many records with redactions keep their web archives back', () => {
  const readme = String(files.get('wacz/README.txt'))
  expect(readme).toContain('2 captured pages and 1 file of what went over the wire')
  expect(readme).toContain('2 records with redactions keep their web archives back')
})

test('a web archive goes out neither when words nor when an area of the picture was taken out', () => {
  const given = [...files.keys()]
  for (const name of ['parade', 'storm']) expect(given).toContain(`files/${captures[name]?.sha256}`)
  for (const name of ['face', 'named']) expect(given).not.toContain(`files/${captures[name]?.sha256}`)
})

test('it is the same, byte for byte, when it is made again', () => {
  expect(second.length).toBeGreaterThan(1_000)
  expect(files.get('wacz/captures.wacz')?.equals(second)).toBe(true)
})
