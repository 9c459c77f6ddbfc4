import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { editComment, submitComment } from './capture.ts'
import { cardsOf } from './card.ts'
import { harmOf, whyFirst } from './harm.ts'
import { readQueue } from './queue.ts'
import { suggestAgain } from './suggest.ts'

let here: Awaited<ReturnType<typeof square>>
beforeAll(async () => {
  here = await square()
})
const rules = () => here.installation.policy.suggestions.categories

describe('harm', () => {
  test('puts a threat and personal data before everything else, however sure that is', () => {
    const other = fc.constantFrom('obscenity', 'personal-attack', 'spam', 'off-topic', 'language')
    const score = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.constantFrom('threat', 'personal-data'),
        score,
        fc.array(fc.record({ category: other, score }), { maxLength: 6 }),
        (category, of, others) => harmOf([{ category, score: of }], rules()) > harmOf(others, rules()),
      ),
    )
  })

  test('is none where only a language or the topic is suggested, or a category that nobody knows', () => {
    const none = ['language', 'off-topic', 'unknown'].map((category) => ({ category, score: 1 }))
    expect(harmOf(none, rules())).toBe(0)
    expect(whyFirst(none, rules())).toBe('')
  })

  test('rises with the surest suggestion, and says which', () => {
    const made = [
      { category: 'spam', score: 0.95 },
      { category: 'obscenity', score: 0.6 },
    ]
    expect(harmOf(made, rules())).toBeGreaterThan(harmOf(made.slice(1), rules()))
    expect(whyFirst(made, rules())).toContain('Advertising or spam')
  })
})

describe('the queue by harm', () => {
  const found = async (words: string, take = 25) => {
    const ids: string[] = []
    let after: string | null = null
    do {
      const part: Awaited<ReturnType<typeof readQueue>> = await readQueue(
        here.installation,
        here.avery.id,
        { order: 'harm', words, after },
        take,
      )
      ids.push(...part.cards.map(({ id }) => id))
      after = part.next
    } while (after)
    return ids
  }

  test('has threats first, criticism among the calm ones, each once, in parts of any size', async () => {
    const calm = await here.commented('Gecko: is the shelter open to pets?')
    const criticism = await here.commented('Gecko: the chief is a useless bastard and should resign')
    const vile = await here.commented('Gecko: show us your t1ts, you wh0re')
    const threat = await here.commented('Gecko: I will burn your house down, Daniel. I know where you live.')
    const late = await here.commented('Gecko: thank you all')
    expect(await found('gecko')).toEqual([threat, vile, calm, criticism, late])
    expect(await found('gecko', 1)).toEqual([threat, vile, calm, criticism, late])
    const cards = await cardsOf(here.installation, [threat, criticism])
    expect(cards[0]?.hints.first).toMatch(/^Read before others: “Threat” is urgent \(\d+ of 100\)\.$/)
    expect(cards[1]?.hints.first).toBe('')
  })

  test('follows what the author changes, and is weighed anew when the rules are others', async () => {
    const { installation, submission, db } = here
    const written = done(
      await submitComment(installation, submission('Newt: I am going to kill you tonight')),
    )
    const id = written.comment
    if (!id) throw new Error('Not taken.')
    expect((await here.commentRow(id)).harm).toBeGreaterThan(1000)
    done(await editComment(installation, id, written.token, 'Newt: good night'))
    expect((await here.commentRow(id)).harm).toBe(0)

    const threat = await here.commented('Newt: I am going to kill you tonight')
    await db.updateTable('comment').set({ harm: 0 }).where('id', '=', threat).execute()
    await db.updateTable('comment_look').set({ model: 'before' }).where('comment', '=', threat).execute()
    await suggestAgain(installation)
    expect(await found('newt')).toEqual([threat, id])
  })

  test('takes a comment without a word for no harm', async () => {
    const id = await here.commented('❤️')
    expect((await here.commentRow(id)).harm).toBe(0)
    expect((await cardsOf(here.installation, [id]))[0]?.hints.suggestions).toEqual([])
  })

  test('has of copies the first in its order', async () => {
    const threat = 'Skink: I am going to kill you tonight'
    const [first] = [await here.commented(threat), await here.commented(threat)]
    expect(await found('skink')).toEqual([first])
  })
})
