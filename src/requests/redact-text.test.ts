import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blackOut, merged, occurrences, type Passage, removedWords, spread } from './redact-text.ts'

const passage = (start: number, end: number, exemption = 'c'): Passage => ({ start, end, exemption })

describe('words taken out of a text', () => {
  test('a block and the letter stand for them, whatever their length', () => {
    expect(blackOut('Call 413-555-0144 now', [passage(5, 17)])).toBe('Call ████(c) now')
    expect(blackOut('Call 911 now', [passage(5, 8)])).toBe('Call ████(c) now')
  })
  test('passages that overlap or touch become one, under both exemptions', () => {
    expect(blackOut('abcdefgh', [passage(2, 5, 'f'), passage(4, 6, 'c'), passage(6, 7, 'f')])).toBe(
      'ab████(c)(f)h',
    )
  })
  test('half a character takes the whole of it along', () => {
    const family = '👨‍👩‍👧'
    expect(blackOut(`a${family}b`, [passage(2, 3)])).toBe('a████(c)b')
    expect(blackOut('cafe\u0301!', [passage(4, 5)])).toBe('caf████(c)!')
  })

  const texts = fc.string({ unit: 'grapheme', maxLength: 40 })
  const ranges = (length: number) =>
    fc.array(
      fc
        .tuple(fc.integer({ min: -3, max: length + 3 }), fc.integer({ min: -3, max: length + 3 }))
        .map(([start, end]) => passage(start, end)),
      { maxLength: 8 },
    )
  const anyCase = texts.chain((text) => fc.record({ text: fc.constant(text), ranges: ranges(text.length) }))

  test('nothing that a range touches is left, and nothing else is missing, whatever the ranges', () => {
    fc.assert(
      fc.property(anyCase, ({ text, ranges }) => {
        const touched = (from: number, to: number) =>
          ranges.some((one) => one.end > one.start && one.start < to && one.end > from)
        const kept = Array.from(new Intl.Segmenter().segment(text), ({ segment, index }) =>
          touched(index, index + segment.length) ? '\0' : segment,
        ).join('')
        expect(blackOut(text, ranges)).toBe(kept.replace(/\0+/g, '████(c)'))
      }),
      { numRuns: 500 },
    )
  })
  test('the order of the ranges makes no difference', () => {
    fc.assert(
      fc.property(anyCase, ({ text, ranges }) => {
        expect(blackOut(text, ranges.toReversed())).toBe(blackOut(text, ranges))
      }),
    )
  })
  test('a redacted text is never cut inside a character', () => {
    fc.assert(
      fc.property(anyCase, ({ text, ranges }) => {
        for (const { start, end } of merged(text, ranges))
          expect(text.slice(0, start) + text.slice(end)).toBe(
            (text.slice(0, start) + text.slice(end)).toWellFormed(),
          )
      }),
    )
  })
})

describe('the other texts of a record', () => {
  const texts = new Map([
    ['/content/text', 'Ask Ann Lee, 413-555-0144. A nice Annual fair.'],
    ['/content/author/name', 'ann  lee'],
    ['/words', 'Gary\nAsk Ann Lee, 413-555-0144. A nice Annual fair.'],
    ['/content/url', 'https://social.example/ann.lee/413-555-0144'],
  ])
  const mark = (start: number, end: number) => ({ place: '/content/text', start, end, exemption: 'c' })
  const redactedBy = (marks: ReturnType<typeof mark>[]) => {
    const passages = spread(texts, marks)
    return [...texts].map(([place, text]) => blackOut(text, passages.get(place) ?? []))
  }

  test('lose the same words, however they are spaced and capitalized', () => {
    const result = redactedBy([mark(4, 11), mark(13, 25)])
    expect(result).toEqual([
      'Ask ████(c), ████(c). A nice Annual fair.',
      '████(c)',
      'Gary\nAsk ████(c), ████(c). A nice Annual fair.',
      'https://social.example/ann.lee/████(c)',
    ])
  })
  test('lose a short passage only where the whole text recurs', () => {
    expect(redactedBy([mark(27, 28)])).toEqual([
      'Ask Ann Lee, 413-555-0144. ████(c) nice Annual fair.',
      'ann  lee',
      'Gary\nAsk Ann Lee, 413-555-0144. ████(c) nice Annual fair.',
      'https://social.example/ann.lee/413-555-0144',
    ])
  })
  test('a name inside another word stays', () => {
    expect(occurrences('Annual fair of ANN and Ann', 'ann')).toEqual([
      { start: 15, end: 18 },
      { start: 23, end: 26 },
    ])
  })
  test('signs that mean something in a search are only signs', () => {
    expect(occurrences('What (really)? [sic] $5.00 a+b', '(really)? [sic]')).toEqual([{ start: 5, end: 20 }])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (words) => {
        for (const { start, end } of occurrences(`- ${words} -`, words)) expect(end).toBeGreaterThan(start)
      }),
    )
  })
  test('no telling passage is left in any of them', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcXYZ0123'), minLength: 3, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 12 }), fc.nat(), (words, choice) => {
        const text = words.join(' ')
        const chosen = words[choice % words.length] ?? ''
        const start = text.indexOf(chosen)
        const record = new Map([
          ['/a', text],
          ['/b', words.toReversed().join(', ')],
          ['/c', `x\n${text}\ny`],
        ])
        const marks = [{ place: '/a', start, end: start + chosen.length, exemption: 'c' }]
        const passages = spread(record, marks)
        for (const [place, before] of record) {
          const result = blackOut(before, passages.get(place) ?? [])
          for (const { words: gone } of removedWords(record, marks))
            expect(occurrences(result, gone), result).toEqual([])
        }
      }),
    )
  })
})
