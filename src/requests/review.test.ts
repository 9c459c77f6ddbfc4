import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import sharp from 'sharp'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { filesIn, sentences, testDesk, value } from '../../test/desk.ts'
import { exchangeOf } from '../../test/warc.ts'
import { keepAnswer, recordsAbout } from '../archive/archive.ts'
import { newId, type RecordId, type RequestId } from '../storage/ids.ts'
import { collect } from './collection.ts'
import type { Mark } from './marks.ts'
import { produce } from './produce.job.ts'
import { orderProduction } from './production.ts'
import { confirmRedaction, leaksIn, marksFor, redactRecord } from './redaction.ts'
import { reopenGroups, reviewGroups } from './review.ts'
import * as reviews from './review-store.ts'

type Desk = Awaited<ReturnType<typeof testDesk>>
let desk: Desk
let here: Desk['here']

beforeAll(async () => {
  desk = await testDesk()
  here = desk.here
})
beforeEach(() => desk.at())

const page = (id: RequestId, state: reviews.ReviewState = 'all') =>
  reviews.reviewGroups(here.db, id, { state, words: '', page: 1 })
const withheld = { decision: 'withhold' as const, exemptions: ['f'], why: 'It names a witness.' }
const released = { decision: 'release' as const, exemptions: [], why: '' }

async function collecting(...records: RecordId[]): Promise<RequestId> {
  const id = await desk.request()
  value(await collect(here, desk.officer, id, records))
  return id
}

/** Takes `words` out of a record, wherever they stand in it. */
async function takeOut(id: RequestId, record: RecordId, words: string, options: object = {}) {
  const { json } = await here.db
    .selectFrom('record')
    .select('json')
    .where('id', '=', record)
    .executeTakeFirstOrThrow()
  const revision = (await reviews.reviewsOf(here.db, id, [record])).get(record)?.revision ?? 0
  return redactRecord(here, desk.officer, id, record, {
    add: marksFor(JSON.parse(json ?? ''), words, 'c'),
    why: 'Private life of somebody who holds no office.',
    revision,
    ...options,
  })
}

/** The files of a bag in which `words` can be read, whatever the capitals. */
async function filesWith(bag: string, words: string): Promise<string[]> {
  const found: string[] = []
  for (const [name, content] of await filesIn(bag))
    for (const text of [content.toString('utf8'), content.toString('latin1'), content.toString('utf16le')])
      if (text.toLowerCase().includes(words.toLowerCase()) && !found.includes(name)) found.push(name)
  return found
}

describe('review', () => {
  test('records that say the same are one group, and what belongs to a post stands together', async () => {
    const capture = (words: string, post: string) =>
      desk.record({ words, content: { text: words, post, publication: 'p' } })
    const [plow, other, again] = [
      await capture('Where is the plow?', 'storm'),
      await capture('Thank you', 'parade'),
      await capture('where  is THE plow?', 'parade'),
    ]
    const third = await capture('Still no plow', 'storm')
    const { groups, total } = await page(await collecting(plow, other, again, third))
    expect(total).toBe(3)
    expect(groups.map((one) => one.records)).toEqual([[plow, again], [third], [other]])
    expect(groups.map((one) => one.thread)).toEqual(['post storm', 'post storm', 'post parade'])
  })
  test('a decision is about the whole group, is a record, and can be taken back', async () => {
    const id = await collecting(
      await desk.record({ words: 'Same words' }),
      await desk.record({ words: 'Same words' }),
      await desk.record({ words: 'Others' }),
    )
    const { groups } = await page(id)
    value(await reviewGroups(here, desk.officer, id, groups.slice(0, 1), withheld))
    expect(await reviews.reviewProgress(here.db, id)).toMatchObject({ records: 3, reviewed: 2, withhold: 2 })
    expect((await page(id, 'open')).total).toBe(1)
    const [decided] = (await page(id, 'withhold')).groups
    expect(decided).toMatchObject({ decisions: ['withhold'], exemptions: ['f'], byName: 'Dana Whitfield' })
    value(await reopenGroups(here, desk.officer, id, decided ? [decided] : []))
    expect(await reviews.reviewProgress(here.db, id)).toMatchObject({ reviewed: 0 })
    const kinds = (await recordsAbout(here.db, { kind: 'request', id })).map((one) => one.kind)
    expect(kinds.filter((kind) => kind === 'request.review')).toHaveLength(2)
  })
  test('what was redacted is not released along with records that say the same', async () => {
    const [first, twin] = [
      await desk.record({ words: 'Ring Ferrous Blake' }),
      await desk.record({ words: 'Ring Ferrous Blake' }),
    ]
    const id = await collecting(first, twin)
    value(await takeOut(id, first, 'Ferrous Blake'))
    value(await reviewGroups(here, desk.officer, id, (await page(id)).groups, released))
    const decided = await reviews.reviewsOf(here.db, id, [first, twin])
    expect([decided.get(first)?.decision, decided.get(twin)?.decision]).toEqual(['redact', 'release'])
    // Once all are decided, the group can be decided anew.
    value(await reviewGroups(here, desk.officer, id, (await page(id)).groups, released))
    expect((await reviews.reviewsOf(here.db, id, [first])).get(first)?.decision).toBe('release')
  })
  test('withholding needs an exemption that exists and says why it applies', async () => {
    const id = await collecting(await desk.record({ words: 'A secret' }))
    const { groups } = await page(id)
    const tried = async (change: object) =>
      sentences(await reviewGroups(here, desk.officer, id, groups, { ...withheld, ...change }))
    expect(await tried({ exemptions: [] })).toMatchObject({ exemptions: /needs the exemption/ })
    expect((await tried({ exemptions: ['zz'] })).exemptions).toMatch(/no exemption \(zz\)/)
    expect((await tried({ why: '  ' })).why).toMatch(/Say why/)
  })
  test('of two people who decide at once, the second is told and nothing of the first is lost', async () => {
    const id = await collecting(await desk.record({ words: 'Contested' }))
    const { groups } = await page(id)
    const answers = await Promise.all([
      reviewGroups(here, desk.officer, id, groups, released),
      reviewGroups(here, desk.second, id, groups, withheld),
    ])
    expect(answers.flatMap(Object.keys).sort()).toEqual(['done', 'problems'])
    const late = answers.find((one) => 'problems' in one)
    expect(sentences(late).form).toMatch(/decided about this a moment ago/)
  })
  test('who may not work on requests reviews nothing', async () => {
    const id = await collecting(await desk.record({ words: 'Anything' }))
    const { groups } = await page(id)
    expect(await reviewGroups(here, desk.member, id, groups, released)).toHaveProperty('denied')
  })
})

describe('what is produced', () => {
  test('nothing that was not reviewed', async () => {
    const seen = await desk.record({ words: 'This was reviewed' })
    const id = await collecting(seen, await desk.record({ words: 'Nobody looked at the zeppelin' }))
    const order = await orderProduction(here, desk.officer, id, { releaseWhenReady: false })
    expect(sentences(order).form).toMatch(/Nothing of the collection is reviewed/)
    const { groups } = await page(id)
    value(await reviewGroups(here, desk.officer, id, groups.slice(0, 1), released))
    const bag = await desk.produced(id)
    expect(await desk.verdict(bag)).toMatchObject({ genuine: true, records: 1, redacted: 0 })
    expect(await filesWith(bag, 'zeppelin')).toEqual([])
  })
  test('words that are taken out stand in no file of the bag, and the rest verifies', async () => {
    const answer = await here.blobs.put(
      Buffer.from(JSON.stringify({ author: 'kestrel.example', text: 'Ring Odile Kestrel, 413-555-0144' })),
      'application/json',
    )
    const odile = await desk.record({
      by: { kind: 'visitor', name: 'Odile Kestrel' },
      content: {
        author: { displayName: 'Odile Kestrel', handle: 'kestrel.example', remoteId: 'did:x:kestrel' },
        text: 'Ring Odile Kestrel, 413-555-0144, about the plow. Ünïcode 🚓 stays.',
        before: 'Ring odile  kestrel about the plow.',
        url: 'https://social.example/kestrel.example/413-555-0144',
        remoteVersion: 'bafyreihashofthecontent',
      },
      words: 'Odile Kestrel\nRing Odile Kestrel, 413-555-0144, about the plow. Ünïcode 🚓 stays.',
      blobs: [{ ...answer, role: 'answer' }],
    })
    // The platform answered about both comments at once.
    const other = await desk.record({ words: 'Thanks', blobs: [{ ...answer, role: 'answer' }] })
    const secret = await desk.record({ words: 'The informer lives on Quarry Lane' })
    const id = await collecting(odile, other, secret)
    for (const words of ['Odile Kestrel', '413-555-0144', 'kestrel.example', 'did:x:kestrel'])
      value(await takeOut(id, odile, words))
    const groups = (await page(id)).groups.filter((one) => one.first === secret)
    value(await reviewGroups(here, desk.officer, id, groups, withheld))
    await desk.releaseTheRest(id)

    const bag = await desk.produced(id)
    for (const words of [
      'Odile',
      'kestrel',
      '555-0144',
      'bafyreihash',
      'informer',
      'Quarry Lane',
      answer.sha256,
    ])
      expect(await filesWith(bag, words), words).toEqual([])
    expect(await filesWith(bag, 'about the plow. Ünïcode 🚓 stays.')).toHaveLength(3)
    expect(await desk.verdict(bag)).toMatchObject({ genuine: true, records: 2, redacted: 2, withheld: 1 })

    const csv = await readFile(path.join(bag, 'data/withheld.csv'), 'utf8')
    expect(csv).toMatch(new RegExp(`${odile},comment.capture,.*,parts,\\(c\\),.*Private life`))
    expect(csv).toMatch(new RegExp(`${secret},comment.capture,.*,the whole record,\\(f\\),.*names a witness`))
    const page_ = await readFile(path.join(bag, 'data/withheld.html'), 'utf8')
    expect(page_).toContain('It names a witness.')
    const text = await readFile(path.join(bag, `data/records/0000/${odile}.txt`), 'utf8')
    expect(text).toBe('████(c)\nRing ████(c), ████(c), about the plow. Ünïcode 🚓 stays.')
    // The original is as it was.
    const [original] = await reviews.collectedHolding(here.db, id, ['Odile', 'a(b'])
    expect(original?.words).toContain('413-555-0144')
  })
  test('a number that is taken out stands in no file of the bag, as a number or in words, and the rest verifies', async () => {
    const record = await desk.record({
      words: 'Call the caller back on 7745550199',
      content: { text: 'Call the caller back on 7745550199', telephone: 7745550199, floor: 3 },
    })
    const id = await collecting(record)
    // A part was marked; of a number nothing stays, and the text that repeats it loses it as well.
    const add: Mark[] = [{ kind: 'text', place: '/content/telephone', start: 3, end: 6, exemption: 'c' }]
    const why = 'The telephone of somebody who holds no office.'
    value(await redactRecord(here, desk.officer, id, record, { add, why, revision: 0 }))
    const bag = await desk.produced(id)
    expect(await filesWith(bag, '7745550199')).toEqual([])
    expect(await filesWith(bag, '5550199')).toEqual([])
    const out = await readFile(path.join(bag, `data/records/0000/${record}.redacted.json`), 'utf8')
    expect(JSON.parse(out).content).toMatchObject({ telephone: '████(c)', floor: 3 })
    expect(await desk.verdict(bag)).toMatchObject({ genuine: true, redacted: 1 })
  })
  test('a redacted text that somebody changes does not verify, though every sum is mended', async () => {
    const record = await desk.record({ words: 'Plate 7ABC23 was parked by the mill' })
    const id = await collecting(record)
    value(await takeOut(id, record, '7ABC23'))
    const bag = await desk.produced(id)
    const name = `data/records/0000/${record}.redacted.json`
    const json = await readFile(path.join(bag, name), 'utf8')
    await forge(bag, name, json.replaceAll('by the mill', 'at the bank'))
    expect(await desk.verdict(bag)).toEqual({
      genuine: false,
      problem: `${name} is not the text that the department has released.`,
    })
    await forge(bag, name, json)
    const proof = `data/records/0000/${record}.proof.json`
    const honest = await readFile(path.join(bag, proof), 'utf8')
    expect(JSON.parse(honest)).toMatchObject({ statement: 'redacted; content withheld' })
    expect(JSON.parse(honest)).not.toHaveProperty('salt')
    await forge(bag, proof, honest.replace(/"commitment":"../, '"commitment":"00'))
    expect(await desk.verdict(bag)).toMatchObject({ genuine: false })
  })
  test('a marked area of an image is black, also where another record shows the same image', async () => {
    const photo = await sharp({ create: { width: 100, height: 50, channels: 3, background: '#ff0000' } })
      .withExif({ IFD0: { Artist: 'Odalys the photographer' } })
      .jpeg()
      .toBuffer()
    const image = await here.blobs.put(photo, 'image/jpeg')
    const blobs = [{ ...image, role: 'image' }]
    const [first, twin] = [
      await desk.record({ words: 'A photograph', blobs }),
      await desk.record({ words: 'The same photograph', blobs }),
    ]
    const id = await collecting(first, twin)
    const area: Mark = { kind: 'area', file: 0, left: 0.5, top: 0, width: 0.25, height: 1, exemption: 'c' }
    const options = { add: [area], why: 'A face.', revision: 0 }
    value(await redactRecord(here, desk.officer, id, first, options))
    await desk.releaseTheRest(id)
    const bag = await desk.produced(id)
    expect(await desk.verdict(bag)).toMatchObject({ genuine: true, records: 2, redacted: 2 })
    const csv = await readFile(path.join(bag, 'data/withheld.csv'), 'utf8')
    for (const one of [first, twin])
      expect(csv).toMatch(new RegExp(`${one},.*,parts,\\(c\\),.*A face.*,0,1,0,`))
    const files = await filesIn(path.join(bag, 'data/files'))
    expect(files.size).toBe(1)
    const [content] = [...files.values()]
    expect(await filesWith(bag, 'Odalys')).toEqual([])
    expect((await sharp(content).metadata()).exif).toBe(undefined)
    const pixel = async (left: number) => [
      ...(await sharp(content).extract({ left, top: 25, width: 1, height: 1 }).raw().toBuffer()),
    ]
    for (const part of await pixel(60)) expect(part).toBeLessThan(16)
    expect((await pixel(20))[0]).toBeGreaterThan(240)
    expect((await pixel(90))[0]).toBeGreaterThan(240)
  })
  test('words taken out of one record may not go out with another', async () => {
    const record = await desk.record({ words: 'Call Ferrous Blake at home' })
    const other = await desk.record({ words: 'I know ferrous blake' })
    const id = await collecting(record, other)
    value(await takeOut(id, record, 'Ferrous Blake'))
    await desk.releaseTheRest(id)
    const order = await orderProduction(here, desk.officer, id, { releaseWhenReady: false })
    expect(sentences(order).form).toMatch(/“Ferrous Blake” .* can still be read in 1 other/)
    expect(await leaksIn(here.db, id)).toMatchObject([{ words: 'Ferrous Blake', records: [other] }])
    value(await takeOut(id, record, 'Ferrous Blake', { everywhere: true }))
    expect(await leaksIn(here.db, id)).toEqual([])
    const bag = await desk.produced(id)
    expect(await filesWith(bag, 'ferrous blake')).toEqual([])
  })
  test('a reason that repeats what it takes out is refused', async () => {
    const record = await desk.record({ words: 'Call Ferrous Blake at home' })
    const id = await collecting(record)
    const answer = await takeOut(id, record, 'Ferrous Blake', { why: 'Ferrous Blake is a minor.' })
    expect(sentences(answer).why).toMatch(/repeats words/)
  })
  test('where the desk wants a second look, a redaction waits for somebody else', async () => {
    await here.db
      .insertInto('request_desk')
      .values({ second_look: true, population: null, hourly_rate_cents: null })
      .execute()
    const record = await desk.record({ words: 'Call Ferrous Blake at home' })
    const id = await collecting(record)
    value(await takeOut(id, record, 'Ferrous Blake'))
    const order = () => orderProduction(here, desk.officer, id, { releaseWhenReady: false })
    expect(sentences(await order()).form).toMatch(/second person/)
    const own = await confirmRedaction(here, desk.officer, id, record, 1)
    expect(sentences(own).form).toMatch(/yourself/)
    value(await confirmRedaction(here, desk.second, id, record, 1))
    // A change needs another look.
    value(await takeOut(id, record, 'home'))
    expect(sentences(await order()).form).toMatch(/second person/)
    value(await confirmRedaction(here, desk.second, id, record, 3))
    value(await order())
    await here.db.deleteFrom('request_desk').execute()
  })
  test('a crash while renditions are made leaves each with one statement, and the next run goes on', async () => {
    const records = [
      await desk.record({ words: 'Call Ferrous Blake at home' }),
      await desk.record({ words: 'Call Ferrous Blake at work' }),
    ]
    const id = await collecting(...records)
    for (const record of records) value(await takeOut(id, record, 'Ferrous Blake'))
    const production = value(await orderProduction(here, desk.officer, id, { releaseWhenReady: false }))
    let reads = 0
    const dying = {
      ...here,
      policy: {
        ...here.policy,
        get exemptionLaw(): string {
          if (++reads === 2) throw new Error('power cut')
          return here.policy.exemptionLaw
        },
      },
    }
    await expect(produce(dying, production, desk.folder)).rejects.toThrow('power cut')
    await Promise.all([produce(here, production, desk.folder), produce(here, production, desk.folder)])
    expect((await desk.productionOf(production)).bag).not.toBe(null)
    const statements = await recordsAbout(here.db, { kind: 'production', id: production })
    expect(statements.map((one) => one.kind)).toEqual(['request.redaction', 'request.redaction'])
  })
  test('what went over the wire stays back with redacted words, also that of another record about the same', async () => {
    const subject = { kind: 'comment', id: newId<'comment'>() }
    const wired = async (entry: Parameters<Desk['record']>[0], answer: string) =>
      desk.record({ ...entry, blobs: await keepAnswer(here.blobs, null, [exchangeOf(answer)]) })
    const named = await wired({ words: 'Call Ferrous Blake', subject }, 'Call Ferrous Blake')
    const hiding = await wired(
      { words: '', content: { effect: 'hide' }, subject },
      'hidden: Call Ferrous Blake',
    )
    const other = await wired({ words: 'Thank you' }, 'Thank you')
    const id = await collecting(named, hiding, other)
    value(await takeOut(id, named, 'Ferrous Blake'))
    await desk.releaseTheRest(id)
    const bag = await desk.produced(id)
    expect(await desk.verdict(bag)).toMatchObject({ genuine: true, redacted: 2 })
    const wires = [...(await filesIn(bag))].filter(([name, content]) =>
      name.includes('data/files/') ? content.subarray(0, 2).toString('hex') === '1f8b' : false,
    )
    expect(wires.map(([, content]) => gunzipSync(content).toString())).toEqual([
      expect.stringContaining('Thank you'),
    ])
  })
  test('a decision that changes after the order changes nothing of the production', async () => {
    const record = await desk.record({ words: 'Call Ferrous Blake at home' })
    const id = await collecting(record)
    value(await takeOut(id, record, 'Ferrous Blake'))
    const production = value(await orderProduction(here, desk.officer, id, { releaseWhenReady: false }))
    const { groups } = await page(id)
    value(await reviewGroups(here, desk.officer, id, groups, released))
    await here.jobs.run('request.produce')
    const rows = await reviews.releasedPage(here.db, production, { after: null, limit: 10 })
    expect(rows).toMatchObject([{ record, form: 'redacted' }])
  })
})

/** Changes a file of a bag and mends every sum over it, as a forger would. */
async function forge(bag: string, name: string, content: string) {
  const sum = (text: string | Buffer) => createHash('sha512').update(text).digest('hex')
  const rewrite = async (file: string, listed: string, to: string) => {
    const text = await readFile(path.join(bag, file), 'utf8')
    await writeFile(path.join(bag, file), text.replace(new RegExp(`^[0-9a-f]+(?= {2}${listed}$)`, 'm'), to))
  }
  await writeFile(path.join(bag, name), content)
  await rewrite('manifest-sha512.txt', name, sum(content))
  const manifest = await readFile(path.join(bag, 'manifest-sha512.txt'))
  await rewrite('tagmanifest-sha512.txt', 'manifest-sha512.txt', sum(manifest))
}
