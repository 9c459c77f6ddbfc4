import { beforeAll, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { editComment, submitComment } from './capture.ts'
import { cardsOf } from './card.ts'
import { keepComment } from './moderation.ts'
import { readQueue } from './queue.ts'
import { suggestAgain } from './suggest.ts'

let here: Awaited<ReturnType<typeof square>>
beforeAll(async () => {
  here = await square()
})

const hintsOf = async (id: Awaited<ReturnType<typeof here.commented>>) =>
  (await cardsOf(here.installation, [id]))[0]?.hints
const looks = () => here.db.selectFrom('comment_look').selectAll().execute()

describe('what is suggested about a comment', () => {
  test('is there when it comes, because of its own words, with the score', async () => {
    const id = await here.commented('I know where you live, Daniel. I will burn your house down.')
    const hints = await hintsOf(id)
    const [first] = hints?.suggestions ?? []
    expect(first).toMatchObject({ category: 'threat', title: 'Threat', withheld: false })
    expect(first?.score).toBeGreaterThan(0.9)
    expect(first?.words.join(' ')).toContain('know where you live')
  })

  test('is made anew of words that their author changed', async () => {
    const { installation, submission } = here
    const { comment, token } = done(
      await submitComment(installation, submission('show us your t1ts, you wh0re')),
    )
    if (!comment) throw new Error('Not taken.')
    expect((await hintsOf(comment))?.suggestions.map(({ category }) => category)).toContain('obscenity')
    done(await editComment(installation, comment, token, 'Is the shelter open to pets?'))
    expect((await hintsOf(comment))?.suggestions).toEqual([])
  })

  test('is held back where it criticizes officials, and says so', async () => {
    const id = await here.commented('Fuck the chief, that lying bastard, and fuck the police')
    const hints = await hintsOf(id)
    expect(hints?.protectedCriticism).toBe(true)
    expect(hints?.suggestions.filter(({ withheld }) => !withheld)).toEqual([])
    expect(hints?.suggestions).not.toEqual([])
  })

  test('keeps none of the author’s words beside the comment itself', async () => {
    await here.commented('Call her yourself, 413-555-0187, she picks up after six')
    expect(
      JSON.stringify(await here.db.selectFrom('comment_suggestion').selectAll().execute()),
    ).not.toContain('0187')
  })
})

test('the queue is filtered by what is suggested, and what is held back is not in it', async () => {
  const threat = await here.commented('Quokka: I am going to kill you tonight')
  await here.commented('Quokka: fuck the police and the fucking chief')
  await here.commented('Quokka: thank you')
  const found = async (suggested: string) =>
    (await readQueue(here.installation, here.avery.id, { words: 'quokka', suggested })).cards.map(
      ({ id }) => id,
    )
  expect(await found('threat')).toEqual([threat])
  expect(await found('obscenity')).toEqual([])
})

test('a new model looks again at what still waits, and only at that', async () => {
  const { installation, avery } = here
  const waits = await here.commented('Narwhal one')
  const kept = await here.commented('Narwhal two')
  done(await keepComment(installation, avery, kept, { revision: 1 }))
  const newer = {
    ...installation,
    suggester: {
      ...installation.suggester,
      version: 'newer',
      suggestionsFor: () => ({
        suggestions: [{ category: 'spam', score: 0.9, because: [{ start: 0, end: 7 }], reason: '' }],
        withheld: [],
        criticism: false,
        likelyCriticism: false,
        language: null,
        version: 'newer',
      }),
    },
  }
  expect(await suggestAgain(newer)).toBeGreaterThan(0)
  const models = new Map((await looks()).map((look) => [look.comment, look.model]))
  expect(models.get(waits)).toBe('newer')
  expect(models.get(kept)).toBe(installation.suggester.version)
  expect((await hintsOf(waits))?.suggestions[0]).toMatchObject({ category: 'spam', words: ['Narwhal'] })
  expect(await suggestAgain(newer)).toBe(0)
})
