import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import sharp from 'sharp'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { filesIn, sentences, testDesk, value } from '../../../test/desk.ts'
import { whole } from '../../../test/whole.ts'
import { searchRecords } from '../../archive/archive.ts'
import { startPictureReader } from '../../archive/picture-reader.ts'
import { readFiles } from '../../archive/reading.job.ts'
import type { RecordId, RequestId } from '../../storage/ids.ts'
import { collect } from '../collection.ts'
import type { Mark } from '../marks.ts'
import { orderProduction, tarOfProduction } from '../production.ts'
import { marksFor, redactRecord } from '../redaction.ts'
import { reviewGroups } from '../review.ts'
import * as reviews from '../review-store.ts'
import type { ProductionId } from '../store.ts'
import { copiesFor } from './copies.ts'
import { formats } from './formats.ts'
import { datLine } from './load-file.ts'

const run = promisify(execFile)
const byMachine = 'BANDICOOT AT LARGE'
const all = formats.map(({ name }) => name)

let desk: Awaited<ReturnType<typeof testDesk>>
let request: RequestId
let number: string
let production: ProductionId
let bag: string
let files: Map<string, Buffer>
const ids: Record<string, RecordId> = {}

/** Takes words, or an area of the first file, out of a record. */
async function takeOut(record: RecordId, what: string | Mark) {
  const { json } = await desk.here.db
    .selectFrom('record')
    .select('json')
    .where('id', '=', record)
    .executeTakeFirstOrThrow()
  const revision = (await reviews.reviewsOf(desk.here.db, request, [record])).get(record)?.revision ?? 0
  const add = typeof what === 'string' ? marksFor(JSON.parse(json ?? ''), what, 'c') : [what]
  value(await redactRecord(desk.here, desk.officer, request, record, { add, why: 'Private life.', revision }))
}

async function ordered(chosen: readonly string[]): Promise<ProductionId> {
  const id = value(
    await orderProduction(desk.here, desk.officer, request, { releaseWhenReady: true, formats: chosen }),
  )
  await desk.here.jobs.run('request.produce')
  return id
}

async function unpacked(id: ProductionId) {
  const made = await desk.productionOf(id)
  const tar = await tarOfProduction(desk.here, made)
  if (!tar) throw new Error(`The production is not ready: ${made.trouble}`)
  // The desk's folder goes when all tests are over.
  const place = await mkdtemp(path.join(desk.folder, 'unpacked-'))
  await writeFile(path.join(place, 'production.tar'), await buffer(tar.stream))
  await run('tar', ['-xf', 'production.tar'], { cwd: place })
  return path.join(place, `records-request-${number}`)
}

beforeAll(async () => {
  desk = await testDesk()
  const { here } = desk
  const red = await sharp({ create: { width: 120, height: 60, channels: 3, background: '#ff0000' } })
    .png()
    .toBuffer()
  const photo = { ...(await here.blobs.put(red, 'image/png')), role: 'image' }
  const answer = {
    ...(await here.blobs.put(Buffer.from('{"text":"Ring Odile Kestrel"}'), 'application/json')),
    role: 'platform-answer',
  }
  const by = { kind: 'visitor' as const, name: 'Odile Kestrel' }
  ids.redacted = await desk.record({
    by,
    words: 'Ring Odile Kestrel about the plow on Elm Street',
    content: { text: 'Ring Odile Kestrel about the plow', author: { displayName: 'Odile Kestrel' } },
    blobs: [answer, photo],
  })
  ids.photo = await desk.record({ words: 'The same photograph', blobs: [photo] })
  ids.nasty = await desk.record({
    by: { kind: 'visitor', name: '=cmd|calc' },
    words: `=1+1, "quoted"\nsecond line with þ and \u0014 and <b> & ████(c) typed by somebody`,
    content: {
      author: 'Þóra þ\u0014® "x"\nJr',
      postedAt: '2026-01-25T12:00:00.000Z',
      url: 'https://s.example/?a=1&b=2',
    },
  })
  ids.long = await desk.record({
    words: Array.from({ length: 120 }, (_, n) => `Line number ${n} of many`).join('\n'),
  })
  ids.foreign = await desk.record({
    by: { kind: 'visitor', name: '王小明' },
    words: '积雪很深 한국어 ไทย שלום 🚒 \u{20BB7} Thank you',
  })
  ids.secret = await desk.record({ words: 'The informer lives on Quarry Lane' })
  // Both records with the photograph are found by what a machine reads in it.
  await readFiles(here, async () => ({ read: async () => byMachine, close: async () => {} }))
  request = await desk.request()
  number = (await desk.found(request)).number
  value(await collect(here, desk.officer, request, Object.values(ids)))
  await takeOut(ids.redacted, 'Odile Kestrel')
  const area = { kind: 'area', file: 1, left: 0.5, top: 0, width: 0.5, height: 1, exemption: 'c' } as const
  await takeOut(ids.redacted, area)
  const page = await reviews.reviewGroups(here.db, request, { state: 'all', words: '', page: 1 })
  const secret = page.groups.filter((one) => one.first === ids.secret)
  const withheld = { decision: 'withhold' as const, exemptions: ['f'], why: 'An informer.' }
  value(await reviewGroups(here, desk.officer, request, secret, withheld))
  await desk.releaseTheRest(request)
  production = await ordered(all)
  bag = await unpacked(production)
  files = await filesIn(path.join(bag, 'data'))
})

const bytesOf = (name: string) => files.get(name) ?? expect.fail(`${name} is missing`)
const named = (pattern: RegExp) => [...files.keys()].filter((name) => pattern.test(name))

/** Reads a DAT file as an importer does, and knows nothing of how it is written. */
function readDat(content: Buffer): Record<string, string>[] {
  expect(content.subarray(0, 3).toString('hex')).toBe('efbbbf')
  const [header = [], ...rows] = content
    .subarray(3)
    .toString('utf8')
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      line.split('\u0014').map((field) => {
        expect(field.length >= 2 && field.startsWith('þ') && field.endsWith('þ'), field).toBe(true)
        const inside = field.slice(1, -1)
        for (const sign of 'þ\u0014\r\n') expect(inside).not.toContain(sign)
        return inside.replaceAll('®', '\n')
      }),
    )
  return rows.map((row) => {
    expect(row).toHaveLength(header.length)
    return Object.fromEntries(header.map((name, n) => [name, row[n] ?? '']))
  })
}

const dat = () => readDat(bytesOf('load-file/load-file.dat'))
/** Reads an OPT file as an importer does. */
const opt = () =>
  bytesOf('page-images/page-images.opt')
    .toString()
    .split('\r\n')
    .slice(0, -1)
    .map((line) => {
      const [bates = '', volume, place = '', begins, folder, box, pages, ...more] = line.split(',')
      expect([volume, folder, box, more]).toEqual(['VOL0001', '', '', []])
      return { bates, place: `page-images/${place.replaceAll('\\', '/')}`, begins, pages }
    })
const rowsOf = (record: string | undefined) => dat().filter((row) => row.RECORDID === record)

async function pdfText(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-pdf-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  let text = ''
  for (const name of named(/^pdf\//)) {
    await writeFile(path.join(folder, 'one.pdf'), bytesOf(name))
    text += (await run('pdftotext', ['-layout', path.join(folder, 'one.pdf'), '-'])).stdout
  }
  return text
}
const here = async (program: string) =>
  run(program, ['--version']).then(
    () => true,
    (error) => error.code !== 'ENOENT',
  )
const [hasPdftotext, hasXmllint] = [await here('pdftotext'), await here('xmllint')]

describe('a production in other formats', () => {
  test('verifies, and its formats hold nothing that is withheld', async () => {
    expect(await desk.verdict(bag)).toMatchObject({ genuine: true, records: 5, redacted: 2, withheld: 1 })
    for (const [name, content] of files)
      for (const secret of ['Odile', 'Kestrel', 'informer lives', 'Quarry'])
        for (const text of [content.toString('utf8'), content.toString('utf16le')])
          expect(text.includes(secret), `${secret} in ${name}`).toBe(false)
  })
  test('holds no word that a machine read in a picture, in any format', async () => {
    const { records } = await searchRecords(desk.here.db, { words: 'bandicoot' })
    expect(records.map(({ id }) => id).sort()).toEqual([ids.redacted, ids.photo].sort())
    for (const name of named(/^(?!.*\.(pdf|wacz)$)/))
      for (const text of [bytesOf(name).toString('utf8'), bytesOf(name).toString('utf16le')])
        expect(/bandicoot/i.test(text), name).toBe(false)
    // The words of the PDF are packed; the other formats take theirs from the same place.
    if (hasPdftotext) expect(await pdfText()).not.toMatch(/bandicoot/i)
    for (const name of await readdir(bag))
      if (name.endsWith('.txt'))
        expect(await readFile(path.join(bag, name), 'utf8')).not.toMatch(/bandicoot/i)
  })
  test('a load file’s copy that is not the proven file is found, and so is a file of no format', async () => {
    const name = `data/load-file/TEXT/0001/${rowsOf(ids.photo)[0]?.BEGBATES}.txt`
    const honest = await readFile(path.join(bag, name), 'utf8')
    await forge(name, 'Other words')
    expect(await desk.verdict(bag)).toMatchObject({ problem: `${name} belongs to no record of this bag.` })
    await forge(name, honest)
    expect(await desk.verdict(bag)).toMatchObject({ genuine: true })
    await forge('data/csv/more.csv', 'slander')
    expect(await desk.verdict(bag)).toMatchObject({
      problem: 'data/csv/more.csv belongs to no record of this bag.',
    })
  })
  test('is the same, byte for byte, when it is made again after a crash in the middle', async () => {
    desk.at('2026-03-09T15:00:00Z')
    const made = await desk.productionOf(production)
    const copies = () => copiesFor(desk.here, made, number, path.join(desk.folder, 'again'), async () => {})
    // The first run is cut off in the middle of the load file, and leaves its half-written lists behind.
    for await (const { path: name } of copies()) if (name.startsWith('load-file/NATIVES')) break
    const again = new Map<string, string>()
    const sum = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
    for await (const { path: name, content } of copies())
      again.set(name, sum(typeof content === 'string' ? content : await whole(content.stream)))
    expect(again.size).toBeGreaterThan(10)
    expect([...again].sort()).toEqual(
      named(/^(pdf|load-file|page-images|edrm|csv|wacz)\//)
        .map((name) => [name, sum(bytesOf(name))])
        .sort(),
    )
  })
  test('a request’s second production gives no page number a second time', async () => {
    const before = new Set(dat().map((row) => row.BEGBATES))
    const second = await filesIn(path.join(await unpacked(await ordered(['load-file'])), 'data'))
    const numbers = readDat(second.get('load-file/load-file.dat') as Buffer).map((row) => row.BEGBATES)
    expect(numbers[0]).toBe(`${number}-2-000001`)
    expect(numbers.filter((one) => before.has(one))).toEqual([])
    expect([...second.keys()].filter((name) => /^(pdf|page-images|edrm|csv|wacz)\//.test(name))).toEqual([])
  })
  test('a format that does not exist is not ordered', async () => {
    const order = { releaseWhenReady: false, formats: ['pdf', 'wordstar'] }
    expect(sentences(await orderProduction(desk.here, desk.officer, request, order)).formats).toMatch(
      /no such format/,
    )
  })
})

describe('the load file', () => {
  test('has the fields that review platforms want, and a line for each record and attachment', () => {
    expect(Object.keys(dat()[0] ?? {}).slice(0, 16)).toEqual([
      ...['BEGBATES', 'ENDBATES', 'BEGATTACH', 'ENDATTACH', 'CUSTODIAN', 'DOCTYPE', 'AUTHOR', 'PLATFORM'],
      ...['URL', 'DATEPOSTED', 'DATECAPTURED', 'TEXTPATH', 'NATIVEPATH', 'SHA256HASH', 'CONFIDENTIALITY'],
      'REDACTED',
    ])
    expect(dat()).toHaveLength(8)
    const [secret] = rowsOf(ids.secret)
    expect(secret).toMatchObject({ REDACTED: 'Yes', CONFIDENTIALITY: 'Withheld', EXEMPTIONS: '(f)' })
    expect(secret).toMatchObject({ NATIVEPATH: '', TEXTPATH: '', AUTHOR: '' })
    const [long] = rowsOf(ids.long)
    expect(Number(long?.ENDBATES?.slice(-6)) - Number(long?.BEGBATES?.slice(-6))).toBe(2)
  })
  test('keeps families together', () => {
    const [parent, photo] = rowsOf(ids.redacted)
    expect(parent).toMatchObject({ BEGATTACH: parent?.BEGBATES, ENDATTACH: photo?.BEGBATES, REDACTED: 'Yes' })
    expect(photo).toMatchObject({ BEGATTACH: parent?.BEGBATES, ENDATTACH: photo?.ENDBATES, REDACTED: 'Yes' })
    expect(rowsOf(ids.long)[0]).toMatchObject({ BEGATTACH: '', ENDATTACH: '', REDACTED: 'No' })
  })
  test('every path leads to a file with the hash that stands beside it', () => {
    const natives = dat().filter((row) => row.NATIVEPATH)
    expect(natives).toHaveLength(7)
    for (const row of natives) {
      const content = bytesOf(`load-file/${row.NATIVEPATH?.replaceAll('\\', '/')}`)
      expect(createHash('sha256').update(content).digest('hex')).toBe(row.SHA256HASH)
    }
    const [redacted] = rowsOf(ids.redacted)
    expect(bytesOf(`load-file/${redacted?.TEXTPATH?.replaceAll('\\', '/')}`).toString()).toBe(
      'Ring ████(c) about the plow on Elm Street',
    )
  })
  test('a value that holds the format’s own signs is replaced as the readme says', () => {
    const [nasty] = rowsOf(ids.nasty)
    expect(nasty?.AUTHOR).toBe('Þóra th (R) "x"\nJr')
    expect(nasty).toMatchObject({ URL: 'https://s.example/?a=1&b=2', DATEPOSTED: '2026-01-25T12:00:00.000Z' })
    expect(datLine(['a', 'b'])).toBe('þaþ\u0014þbþ\r\n')
    expect(bytesOf('load-file/README.txt').toString()).toMatch(/"th"/)
  })
})

describe('the pages', () => {
  test.skipIf(!hasPdftotext)('show the released words, black bars, and each page number once', async () => {
    const text = await pdfText()
    const numbers = [...text.matchAll(new RegExp(`${number}-\\d{6}(?!\\d)`, 'g'))].map(([one]) => one)
    const expected = Array.from(
      { length: numbers.length },
      (_, n) => `${number}-${String(n + 1).padStart(6, '0')}`,
    )
    expect(numbers).toEqual(expected)
    // Each document of the load file has exactly the pages that carry its numbers, and a picture is one of them.
    const inDat = dat().flatMap(({ BEGBATES = '', ENDBATES = '', PGCOUNT }) => {
      const [first, last] = [numbers.indexOf(BEGBATES), numbers.indexOf(ENDBATES)]
      expect(last - first + 1).toBe(Number(PGCOUNT))
      return numbers.slice(first, last + 1)
    })
    expect(inDat).toEqual(numbers)
    expect(opt().map(({ bates }) => bates)).toEqual(numbers)
    expect(text).toMatch(/Ring +\(c\) +about the plow on Elm Street/)
    expect(text).toMatch(/Who: +\(c\)/)
    expect(text).toContain('████(c) typed by somebody')
    expect(text).toContain('Line number 119 of many')
    expect(text).toMatch(/image\/png, SHA-256 \w{64}\s+Redacted: \(c\)/)
    expect(text).toMatch(/withheld as a whole: .*\(f\)/)
    for (const secret of ['Odile', 'Kestrel', 'informer', 'Quarry']) expect(text).not.toContain(secret)
  })
  test.skipIf(!hasPdftotext)(
    'show the scripts of the town, and say where words stand as they were written when a page can’t',
    async () => {
      const text = await pdfText()
      expect(text).toMatch(/Who: ?王小明/)
      expect(text).toMatch(/积雪很深 ?한국어 ?ไทย .*U\+20BB7\] Thank you/)
      const place = named(/^records\/.*\.txt$/).find((name) => name.includes(ids.foreign ?? '?')) ?? ''
      expect(text.replace(/\s+/g, '')).toContain(`Aswritten:${place}`)
      expect(bytesOf(place).toString()).toBe('积雪很深 한국어 ไทย שלום 🚒 \u{20BB7} Thank you')
      // Where nothing is lost, nothing is said.
      expect(text.match(/Not shown as it was written/g)).toHaveLength(1)
    },
  )
})

/** The value of a short tag in the first directory of a TIFF file. */
function tiffTag(file: Buffer, tag: number): number | undefined {
  expect(file.toString('latin1', 0, 2)).toBe('II')
  const directory = file.readUInt32LE(4)
  for (let n = 0; n < file.readUInt16LE(directory); n++) {
    const entry = directory + 2 + n * 12
    if (file.readUInt16LE(entry) === tag) return file.readUInt16LE(entry + 8)
  }
  return undefined
}

describe('the page images', () => {
  test('are one for each page, and break where the documents of the load file do', () => {
    const lines = opt()
    expect(new Set(lines.map(({ bates }) => bates)).size).toBe(lines.length)
    expect(lines.filter(({ begins }) => begins === 'Y').map(({ bates, pages }) => [bates, pages])).toEqual(
      dat().map((row) => [row.BEGBATES, row.PGCOUNT]),
    )
    expect(lines.filter(({ begins }) => begins !== 'Y')).toHaveLength(2)
    for (const { begins, pages } of lines) expect(begins === 'Y').toBe(pages !== '')
    expect(lines.map(({ place }) => place)).toEqual(named(/^page-images\/IMAGES\//).sort())
  })
  test('are what review platforms take: single pages, TIFF Group IV of 300 dots an inch, pictures as JPEG', async () => {
    for (const { place, bates } of opt()) {
      expect(path.parse(place).name).toBe(bates)
      const { format, width, height, density, pages } = await sharp(bytesOf(place)).metadata()
      expect({ width, height, density, pages: pages ?? 1 }).toEqual({
        ...{ width: 2550, height: 3300, density: 300, pages: 1 },
      })
      if (place.endsWith('.jpg')) expect(format).toBe('jpeg')
      // TIFF 6.0: Compression 4 is CCITT Group IV; one bit a dot.
      else expect([tiffTag(bytesOf(place), 259), tiffTag(bytesOf(place), 258) ?? 1]).toEqual([4, 1])
    }
  })
  test('show the released words and nothing of those taken out, in letters as in pictures', async () => {
    const [redacted, photo] = rowsOf(ids.redacted)
    const pageOf = (bates: string | undefined) =>
      bytesOf(opt().find((line) => line.bates === bates)?.place ?? '')
    const reader = await startPictureReader(path.join(desk.folder, 'reading'), ['eng'])
    onTestFinished(() => reader.close())
    const read = await reader.read(pageOf(redacted?.BEGBATES))
    expect(read).toMatch(/about the plow on Elm Street/)
    expect(read).toContain(redacted?.BEGBATES)
    expect(read).not.toMatch(/Odile|Kestrel/)
    // Of the red photograph the right half was taken out.
    const { data, info } = await sharp(pageOf(photo?.BEGBATES)).raw().toBuffer({ resolveWithObject: true })
    const at = (x: number, y: number) =>
      [0, 1, 2].map((channel) => data[(y * info.width + x) * info.channels + channel] ?? 0)
    const middle = info.width / 2
    const [left, right] = [at(middle - 300, 700), at(middle + 300, 700)]
    expect(left[0]).toBeGreaterThan(200)
    expect(left[1]).toBeLessThan(60)
    expect(Math.max(...right)).toBeLessThan(60)
  })
})

describe('the table and the XML', () => {
  test('the table has one line a record, and no cell that a spreadsheet calculates', () => {
    const rows = parse(bytesOf('csv/records.csv'), { bom: true, columns: true }) as Record<string, string>[]
    expect(rows.map((row) => row.record)).toEqual(Object.values(ids).sort())
    const of = (id: string | undefined) => rows.find((row) => row.record === id)
    expect(of(ids.nasty)?.words).toMatch(/^'=1\+1, "quoted"\nsecond line/)
    expect(of(ids.secret)).toMatchObject({ form: 'withheld', exemptions: '(f)', words: '', json: '' })
    expect(of(ids.redacted)).toMatchObject({ form: 'redacted', author: '████(c)', attachments: '1' })
    for (const row of rows.filter((one) => one.json)) bytesOf(row.json ?? '')
  })
  test('the XML leads to files of the bag, and names families', async () => {
    const xml = bytesOf('edrm/edrm.xml').toString()
    const found = [
      ...xml.matchAll(/FilePath="\.\.\/([^"]*)" FileName="([^"]*)" FileSize="(\d+)" Hash="(\w+)"/g),
    ]
    expect(found).toHaveLength(5 * 2 + 2)
    for (const [, folder, name, size, hash] of found) {
      const content = bytesOf(`${folder}/${name}`)
      expect([String(content.length), createHash('sha256').update(content).digest('hex')]).toEqual([
        size,
        hash,
      ])
    }
    expect(xml.match(/<Relationship /g)).toHaveLength(2)
    expect(xml.match(/<Document /g)).toHaveLength(8)
  })
  test.skipIf(!hasXmllint)('the XML is well-formed', async () => {
    await run('xmllint', ['--noout', path.join(bag, 'data/edrm/edrm.xml')])
  })
})

/** Changes a file of the bag and mends every sum. */
async function forge(name: string, content: string) {
  const sum = (text: string) => createHash('sha512').update(text).digest('hex')
  await writeFile(path.join(bag, name), content)
  const listed = path.join(bag, 'manifest-sha512.txt')
  const others = (await readFile(listed, 'utf8'))
    .split('\n')
    .filter((line) => line && !line.endsWith(`  ${name}`))
  const manifest = `${[...others, `${sum(content)}  ${name}`].join('\n')}\n`
  await writeFile(listed, manifest)
  const payload = await filesIn(path.join(bag, 'data'))
  const bytes = [...payload.values()].reduce((total, one) => total + one.length, 0)
  const infoFile = path.join(bag, 'bag-info.txt')
  const info = (await readFile(infoFile, 'utf8')).replace(
    /Payload-Oxum: .*/,
    `Payload-Oxum: ${bytes}.${payload.size}`,
  )
  await writeFile(infoFile, info)
  const tags = path.join(bag, 'tagmanifest-sha512.txt')
  const mended = (await readFile(tags, 'utf8'))
    .replace(/^\w+( {2}manifest-sha512\.txt)$/m, `${sum(manifest)}$1`)
    .replace(/^\w+( {2}bag-info\.txt)$/m, `${sum(info)}$1`)
  await writeFile(tags, mended)
}
