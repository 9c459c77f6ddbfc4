import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { loadPolicy } from '../policy/policy.ts'
import { businessCalendar } from './calendar.ts'
import {
  clockOn,
  countedDays,
  deadlines,
  dueAfterPause,
  extensionLimit,
  localDay,
  petitionLimit,
} from './deadline.ts'

const { recordsLaw: law } = await loadPolicy('policy/4.37')
const { holidays } = law
const calendar = businessCalendar(holidays)
const day = (text: string) => Temporal.PlainDate.from(text)

/** Legal holidays that fall on a weekday, taken by hand from M.G.L. c. 4 § 7 cl. 18 and printed calendars. */
const byHand = [
  // 2026; Independence Day is a Saturday and does not move to the Friday.
  '2026-01-01',
  '2026-01-19',
  '2026-02-16',
  '2026-04-20',
  '2026-05-25',
  '2026-06-19',
  '2026-09-07',
  '2026-10-12',
  '2026-11-11',
  '2026-11-26',
  '2026-12-25',
  // 2027; Juneteenth and Christmas are Saturdays, Independence Day is a Sunday and moves to Monday.
  '2027-01-01',
  '2027-01-18',
  '2027-02-15',
  '2027-04-19',
  '2027-05-31',
  '2027-07-05',
  '2027-09-06',
  '2027-10-11',
  '2027-11-11',
  '2027-11-25',
  // 2028; New Year's Day and Veterans Day are Saturdays.
  '2028-01-17',
  '2028-02-21',
  '2028-04-17',
  '2028-05-29',
  '2028-06-19',
  '2028-07-04',
  '2028-09-04',
  '2028-10-09',
  '2028-11-23',
  '2028-12-25',
]

describe('business days', () => {
  test('every day of three years agrees with a table made by hand', () => {
    const free = new Set(byHand)
    const end = day('2029-01-01')
    for (let one = day('2026-01-01'); !one.equals(end); one = one.add({ days: 1 })) {
      const expected = one.dayOfWeek <= 5 && !free.has(one.toString())
      expect(calendar.isBusinessDay(one), one.toString()).toBe(expected)
    }
  })
  test('every request of three years has the days that counting by hand gives', () => {
    const free = new Set(byHand)
    const counts = (one: Temporal.PlainDate) => one.dayOfWeek <= 5 && !free.has(one.toString())
    const forward = (from: Temporal.PlainDate, count: number) => {
      let one = from
      for (let left = count; left > 0; ) {
        one = one.add({ days: 1 })
        if (counts(one)) left -= 1
      }
      return one.toString()
    }
    // The last weeks of 2028 reach into a year that the table does not hold.
    const end = day('2028-10-01')
    for (let one = day('2026-01-01'); !one.equals(end); one = one.add({ days: 1 })) {
      let received = one
      while (!counts(received)) received = received.add({ days: 1 })
      const found = deadlines(one, calendar, law)
      const request = { receivedOn: received.toString(), due: forward(received, 10) }
      expect(found.receivedOn.toString(), one.toString()).toBe(received.toString())
      expect(found.firstDay.toString(), one.toString()).toBe(forward(received, 1))
      expect(found.responseDue.toString(), one.toString()).toBe(request.due)
      const limit = (basis: 'own-word' | 'supervisor') =>
        extensionLimit(basis, request, calendar, law).toString()
      expect(limit('own-word'), one.toString()).toBe(forward(received, 25))
      expect(limit('supervisor'), one.toString()).toBe(forward(received, 40))
      expect(petitionLimit(request, calendar, law).toString(), one.toString()).toBe(forward(received, 20))
    }
  })
  test('Veterans Day on a Sunday is kept on the Monday', () => {
    expect(calendar.whyFree(day('2029-11-12'))).toMatch(/Veterans Day/)
  })
  test('holidays of Suffolk county alone are business days elsewhere', () => {
    expect(calendar.isBusinessDay(day('2026-03-17'))).toBe(true)
    expect(calendar.isBusinessDay(day('2026-06-17'))).toBe(true)
  })
  test('a day the department closed its office is none, and says why', () => {
    const closed = businessCalendar(holidays, [{ day: '2026-01-27', reason: 'Snow emergency' }])
    expect(closed.whyFree(day('2026-01-27'))).toBe('Snow emergency')
    expect(closed.receivedOn(day('2026-01-27')).toString()).toBe('2026-01-28')
  })
})

describe('the day of receipt and the ten business days', () => {
  test('dropped off on Thanksgiving, received on Friday, day 1 is Monday', () => {
    const { receivedOn, firstDay, responseDue } = deadlines(day('2026-11-26'), calendar, law)
    expect(receivedOn.toString()).toBe('2026-11-27')
    expect(firstDay.toString()).toBe('2026-11-30')
    expect(responseDue.toString()).toBe('2026-12-11')
  })
  test('a Saturday before Patriots’ Day is received on the Tuesday', () => {
    expect(deadlines(day('2026-04-18'), calendar, law).receivedOn.toString()).toBe('2026-04-21')
    expect(deadlines(day('2026-04-18'), calendar, law).responseDue.toString()).toBe('2026-05-05')
  })
  test('an ordinary Monday is due on the Monday two weeks later', () => {
    expect(deadlines(day('2026-03-02'), calendar, law).responseDue.toString()).toBe('2026-03-16')
  })
  test('the local day decides, not the day in Greenwich', () => {
    const lateInTheEvening = new Date('2026-03-07T03:30:00Z')
    expect(localDay(lateInTheEvening, 'America/New_York').toString()).toBe('2026-03-06')
  })
})

describe('the clock', () => {
  const request = { from: '2026-03-02', due: '2026-03-16', answeredOn: null }
  test('counts the days gone and the days left', () => {
    expect(clockOn(day('2026-03-02'), request, calendar)).toMatchObject({
      state: 'running',
      day: 0,
      left: 10,
    })
    expect(clockOn(day('2026-03-08'), request, calendar)).toMatchObject({ day: 4, of: 10, left: 6 })
    expect(clockOn(day('2026-03-16'), request, calendar)).toMatchObject({ state: 'running', left: 0 })
  })
  test('says by how many business days an answer is late', () => {
    expect(clockOn(day('2026-03-18'), request, calendar)).toMatchObject({ state: 'overdue', by: 2 })
  })
  test('stops with the answer', () => {
    const answered = { ...request, answeredOn: '2026-03-10' }
    expect(clockOn(day('2026-08-01'), answered, calendar)).toMatchObject({
      state: 'stopped',
      day: 6,
      inTime: true,
    })
    expect(clockOn(day('2026-08-01'), { ...request, answeredOn: '2026-03-17' }, calendar)).toMatchObject({
      inTime: false,
    })
  })
})

describe('the days explained', () => {
  test('each day from receipt to deadline is counted or says why not', () => {
    const days = countedDays(day('2026-06-12'), day('2026-06-26'), calendar)
    expect(days).toHaveLength(14)
    expect(days[0]).toEqual({ day: '2026-06-13', number: null, why: 'Saturday' })
    expect(days[2]).toEqual({ day: '2026-06-15', number: 1, why: null })
    expect(days.find((one) => one.day === '2026-06-19')).toEqual({
      day: '2026-06-19',
      number: null,
      why: 'Juneteenth',
    })
    expect(days.at(-1)).toEqual({ day: '2026-06-26', number: 9, why: null })
  })
  test('holidays are called what people here call them', () => {
    expect(calendar.whyFree(day('2026-09-07'))).toBe('Labor Day')
    expect(calendar.whyFree(day('2026-04-20'))).toBe("Patriots' Day")
    expect(calendar.whyFree(day('2027-07-05'))).toBe('Independence Day (kept on Monday)')
  })
})

describe('more time', () => {
  const receivedOn = '2026-03-02'
  test('the department itself can go to the 25th business day after receipt', () => {
    expect(extensionLimit('own-word', { receivedOn, due: '2026-03-16' }, calendar, law).toString()).toBe(
      '2026-04-06',
    )
  })
  test('the supervisor can add 30 business days to the date that stands', () => {
    expect(extensionLimit('supervisor', { receivedOn, due: '2026-04-06' }, calendar, law).toString()).toBe(
      '2026-05-19',
    )
  })
})

describe('a petition and a pause', () => {
  test('after a determination that a record is public there are ten more business days', () => {
    const request = { receivedOn: '2026-03-02', publicSince: '2026-05-01' }
    expect(petitionLimit(request, calendar, law).toString()).toBe('2026-05-15')
    expect(petitionLimit({ ...request, publicSince: '2026-03-03' }, calendar, law).toString()).toBe(
      '2026-03-30',
    )
  })
  test('a pause moves the records’ day by the business days that it took', () => {
    const moved = (from: string, to: string) =>
      dueAfterPause('2026-03-16', day(from), day(to), calendar).toString()
    expect(moved('2026-03-02', '2026-03-06')).toBe('2026-03-20')
    expect(moved('2026-03-06', '2026-03-08')).toBe('2026-03-16')
    expect(moved('2026-03-02', '2026-03-02')).toBe('2026-03-16')
  })
})

describe('whatever the day', () => {
  const anyDay = fc.integer({ min: 0, max: 20_000 }).map((days) => day('2000-01-01').add({ days }))

  test('receipt is on the first business day that is not before the arrival', () => {
    fc.assert(
      fc.property(anyDay, (arrived) => {
        const received = calendar.receivedOn(arrived)
        expect(calendar.isBusinessDay(received)).toBe(true)
        expect(Temporal.PlainDate.compare(received, arrived)).toBeGreaterThanOrEqual(0)
        for (let one = arrived; !one.equals(received); one = one.add({ days: 1 }))
          expect(calendar.isBusinessDay(one)).toBe(false)
      }),
    )
  })
  test('counting n days forward and counting the days between agree', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 60 }), (from, count) => {
        const reached = calendar.businessDayAfter(from, count)
        expect(calendar.isBusinessDay(reached)).toBe(true)
        expect(calendar.businessDaysBetween(from, reached)).toBe(count)
        expect(calendar.businessDaysBetween(reached, from)).toBeLessThanOrEqual(0)
      }),
    )
  })
  test('no deadline and no limit falls on a weekend, a holiday or a closed day', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 30 }), (arrived, later) => {
        const closed = businessCalendar(holidays, [
          { day: arrived.add({ days: later }).toString(), reason: 'Storm' },
        ])
        const { receivedOn, firstDay, responseDue } = deadlines(arrived, closed, law)
        const due = responseDue.toString()
        const limit = extensionLimit('own-word', { receivedOn: receivedOn.toString(), due }, closed, law)
        for (const one of [receivedOn, firstDay, responseDue, limit])
          expect(closed.whyFree(one), one.toString()).toBe(null)
        expect(
          countedDays(receivedOn, responseDue, closed).filter((one) => one.number !== null),
        ).toHaveLength(10)
      }),
    )
  })
  test('a later arrival is never due earlier', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 30 }), (arrived, days) => {
        const first = deadlines(arrived, calendar, law).responseDue
        const second = deadlines(arrived.add({ days }), calendar, law).responseDue
        expect(Temporal.PlainDate.compare(first, second)).toBeLessThanOrEqual(0)
      }),
    )
  })
  test('closing another day never makes a deadline earlier', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 20 }), (arrived, later) => {
        const closed = businessCalendar(holidays, [
          { day: arrived.add({ days: later }).toString(), reason: 'Storm' },
        ])
        const without = deadlines(arrived, calendar, law).responseDue
        expect(
          Temporal.PlainDate.compare(without, deadlines(arrived, closed, law).responseDue),
        ).toBeLessThanOrEqual(0)
      }),
      { numRuns: 30 },
    )
  })
})
