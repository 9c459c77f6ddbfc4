import { expect, test } from 'vitest'
import { instantOf, localOf, momentToPublish } from './moment.ts'

const zone = 'America/New_York'
const now = new Date('2026-10-30T12:00:00Z')

test('the wall clock of the department is what counts, summer and winter', () => {
  expect(instantOf('2026-10-31T09:00', zone)?.toISOString()).toBe('2026-10-31T13:00:00.000Z')
  expect(instantOf('2026-11-02T09:00', zone)?.toISOString()).toBe('2026-11-02T14:00:00.000Z')
})

test('a time that the clocks show twice is the first, one that they skip an hour later', () => {
  expect(instantOf('2026-11-01T01:30', zone)?.toISOString()).toBe('2026-11-01T05:30:00.000Z')
  const skipped = instantOf('2027-03-14T02:30', zone)
  expect(skipped?.toISOString()).toBe('2027-03-14T07:30:00.000Z')
  expect(localOf(skipped as Date, zone)).toBe('2027-03-14T03:30')
})

test('a time in the past, or no time, gets a sentence', () => {
  expect(momentToPublish('2026-10-30T07:59', zone, now)).toEqual({
    problem: expect.stringMatching(/has passed/),
  })
  expect(momentToPublish('2026-10-30T08:01', zone, now)).toEqual({ at: new Date('2026-10-30T12:01:00Z') })
  expect(momentToPublish('tomorrow', zone, now)).toEqual({ problem: expect.stringMatching(/day and a time/) })
  expect(momentToPublish('2026-02-31T10:00', zone, now)).toHaveProperty('problem')
})
