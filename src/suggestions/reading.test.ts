import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readWords } from './reading.ts'

const wordsOf = (text: string) => readWords(text).map((word) => word.text)

describe('a bad word is read for what it is', () => {
  test.each([
    ['sh1t', 'shit'],
    ['f**k', 'fuck'],
    ['b!tch', 'bitch'],
    ['@sshole', 'asshole'],
    ['f u c k', 'fuck'],
    ['f.u.c.k', 'fuck'],
    ['fu ck', 'fuck'],
    ['fuuuuck', 'fuck'],
    ['fuсk', 'fuck'],
    ['f\u200bu\u200bck', 'fuck'],
    ['ｆｕｃｋ', 'fuck'],
    ['fück', 'fuck'],
    ['m!3rd4', 'mierda'],
  ])('%s', (written, meant) => expect(wordsOf(written)).toEqual([meant]))
})

describe('an honest word stays what it is', () => {
  test.each([
    ['great class, Scunthorpe', ['great', 'class', 'scunthorpe']],
    ['push it as far as you can', ['push', 'it', 'as', 'far', 'as', 'you', 'can']],
    ['apartment 4 b, 5 a.m.', ['apartment', '4', 'b', '5', 'a', 'm']],
    ['100% of $5', ['100', 'of', '$5']],
    ['see https://example.org/fuck @chief', ['see', '<link>', '<name>']],
    ['see you 🔫🔪 ❤', ['see', 'you', '<weapon>']],
    ['a hot hoe-down', ['a', 'hot', 'hoe', 'down']],
  ])('%s', (written, words) => expect(wordsOf(written)).toEqual(words))
})

test('letters set apart are one word, with all of its place', () => {
  const text = 'what a w.h.o.r.e!'
  const last = readWords(text).at(-1)
  expect(last).toMatchObject({ text: 'whore', disguised: true })
  expect(text.slice(last?.start, last?.end)).toMatch(/w\.h\.o\.r\.e/)
})

test('every word has its place in the text as it was written, in its order', () => {
  const strange = fc.string({ unit: fc.constantFrom(...'ab cdfuk1$@!*.-\u200b\u0301сＦ🚓\n', 'ß', 'İ') })
  fc.assert(
    fc.property(fc.oneof(strange, fc.string({ unit: 'binary' })), (text) => {
      let before = 0
      for (const { start, end } of readWords(text)) {
        expect(start).toBeGreaterThanOrEqual(0)
        expect(end).toBeGreaterThan(start)
        expect(end).toBeLessThanOrEqual(text.length)
        expect(start).toBeGreaterThanOrEqual(before)
        before = start
      }
    }),
    { numRuns: 500 },
  )
})
