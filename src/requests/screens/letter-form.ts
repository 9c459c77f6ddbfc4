import type { LetterChoices } from '../letter.ts'

/** What was chosen for a letter, from the address or from the form that sends it. */
export function choicesIn(source: URLSearchParams | FormData): LetterChoices {
  const all = (name: string) =>
    source
      .getAll(name)
      .map((one) => String(one).trim())
      .filter(Boolean)
  const newDue = all('newDue')[0] ?? ''
  return {
    why: (all('why')[0] ?? '').slice(0, 10_000),
    exemptions: [...new Set(all('exemptions'))],
    newDue: /^\d{4}-\d{2}-\d{2}$/.test(newDue) && !Number.isNaN(Date.parse(newDue)) ? newDue : '',
    factors: [...new Set(all('factors'))],
  }
}

/** The choices as hidden fields. */
export const hiddenChoices = (choices: LetterChoices): [string, string][] => [
  ['why', choices.why],
  ['newDue', choices.newDue],
  ...choices.exemptions.map((one): [string, string] => ['exemptions', one]),
  ...choices.factors.map((one): [string, string] => ['factors', one]),
]
