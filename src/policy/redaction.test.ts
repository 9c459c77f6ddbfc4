import { expect, test } from 'vitest'
import { loadPolicy } from './policy.ts'

const { redactionSuggestions } = await loadPolicy('policy/4.37')

const suggested = (text: string) => redactionSuggestions(text).map(({ excerpt }) => excerpt)

test.each([
  ['She lives at 22 Quarry Lane, I think', '22 Quarry Lane'],
  ['14b old mill road is empty', '14b old mill road'],
  ['Mail to odile@kestrel.example', 'odile@kestrel.example'],
  ['Ring (413) 555-0144', '(413) 555-0144'],
])('what may be personal is suggested: %s', (text, words) =>
  expect(suggested(text).join('; ')).toContain(words),
)

test.each([
  'Two hours on Mill Street',
  'There were 7 cars on Mill Street and 12 at Quarry Lane',
  'We closed 3 of the roads',
  'On 2026-02-03 Mill Street was closed',
])('a street alone is not: %s', (text) => expect(suggested(text)).toEqual([]))
