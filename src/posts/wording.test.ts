import { describe, expect, test } from 'vitest'
import { authorLine, headline, lengthOf, misfits, textFor } from './wording.ts'

const author = { name: 'Dana Osei', title: 'Lt.' }
const room = {
  postLength: { max: 20, unit: 'graphemes' },
  profileLength: { max: 256, unit: 'graphemes' },
  images: { max: 1, maxBytes: 1, mediaTypes: [] },
  edit: 'yes',
  delete: true,
  hideComments: true,
  comments: 'none',
  clientChosenId: true,
} as const

describe('length', () => {
  test('a family of four counts as one, as people see it', () => {
    expect(lengthOf('👨‍👩‍👧‍👦', 'graphemes')).toBe(1)
    expect(lengthOf('👨‍👩‍👧‍👦', 'characters')).toBe(7)
    expect(lengthOf('e\u0301', 'graphemes')).toBe(1)
  })
})

describe('the author’s line', () => {
  test('follows the page’s setting', () => {
    expect(authorLine('department', author, 'Millbrook Police')).toBe('— Millbrook Police')
    expect(authorLine('name-and-title', author, 'Millbrook Police')).toBe('— Lt. Dana Osei, Millbrook Police')
    expect(authorLine('initials', author, 'Millbrook Police')).toBe('— DO, Millbrook Police')
    expect(authorLine('none', author, 'Millbrook Police')).toBeNull()
  })

  test('stands below the text', () => {
    expect(textFor('Road closed. ', '— MPD')).toBe('Road closed.\n\n— MPD')
    expect(textFor('Road closed.', null)).toBe('Road closed.')
  })
})

test('a post that is too long is told by how much, for which page', () => {
  expect(misfits({ title: 'Town square' }, room, 'x'.repeat(23), [])).toEqual([
    'The post is 3 characters too long for “Town square” (23 of 20, the author’s line included).',
  ])
  expect(misfits({ title: 'Town square' }, room, 'x'.repeat(20), [{ bytes: 1 }])).toEqual([])
  expect(misfits({ title: 'Town square' }, room, 'x', [{ bytes: 1 }, { bytes: 1 }])[0]).toMatch(
    /at most 1 images/,
  )
})

test('a headline is the first line, cut at a word', () => {
  expect(headline('Main Street is closed.\nMore below.')).toBe('Main Street is closed.')
  expect(headline(`${'word '.repeat(30)}`)).toMatch(/word…$/)
  expect(headline('  ')).toBe('Untitled draft')
})
