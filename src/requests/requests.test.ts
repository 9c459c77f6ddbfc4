import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sentences, testDesk, unpack, value } from '../../test/desk.ts'
import { recordsAbout } from '../archive/archive.ts'
import type { Person } from '../department/department.ts'
import { newId, type RecordId, type RequestId } from '../storage/ids.ts'
import { closeOffice } from './closed-days.ts'
import { closeRequest } from './closure.ts'
import { collect, leaveOut } from './collection.ts'
import { produce } from './produce.job.ts'
import { cancelProduction, orderProduction, releaseProduction, tarOfProduction } from './production.ts'
import { stateOf } from './production-state.ts'
import { codeOf, contactOf, enterRequest, receiveByForm, requestByCode } from './receipt.ts'
import { acknowledge, extend } from './response.ts'
import * as store from './store.ts'
import { waitingFor } from './waiting.ts'

type Desk = Awaited<ReturnType<typeof testDesk>>
let desk: Desk
let here: Desk['here']
let officer: Person
let second: Person
let member: Person
let folder: string

beforeAll(async () => {
  desk = await testDesk()
  ;({ here, officer, second, member, folder } = desk)
})
beforeEach(() => desk.at())

const asked = { text: 'All comments about the storm of January', contact: {} }
const newRequest = () => desk.request()
const found = (id: RequestId) => desk.found(id)

describe('receipt', () => {
  test('a visitor without a name gets a number, a deadline and a code that opens the request', async () => {
    const { id, code, number } = value(await receiveByForm(here, asked, '198.51.100.1'))
    expect(number).toMatch(/^2026-\d{4}$/)
    const request = await requestByCode(here, code.toUpperCase().replaceAll('-', ' '))
    expect(request).toMatchObject({
      id,
      receivedOn: '2026-03-02',
      responseDue: '2026-03-16',
      due: '2026-03-16',
    })
    expect(await requestByCode(here, '0000-0000-0000-0000-0000')).toBe(null)
    expect(await codeOf(here, id)).toBe(code)
  })
  test('where the requester can be reached lies nowhere readable', async () => {
    const contact = { email: 'ada.quill@example.org', phone: '413-555-0144' }
    const { id } = value(
      await enterRequest(here, officer, {
        ...asked,
        contact,
        name: 'Ada Quill',
        channel: 'letter',
        arrivedOn: '2026-03-01',
      }),
    )
    expect(await contactOf(here, id)).toEqual(contact)
    const kept = JSON.stringify([
      await recordsAbout(here.db, { kind: 'request', id }),
      await here.db.selectFrom('request').selectAll().where('id', '=', id).execute(),
      await here.db.selectFrom('request_contact').selectAll().where('request_id', '=', id).execute(),
    ])
    expect(kept).not.toContain('ada.quill')
    expect(kept).not.toContain('555-0144')
    expect(await found(id)).toMatchObject({ arrivedOn: '2026-03-01', receivedOn: '2026-03-02' })
  })
  test('numbers follow each other without a gap when many send at once', async () => {
    const before = await here.db.selectFrom('request').select('number').execute()
    const sent = await Promise.all(
      Array.from({ length: 12 }, (_, n) => receiveByForm(here, asked, `198.51.100.${100 + n}`)),
    )
    const numbers = sent.map((one) => Number(value(one).number.slice(5))).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, n) => before.length + 1 + n))
  })
  test('the sixth request from one address in an hour waits, and the next hour is free', async () => {
    const answers = await Promise.all(
      Array.from({ length: 7 }, () => receiveByForm(here, asked, '192.0.2.7')),
    )
    expect(answers.filter((one) => 'done' in one)).toHaveLength(5)
    expect(sentences(answers.find((one) => 'problems' in one)).form).toMatch(/again in an hour/)
    desk.at('2026-03-02T17:00:00Z')
    expect(await receiveByForm(here, asked, '192.0.2.7')).toHaveProperty('done')
  })
  test.each([
    ['2026-03-03', /can't have arrived after today/],
    ['2025-03-01', /more than a year ago/],
  ])('a day of receipt %s gets a sentence', async (arrivedOn, sentence) => {
    const answer = await enterRequest(here, officer, { ...asked, channel: 'letter', arrivedOn })
    expect(sentences(answer).arrivedOn).toMatch(sentence)
  })
  test('a range that ends before it begins, or begins in the future, gets a sentence', async () => {
    const wrong = await receiveByForm(here, { ...asked, aboutFrom: '2026-02-02', aboutTo: '2026-02-01' }, 'a')
    expect(sentences(wrong).aboutTo).toMatch(/before the first/)
    const future = await receiveByForm(here, { ...asked, aboutFrom: '2026-04-02' }, 'a')
    expect(sentences(future).aboutFrom).toMatch(/future/)
  })
  test('the local day counts, not the day in Greenwich', async () => {
    desk.at('2026-03-07T03:30:00Z')
    expect(await found(await newRequest())).toMatchObject({ arrivedOn: '2026-03-06' })
  })
  test('a member who is no records access officer may enter nothing, and the refusal is a record', async () => {
    const answer = await enterRequest(here, member, { ...asked, channel: 'letter', arrivedOn: '2026-03-02' })
    expect(answer).toHaveProperty('denied')
    const id = await newRequest()
    expect(await collect(here, member, id, [])).toHaveProperty('denied')
    expect(await kindsAbout(id)).toContain('decision.refusal')
  })
})

describe('answers and more time', () => {
  test('a written answer in time is kept once and shows on the timeline', async () => {
    const id = await newRequest()
    value(await acknowledge(here, officer, id, 'We are searching.'))
    expect(sentences(await acknowledge(here, second, id, 'Again.')).form).toMatch(/was answered/)
    expect((await found(id)).acknowledgement).toMatchObject({ sentOn: '2026-03-02' })
    expect(await kindsAbout(id)).toEqual(['request.acknowledgement', 'request.receipt'])
  })
  test('the department sets a later day once, and this is its first answer', async () => {
    const id = await newRequest()
    const more = { basis: 'own-word' as const, reason: 'Many records must be read.' }
    value(await extend(here, officer, id, { ...more, due: '2026-04-06' }))
    const request = await found(id)
    expect(request.due).toBe('2026-04-06')
    expect(request.responseDue).toBe('2026-03-16')
    expect(request.acknowledgement?.text).toBe(more.reason)
    expect(sentences(await extend(here, officer, id, { ...more, due: '2026-04-07' })).basis).toMatch(
      /petition/,
    )
    value(await extend(here, officer, id, { ...more, basis: 'supervisor', due: '2026-05-19' }))
    expect((await found(id)).due).toBe('2026-05-19')
  })
  test.each([
    ['2026-04-07', /latest day/],
    ['2026-03-16', /due on .* already/],
    ['2026-02-27', /isn't in the future/],
    ['2026-03-21', /Saturday/],
  ])('a new day %s gets a sentence', async (due, sentence) => {
    const answer = await extend(here, officer, await newRequest(), {
      basis: 'own-word',
      due,
      reason: 'Time.',
    })
    expect(sentences(answer).due).toMatch(sentence)
  })
  test('after the response day only the supervisor gives more time', async () => {
    const id = await newRequest()
    desk.at('2026-03-17T15:00:00Z')
    const own = await extend(here, officer, id, { basis: 'own-word', due: '2026-03-30', reason: 'Late.' })
    expect(sentences(own).basis).toMatch(/petition/)
  })
  test('a closed day moves the deadlines of open requests', async () => {
    desk.at('2027-02-01T15:00:00Z')
    const id = await newRequest()
    expect((await found(id)).responseDue).toBe('2027-02-16')
    value(await closeOffice(here, officer, { day: '2027-02-03', reason: 'Snow emergency' }))
    expect((await found(id)).responseDue).toBe('2027-02-17')
    const holiday = await closeOffice(here, officer, { day: '2027-02-15', reason: 'Closed' })
    expect(sentences(holiday).day).toMatch(/Washington/)
  })
})

describe('collection', () => {
  test('two people who collect at once lose nothing and collect nothing twice', async () => {
    const id = await newRequest()
    const records = await someRecords(40)
    const [first, other] = await Promise.all([
      collect(here, officer, id, records.slice(0, 30)),
      collect(here, second, id, records.slice(10)),
    ])
    expect(value(first) + value(other)).toBe(40)
    expect((await found(id)).collected).toBe(40)
    expect(value(await leaveOut(here, officer, id, records.slice(0, 5)))).toBe(5)
    expect(value(await collect(here, officer, id, [newId<'record'>()]))).toBe(0)
    expect((await found(id)).collected).toBe(35)
  })
})

describe('production', () => {
  test('records are collected, produced, taken with the code, unpacked and verified; a flipped byte is found', async () => {
    const id = await newRequest()
    await collected(id, 25)
    const production = value(await orderProduction(here, officer, id, { releaseWhenReady: false }))
    expect(sentences(await releaseProduction(here, officer, production)).form).toMatch(/isn’t ready/)
    expect(await here.jobs.run('request.produce')).toBe(1)

    const made = await productionOf(production)
    expect(made).toMatchObject({ records: 25, recordsDone: 25, trouble: null })
    expect(stateOf(made)).toBe('ready')
    value(await releaseProduction(here, officer, production))
    expect(stateOf(await productionOf(production))).toBe('released')

    const tar = await tarOfProduction(here, made)
    const bytes = await buffer(tar?.stream as NodeJS.ReadableStream)
    expect(bytes.length).toBe(made.bag?.bytes)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(made.bag?.sha256)
    const bag = await unpack(bytes)
    expect(await isGenuine(bag)).toBe(true)

    const payload = (await readdir(path.join(bag, 'data'), { recursive: true, withFileTypes: true })).find(
      (one) => one.isFile(),
    )
    const file = path.join(payload?.parentPath ?? '', payload?.name ?? '')
    const content = await readFile(file)
    content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1
    await writeFile(file, content)
    expect(await isGenuine(bag)).toBe(false)
    expect(await readdir(folder)).toEqual([])
  })
  test('a job that runs twice, one after the other or side by side, makes one production and one record', async () => {
    const id = await newRequest()
    await collected(id, 3)
    const production = value(await orderProduction(here, officer, id, { releaseWhenReady: true }))
    await Promise.all([produce(here, production, folder), produce(here, production, folder)])
    const { bag } = await productionOf(production)
    await produce(here, production, folder)
    await here.jobs.run('request.produce')
    expect((await productionOf(production)).bag).toEqual(bag)
    expect((await kindsAbout(id)).filter((kind) => kind === 'request.production')).toHaveLength(1)
    expect(stateOf(await productionOf(production))).toBe('released')
  })
  test('a crash in the middle leaves nothing half made, and the next run finishes', async () => {
    const id = await newRequest()
    await collected(id, 3)
    const production = value(await orderProduction(here, officer, id, { releaseWhenReady: false }))
    const broken = {
      ...here,
      blobs: {
        ...here.blobs,
        putStream: async () => {
          throw Object.assign(new Error('no space left of the quota'), { code: 'EDQUOT' })
        },
      },
    }
    await expect(produce(broken, production, folder)).rejects.toThrow('no space')
    expect(await productionOf(production)).toMatchObject({
      bag: null,
      trouble: expect.stringMatching(/disk is full/),
    })
    expect(await readdir(folder)).toEqual([])
    await here.jobs.run('request.produce')
    expect(await productionOf(production)).toMatchObject({ trouble: null, bag: expect.anything() })
  })
  test('a cancelled production is never made', async () => {
    const id = await newRequest()
    await collected(id, 2)
    const production = value(await orderProduction(here, officer, id, { releaseWhenReady: true }))
    expect(sentences(await orderProduction(here, second, id, { releaseWhenReady: true })).form).toMatch(
      /already/,
    )
    value(await cancelProduction(here, officer, production))
    await here.jobs.run('request.produce')
    expect(stateOf(await productionOf(production))).toBe('cancelled')
  })
  test('an empty collection is not produced', async () => {
    const answer = await orderProduction(here, officer, await newRequest(), { releaseWhenReady: true })
    expect(sentences(answer).form).toMatch(/collection is empty/)
  })
})

describe('closure', () => {
  test('a denial needs its exemption, says how to appeal, and ends all changes', async () => {
    const id = await newRequest()
    const denial = { outcome: 'denied' as const, answer: 'The report is part of an open investigation.' }
    expect(
      sentences(await closeRequest(here, officer, id, { ...denial, exemptions: [] })).exemptions,
    ).toMatch(/Tick/)
    expect(
      sentences(await closeRequest(here, officer, id, { ...denial, exemptions: ['?'] })).exemptions,
    ).toMatch(/no exemption/)
    value(await closeRequest(here, officer, id, { ...denial, exemptions: ['f'] }))
    expect((await found(id)).closure).toMatchObject({
      exemptions: ['f'],
      answer: expect.stringMatching(/within 90 calendar days/),
    })
    expect(sentences(await collect(here, officer, id, [])).form).toMatch(/closed/)
    expect(sentences(await closeRequest(here, second, id, { ...denial, exemptions: ['f'] })).form).toMatch(
      /closed/,
    )
  })
  test('a request is not closed over a production that is being made or not released', async () => {
    const id = await newRequest()
    await collected(id, 1)
    const production = value(await orderProduction(here, officer, id, { releaseWhenReady: false }))
    const end = { outcome: 'provided' as const, answer: 'Here they are.', exemptions: [] }
    expect(sentences(await closeRequest(here, officer, id, end)).form).toMatch(/still being made/)
    await here.jobs.run('request.produce')
    expect(sentences(await closeRequest(here, officer, id, end)).outcome).toMatch(/Release it first/)
    value(await releaseProduction(here, officer, production))
    value(await closeRequest(here, officer, id, end))
  })
})

test('what waits is shown to those who answer requests, the oldest deadline first', async () => {
  const id = await newRequest()
  const items = await waitingFor(here.db, officer, here.policy)
  expect(items.map((one) => one.href)).toContain(`/console/requests/${id}`)
  expect(items.map((one) => one.at.getTime())).toEqual(
    items.map((one) => one.at.getTime()).toSorted((a, b) => a - b),
  )
  expect(await waitingFor(here.db, member, here.policy)).toEqual([])
})

test('the desk finds overdue requests and pages through all', async () => {
  const { rows } = await store.listRequests(here.db, { status: 'overdue', page: 1 }, '2026-03-17')
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.every((one) => one.due < '2026-03-17' && !one.outcome)).toBe(true)
  const closed = await store.listRequests(here.db, { status: 'closed', page: 1 }, '2026-03-17')
  expect(closed.rows.every((one) => one.outcome)).toBe(true)
  const none = await store.listRequests(here.db, { status: 'all', words: '%_nothing', page: 1 }, '2026-03-17')
  expect(none.total).toBe(0)
})

const productionOf = (id: store.ProductionId) => desk.productionOf(id)
const kindsAbout = async (id: RequestId) =>
  (await recordsAbout(here.db, { kind: 'request', id })).map((one) => one.kind).sort()

async function someRecords(count: number): Promise<RecordId[]> {
  const ids: RecordId[] = []
  for (let n = 0; n < count; n++)
    ids.push(
      await desk.record({
        content: { text: `The plow never came to Elm Street, house ${n}.` },
        words: `plow Elm Street ${n}`,
      }),
    )
  return ids
}

/** Collects records and releases them all. */
async function collected(id: RequestId, count: number) {
  value(await collect(here, officer, id, await someRecords(count)))
  await desk.releaseTheRest(id)
}

/** Whether a bag is what the department's log holds, by the archive's own check. */
const isGenuine = async (bag: string) => (await desk.verdict(bag)).genuine
