import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { agree, reviewOf, switchOff, switchOn, tryOut } from './automatic.ts'
import { automaticFigures, reviewsWaiting } from './automatic-store.ts'
import { hideComment, keepComment, restoreComment } from './moderation.ts'
import { suggestAgain } from './suggest.ts'
import { waitingFor } from './waiting.ts'

let here: Awaited<ReturnType<typeof square>>
beforeAll(async () => {
  here = await square()
})
const why = { threshold: 0.9, sample: 1, why: 'Night hours without a moderator.' }
beforeEach(async () => {
  for (const category of ['threat', 'obscenity']) await switchOff(here.installation, here.chief, category)
})
const on = async (category = 'threat', more: object = {}) =>
  done(await switchOn(here.installation, here.chief, category, { ...why, ...more }))
const threat = 'I know where you live, Daniel. I will burn your house down.'
const stateOf = async (id: Awaited<ReturnType<typeof here.commented>>) => (await here.commentRow(id)).state

describe('a comment is hidden without a person', () => {
  test('never, as long as nobody switched that on', async () => {
    expect(await stateOf(await here.commented(threat))).toBe('shown')
  })

  test('from the threshold on, archived first, with who switched it on in the record', async () => {
    await on()
    const id = await here.commented(threat)
    expect(await stateOf(id)).toBe('hidden')
    expect(await here.kindsOf(id)).toEqual(['comment.capture', 'comment.removal'])
    const record = await here.db
      .selectFrom('record')
      .select(['by_kind', 'json', 'clauses'])
      .where('subject_id', '=', id)
      .where('kind', '=', 'comment.removal')
      .executeTakeFirstOrThrow()
    expect(record).toMatchObject({ by_kind: 'system', clauses: ['IV.A.2.iv.1'] })
    expect(JSON.parse(String(record.json))).toMatchObject({
      content: {
        text: threat,
        reason: 'personal-attack',
        note: expect.stringContaining(`switched on by ${here.chief.name}`),
        automatic: { category: 'threat', threshold: expect.closeTo(0.9), switchedOnBy: here.chief.name },
      },
    })
  })

  test('not below the threshold, and not when it is switched off again', async () => {
    await on('threat', { threshold: 1 })
    expect(await stateOf(await here.commented(threat))).toBe('shown')
    await on()
    done(await switchOff(here.installation, here.chief, 'threat'))
    expect(await stateOf(await here.commented(threat))).toBe('shown')
  })

  test('never when it criticizes officials, however sure the suggestion is', async () => {
    await on()
    await on('obscenity')
    for (const text of [
      'The chief lied to us and I will shoot him tonight',
      'Fuck the police and that whore of a chief',
      'You cops are dead. We are coming for you.',
    ])
      expect(await stateOf(await here.commented(text)), text).toBe('shown')
  })

  test('never when a person has decided about these words', async () => {
    const { installation, avery } = here
    const kept = await here.commented(threat)
    done(await keepComment(installation, avery, kept, { revision: 1 }))
    await here.db.updateTable('comment').set({ decided_at: null }).where('id', '=', kept).execute()
    await on()
    await suggestAgain({ ...installation, suggester: { ...installation.suggester, version: 'newer' } })
    expect(await stateOf(kept)).toBe('shown')
  })
})

describe('it is switched on', () => {
  test('by the chief executive or a designee, and a moderator’s wish is refused with the clause', async () => {
    expect(await switchOn(here.installation, here.avery, 'threat', why)).toMatchObject({
      denied: { clauses: ['IV.A.2.iv.1'], because: expect.stringMatching(/chief executive/) },
    })
  })
  test('not below what the policy allows', async () => {
    expect(
      await switchOn(here.installation, here.chief, 'threat', { ...why, threshold: 0.5 }),
    ).toHaveProperty('problems.threshold', expect.stringMatching(/90 at least/))
  })
  test.each(['off-topic', 'spam', 'language', 'nonsense'])('never for %s', async (category) => {
    expect(await switchOn(here.installation, here.chief, category, why)).toHaveProperty('problems.form')
  })
})

describe('before it is switched on', () => {
  test('a trial says what each threshold would have hidden, and which of that people kept', async () => {
    const { installation, avery, quinn } = here
    const trial = async () => (await tryOut(installation, { id: 'obscenity', least: 0.9 })).trials
    const before = await trial()
    const words = (n: number) => `Look at this cum slut, fuck my wet pussy ${n}`
    const [kept, hidden] = [await here.commented(words(1)), await here.commented(words(2))]
    await here.commented(words(3))
    // It criticizes, so no threshold would have hidden it.
    await here.commented(`The chief is a ${words(4)}`)
    done(await keepComment(installation, avery, kept, { revision: 1 }))
    done(await hideComment(installation, quinn, hidden, { revision: 1, reason: 'obscenity', note: '' }))
    const after = await trial()
    expect(after.map(({ threshold }) => threshold)).toEqual(
      [0.9, 0.93, 0.95, 0.98, 1].map((n) => expect.closeTo(n)),
    )
    expect(after[0]).toMatchObject({
      reached: Number(before[0]?.reached) + 3,
      hidden: Number(before[0]?.hidden) + 1,
      kept: Number(before[0]?.kept) + 1,
      criticism: Number(before[0]?.criticism) + 1,
    })
    const { mistakes, days } = await tryOut(installation, { id: 'obscenity', least: 0.9 })
    expect(mistakes.map(({ id }) => id)).toContain(kept)
    expect(mistakes.map(({ id }) => id)).not.toContain(hidden)
    const later = { ...installation, now: () => new Date(Date.now() + (days + 1) * 86_400_000) }
    expect((await tryOut(later, { id: 'obscenity', least: 0.9 })).trials[0]).toMatchObject({ reached: 0 })
  })
})

describe('a person looks at what was hidden', () => {
  test('agrees once, and what was shown again counts as reversed', async () => {
    const { installation, avery, quinn, db } = here
    await on()
    const [first, second] = [await here.commented(threat), await here.commented(`${threat} Tonight.`)]
    const waiting = await reviewsWaiting(db, 50)
    const review = waiting.find(({ comment }) => comment === first)
    expect(waiting.map(({ comment }) => comment)).toEqual(expect.arrayContaining([first, second]))
    const before = (await automaticFigures(db)).find(({ category }) => category === 'threat')

    const answers = await Promise.all([
      agree(installation, avery, String(review?.decision)),
      agree(installation, quinn, String(review?.decision)),
    ])
    expect(answers.filter((answer) => 'done' in answer)).toHaveLength(1)
    done(
      await restoreComment(installation, avery, second, {
        revision: (await here.commentRow(second)).revision,
      }),
    )
    expect(await stateOf(second)).toBe('shown')

    const after = (await automaticFigures(db)).find(({ category }) => category === 'threat')
    expect(after).toMatchObject({
      hidden: before?.hidden,
      agreed: Number(before?.agreed) + 1,
      reversed: Number(before?.reversed) + 1,
      waiting: Number(before?.waiting) - 2,
    })
    expect(await here.kindsOf(first)).toContain('comment.automatic-review')
  })

  test('finds it on Today, with the day that the pack sets for the oldest', async () => {
    const { installation, avery, db, chief, setClock } = here
    await on()
    for (const { decision } of await reviewsWaiting(db, 50)) done(await agree(installation, avery, decision))
    const item = async (person = avery) =>
      (await waitingFor(db, person, installation.policy)).find(
        ({ kind }) => kind === 'comment.automatic-review',
      )
    expect(await item()).toBeUndefined()
    setClock(new Date('2026-09-01T10:00:00Z'))
    await here.commented(threat)
    setClock(new Date('2026-09-01T12:00:00Z'))
    await here.commented(`${threat} Soon.`)
    setClock(null)
    expect(await item()).toMatchObject({
      title: '2 comments were hidden without a person',
      href: '/console/automatic-hiding',
      due: true,
      at: new Date('2026-09-02T10:00:00Z'),
    })
    expect(await item(chief)).toBeDefined()
    expect(await item(here.author)).toBeUndefined()
  })

  test('always near the threshold, else for the share that was set, the same for the same comment', () => {
    const rule = { id: 'rule', threshold: 0.9, sample: 0.1 }
    expect(reviewOf(rule, 'any', 0.91)).toBe('near')
    const drawn = Array.from({ length: 5000 }, (_, n) => reviewOf(rule, `comment ${n}`, 0.99))
    expect(drawn).toEqual(Array.from({ length: 5000 }, (_, n) => reviewOf(rule, `comment ${n}`, 0.99)))
    const share = drawn.filter((one) => one === 'sample').length / drawn.length
    expect(share).toBeGreaterThan(0.085)
    expect(share).toBeLessThan(0.115)
    expect(drawn).not.toContain('near')
  })
})
