import { expect, test } from 'vitest'
import { momentsOf, reversed } from './days.ts'

const zone = 'America/New_York'

test('a search by days goes by the department’s clock, the last day to its end', () => {
  expect(momentsOf('2026-11-24', '2026-11-24', zone)).toEqual({
    from: new Date('2026-11-24T05:00:00Z'),
    to: new Date('2026-11-25T04:59:59.999Z'),
  })
})

test('the days on which clocks change have 23 and 25 hours', () => {
  const hours = (day: string) => {
    const { from, to } = momentsOf(day, day, zone)
    return ((to?.getTime() ?? 0) + 1 - (from?.getTime() ?? 0)) / 3_600_000
  }
  expect(hours('2026-03-08')).toBe(23)
  expect(hours('2026-11-01')).toBe(25)
})

test.each(['', 'yesterday', '2026-02-30', '2026-13-01', '0000-00-00'])(
  '“%s” is no day and limits nothing',
  (text) => {
    expect(momentsOf(text, text, zone)).toEqual({})
  },
)

test('a period that ends before it begins is told apart; one day, or an open end, is a period', () => {
  expect(reversed('2026-11-25', '2026-11-24')).toMatch(/before the first/)
  const { from, to } = momentsOf('2026-11-25', '2026-11-24', zone)
  expect(reversed(from, to)).toMatch(/before the first/)
  const day = momentsOf('2026-11-24', '2026-11-24', zone)
  expect(reversed(day.from, day.to)).toBeUndefined()
  expect(reversed('2026-11-24', undefined)).toBeUndefined()
  expect(reversed(undefined, '2026-11-24')).toBeUndefined()
})
