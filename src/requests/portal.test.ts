import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sentences, testDesk, value } from '../../test/desk.ts'
import { searchRecords } from '../archive/archive.ts'
import { readFiles } from '../archive/reading.job.ts'
import { closeRequest } from './closure.ts'
import { collect } from './collection.ts'
import { markRead, messagesOf, unreadRequests, writeByCode, writeToRequester } from './message.ts'
import { orderProduction } from './production.ts'
import { publicationOf, publishProduction, readingRoom, withdrawProduction } from './reading-room.ts'
import { codeOf, requestByCode } from './receipt.ts'
import { acknowledge } from './response.ts'
import { standing } from './standing.ts'
import { productionsOf } from './store.ts'
import { waitingFor } from './waiting.ts'

type Desk = Awaited<ReturnType<typeof testDesk>>
let desk: Desk
let here: Desk['here']

beforeAll(async () => {
  desk = await testDesk()
  here = desk.here
})
beforeEach(() => desk.at())

describe('messages', () => {
  test('go both ways by the code, and wait for the desk until somebody reads them', async () => {
    const id = await desk.request()
    const code = await codeOf(here, id)
    value(await writeByCode(here, code, ' Is January enough? ', '203.0.113.200'))
    value(await writeToRequester(here, desk.officer, id, 'Yes.'))
    expect(await messagesOf(here.db, id)).toMatchObject([
      { text: 'Is January enough?', byName: null },
      { text: 'Yes.', byName: 'Dana Whitfield' },
    ])
    expect((await unreadRequests(here.db)).map((one) => one.id)).toContain(id)
    const waiting = await waitingFor(here.db, desk.officer, here.policy)
    const message = waiting.find((one) => one.href === `/console/requests/${id}/messages`)
    // Things of one kind are folded together, and a message is not to be lost among deadlines.
    expect(waiting.filter((one) => one.kind === message?.kind)).toEqual([message])
    await markRead(here.db, id, here.now())
    expect((await unreadRequests(here.db)).map((one) => one.id)).not.toContain(id)
  })
  test('need the right code, some words, and a calm connection', async () => {
    const code = await codeOf(here, await desk.request())
    const write = (typed: string, text: string) => writeByCode(here, typed, text, '203.0.113.201')
    expect(sentences(await write('0000-0000-0000-0000-0000', 'Hello')).form).toMatch(/No request/)
    expect(sentences(await write(code, '  ')).text).toMatch(/Write/)
    expect(sentences(await write(code, 'x'.repeat(10_001))).text).toMatch(/10,000/)
    const flood = await Promise.all(Array.from({ length: 12 }, (_, n) => write(code, `Message ${n}`)))
    expect(flood.filter((one) => 'done' in one)).toHaveLength(10)
    expect(sentences(flood.find((one) => 'problems' in one)).form).toMatch(/in an hour/)
  })
  test('a member who does not answer requests writes none', async () => {
    const id = await desk.request()
    expect(await writeToRequester(here, desk.member, id, 'Hello')).toHaveProperty('denied')
  })
})

describe('the reading room', () => {
  test('shows a released production until it is taken out', async () => {
    const id = await desk.request()
    value(await collect(here, desk.officer, id, [await desk.record({ words: 'Plow schedule' })]))
    await desk.releaseTheRest(id)
    const production = value(await orderProduction(here, desk.officer, id, { releaseWhenReady: true }))
    const wanted = { title: 'Plow schedules', summary: '' }
    expect(sentences(await publishProduction(here, desk.officer, production, wanted)).form).toMatch(
      /Release it/,
    )
    await here.jobs.run('request.produce')
    expect(
      sentences(await publishProduction(here, desk.officer, production, { ...wanted, title: ' ' })).title,
    ).toMatch(/title/)
    expect(await publishProduction(here, desk.member, production, wanted)).toHaveProperty('denied')
    value(await publishProduction(here, desk.officer, production, wanted))
    expect(sentences(await publishProduction(here, desk.second, production, wanted)).form).toMatch(/already/)
    const found = await readingRoom(here.db, { words: 'plow', page: 1 })
    expect(found.rows).toMatchObject([{ id: production, title: 'Plow schedules', records: 1 }])
    expect(Object.keys(found.rows[0] ?? {})).not.toContain('requester_name')
    // The request may be closed meanwhile; the room is the desk's own.
    value(
      await closeRequest(here, desk.officer, id, { outcome: 'provided', answer: 'Done.', exemptions: [] }),
    )
    value(await withdrawProduction(here, desk.officer, production))
    expect(await publicationOf(here.db, production)).toBe(null)
    expect((await readingRoom(here.db, { words: '', page: 1 })).total).toBe(0)
  })
})

test('words that a machine read in a picture lead to no request and no published records', async () => {
  const picture = { ...(await here.blobs.put(Buffer.from('A photograph'), 'image/png')), role: 'image' }
  const id = await desk.request()
  const record = await desk.record({ words: 'A photograph of the pond', blobs: [picture] })
  await readFiles(here, async () => ({ read: async () => 'BANDICOOT AT LARGE', close: async () => {} }))
  expect((await searchRecords(here.db, { words: 'bandicoot' })).records.map((one) => one.id)).toEqual([
    record,
  ])
  value(await collect(here, desk.officer, id, [record]))
  await desk.releaseTheRest(id)
  const production = value(await orderProduction(here, desk.officer, id, { releaseWhenReady: true }))
  await here.jobs.run('request.produce')
  value(await publishProduction(here, desk.officer, production, { title: 'The pond', summary: '' }))
  expect((await readingRoom(here.db, { words: 'bandicoot', page: 1 })).rows).toEqual([])
  const seen = [
    await requestByCode(here, await codeOf(here, id)),
    await productionsOf(here.db, id),
    (await readingRoom(here.db, { words: 'pond', page: 1 })).rows,
  ]
  for (const one of seen) expect(one).not.toBeNull()
  expect(seen[2]).toHaveLength(1)
  expect(JSON.stringify(seen)).not.toMatch(/bandicoot/i)
})

test('where a request stands is said in words, late or not', async () => {
  const id = await desk.request()
  const at = async (today: string, reviewed = 0, ready = 0) =>
    standing(await desk.found(id), { reviewed, ready, today, supervisor: 'the supervisor' })
  expect(await at('2026-03-02')).toMatch(/answer in writing by Monday, March 16/)
  expect(await at('2026-03-17')).toMatch(/We are late/)
  value(await acknowledge(here, desk.officer, id, 'We search.'))
  expect(await at('2026-03-03')).toMatch(/searching .* by Monday, March 16/)
  value(await collect(here, desk.officer, id, [await desk.record({ words: 'One' })]))
  expect(await at('2026-03-03')).toMatch(/have found records/)
  expect(await at('2026-03-17', 1)).toMatch(/reviewing .* We are late/)
  expect(await at('2026-03-17', 1, 1)).toMatch(/ready/)
})
