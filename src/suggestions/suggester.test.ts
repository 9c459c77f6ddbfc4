import { describe, expect, test } from 'vitest'
import { loadPolicy } from '../policy/policy.ts'
import { openSuggester, type Remark } from './suggestions.ts'

const policy = await loadPolicy('policy/4.37')
const suggester = openSuggester(policy, 'src/suggestions/models')
const look = (remark: string | Remark) =>
  suggester.suggestionsFor(typeof remark === 'string' ? { text: remark } : remark)
const suggested = (remark: string | Remark) => look(remark).suggestions.map(({ category }) => category)

describe('criticism of officials is left alone', () => {
  test.each([
    'The chief is a fucking liar and should resign.',
    'You assholes towed my car out of my own driveway',
    'Useless cops, all of them.',
    'F*** the police',
    'Esta policía es una mierda, que renuncie el jefe.',
    'y’all cops ain’t shit',
  ])('%s', (text) => {
    const { suggestions, criticism } = look(text)
    expect(suggestions.filter(({ category }) => category !== 'language')).toEqual([])
    expect(criticism).toBe(true)
  })
  test('what would have been suggested is told, so that a moderator can see why it was not', () => {
    const { withheld } = look('The chief lied to us, that bitch, and the fucking mayor knew it')
    expect(withheld.map(({ category }) => category)).toContain('obscenity')
  })
  test('a threat is told even so', () => {
    expect(suggested('The chief is corrupt and I will shoot him tonight')).toContain('threat')
  })
})

describe('swearing at nobody is neither obscene nor an attack', () => {
  test.each([
    'that was a long-ass line but the ribs were worth it',
    'damn, the choir can sing, hell yeah',
    'my niggas from the block cleaned the whole park',
    'Pinche frío, ya ni el perro quiere salir',
  ])('%s', (text) => expect(suggested(text).filter((category) => category !== 'language')).toEqual([]))
  test.each([
    ['you dumb ass nigga, shut the fuck up', 'obscenity'],
    ['suck my damn dick', 'obscenity'],
    ['that fucking moron on Elm is a filthy drunk', 'personal-attack'],
  ])('%s is aimed at somebody', (text, category) => expect(suggested(text)).toContain(category))
})

describe('a suggestion shows the words that it is made because of', () => {
  test.each([
    ['what a filthy wh0re she is', 'obscenity', 'wh0re'],
    ['I know where you live, Daniel', 'threat', 'know where you live'],
    ['Carl Jensen lives at 7 Orchard Lane, apartment 3', 'personal-data', '7 Orchard Lane'],
    ['Work from home and click the link in my bio!!', 'spam', 'Work from home'],
  ])('%s', (text, category, words) => {
    const one = look(text).suggestions.find((suggestion) => suggestion.category === category)
    const shown = one?.because.map(({ start, end }) => text.slice(start, end)).join(' … ')
    expect(shown).toContain(words)
  })
})

describe('a threat is told however it is worded', () => {
  test.each([
    ['a condition', 'Drop the complaint or I will break your son’s legs'],
    ['a place to be found', 'I know what time she gets off and which way she walks'],
    ['others called on', 'Somebody needs to run over that landlord'],
    ['a weapon without a verb', 'Got a brick with your name on it'],
    ['pictures', 'you next, snitch 🔪🔪'],
    ['digits for letters', 'im g0nna sh00t y0u'],
    ['other words for dying', 'better get your affairs in order, Tom'],
    ['Spanish', 'Te tengo en la mira, vecino'],
    ['Portuguese', 'Vou te esfaquear na porta do bar'],
    ['Haitian Creole', 'M ap koupe figi ou'],
    ['a deed without a doer', 'About to shoot up that clinic.'],
  ])('%s: %s', (_, text) => expect(suggested(text)).toContain('threat'))
  test.each([
    ['somebody else’s deed', 'Police say he was about to shoot up the school.'],
    ['a way of speaking', 'Shoot him an email.'],
    ['a report', 'My neighbor threatened to run over the landlord, whom do I call?'],
    ['a vote', 'You will regret this at the polls'],
    ['a recipe', 'That salsa knocked my head off'],
    ['seats', 'We are coming for your seats in November'],
    ['a bus, in Portuguese', 'Vou pegar o ônibus na praça'],
    ['a visit', 'We know where you live and the carols start at six'],
  ])('%s is none: %s', (_, text) => expect(suggested(text)).not.toContain('threat'))
})

describe('personal data is told in whatever shape', () => {
  test.each([
    ['a number without an area', 'Her cell is 555-0186, keep it ringing'],
    ['a number in words', 'four one three five five five oh one eight six, ask for Jo'],
    ['a number digit by digit', 'he answers at 6 1 7 5 5 5 0 1 8 6'],
    ['a house without “Street”', 'Wade Purcell lives at 415 Juniper'],
    ['an apartment', 'she stays in apartment 6F with the twins'],
    ['an e-mail in words', 'tell wade.purcell at mailbox dot example what you think'],
    ['an account', 'her insta is @june.purcell_'],
    ['a plate of another state', 'that was NH plate 441 2098K or so, no: New York plates, HXT 4410'],
    ['a day of birth', 'June Purcell, born May 4, 1987'],
    ['a payment card', 'his card is 4111 1111 1111 1111'],
    ['a door', 'the garage code is 4410'],
    ['Spanish', 'Vive en la calle Cedro 40'],
  ])('%s: %s', (_, text) => expect(suggested(text)).toContain('personal-data'))
  test.each([
    ['how long', 'She lives on 40 acres and loves it'],
    ['a shop', 'Their bakery moved to 14 Main Street'],
    ['one’s own door', 'someone tried our garage code 4410 last night'],
    ['counting down', 'ten nine eight seven six five four, happy new year'],
  ])('%s is none: %s', (_, text) => expect(suggested(text)).not.toContain('personal-data'))
})

describe('personal data is that of others', () => {
  test.each([
    'Call me at 508 555 0102 if you find my dog',
    'We live at 33 Cedar Ave and the hydrant is buried',
    'The meeting is at 7 pm on 11/14/2025 in room 203',
  ])('%s', (text) => expect(suggested(text)).not.toContain('personal-data'))
  test('the department’s own number is no secret', () => {
    const text = 'I rang 413-555-0134 twice'
    expect(suggested(text)).toContain('personal-data')
    expect(suggested({ text, ownContacts: ['(413) 555-0134'] })).not.toContain('personal-data')
  })
})

describe('off topic', () => {
  const under = {
    post: 'Main Street bridge is closed for repairs until Friday. Detour over Canal Street.',
    thread: [],
    subject: 'Roads and traffic',
  }
  const recipe = 'My grandmother’s lasagna recipe needs ricotta, basil, nutmeg and mozzarella'
  test('is what shares nothing with the post and its subject', () => {
    expect(suggested({ text: recipe, under })).toContain('off-topic')
    expect(suggested({ text: 'Can the school bus get through on Canal Street?', under })).toEqual([])
  })
  test('is nothing where a page invites comments on anything', () => {
    expect(suggested({ text: recipe, under: { ...under, subject: '' } })).toEqual([])
    expect(suggested(recipe)).toEqual([])
  })
  test('is not what the thread has been talking about', () => {
    const thread = [
      'Who has a lasagna recipe for the firemen’s supper?',
      'Mine has ricotta and basil, no nutmeg',
    ]
    expect(suggested({ text: recipe, under: { ...under, thread } })).not.toContain('off-topic')
  })
})

test('another language is told, so that somebody who reads it can decide', () => {
  const { suggestions, language } = look('Gracias por avisar, mi mamá vive en esa calle y no sabía nada.')
  expect(language).toBe('es')
  expect(suggestions.map(({ category }) => category)).toEqual(['language'])
})

test('a long text and a strange one are read in no time', () => {
  for (const text of [
    'a1!'.repeat(1000),
    'f u '.repeat(750),
    '('.repeat(3000),
    '9'.repeat(3000),
    'x@'.repeat(1500),
  ]) {
    const began = performance.now()
    look({ text, under: { post: text, thread: [text], subject: 'x' } })
    expect(performance.now() - began).toBeLessThan(500)
  }
})
