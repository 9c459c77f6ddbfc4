import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold, spelledWords, withoutDisguise } from './folding.ts'

describe('folding', () => {
  test.each([
    ['curly quotes and dashes', '“He’s out”—now…', `"He's out"-now.`],
    ['look-alikes of other alphabets', 'Тhe mаn', 'The man'],
    ['accents', 'Peña, Núñez', 'Pena, Nunez'],
    ['full width', 'ＳＳＮ　４３１', 'SSN 431'],
    ['ligatures', 'ofﬁcer', 'officer'],
    ['invisible characters', 'gu\u200bil\u00adty\ufeff', 'guilty'],
    ['a line break', 'one\ntwo', 'one two'],
    ['an empty line', 'one\n \n two', 'one\ntwo'],
    ['white space of every kind', 'a\t \u00a0\u2003b', 'a b'],
  ])('%s', (_what, written, read) => {
    expect(fold(written).cased).toBe(read)
    expect(fold(written).lower).toBe(read.toLowerCase())
  })

  const anyText = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom('İ', 'ß', 'ﬁ', 'ǆ', '…', '\ud83d', '👮🏽‍♀️', '\u200b', '\n', ' ', 'A', 'ſ', '㎏', '½'),
      )
      .map((all) => all.join('')),
  )

  test('keeps both readings as long as each other', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { cased, lower } = fold(text)
        expect(lower.length).toBe(cased.length)
      }),
    )
  })
  test('places every character in the original, in order, never inside a pair', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { cased, origin } = fold(text)
        let last = 0
        for (let index = 0; index < cased.length; index += 1) {
          const at = origin(index)
          expect(at).toBeGreaterThanOrEqual(last)
          expect(at).toBeLessThan(text.length)
          const inside =
            /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1))
          expect(inside).toBe(false)
          last = at
        }
        expect(origin(cased.length)).toBe(text.length)
      }),
    )
  })
  test('leaves a plain text as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{1,8}( [a-z0-9]{1,8}){0,6}$/), (text) => {
        const { cased, origin } = fold(text)
        expect(cased).toBe(text)
        for (let index = 0; index <= text.length; index += 1) expect(origin(index)).toBe(index)
      }),
    )
  })
})

test('digits and signs are read as the letters that they stand for', () => {
  expect(withoutDisguise('what a sh1tsh0w, a$$hole')).toBe('what a shitshow, asshole')
  expect(withoutDisguise('nothing to see')).toBeNull()
  expect(withoutDisguise('call 413-555-0100 about route 20')).toBeNull()
})

test('words spelled letter by letter are put together, with their place', () => {
  const text = 'you a s s h o l e, go'
  expect(spelledWords(text)).toEqual([{ word: 'asshole', start: 4, end: 17 }])
  expect(spelledWords('a b')).toEqual([])
  expect(spelledWords('plan a for the day')).toEqual([])
})
