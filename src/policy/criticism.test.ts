import { describe, expect, test } from 'vitest'
import { criticismReader } from './criticism.ts'
import { loadPolicy } from './policy.ts'

const { protectedCriticism, criticismReader: reader } = await loadPolicy('policy/4.37')

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

/** Knows who works at the department. */
const readCriticism = reader(['Elena Rivera', 'Denise Ferreira', 'Sam Osei'])

describe('an insult at a private person is none', () => {
  test.each([
    'Kevin, you are a fat ugly cow and everybody knows it',
    'you disgusting little rat, Leo',
    'Your kid is an ugly little brat and you’re a terrible mother',
    'Only a complete idiot like you would park there, Steve. You are an idiot.',
  ])('%s', (comment) => expect(readCriticism(comment)).toBe('none'))

  test.each([
    ['it may be meant for the department', 'You are useless idiots.'],
    ['an official is named', 'Kevin, you are an idiot and so is the chief.'],
    ['the name is that of somebody who works here', 'Denise, you are a fat ugly cow and a liar.'],
    ['the surname is', 'Ferreira is a liar.'],
    ['the name is only spoken of', 'Kevin was right, you are useless idiots.'],
    ['it is about what was done to somebody', 'You useless idiots are why they arrested Kevin.'],
    ['nobody abuses: rude is not enough', 'Kevin, you never answer. Do you even work there?'],
  ])('but criticism stays protected where %s', (_, comment) => expect(readCriticism(comment)).toBe('found'))

  test('and without knowing who works here, a name is nobody’s', () =>
    expect(reader()('Kevin, you are a fat ugly cow and a liar.')).toBe('found'))
})

describe('a question that judges nobody is none', () => {
  test.each(['When does the pool open?', 'Is the bridge open again?', 'Who do I call? Is there a number?'])(
    '%s',
    (comment) => expect(readCriticism(comment)).toBe('none'),
  )

  test.each([
    'What exactly are we paying for?',
    'When does the chief answer? Never.',
    'When does the pool open? We paid for it.',
    'Is there a rule for cops too?',
    'Is there a line of the budget that goes to answering a telephone, or is it all parades?',
    'When are you going to answer?',
    'When does the lying end?',
  ])('but %s may be more', (comment) => expect(readCriticism(comment)).not.toBe('none'))
})

describe('the words of a pack', () => {
  const reads = criticismReader(
    {
      targets: ['Sheriff'],
      addresses: ['you'],
      judgements: ['useless', 'incompeten*'],
      phrases: ['shame on you (all)'],
      private: { names: ['Denise'], kin: ['your mother'], abuse: [] },
      questions: ['when does'],
    },
    () => false,
  )()
  const detects = (text: string) => reads(text) === 'found'
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
