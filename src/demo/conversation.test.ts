import { expect, test } from 'vitest'
import { conversation } from './conversation.ts'
import { posts } from './posts.ts'

const said = conversation(posts, 3000)

test('a town says about three thousand things under some hundred posts', () => {
  expect(posts.length).toBeGreaterThan(115)
  expect(said.length).toBeGreaterThan(2600)
  expect(said.length).toBeLessThan(3200)
  expect(new Set(said.map((one) => one.text)).size).toBeGreaterThan(1300)
})

test('among them are comments that must stay and comments that may go', () => {
  const count = (kind: string) => said.filter((one) => one.kind === kind).length
  for (const kind of ['criticism', 'spam', 'threat', 'private', 'obscene', 'attack', 'off-topic'])
    expect(count(kind), kind).toBeGreaterThan(2)
  expect(count('plain')).toBeGreaterThan(said.length * 0.85)
})

test('no blank is left open, and no post is written twice', () => {
  expect(said.filter((one) => /[{}]/.test(one.text + one.name))).toEqual([])
  expect(new Set(posts.map((post) => post.text)).size).toBe(posts.length)
  expect(posts.filter((post) => post.scene && !post.alt)).toEqual([])
})

test('the same seed tells the same story', () => {
  expect(conversation(posts, 3000)).toEqual(said)
})
