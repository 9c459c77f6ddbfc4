import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { agree, reviewOf, switchOff, switchOn } from './automatic.ts'
import { automaticFigures, reviewsWaiting } from './automatic-store.ts'
import { keepComment, restoreComment } from './moderation.ts'
import { suggestAgain } from './suggest.ts'

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
