import { createRequire } from 'node:module'
import { Temporal } from 'temporal-polyfill'
import type { HolidayRules } from '../policy/policy.ts'

type Day = Temporal.PlainDate

/** A day on which the office is closed for a reason of its own: a storm, a move. */
export interface ClosedDay {
  /** YYYY-MM-DD */
  day: string
  reason: string
}

/** Answers what the law asks about days. All days are local days of the department. */
export interface BusinessCalendar {
  isBusinessDay(day: Day): boolean
  /** Why nothing is counted on this day: 'Saturday', 'Thanksgiving Day', the office's own reason; null on a business day. */
  whyFree(day: Day): string | null
  /** The day on which something that arrives on `day` counts as received (950 CMR 32.03(3)). */
  receivedOn(day: Day): Day
  /** The `count`-th business day after `day`; day 1 is the first business day after it. */
  businessDayAfter(day: Day, count: number): Day
  /** How many business days lie after `from`, up to and including `to`; negative when `to` is earlier. */
  businessDaysBetween(from: Day, to: Day): number
}

/** For the library of holidays: it takes 40 MB and a quarter of a second, so it is loaded by the first question, which can't wait for a promise. */
const require = createRequire(import.meta.url)

// Working out a year's holidays takes milliseconds; the same rules are asked at each request.
const tables = new WeakMap<HolidayRules, (year: number) => Map<string, string>>()

export function businessCalendar(rules: HolidayRules, closed: readonly ClosedDay[] = []): BusinessCalendar {
  const holidaysOf = tables.get(rules) ?? holidayTable(rules)
  tables.set(rules, holidaysOf)
  const closedFor = new Map(closed.map(({ day, reason }) => [day, reason]))

  function whyFree(day: Day): string | null {
    if (day.dayOfWeek >= 6) return day.dayOfWeek === 6 ? 'Saturday' : 'Sunday'
    const date = day.toString()
    return holidaysOf(day.year).get(date) ?? closedFor.get(date) ?? null
  }
  const isBusinessDay = (day: Day) => whyFree(day) === null

  function nextBusinessDay(day: Day): Day {
    let next = day.add({ days: 1 })
    while (!isBusinessDay(next)) next = next.add({ days: 1 })
    return next
  }
  function countForward(from: Day, to: Day): number {
    let count = 0
    for (let day = from; Temporal.PlainDate.compare(day, to) < 0; ) {
      day = day.add({ days: 1 })
      if (isBusinessDay(day)) count++
    }
    return count
  }

  return {
    isBusinessDay,
    whyFree,
    receivedOn: (day) => (isBusinessDay(day) ? day : nextBusinessDay(day)),
    businessDayAfter(day, count) {
      if (!Number.isInteger(count) || count < 1)
        throw new RangeError(`The ${count}-th business day does not exist.`)
      let reached = day
      for (let counted = 0; counted < count; counted++) reached = nextBusinessDay(reached)
      return reached
    },
    businessDaysBetween: (from, to) =>
      Temporal.PlainDate.compare(from, to) <= 0 ? countForward(from, to) : 0 - countForward(to, from),
  }
}

/**
 * The legal holidays of a year by date, as M.G.L. c. 4 § 7 cl. 18 moves them: from a Sunday to the Monday, and from a
 * Saturday nowhere (offices are open on the Friday before). The library follows the federal custom here, so its
 * substitute days are left aside and the Mondays are found anew.
 */
function holidayTable({
  country,
  state,
  elsewhereOnly,
  names = {},
}: HolidayRules): (year: number) => Map<string, string> {
  const Holidays = require('date-holidays') as typeof import('date-holidays').default
  const source = new Holidays(country, state, { types: ['public'] })
  const elsewhere = new Set(elsewhereOnly)
  const known = new Map<number, Map<string, string>>()
  return (year) => {
    let table = known.get(year)
    if (!table) {
      table = new Map()
      for (const holiday of source.getHolidays(year, 'en')) {
        if (holiday.substitute || elsewhere.has(holiday.name)) continue
        const day = Temporal.PlainDate.from(holiday.date.slice(0, 10))
        const name = names[holiday.name] ?? holiday.name
        table.set(day.toString(), name)
        if (day.dayOfWeek === 7) table.set(day.add({ days: 1 }).toString(), `${name} (kept on Monday)`)
      }
      known.set(year, table)
    }
    return table
  }
}
