import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import type { CommentId } from '../storage/ids.ts'
import { editComment, submitComment } from './capture.ts'
import { cardsOf } from './card.ts'
import { sweep } from './effect.job.ts'
import { weightOfReports } from './harm.ts'
import { hideComment, keepComment, restoreComment } from './moderation.ts'
import { readQueue } from './queue.ts'
import { hasReported, isFresh, reportComment } from './report.ts'

let here: Awaited<ReturnType<typeof square>>
let visitors = 0
beforeAll(async () => {
  here = await square()
})
beforeEach(() => here.setClock(null))

/** A report by a visitor of their own, with a browser and a connection that nobody else has. */
const report = (id: CommentId, reason = 'personal-attack', more: object = {}) =>
  reportComment(here.installation, id, {
    reason,
    explanation: '',
    honeypot: '',
    clientAddress: `198.51.100.${visitors++}`,
    ...more,
  })
const card = async (id: CommentId) => {
  const [found] = await cardsOf(here.installation, [id])
  if (!found) throw new Error('The comment has no card.')
  return found
}

describe('a report', () => {
  test('hides nothing, is a record with its clause, and is shown to the moderators as plain text', async () => {
    const id = await here.commented('You all park on the sidewalk.')
    done(await report(id, 'other', { explanation: 'This is <b>about me</b>.\r\nJane' }))
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown', decided_at: null })
    expect(await here.kindsOf(id)).toEqual(['comment.capture', 'comment.report'])
    const record = await here.db
      .selectFrom('record')
      .select(['json', 'words', 'clauses', 'by_kind', 'by_name'])
      .where('kind', '=', 'comment.report')
      .where('subject_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(record).toMatchObject({
      words: 'Something else: This is <b>about me</b>.\nJane',
      clauses: expect.arrayContaining(['IV.A.2.iv.1']),
      by_kind: 'visitor',
      by_name: null,
    })
    expect(JSON.parse(record.json ?? '').content).toMatchObject({
      reason: 'other',
      version: 1,
      text: 'You all park on the sidewalk.',
      shownOnceMore: false,
    })
    expect((await card(id)).reports).toEqual({
      count: 1,
      older: 0,
      reasons: [{ title: 'Something else', count: 1 }],
      words: [
        { title: 'Something else', explanation: 'This is <b>about me</b>.\nJane', at: expect.any(Date) },
      ],
      onceMore: null,
    })
    const { cards } = await readQueue(here.installation, here.avery.id, { marks: ['reported'] })
    expect(cards.map((one) => one.id)).toEqual([id])
  })

  test('needs a reason of the pack, has a longest explanation, and is not for programs', async () => {
    const id = await here.commented('Where is the parade?')
    expect(await report(id, 'disagree')).toMatchObject({ problems: { reason: expect.any(String) } })
    expect(await report(id, 'other', { explanation: 'x'.repeat(1001) })).toMatchObject({
      problems: { explanation: expect.stringMatching(/1,000.*1,001/) },
    })
    expect(await report(id, 'other', { honeypot: 'x' })).toMatchObject({ done: {} })
    expect((await card(id)).reports.count).toBe(0)
  })

  test('is for comments that are shown, and not for one’s own', async () => {
    const { token } = done(await submitComment(here.installation, here.submission('My own words.')))
    const [mine] = await here.db
      .selectFrom('comment')
      .select('id')
      .where('text', '=', 'My own words.')
      .execute()
    expect(await report(mine?.id as CommentId, 'other', { token })).toMatchObject({
      problems: { form: expect.stringMatching(/wrote this comment yourself/) },
    })
    const id = await here.commented('Cheap phones at phones.example')
    done(await hideComment(here.installation, here.avery, id, { revision: 1, reason: 'obscenity' }))
    expect(await report(id)).toMatchObject({ problems: { form: expect.stringMatching(/left the page/) } })
  })

  test('counts once for a browser, and once a day for a connection; neither is kept longer than needed', async () => {
    const { installation, db, setClock } = here
    setClock(new Date('2026-09-01T22:00:00Z'))
    const [id, other] = [await here.commented('Counted once'), await here.commented('Counted elsewhere')]
    const clientAddress = '198.18.0.1'
    const { token } = done(await report(id, 'off-topic', { clientAddress }))
    expect(await hasReported(installation, id, token)).toBe(true)
    expect(await hasReported(installation, other, token)).toBe(false)
    expect(await report(id, 'other', { token })).toHaveProperty('problems.form')
    expect(await report(id, 'other', { clientAddress })).toHaveProperty('problems.form')
    done(await report(other, 'off-topic', { clientAddress, token }))

    const kept = await db.selectFrom('comment_reporter').select(['comment', 'digest']).execute()
    expect(new Set(kept.map(({ digest }) => digest)).size).toBe(kept.length)
    expect(JSON.stringify(kept)).not.toContain(clientAddress)

    setClock(new Date('2026-09-02T00:00:00Z'))
    expect(await report(id, 'other', { token })).toHaveProperty('problems.form')
    done(await report(id, 'other', { clientAddress }))
    setClock(new Date('2026-10-03T00:00:00Z'))
    await sweep(installation)
    expect(
      await db.selectFrom('comment_reporter').select('until').where('comment', 'in', [id, other]).execute(),
    ).toEqual([])
  })

  test('of two at once from one browser, one is taken', async () => {
    const id = await here.commented('Pressed twice')
    const { token } = done(await report(await here.commented('Another one'), 'other'))
    const answers = await Promise.all([report(id, 'other', { token }), report(id, 'other', { token })])
    expect(answers.filter((answer) => 'done' in answer)).toHaveLength(1)
    expect((await card(id)).reports.count).toBe(1)
  })

  test('from one connection comes three times a minute at most, and nothing typed is lost', async () => {
    here.setClock(new Date('2026-09-03T10:00:00Z'))
    const ids = await Promise.all([1, 2, 3, 4].map((n) => here.commented(`Fast ${n}`)))
    const answers = []
    for (const id of ids) answers.push(await report(id, 'other', { clientAddress: '198.18.0.9' }))
    expect(answers.map((answer) => 'done' in answer)).toEqual([true, true, true, false])
    expect(answers[3]).toMatchObject({ problems: { form: expect.stringMatching(/wait a minute/) } })
  })
})

describe('the place of a reported comment', () => {
  const order = { first: 20, more: 5, most: 60 }
  test('rises with reports up to the pack’s limit, never to what is urgent, and never for criticism', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (few, more) => {
        expect(weightOfReports(few, false, order)).toBeLessThanOrEqual(
          weightOfReports(few + more, false, order),
        )
        expect(weightOfReports(few, false, order)).toBeLessThanOrEqual(order.most)
        expect(weightOfReports(few, true, order)).toBe(0)
      }),
    )
    expect([0, 1, 2, 9, 40].map((count) => weightOfReports(count, false, order))).toEqual([0, 20, 25, 60, 60])
  })

  test('is the same after 40 reports as after nine, and the card says how many there were', async () => {
    const id = await here.commented('The bake sale was fine.')
    for (let n = 0; n < 9; n++) done(await report(id, 'off-topic'))
    const { harm } = await here.commentRow(id)
    for (let n = 0; n < 31; n++) done(await report(id, 'off-topic'))
    expect((await here.commentRow(id)).harm).toBe(harm)
    expect((await card(id)).reports).toMatchObject({
      count: 40,
      reasons: [{ title: 'It has nothing to do with the post', count: 40 }],
    })
    // Not even a mass of reports comes before a threat.
    const threat = await here.commented('I know where you live, Karen, and I will hurt you tonight.')
    const { cards } = await readQueue(here.installation, here.avery.id, { order: 'harm' })
    const places = cards.map((one) => one.id)
    expect(places.indexOf(threat)).toBeLessThan(places.indexOf(id))
    expect(places.indexOf(threat)).toBeGreaterThanOrEqual(0)
  })

  test('stays where it was for criticism, and follows the words when the author changes them', async () => {
    const { installation } = here
    const { comment, token } = done(
      await submitComment(installation, here.submission('The chief should resign.')),
    )
    const id = comment as CommentId
    done(await report(id))
    expect((await here.commentRow(id)).harm).toBe(0)
    done(await editComment(installation, id, token, 'The bake sale should move.'))
    expect((await here.commentRow(id)).harm).toBe(20)
    expect((await card(id)).reports).toMatchObject({ count: 1, older: 1 })
  })
})

describe('a comment that was kept', () => {
  test('is shown once more for a reason that nobody considered, and for each reason only once', async () => {
    const { installation, avery } = here
    const id = await here.commented('Ask the man at 12 what he did.')
    done(await report(id, 'off-topic'))
    const { revision } = await here.commentRow(id)
    done(await keepComment(installation, avery, id, { revision }))

    done(await report(id, 'off-topic'))
    expect((await here.commentRow(id)).decided_at).not.toBeNull()
    done(await report(id, 'personal-attack'))
    expect(await here.commentRow(id)).toMatchObject({ decided_at: null, state: 'shown' })
    expect((await card(id)).reports.onceMore).toBe('It attacks or threatens a person')
    expect((await card(id)).last).toMatchObject({ decision: 'keep', byName: 'Avery Stone' })

    done(await keepComment(installation, avery, id, { revision: (await here.commentRow(id)).revision }))
    for (let n = 0; n < 5; n++) done(await report(id, 'personal-attack'))
    expect((await here.commentRow(id)).decided_at).not.toBeNull()
    expect((await card(id)).reports).toMatchObject({ count: 8, onceMore: null })
  })

  test('is not shown again for the reason of a removal that was taken back', async () => {
    const { installation, avery } = here
    const id = await here.commented('Lovely evening at the lake.')
    done(await hideComment(installation, avery, id, { revision: 1, reason: 'obscenity' }))
    done(await restoreComment(installation, avery, id, { revision: 2 }))
    done(await report(id, 'obscenity'))
    expect((await here.commentRow(id)).decided_at).not.toBeNull()
  })

  test('nobody decides without having read a report that names something new', async () => {
    const { installation, avery, quinn } = here
    const id = await here.commented('Second thoughts about the fair.')
    done(await report(id, 'other'))
    expect(await keepComment(installation, avery, id, { revision: 1 })).toMatchObject({
      problems: { form: expect.stringMatching(/reported this comment a moment ago/) },
    })
    done(await report(id, 'other'))
    done(await keepComment(installation, quinn, id, { revision: 2 }))
  })

  test('a reason counts as considered when it was decided on, wished for, suggested or reported before', () => {
    const { policy } = here.installation
    const attack = policy.reports.reasons.find(({ id }) => id === 'personal-attack')
    const other = policy.reports.reasons.find(({ id }) => id === 'other')
    if (!attack || !other) throw new Error('The pack has changed.')
    const none = { removals: [], categories: [], reports: [] }
    expect(isFresh(policy, attack, none)).toBe(true)
    expect(isFresh(policy, attack, { ...none, removals: ['personal-attack'] })).toBe(false)
    expect(isFresh(policy, attack, { ...none, categories: ['threat'] })).toBe(false)
    expect(isFresh(policy, attack, { ...none, reports: ['personal-attack'] })).toBe(false)
    expect(
      isFresh(policy, attack, { removals: ['obscenity'], categories: ['spam'], reports: ['other'] }),
    ).toBe(true)
    expect(isFresh(policy, other, { ...none, removals: ['personal-attack'] })).toBe(true)
  })
})
