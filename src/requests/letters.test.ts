import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sentences, testDesk, value } from '../../test/desk.ts'
import { recordsAbout } from '../archive/archive.ts'
import type { LetterTemplate } from '../policy/policy.ts'
import type { RequestId } from '../storage/ids.ts'
import { estimateFee, notePayment } from './charging.ts'
import { collect } from './collection.ts'
import { changeDeskSettings } from './desk-settings.ts'
import { type FeeEntries, feeOf } from './fee.ts'
import { type LetterChoices, missingParts } from './letter.ts'
import { lettersOf } from './letter-store.ts'
import { acknowledge } from './response.ts'
import { reviewGroups } from './review.ts'
import { reviewGroups as groupsOf } from './review-store.ts'
import { conversationOf } from './screens/conversation.ts'
import { draftLetter, sendLetter } from './send-letter.ts'
import { assignTask, finishTask, openTasksOf, tasksOf } from './task.ts'
import { waitingFor } from './waiting.ts'
import { beginWait, determinePetition, endWait } from './waiting-for.ts'

type Desk = Awaited<ReturnType<typeof testDesk>>
let desk: Desk
let here: Desk['here']

beforeAll(async () => {
  desk = await testDesk()
  here = desk.here
})
beforeEach(() => desk.at())

const nothing: LetterChoices = { why: '', exemptions: [], newDue: '', factors: [] }
const template = (id: string) => here.policy.letters.templates.find((one) => one.id === id) as LetterTemplate

/** The letter as the screen fills it in. */
async function filled(id: RequestId, name: string, choices: Partial<LetterChoices> = {}) {
  const all = { ...nothing, ...choices }
  const { subject, body } = await draftLetter(here, desk.officer, id, name, all)
  return { ...all, template: name, subject, body }
}

/** Fills a letter in and sends it; `change` is what somebody edits before. */
async function send(
  id: RequestId,
  name: string,
  choices: Partial<LetterChoices> = {},
  change: (body: string) => string = (body) => body,
) {
  const letter = await filled(id, name, choices)
  return sendLetter(here, desk.officer, id, { ...letter, body: change(letter.body) })
}

describe('a letter', () => {
  test('is filled from the request, and what the requester wrote is never taken for a place', async () => {
    const id = await desk.request('All posts {supervisor} {appeal}\nabout the storm')
    const { subject, body } = await filled(id, 'acknowledgement')
    expect(subject).toMatch(/records request 2026-\d{4}$/)
    expect(body).toContain('> All posts {supervisor} {appeal}\n> about the storm')
    expect(body).toContain('Monday, March 16, 2026')
    expect(body).toMatch(/http:\/\/localhost:4370\/records-requests\/([0-9a-z]{4}-){4}/)
  })
  test('leaves no place unfilled, whichever it is', async () => {
    const id = await desk.request()
    for (const { id: name } of here.policy.letters.templates)
      expect((await filled(id, name)).body, name).not.toMatch(/\{\w+\}/)
  })
  test('that acknowledges is not the written response; one that responds is', async () => {
    const id = await desk.request()
    value(await send(id, 'acknowledgement'))
    expect((await desk.found(id)).acknowledgement).toBe(null)
    value(await send(id, 'response-records-later'))
    expect((await desk.found(id)).acknowledgement).toMatchObject({ sentOn: '2026-03-02' })
    expect(sentences(await send(id, 'response-records-later')).form).toMatch(/sent already/)
    expect(await lettersOf(here.db, id)).toHaveLength(2)
  })
  test('that can’t do what it says leaves nothing behind', async () => {
    const id = await desk.request()
    const answer = await send(id, 'own-word-extension', { newDue: '2026-04-07', why: 'Many records.' })
    expect(sentences(answer).due).toMatch(/latest day/)
    expect(await lettersOf(here.db, id)).toEqual([])
    expect((await recordsAbout(here.db, { kind: 'request', id })).map((one) => one.kind)).toEqual([
      'request.receipt',
    ])
    value(await send(id, 'own-word-extension', { newDue: '2026-04-06', why: 'Many records.' }))
    expect(await desk.found(id)).toMatchObject({ due: '2026-04-06', acknowledgement: expect.anything() })
  })
})

describe('a denial', () => {
  const part = { exemptions: ['f'], why: 'It would show how an open investigation is led.' }
  test('is sent with the exemption, the reason, the appeal and the court, and closes the request', async () => {
    const id = await desk.request()
    value(await send(id, 'denial', part))
    const { closure, acknowledgement } = await desk.found(id)
    expect(closure).toMatchObject({ outcome: 'denied', exemptions: ['f'] })
    expect(acknowledgement).toMatchObject({ sentOn: '2026-03-02' })
  })
  test.each([
    ['the exemption', (body: string) => body.replaceAll('(f)', ''), /each exemption by its letter/],
    [
      'why it applies',
      (body: string) => body.replace(part.why, 'It is secret.'),
      /why the exemption applies/,
    ],
    [
      'the appeal',
      (body: string) => body.replace('90 calendar days', 'some days'),
      /within 90 calendar days/,
    ],
    ['the court', (body: string) => body.replace(', and you may go to the superior court', ''), /court/],
  ])('without %s is not sent', async (_, change, sentence) => {
    const id = await desk.request()
    expect(sentences(await send(id, 'denial', part, change)).body).toMatch(sentence)
    expect((await desk.found(id)).closure).toBe(null)
  })
  test('takes exemptions and reasons from the review, and none of them may be missing', async () => {
    const id = await desk.request()
    value(await collect(here, desk.officer, id, [await desk.record({ words: 'The informer is named' })]))
    const { groups } = await groupsOf(here.db, id, { state: 'all', words: '', page: 1 })
    const why = 'It names somebody who helped the police.'
    value(
      await reviewGroups(here, desk.officer, id, groups, {
        decision: 'withhold',
        exemptions: ['f', 'c'],
        why,
      }),
    )
    const letter = await filled(id, 'denial')
    expect(letter.body).toContain(`- (f) (c) ${why} (1 record)`)
    const cut = await send(id, 'denial', {}, (body) => body.replace('(c)', ''))
    expect(sentences(cut).body).toMatch(/letter/)
    value(await send(id, 'denial'))
    expect((await desk.found(id)).closure?.exemptions).toEqual(['c', 'f'])
  })
  test('whatever is cut out of it, it is not sent with a part missing', async () => {
    const id = await desk.request()
    const { body, ...choices } = await filled(id, 'denial', part)
    const request = await desk.found(id)
    const parts = ['(f)', part.why, '90 calendar days', 'Supervisor of Records', 'court']
    fc.assert(
      fc.property(fc.nat(body.length), fc.nat(body.length), (a, b) => {
        const cut = body.slice(0, Math.min(a, b)) + body.slice(Math.max(a, b))
        const whole = parts.every((one) => cut.includes(one))
        const missing = missingParts(template('denial'), cut, request, choices, [], here.policy)
        if (missing === null) expect(whole).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a petition for more time', () => {
  const factors = ['search', 'capacity']
  const explained = (body: string) =>
    body
      .replace(/^(- .*: )$/gm, '$1It takes two people four weeks.')
      .replace('(say why)', 'We are three people.')

  test('names its factors and how they apply, goes to the supervisor, and is filed once', async () => {
    const id = await desk.request()
    expect(sentences(await send(id, 'time-petition', { factors })).body).toMatch(/each factor/)
    value(await send(id, 'time-petition', { factors }, explained))
    expect(await lettersOf(here.db, id)).toMatchObject([{ recipient: 'supervisor' }])
    expect(sentences(await send(id, 'time-petition', { factors }, explained)).form).toMatch(/one at most/)
    // The written response runs all the same.
    const request = await desk.found(id)
    expect(request).toMatchObject({ acknowledgement: null, responseDue: '2026-03-16', due: '2026-03-16' })
    expect(request.waits).toMatchObject([{ reason: 'petition', stops: 'nothing' }])
  })
  test('is not filed after business day 20', async () => {
    const id = await desk.request()
    desk.at('2026-03-30T15:00:00Z')
    value(await send(id, 'time-petition', { factors }, explained))
    const late = await desk.request()
    desk.at('2026-04-29T15:00:00Z')
    expect(sentences(await send(late, 'time-petition', { factors }, explained)).form).toMatch(
      /had to be filed/,
    )
  })
  test('gives time only when it is granted, up to 30 business days', async () => {
    const id = await desk.request()
    expect(
      sentences(
        await determinePetition(here, desk.officer, id, { granted: true, due: '2026-04-01', note: '' }),
      ).form,
    ).toMatch(/No petition/)
    value(await send(id, 'time-petition', { factors }, explained))
    const tooLong = { granted: true, due: '2026-04-29', note: '' }
    expect(sentences(await determinePetition(here, desk.officer, id, tooLong)).due).toMatch(/latest day/)
    value(await determinePetition(here, desk.officer, id, { ...tooLong, due: '2026-04-28' }))
    const request = await desk.found(id)
    expect(request.due).toBe('2026-04-28')
    expect(request.waits).toMatchObject([{ reason: 'petition', endedOn: '2026-03-02', due: null }])
    // The requester reads until when, also where the determination itself does not say it.
    expect((await conversationOf(here.db, request, 'the supervisor')).map((one) => one.title)).toContain(
      'More time, until Tuesday, April 28, 2026',
    )
    const again = await determinePetition(here, desk.officer, id, { ...tooLong, granted: false })
    expect(sentences(again).form).toMatch(/already/)
  })
})

describe('waiting', () => {
  test('for the fee stops the records’ clock and never that of the written response', async () => {
    const id = await desk.request()
    value(await beginWait(here, desk.officer, id, 'fee'))
    expect(sentences(await beginWait(here, desk.second, id, 'fee')).reason).toMatch(/already/)
    desk.at('2026-03-06T15:00:00Z')
    value(await endWait(here, desk.officer, id, 'fee'))
    expect(await desk.found(id)).toMatchObject({ responseDue: '2026-03-16', due: '2026-03-20' })
    expect(sentences(await endWait(here, desk.officer, id, 'fee')).form).toMatch(/does not wait/)
  })
  test('for an answer to a question stops nothing', async () => {
    const id = await desk.request()
    value(await send(id, 'clarification', { why: 'Which storm do you mean?' }))
    desk.at('2026-03-06T15:00:00Z')
    value(await endWait(here, desk.officer, id, 'clarification'))
    expect(await desk.found(id)).toMatchObject({ responseDue: '2026-03-16', due: '2026-03-16' })
  })
})

describe('fees', () => {
  const entries: FeeEntries = {
    searchHours: 5,
    redactionHours: 3,
    redactionAllowed: false,
    hourlyRateCents: 2000,
    pages: 10,
    otherCents: 0,
  }
  const fee = (change: Partial<FeeEntries>, population: number | null) =>
    feeOf({ ...entries, ...change }, population, here.policy.recordsLaw.fees)

  test.each([
    ['a town of over 20,000: two hours are free', {}, 20_001, 6000 + 50],
    ['a town of 20,000: none is', {}, 20_000, 10_000 + 50],
    ['nobody said how many people: the hours are free', {}, null, 6000 + 50],
    ['redaction that the law requires', { redactionAllowed: true }, 20_001, 12_000 + 50],
    ['a rate over the cap is the cap', { hourlyRateCents: 9000 }, 20_001, 7500 + 50],
    ['less than the free hours', { searchHours: 1.5, pages: 0 }, 20_001, 0],
    ['hours with hundredths, to the cent', { searchHours: 2.3, hourlyRateCents: 2500 }, 20_001, 750 + 50],
  ] as const)('%s', (_, change, population, cents) => {
    expect(fee(change, population).totalCents).toBe(cents)
  })
  test('more work, pages or pay never make it cheaper, and nothing makes it negative', () => {
    const amount = fc.integer({ min: 0, max: 500 })
    fc.assert(
      fc.property(amount, amount, amount, fc.boolean(), (a, b, more, allowed) => {
        const base = { searchHours: a / 4, redactionHours: b / 4, pages: b, redactionAllowed: allowed }
        const one = fee(base, 30_000)
        expect(one.totalCents).toBeGreaterThanOrEqual(0)
        for (const grown of [
          { ...base, searchHours: base.searchHours + more },
          { ...base, pages: base.pages + more },
        ])
          expect(fee(grown, 30_000).totalCents).toBeGreaterThanOrEqual(one.totalCents)
      }),
    )
  })
  test('no fee is estimated when the written response was late', async () => {
    const id = await desk.request()
    desk.at('2026-03-17T15:00:00Z')
    expect(sentences(await estimateFee(here, desk.officer, id, entries)).form).toMatch(/No fee/)
    value(await acknowledge(here, desk.officer, id, 'Late.'))
    expect(sentences(await estimateFee(here, desk.officer, id, entries)).form).toMatch(/No fee/)
  })
  test('an estimate goes into its letter; when all is paid, the clock goes on', async () => {
    const settings = { secondLook: false, population: 31_000, hourlyRateCents: 2000 }
    const dear = await changeDeskSettings(here, desk.officer, { ...settings, hourlyRateCents: 2501 })
    expect(sentences(dear).hourlyRate).toMatch(/\$25\.00 at most/)
    value(await changeDeskSettings(here, desk.officer, settings))
    const id = await desk.request()
    expect(sentences(await send(id, 'fee-estimate')).form).toMatch(/Make the fee estimate first/)
    value(await estimateFee(here, desk.officer, id, entries))
    expect((await filled(id, 'fee-estimate')).body).toContain('Together: $60.50')
    value(await send(id, 'fee-estimate'))
    expect((await desk.found(id)).acknowledgement).toMatchObject({ sentOn: '2026-03-02' })
    value(await beginWait(here, desk.officer, id, 'fee'))
    desk.at('2026-03-04T15:00:00Z')
    const payment = { cents: 3000, paidOn: '2026-03-04', note: '' }
    value(await notePayment(here, desk.officer, id, payment))
    expect((await desk.found(id)).waits).toMatchObject([{ endedOn: null }])
    value(await notePayment(here, desk.officer, id, { ...payment, cents: 3050 }))
    expect(await desk.found(id)).toMatchObject({ due: '2026-03-18', waits: [{ endedOn: '2026-03-04' }] })
  })
})

describe('tasks', () => {
  test('wait for whom they are given to, who alone of the colleagues may finish them, once', async () => {
    const id = await desk.request()
    const colleague = await desk.person('Iris Moreau', ['member'])
    value(
      await assignTask(here, desk.officer, id, {
        title: 'Search',
        assignee: colleague.id,
        due: '2026-03-05',
      }),
    )
    const [task] = await openTasksOf(here.db, colleague.id)
    expect((await waitingFor(here.db, colleague, here.policy)).map((one) => one.href)).toEqual([
      `/console/requests/tasks/${task?.id}`,
    ])
    if (!task) throw new Error('no task')
    expect(await finishTask(here, desk.member, task.id, 5)).toHaveProperty('denied')
    value(await finishTask(here, colleague, task.id, 45))
    expect(sentences(await finishTask(here, desk.officer, task.id, 45)).form).toMatch(/done already/)
    expect(await tasksOf(here.db, id)).toMatchObject([{ minutes: 45, doneAt: expect.any(Date) }])
    expect(await waitingFor(here.db, colleague, here.policy)).toEqual([])
  })
})
