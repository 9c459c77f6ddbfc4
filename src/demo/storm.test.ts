import { expect, test } from 'vitest'
import { asRead } from '../comments/fingerprint.ts'
import { storm } from './storm.ts'
import { campaigns, stormWords } from './storm-words.ts'

const said = storm()

test('a storm has more than five hundred comments, most of them of their own', () => {
  expect(said.length).toBeGreaterThan(500)
  expect(new Set(said.map(({ text }) => asRead(text))).size).toBeGreaterThan(280)
  expect(said.filter(({ text }) => /[{}]/.test(text))).toEqual([])
})

test('its copies read the same, whatever they are disguised as', () => {
  for (const { text, times } of campaigns)
    expect(said.filter((one) => asRead(one.text) === asRead(text)).length, text).toBe(times)
})

test('nothing is written twice by hand, and answers answer what is there', () => {
  const words = stormWords.flat()
  expect(new Set(words).size).toBe(words.length)
  for (const [n, { answers }] of said.entries()) if (answers) expect(n - answers).toBeGreaterThanOrEqual(0)
})

test('the same seed tells the same evening', () => {
  expect(storm()).toEqual(said)
})
