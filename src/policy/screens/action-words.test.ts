import { expect, test } from 'vitest'
import { inWords } from './action-words.ts'

test('actions are said in words, those on one kind of thing together', () => {
  expect(inWords(['post.submit', 'post.sendBack', 'page.approve'])).toBe(
    'post: submit, send back; page: approve',
  )
})
