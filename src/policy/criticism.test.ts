import { describe, expect, test } from 'vitest'
import { criticismDetector } from './criticism.ts'
import { loadPolicy } from './policy.ts'

const { protectedCriticism } = await loadPolicy('policy/4.37')

describe('criticism of officials is recognized', () => {
  test.each([
    'The chief should resign.',
    'This department is a joke and a waste of our taxes.',
    'Officer Lane lied to my mother.',
    'you people are useless',
    'Fire the chief!',
    'Do your job.',
    'THE POLICE ARE CORRUPT',
    'The ch\u200bief should re\u200bsign',
    'Тhe mаyor is incompetent',
  ])('%s', (comment) => expect(protectedCriticism(comment)).toBe(true))
})

describe('other comments are not', () => {
  test.each([
    'Thank you for keeping the road clear.',
    'Is the bridge open again?',
    'Cheap sunglasses at example.com',
    'My dog is lost, brown beagle, please share.',
  ])('%s', (comment) => expect(protectedCriticism(comment)).toBe(false))
})

describe('the words of a pack', () => {
  const detects = criticismDetector({
    targets: ['Sheriff'],
    judgements: ['useless', 'incompeten*'],
    phrases: ['shame on you (all)'],
  })
  test('need a target and a judgement, or a phrase', () => {
    expect(detects('The sheriff is useless')).toBe(true)
    expect(detects('The sheriff is here')).toBe(false)
    expect(detects('A useless gadget')).toBe(false)
    expect(detects('Shame on you (all)!')).toBe(true)
  })
  test('are whole words, unless a star says how they begin', () => {
    expect(detects('sheriff, uselessness')).toBe(false)
    expect(detects('sheriff, incompetence')).toBe(true)
    expect(detects('undersheriffs, useless')).toBe(false)
  })
})
