import { expect, test } from 'vitest'
import { loadPolicy } from './policy.ts'

const { screen } = await loadPolicy('policy/4.37')

/** The text after an author took every wording that is offered. */
const taken = (text: string) =>
  screen(text).reduceRight(
    (words, { start, end, suggestion }) =>
      suggestion === undefined ? words : words.slice(0, start) + suggestion + words.slice(end),
    text,
  )

test.each([
  ['He is guilty of the robbery.', 'He is charged with the robbery.'],
  ['The suspect was clearly guilty of robbing the bank.', 'The suspect was charged with robbing the bank.'],
  ['He’s guilty, and we all know it.', 'He’s charged with the offence, and we all know it.'],
  ['Smith, guilty of arson, was led away.', 'Smith, charged with arson, was led away.'],
  ['We caught the robber at noon.', 'We caught the person charged at noon.'],
  ['The thief is in custody.', 'The person charged is in custody.'],
  ['Two men are responsible for the burglary.', 'Two men are charged with the burglary.'],
])('the wording offered for “%s” reads on in its place', (draft, wanted) => {
  expect(taken(draft)).toBe(wanted)
  expect(screen(wanted)).toEqual([])
})

test('advice is no wording: what cannot be reworded has none to take', () => {
  const [finding] = screen('He confessed to everything.')
  expect(finding).toMatchObject({ rule: 'confession', reason: expect.stringMatching(/Leave it out/) })
  expect(finding).not.toHaveProperty('suggestion')
})
