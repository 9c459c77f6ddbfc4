import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { newId } from '../storage/ids.ts'
import { fingerprintOf } from './fingerprint.ts'
import { hideComment, hideCopies, keepComment, keepCopies, reopenTogether } from './moderation.ts'
import { likenessOf, partsOf, similarWaiting } from './similar.ts'
import { insertComment } from './store.ts'

let here: Awaited<ReturnType<typeof square>>
beforeAll(async () => {
  here = await square()
})
const now = () => new Date(Date.now() + 1000)
const rows = (ids: readonly string[]) =>
  here.db
    .selectFrom('comment')
    .selectAll()
    .where('id', 'in', ids as never[])
    .orderBy('id')
    .execute()
const copiesOf = async (texts: readonly string[]) => {
  const ids = []
  for (const text of texts) ids.push(await here.commented(text))
  return ids
}

describe('comments are copies of each other', () => {
  const hex = (text: string) => fingerprintOf(text, [])?.toString('hex')

  test('whatever the case, the blank space and the characters that nobody sees', () => {
    const unseen = fc.constantFrom('\u200b', '\u2060', '\ufeff', '\u00ad', '\ufe0f')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), fc.array(unseen), (text, marks) => {
        const disguised = [...text.toUpperCase()].map((sign, n) => sign + (marks[n] ?? '')).join('')
        expect(hex(`  ${disguised.replaceAll(' ', ' \n\u00a0')} `)).toBe(hex(text))
      }),
    )
  })
  test('and not when a word, a sign or a picture differs, or nothing is there to compare', () => {
    expect(hex('Win $500 now')).not.toBe(hex('Win $5000 now'))
    expect(hex('Go away!')).not.toBe(hex('Go away?'))
    expect(fingerprintOf('Look', [{ blob: 'a' }])).not.toEqual(fingerprintOf('Look', [{ blob: 'b' }]))
    expect(fingerprintOf('Look', [{ blob: null }])).toBeNull()
    expect(fingerprintOf(' \u200b', [])).toBeNull()
  })
})

describe('one decision for identical comments', () => {
  test('hides each with a decision and a record of its own, and is taken back as a whole', async () => {
    const { installation, avery, quinn, db } = here
    const ids = await copiesOf([
      'Cheap hats at hats.example',
      'cheap  HATS at hats.example',
      'Cheap\u200b hats at hats.example',
    ])
    const other = await here.commented('Cheap hats at hats.example, really')
    const [head] = ids
    if (!head) throw new Error('None.')
    expect(
      await hideCopies(installation, avery, head, { revision: 1, reason: 'off-topic', until: now() }),
    ).toEqual({ done: { first: 'hidden', done: 3, left: 0 } })
    for (const id of ids) expect(await here.kindsOf(id)).toEqual(['comment.capture', 'comment.removal'])
    expect((await rows(ids)).map(({ state }) => state)).toEqual(['hidden', 'hidden', 'hidden'])
    expect(await here.commentRow(other)).toMatchObject({ state: 'shown', decided_at: null })
    const together = await db
      .selectFrom('comment_decision')
      .select('together')
      .distinct()
      .where('comment', 'in', ids)
      .execute()
    expect(together).toHaveLength(1)

    expect(await reopenTogether(installation, quinn, head, { revision: 2 })).toHaveProperty('problems')
    expect(await reopenTogether(installation, avery, head, { revision: 2 })).toEqual({
      done: { first: 'open', done: 3, left: 0 },
    })
    expect((await rows(ids)).map(({ state, decided_at }) => [state, decided_at])).toEqual(
      ids.map(() => ['shown', null]),
    )
  })

  test('does not touch what arrived after the moderator looked, nor what somebody else decided', async () => {
    const { installation, avery, quinn } = here
    const [head, kept, late] = await copiesOf([
      'Win a trip to Florida',
      'Win a trip to Florida',
      'Win a trip to Florida',
    ])
    if (!head || !kept || !late) throw new Error('None.')
    const { captured_at } = await here.commentRow(late)
    await here.db
      .updateTable('comment')
      .set({ captured_at: new Date(captured_at.getTime() + 60_000) })
      .where('id', '=', late)
      .execute()
    done(await keepComment(installation, quinn, kept, { revision: 1 }))
    expect(
      await hideCopies(installation, avery, head, { revision: 1, reason: 'off-topic', until: now() }),
    ).toEqual({ done: { first: 'hidden', done: 1, left: 0 } })
    expect(await here.commentRow(kept)).toMatchObject({ state: 'shown', decided_at: expect.any(Date) })
    expect(await here.commentRow(late)).toMatchObject({ state: 'shown', decided_at: null })
  })

  test('about criticism asks a second person for each, and that person’s agreement hides all', async () => {
    const { installation, avery, quinn } = here
    const ids = await copiesOf(['The chief must resign today.', 'The Chief must resign today.'])
    const [head] = ids
    if (!head) throw new Error('None.')
    const wish = { reason: 'personal-attack', until: now() }
    expect(await hideCopies(installation, avery, head, { revision: 1, ...wish })).toEqual({
      done: { first: 'asked', done: 2, left: 0 },
    })
    expect((await rows(ids)).map(({ state }) => state)).toEqual(['shown', 'shown'])
    expect(await hideCopies(installation, avery, head, { revision: 2, ...wish })).toHaveProperty('problems')
    expect(await hideCopies(installation, quinn, head, { revision: 2, ...wish })).toEqual({
      done: { first: 'hidden', done: 2, left: 0 },
    })
    const decisions = await here.db
      .selectFrom('comment_decision')
      .select(['by', 'second_person'])
      .where('comment', 'in', ids)
      .execute()
    expect(decisions).toEqual(ids.map(() => ({ by: quinn.id, second_person: avery.id })))
  })

  test('for a reason that the policy does not give leaves all as they are', async () => {
    const { installation, avery } = here
    const ids = await copiesOf(['Boring parade', 'boring parade'])
    const [head] = ids
    if (!head) throw new Error('None.')
    expect(
      await hideCopies(installation, avery, head, { revision: 1, reason: 'negative', until: now() }),
    ).toHaveProperty('denied')
    expect((await rows(ids)).every(({ decided_at, state }) => !decided_at && state === 'shown')).toBe(true)
  })

  test('by two moderators at once, from different copies: each comment is decided once', async () => {
    const { installation, avery, quinn } = here
    for (let round = 0; round < 5; round++) {
      const ids = await copiesOf(Array(4).fill(`Round ${round} of free phones`))
      const [one, , , other] = ids
      if (!one || !other) throw new Error('None.')
      await Promise.all([
        keepCopies(installation, avery, one, { revision: 1, until: now() }),
        hideCopies(installation, quinn, other, { revision: 1, reason: 'off-topic', until: now() }),
      ])
      for (const id of ids) expect(await here.kindsOf(id)).toHaveLength(2)
    }
  })

  test('a thousand copies are decided in one transaction', async () => {
    const { installation, avery, db, own, storm } = here
    const ids = Array.from({ length: 1000 }, () => newId<'comment'>())
    await db.transaction().execute(async (tx) => {
      for (const id of ids)
        await insertComment(tx, {
          id,
          page: own,
          publication: storm.publication.id,
          remote_id: id,
          remote_version: '1',
          url: null,
          in_reply_to: null,
          thread: id,
          author_remote_id: `visitor:${id}`,
          author_name: 'Copier',
          author_handle: null,
          text: 'Sign the petition at petition.example',
          language: null,
          state: 'shown',
          posted_at: new Date(),
          captured_at: new Date(),
        })
    })
    const [head] = ids
    if (!head) throw new Error('None.')
    expect(
      await hideCopies(installation, avery, head, { revision: 1, reason: 'off-topic', until: now() }),
    ).toEqual({ done: { first: 'hidden', done: 1000, left: 0 } })
    const { count } = await db
      .selectFrom('record')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('kind', '=', 'comment.removal')
      .where('subject_id', 'in', ids)
      .executeTakeFirstOrThrow()
    expect(count).toBe(1000)
    expect(await hideComment(installation, avery, head, { revision: 2, reason: 'off-topic' })).toHaveProperty(
      'problems',
    )
  })
})

describe('similar comments', () => {
  test('are likest when they are the same, the same both ways, and unlike when they have nothing in common', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3 }), fc.string({ minLength: 3 }), (one, other) => {
        const [a, b] = [partsOf(one), partsOf(other)]
        expect(likenessOf(a, a)).toBe(1)
        expect(likenessOf(a, b)).toBe(likenessOf(b, a))
      }),
    )
    expect(likenessOf(partsOf('abcabc'), partsOf('xyzxyz'))).toBe(0)
  })
  test('are shown, the likest first, and identical ones are not among them', async () => {
    const text = 'Everybody sign the petition against the parking ban before Friday'
    const [one, same, near] = await copiesOf([text, text.toUpperCase(), `${text} night!`])
    await here.commented('Is the petition against the parking ban online?')
    const found = await similarWaiting(here.db, { id: one as never, text })
    expect(found.map(({ id }) => id)).toEqual([near])
    expect(found.map(({ id }) => id)).not.toContain(same)
  })
})
