import type { RunState } from '../rules.ts'
import type { HoldState, Scope, Series } from '../store.ts'

/** A day without a time: January 1, 2026. */
export const longDay = (day: string) =>
  new Date(`${day}T12:00:00Z`).toLocaleDateString('en-US', { timeZone: 'UTC', dateStyle: 'long' })

/** "1 file", "1,204 files" */
export const count = (number: number, one: string, many = `${one}s`) =>
  `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`

/** How long a series is kept, in a sentence without its end. */
export function keptFor({ years, counts_from, counted }: Pick<Series, 'years' | 'counts_from' | 'counted'>) {
  if (years === null) return 'Permanently'
  const from = counts_from === 'closing' ? 'it was closed' : 'its last record'
  return `${count(years, 'year')} from ${counted === 'end-of-year' ? 'the end of the year in which ' : ''}${
    counted === 'end-of-year' && counts_from === 'last-record' ? 'its last record was made' : from
  }`
}

export const runStates: Record<
  RunState,
  { word: string; tone: 'neutral' | 'info' | 'success' | 'warning' | 'error' }
> = {
  proposed: { word: 'Waits for approval', tone: 'warning' },
  approved: { word: 'Approved', tone: 'info' },
  ordered: { word: 'About to begin', tone: 'info' },
  running: { word: 'Being carried out', tone: 'info' },
  finished: { word: 'Carried out', tone: 'success' },
  refused: { word: 'Refused', tone: 'error' },
  cancelled: { word: 'Cancelled', tone: 'neutral' },
}

export const holdStates: Record<HoldState, { word: string; tone: 'neutral' | 'warning' }> = {
  'in-force': { word: 'In force', tone: 'warning' },
  released: { word: 'Released', tone: 'neutral' },
  merged: { word: 'Part of another', tone: 'neutral' },
}

/** What one row of a hold covers, in words. `day` gives a moment its day. */
export function covers(
  scope: Scope & { pageTitle: string | null; personName: string | null },
  kindTitle: (kind: string) => string,
  day: (at: Date) => string,
): string {
  const conditions = [
    scope.record && `the record ${scope.record}`,
    scope.subject_kind && `everything about the ${scope.subject_kind} ${scope.subject_id}`,
    scope.page && `on the page “${scope.pageTitle}”`,
    scope.person && `by or about ${scope.personName}`,
    scope.mentions && `mentioning “${scope.mentions}”`,
    scope.words && `found by the words ${scope.words}`,
    scope.kind && `of the kind “${kindTitle(scope.kind)}”`,
    scope.since && `from ${day(scope.since)}`,
    scope.until && `until ${day(scope.until)}`,
  ].filter((one) => one !== null)
  const [first = '', ...rest] = conditions
  return [/^(the record|everything)/.test(first) ? first : `records ${first}`, ...rest].join(', ')
}
