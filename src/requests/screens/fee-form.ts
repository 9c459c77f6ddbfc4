import type { FeeEntries } from '../fee.ts'

/** An amount as people type it, '12.50' or '$12.50', in cents; null when it is none. */
export function centsIn(text: string): number | null {
  const [, whole = '', part = ''] = /^\$?\s*(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? []
  return whole === '' ? null : Number(whole) * 100 + Number(part.padEnd(2, '0'))
}

/** What was entered for a fee, or a sentence for each field that can't be read. An empty field is nothing. */
export function entriesIn(
  typed: Record<string, string>,
): { value: FeeEntries } | { problems: Record<string, string> } {
  const problems: Record<string, string> = {}
  const number = (name: string, whole: boolean) => {
    const text = (typed[name] ?? '').trim()
    if (!(whole ? /^\d{0,5}$/ : /^\d{0,5}(\.\d{1,2})?$/).test(text))
      problems[name] = whole
        ? 'Write a whole number, like 12.'
        : 'Write a number with two decimals at most, like 1.25.'
    return problems[name] ? 0 : Number(text)
  }
  const money = (name: string) => {
    const text = (typed[name] ?? '').trim()
    const cents = text === '' ? 0 : centsIn(text)
    if (cents === null) problems[name] = 'Write an amount, like 12.50.'
    return cents ?? 0
  }
  const value = {
    searchHours: number('searchHours', false),
    redactionHours: number('redactionHours', false),
    redactionAllowed: typed.redactionAllowed === 'yes',
    hourlyRateCents: money('hourlyRate'),
    pages: number('pages', true),
    otherCents: money('other'),
  }
  return Object.keys(problems).length > 0 ? { problems } : { value }
}
