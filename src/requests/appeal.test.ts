import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { determination, sentences, testDesk, value } from '../../test/desk.ts'
import { recordsAbout } from '../archive/archive.ts'
import type { RequestId } from '../storage/ids.ts'
import { determineAppeal, noteAppeal } from './appeal.ts'
import { type AppealOutcome, considerDetermination } from './appeal-order.ts'
import { appealsOf } from './appeal-store.ts'
import { businessCalendar } from './calendar.ts'
import { estimateFee, isPaid, notePayment } from './charging.ts'
import { closeRequest } from './closure.ts'
import { collect } from './collection.ts'
import { clockOn, localDay } from './deadline.ts'
import { paymentsOf } from './fee-store.ts'
import type { LetterChoices } from './letter.ts'
import { appealOutcomes } from './outcomes.ts'
import { orderProduction } from './production.ts'
import { reportLines, reportOf } from './report.ts'
import { reportRows } from './report-store.ts'
import { acknowledge, extend } from './response.ts'
import { conversationOf } from './screens/conversation.ts'
import { draftLetter, sendLetter } from './send-letter.ts'
import { standing } from './standing.ts'
import { listRequests } from './store.ts'
import { waitingFor } from './waiting.ts'
import { beginWait } from './waiting-for.ts'

type Desk = Awaited<ReturnType<typeof testDesk>>
let desk: Desk
let here: Desk['here']

beforeAll(async () => {
  desk = await testDesk()
  here = desk.here
})
beforeEach(() => desk.at())

const denial = { outcome: 'denied' as const, answer: 'It is under investigation.', exemptions: ['f'] }
const nothing: LetterChoices = { why: '', exemptions: [], newDue: '', factors: [] }

/** A request that was denied on March 6 and appealed on March 9. */
async function appealed(): Promise<RequestId> {
  const id = await desk.request()
  desk.at('2026-03-06T15:00:00Z')
  value(await closeRequest(here, desk.officer, id, denial))
  desk.at('2026-03-09T15:00:00Z')
  value(await noteAppeal(here, desk.officer, id, { receivedOn: '2026-03-09', reason: 'It is public.' }))
  return id
}
/** The same with a determination of March 16; whatever comes after it happens on March 17. */
async function determined(outcome: AppealOutcome, more: { due?: string; feeCents?: number } = {}) {
  const id = await appealed()
  desk.at('2026-03-16T15:00:00Z')
  const wanted = determination({ outcome, determinedOn: '2026-03-16', ...more })
  value(await determineAppeal(here, desk.officer, id, wanted))
  desk.at('2026-03-17T15:00:00Z')
  return id
}
async function send(id: RequestId, template: string, choices: Partial<LetterChoices> = {}) {
  const all = { ...nothing, ...choices }
  const { subject, body } = await draftLetter(here, desk.officer, id, template, all)
  return sendLetter(here, desk.officer, id, { ...all, template, subject, body })
}
const kindsAbout = async (id: RequestId) =>
  (await recordsAbout(here.db, { kind: 'request', id })).map((one) => one.kind)

describe('an appeal', () => {
  test('runs ten business days from the day it reached the supervisor, one at a time', async () => {
    const id = await desk.request()
    value(await acknowledge(here, desk.officer, id, 'No.'))
    const noted = { receivedOn: '2026-03-02', reason: 'Too much is withheld.' }
    expect(
      sentences(await noteAppeal(here, desk.officer, id, { ...noted, receivedOn: '2026-03-03' })),
    ).toEqual({ receivedOn: expect.stringMatching(/future/) })
    value(await noteAppeal(here, desk.officer, id, noted))
    expect(await appealsOf(here.db, id)).toMatchObject([{ due: '2026-03-16', determinedOn: null }])
    expect(sentences(await noteAppeal(here, desk.officer, id, noted)).form).toMatch(/running already/)
    value(await determineAppeal(here, desk.officer, id, determination({ outcome: 'upheld' })))
    expect(await appealsOf(here.db, id)).toMatchObject([{ outcome: 'upheld', determinedOn: '2026-03-02' }])
    const again = await determineAppeal(here, desk.officer, id, determination({ outcome: 'upheld' }))
    expect(sentences(again).form).toMatch(/No appeal/)
  })
  test('is determined on a day that can be, and an order names its day or its fee', () => {
    const consider = (outcome: AppealOutcome, more: object = {}) =>
      considerDetermination(
        { receivedOn: '2026-03-09' },
        determination({ outcome, determinedOn: '2026-03-16', ...more }),
        '2026-03-17',
      )
    expect(consider('upheld', { determinedOn: '2026-03-18' })).toHaveProperty('determinedOn')
    expect(consider('upheld', { determinedOn: '2026-03-08' })).toHaveProperty('determinedOn')
    expect(consider('overturned')).toHaveProperty('due')
    expect(consider('overturned', { due: '2026-03-13' })).toHaveProperty('due')
    expect(consider('overturned', { due: '2036-03-30' })).toHaveProperty('due')
    expect(consider('fee')).toHaveProperty('feeCents')
    expect(consider('fee', { feeCents: 0 })).toBe(null)
    expect(consider('overturned-in-part', { due: '2026-03-30', feeCents: 0 })).toBe(null)
  })
  test('whose outcome orders nothing sets no day and no fee, whichever it is', () => {
    const outcomes = Object.keys(appealOutcomes) as AppealOutcome[]
    fc.assert(
      fc.property(fc.constantFrom(...outcomes), fc.boolean(), fc.boolean(), (outcome, day, fee) => {
        const orders = !['upheld', 'withdrawn', 'closed'].includes(outcome)
        const wanted = determination({
          outcome,
          due: day ? '2026-03-30' : null,
          feeCents: fee ? 0 : null,
        })
        const found = considerDetermination({ receivedOn: '2026-03-02' }, wanted, '2026-03-17')
        if (!orders) expect(found === null).toBe(!day && !fee)
        else if (found === null) expect(day || fee).toBe(true)
      }),
    )
  })
})

describe('an order of the supervisor', () => {
  test('opens a denied request again with a clock of its own, and leaves the earlier answer as it was sent', async () => {
    const id = await determined('overturned', { due: '2026-03-30' })
    const request = await desk.found(id)
    expect(request).toMatchObject({ closure: null, due: '2026-03-30', responseDue: '2026-03-16' })
    expect(request.reopened).toMatchObject([{ outcome: 'denied', exemptions: ['f'], closedOn: '2026-03-06' }])
    expect(request.reopened[0]?.answer).toContain(denial.answer)
    expect(await kindsAbout(id)).toEqual(expect.arrayContaining(['request.appeal-end', 'request.reopening']))
    const { rows } = await listRequests(here.db, { status: 'open', page: 1 }, '2026-03-17')
    const row = rows.find((one) => one.id === id)
    expect(row).toMatchObject({ orderedOn: '2026-03-16', due: '2026-03-30', outcome: null })
    const calendar = businessCalendar(here.policy.recordsLaw.holidays)
    const clock = { from: row?.orderedOn ?? '', due: row?.due ?? '', answeredOn: null }
    expect(clockOn(localDay(here.now(), 'America/New_York'), clock, calendar)).toMatchObject({
      ...{ state: 'running', day: 1, of: 10 },
    })
    const waiting = await waitingFor(here.db, desk.officer, here.policy)
    expect(waiting.find((one) => one.href.endsWith(id))?.title).toMatch(/Do what was ordered/)
  })
  test('lets the desk collect, review, produce and answer anew', async () => {
    const id = await determined('overturned-in-part', { due: '2026-03-30' })
    value(await collect(here, desk.officer, id, [await desk.record({ words: 'The report' })]))
    await desk.releaseTheRest(id)
    value(await orderProduction(here, desk.officer, id, { releaseWhenReady: true }))
    await here.jobs.run('request.produce')
    desk.at('2026-03-18T15:00:00Z')
    value(await send(id, 'order-provided'))
    const request = await desk.found(id)
    expect(request.closure).toMatchObject({ outcome: 'provided', closedOn: '2026-03-18' })
    expect(request.reopened).toHaveLength(1)
    expect(sentences(await collect(here, desk.officer, id, [])).form).toMatch(/closed/)
  })
  test('that records are provided is not answered with another refusal', async () => {
    const id = await determined('overturned', { due: '2026-03-30' })
    for (const outcome of ['denied', 'no-records'] as const) {
      const answer = await closeRequest(here, desk.officer, id, { ...denial, outcome })
      expect(answer).toMatchObject({ denied: { rules: ['provide-what-was-ordered'] } })
    }
    const why = 'It names a witness.'
    expect(await send(id, 'order-new-response', { exemptions: ['f'], why })).toHaveProperty('denied')
    expect((await desk.found(id)).closure).toBe(null)
    expect(await kindsAbout(id)).not.toContain('request.letter')
    value(
      await closeRequest(here, desk.officer, id, { outcome: 'provided', answer: 'Here.', exemptions: [] }),
    )
  })
  test('that only wants a new answer is met by one that says how to appeal', async () => {
    const id = await determined('response', { due: '2026-03-30' })
    const why = 'The report names a witness who was promised silence.'
    const { body } = await draftLetter(here, desk.officer, id, 'order-new-response', {
      ...nothing,
      ...{ exemptions: ['f'], why },
    })
    expect(body).toMatch(/on Monday, March 16, 2026 .* by Monday, March 30, 2026/)
    const letter = { ...nothing, exemptions: ['f'], why, template: 'order-new-response', subject: 'Anew' }
    const short = await sendLetter(here, desk.officer, id, { ...letter, body: 'It stays secret. (f)' })
    expect(sentences(short).body).toMatch(/90 calendar days/)
    value(await sendLetter(here, desk.officer, id, { ...letter, body }))
    expect((await desk.found(id)).closure).toMatchObject({ outcome: 'denied' })
  })
  test('gives an open request the day it names, and the department no later one of its own', async () => {
    const id = await desk.request()
    value(await noteAppeal(here, desk.officer, id, { receivedOn: '2026-03-02', reason: 'Slow.' }))
    desk.at('2026-03-04T15:00:00Z')
    const wanted = determination({ outcome: 'response', determinedOn: '2026-03-04', due: '2026-03-11' })
    value(await determineAppeal(here, desk.officer, id, wanted))
    expect((await desk.found(id)).due).toBe('2026-03-11')
    expect(await kindsAbout(id)).toContain('request.new-day')
    const later = { basis: 'own-word' as const, due: '2026-03-20', reason: 'We need time.' }
    expect(sentences(await extend(here, desk.officer, id, later)).basis).toMatch(/ordered it by/)
    desk.at('2026-03-05T15:00:00Z')
    value(await extend(here, desk.officer, id, { ...later, basis: 'agreed' }))
    expect((await desk.found(id)).due).toBe('2026-03-20')
  })
  test('has its day whatever the request waited or waits for', async () => {
    const id = await desk.request()
    value(await beginWait(here, desk.officer, id, 'fee'))
    value(await noteAppeal(here, desk.officer, id, { receivedOn: '2026-03-02', reason: 'Too dear.' }))
    desk.at('2026-03-04T15:00:00Z')
    const wanted = determination({ outcome: 'overturned', determinedOn: '2026-03-04', due: '2026-03-11' })
    value(await determineAppeal(here, desk.officer, id, wanted))
    expect((await desk.found(id)).waits).toMatchObject([{ endedOn: '2026-03-04', due: null }])
    desk.at('2026-03-05T15:00:00Z')
    value(await beginWait(here, desk.officer, id, 'fee'))
    expect(await desk.found(id)).toMatchObject({ due: '2026-03-11', waits: [{}, { stops: 'nothing' }] })
  })
  test('is entered by whoever answers requests, and the appeal runs on when they may not', async () => {
    const id = await appealed()
    const wanted = determination({ outcome: 'overturned', determinedOn: '2026-03-09', due: '2026-03-30' })
    expect(await determineAppeal(here, desk.member, id, wanted)).toHaveProperty('denied')
    expect(await appealsOf(here.db, id)).toMatchObject([{ outcome: null, orderDue: null }])
    expect((await desk.found(id)).closure).not.toBe(null)
  })
  test('that two people enter at once is kept once', async () => {
    const id = await appealed()
    const wanted = determination({ outcome: 'overturned', determinedOn: '2026-03-09', due: '2026-03-30' })
    const answers = await Promise.all(
      [desk.officer, desk.second].map((person) => determineAppeal(here, person, id, wanted)),
    )
    expect(answers.filter((one) => 'done' in one)).toHaveLength(1)
    expect((await desk.found(id)).orders).toHaveLength(1)
  })
  test('can be followed by another appeal and another order, and each answer is kept', async () => {
    const id = await determined('response', { due: '2026-03-30' })
    value(await closeRequest(here, desk.officer, id, { ...denial, answer: 'Still secret.' }))
    value(await noteAppeal(here, desk.officer, id, { receivedOn: '2026-03-17', reason: 'Again.' }))
    desk.at('2026-03-20T15:00:00Z')
    const second = determination({ outcome: 'overturned', determinedOn: '2026-03-20', due: '2026-04-03' })
    value(await determineAppeal(here, desk.officer, id, second))
    const request = await desk.found(id)
    expect(request).toMatchObject({ closure: null, due: '2026-04-03' })
    expect(request.reopened).toHaveLength(2)
    const { rows } = await listRequests(here.db, { status: 'all', page: 1 }, '2026-03-20')
    expect(rows.filter((one) => one.id === id)).toHaveLength(1)
  })
  test.each(['upheld', 'withdrawn', 'closed'] as const)(
    'there is none when the appeal is %s',
    async (outcome) => {
      const id = await determined(outcome)
      expect((await desk.found(id)).closure).toMatchObject({ outcome: 'denied' })
      expect(sentences(await send(id, 'order-provided')).form).toMatch(/closed/)
    },
  )
  test('is what letters after an order need', async () => {
    const id = await desk.request()
    expect(sentences(await send(id, 'order-received')).form).toMatch(/No order/)
  })
  test('reaches the requester by their code, with the earlier answer above it', async () => {
    const id = await determined('overturned', { due: '2026-03-30', feeCents: 0 })
    const request = await desk.found(id)
    const said = await conversationOf(here.db, request, 'the supervisor')
    expect(said.map((one) => one.title)).toEqual([
      'First written answer',
      'The supervisor decided on Monday, March 16, 2026',
    ])
    expect(said.at(-1)?.text).toMatch(/have to be provided.*by Monday, March 30, 2026.*no fee/)
    const at = (today: string) =>
      standing(request, { reviewed: 0, ready: 0, today, supervisor: 'the supervisor' })
    expect(at('2026-03-17')).toMatch(/The supervisor ordered us .* by Monday, March 30/)
    expect(at('2026-03-31')).toMatch(/We are late/)
  })
})

describe('an order about the fee', () => {
  const entries = {
    ...{ searchHours: 4, redactionHours: 0, redactionAllowed: false, hourlyRateCents: 2500 },
    ...{ pages: 0, otherCents: 0 },
  }
  async function charged() {
    const id = await desk.request()
    value(await acknowledge(here, desk.officer, id, 'We search.'))
    value(await estimateFee(here, desk.officer, id, entries))
    value(await beginWait(here, desk.officer, id, 'fee'))
    value(await noteAppeal(here, desk.officer, id, { receivedOn: '2026-03-02', reason: 'Too dear.' }))
    return id
  }
  test('that waives it ends the wait for it, and what was paid is paid back', async () => {
    const id = await charged()
    value(await notePayment(here, desk.officer, id, { cents: 2000, paidOn: '2026-03-02', note: '' }))
    desk.at('2026-03-04T15:00:00Z')
    const wanted = determination({ outcome: 'fee', determinedOn: '2026-03-04', feeCents: 0 })
    value(await determineAppeal(here, desk.officer, id, wanted))
    const request = await desk.found(id)
    expect(request.waits).toMatchObject([{ reason: 'fee', endedOn: '2026-03-04', due: '2026-03-18' }])
    expect(sentences(await estimateFee(here, desk.officer, id, entries)).form).toMatch(/waived/)
    value(
      await closeRequest(here, desk.officer, id, { outcome: 'provided', answer: 'Here.', exemptions: [] }),
    )
    const back = (cents: number) =>
      notePayment(here, desk.officer, id, { cents: -cents, paidOn: '2026-03-04', note: '' })
    expect(sentences(await back(2001)).paid).toMatch(/Only \$20.00/)
    value(await back(2000))
    expect((await paymentsOf(here.db, id)).map((one) => one.cents)).toEqual([2000, -2000])
  })
  test('that reduces it is what has to be paid, and what the letter says', async () => {
    const id = await charged()
    desk.at('2026-03-04T15:00:00Z')
    const wanted = determination({ outcome: 'fee', determinedOn: '2026-03-04', feeCents: 1000 })
    value(await determineAppeal(here, desk.officer, id, wanted))
    const { body } = await draftLetter(here, desk.officer, id, 'fee-estimate', nothing)
    expect(body).toMatch(/Together: \$50.00\nBy order .* \$10.00/)
    expect(await isPaid(here.db, id)).toBe(false)
    value(await notePayment(here, desk.officer, id, { cents: 1000, paidOn: '2026-03-04', note: '' }))
    expect(await isPaid(here.db, id)).toBe(true)
    expect((await desk.found(id)).waits).toMatchObject([{ endedOn: '2026-03-04' }])
  })
})

test('the report counts a request that was opened again once, with how its appeals ended', async () => {
  const id = await determined('overturned', { due: '2026-03-30' })
  const report = async (today: string) => {
    const calendar = businessCalendar(here.policy.recordsLaw.holidays)
    const rows = await reportRows(here.db, { from: '2026-03-01', to: '2026-03-31' }, 'America/New_York')
    const lines = reportLines(
      rows.filter((one) => one.id === id),
      calendar,
    )
    return { lines, figures: reportOf(lines, today) }
  }
  const open = await report('2026-03-17')
  expect(open.figures).toMatchObject({
    ...{ requests: 1, open: 1, closed: 0, appeals: 1, ordersInTime: 0, ordersLate: 0 },
    byOutcome: [['Open', 1]],
    byAppealOutcome: [['The records have to be provided', 1]],
  })
  expect((await report('2026-03-31')).figures.ordersLate).toBe(1)
  value(await closeRequest(here, desk.officer, id, { outcome: 'provided', answer: 'Here.', exemptions: [] }))
  const closed = await report('2026-03-31')
  expect(closed.lines).toMatchObject([{ compliedOn: '2026-03-17', complianceDays: 1, exemptions: [] }])
  expect(closed.figures).toMatchObject({ requests: 1, closed: 1, ordersInTime: 1, ordersLate: 0 })
})
