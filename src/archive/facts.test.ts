import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changesBetween, factsOf } from './facts.ts'

test('content is read as lines, without what is empty', () => {
  expect(
    factsOf({
      text: 'Hi',
      remoteId: 7,
      link: null,
      tags: ['a', 'b'],
      none: [],
      page: { isOpen: true },
      files: [{ role: 'image' }],
    }),
  ).toEqual([
    { name: 'Text', value: 'Hi' },
    { name: 'Remote id', value: '7' },
    { name: 'Tags', value: 'a, b' },
    { name: 'Page, is open', value: 'Yes' },
    { name: 'Files, 1, role', value: 'image' },
  ])
})
test('a changed word is told apart from those that stayed', () => {
  const was = [{ name: 'Text', value: 'The bridge is closed.' }]
  expect(changesBetween(was, [{ name: 'Text', value: 'The bridge is open.' }])).toEqual([
    {
      name: 'Text',
      pieces: [
        { text: 'The bridge is ', in: 'both' },
        { text: 'closed', in: 'before' },
        { text: 'open', in: 'after' },
        { text: '.', in: 'both' },
      ],
    },
  ])
  expect(changesBetween(was, was)).toEqual([])
})
test('the pieces of a change are both versions, whatever they say', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (a, b) => {
      const [before, after] = [`${a} .`, `${b} !`]
      const [change] = changesBetween([{ name: 'Text', value: before }], [{ name: 'Text', value: after }])
      const side = (other: 'before' | 'after') =>
        change?.pieces
          .filter((piece) => piece.in !== other)
          .map(({ text }) => text)
          .join('')
      expect(side('after')).toBe(before)
      expect(side('before')).toBe(after)
    }),
  )
})
