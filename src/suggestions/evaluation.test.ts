import { describe, expect, test } from 'vitest'
import { readComments, readCriticism, readTweets } from '../../evaluation/examples.ts'
import { examples, learn, pack, prepare, readChosen } from '../../evaluation/learning.ts'
import {
  interval,
  measureCategories,
  measureCriticism,
  measureDisguises,
  measureFairness,
  measureTweets,
} from '../../evaluation/measures.ts'
import { openModel } from './model.ts'

const tweets = readTweets()
const heldOut = tweets.filter(({ part }) => part === 'held-out')

test('the model is what its script makes of its examples', () => {
  const chosen = readChosen()
  const made = pack(learn(prepare(examples()), chosen), chosen).header
  expect(openModel('src/suggestions/models/comments.model').header).toEqual(made)
})

test('no tweet that judges was learned from, not even as a retweet', () => {
  const letters = (text: string) => text.toLowerCase().replace(/rt @\w+|[^a-z]/g, '')
  const learned = new Set(tweets.filter(({ part }) => part === 'train').map(({ text }) => letters(text)))
  expect(heldOut.filter(({ text }) => learned.has(letters(text)))).toEqual([])
})

test('no voice is in two parts', () => {
  const parts = new Map<string, Set<string>>()
  for (const { voice, part } of [...readComments(), ...readCriticism()])
    parts.set(voice, new Set([...(parts.get(voice) ?? []), part]))
  expect([...parts].filter(([, its]) => its.size > 1)).toEqual([])
})

test.each([
  [0, 10, 0, 0.278],
  [5, 10, 0.237, 0.763],
  [10, 10, 0.722, 1],
])('the interval of %d in %d is that of Wilson’s tables', (part, whole, from, to) => {
  const [low, high] = interval(part, whole)
  expect(low).toBeCloseTo(from, 3)
  expect(high).toBeCloseTo(to, 3)
})

describe('on examples kept apart', () => {
  const { library, atEqualPrecision, asSuggested } = measureTweets(heldOut, heldOut)
  test('it finds more offensive tweets than the library, at the same precision', () => {
    expect(atEqualPrecision.precision).toBeGreaterThanOrEqual(library.precision)
    expect(atEqualPrecision.recall).toBeGreaterThanOrEqual(library.recall + 0.1)
    expect(atEqualPrecision.recall).toBeGreaterThanOrEqual(0.95)
  })
  test('also as moderators see it, with criticism left alone', () => {
    expect(asSuggested.precision).toBeGreaterThanOrEqual(library.precision)
    // Swearing at nobody is left alone on purpose, whatever annotators felt about it (decision 079).
    expect(asSuggested.recall).toBeGreaterThanOrEqual(0.9)
  })

  const categories = measureCategories('held-out')
  test.each([
    ['obscenity', 0.7, 0.75],
    ['personal-attack', 0.8, 0.7],
    ['threat', 0.9, 0.7],
    ['personal-data', 0.85, 0.8],
    ['spam', 0.9, 0.7],
    ['off-topic', 0.85, 0.8],
    ['language', 0.85, 0.65],
  ])('%s has a precision of %d and a recall of %d at least', (category, precision, recall) => {
    expect(categories.get(category)?.precision).toBeGreaterThanOrEqual(precision)
    expect(categories.get(category)?.recall).toBeGreaterThanOrEqual(recall)
  })

  test('criticism of police raises hardly a false alarm, in any tone', () => {
    const rows = measureCriticism('held-out')
    const comments = rows.reduce((sum, row) => sum + row.comments, 0)
    const alarms = rows.reduce((sum, row) => sum + row.alarms.length, 0)
    expect(comments).toBeGreaterThanOrEqual(200)
    expect(alarms / comments).toBeLessThanOrEqual(0.03)
    for (const row of rows.filter((one) => one.tone.startsWith('dialect') || one.tone === 'esl'))
      expect(row.alarms, row.tone).toEqual([])
  })

  test('friendly words in African-American English raise none', () => {
    const own = measureFairness('held-out').find(
      ({ speech }) => speech === 'friendly, in African-American English',
    )
    expect(own?.texts).toBeGreaterThanOrEqual(10)
    expect(own?.ours).toBe(0)
  })
})

describe('on the fresh examples, which nobody tuned on', () => {
  const categories = measureCategories('fresh')
  test.each([
    ['obscenity', 0.75, 0.55],
    ['personal-attack', 0.85, 0.5],
    ['threat', 0.85, 0.6],
    ['personal-data', 0.95, 0.7],
    ['spam', 0.85, 0.6],
  ])('%s has a precision of %d and a recall of %d at least', (category, precision, recall) => {
    expect(categories.get(category)?.precision).toBeGreaterThanOrEqual(precision)
    expect(categories.get(category)?.recall).toBeGreaterThanOrEqual(recall)
  })
  test('criticism of police raises hardly a false alarm', () => {
    const rows = measureFairness('fresh').filter(({ speech }) => speech.startsWith('criticism'))
    const texts = rows.reduce((sum, row) => sum + row.texts, 0)
    expect(texts).toBeGreaterThanOrEqual(200)
    expect(rows.reduce((sum, row) => sum + row.ours, 0) / texts).toBeLessThanOrEqual(0.02)
  })
  test('friendly words in African-American English are suspected less than by the library', () => {
    const row = measureFairness('fresh').find(
      ({ speech }) => speech === 'friendly, in African-American English',
    )
    expect(row?.texts).toBeGreaterThanOrEqual(40)
    expect(row?.ours).toBeLessThan(row?.library ?? 0)
  })
})

describe('on the hard threats and personal data, which nobody tuned on', () => {
  const categories = measureCategories('harm')
  test.each([
    ['threat', 0.75, 0.4],
    ['personal-data', 0.9, 0.55],
  ])('%s has a precision of %d and a recall of %d at least', (category, precision, recall) => {
    expect(categories.get(category)?.precision).toBeGreaterThanOrEqual(precision)
    expect(categories.get(category)?.recall).toBeGreaterThanOrEqual(recall)
  })
})

test('bad words bent out of shape are seen, in each way of bending them', () => {
  for (const { kind, texts, found } of measureDisguises())
    expect(found / texts, kind).toBeGreaterThanOrEqual(kind === 'joined' ? 0.6 : 0.99)
})
