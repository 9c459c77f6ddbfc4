import { Temporal } from 'temporal-polyfill'
import type { BusinessCalendar, HolidayRules } from './calendar.ts'

type Day = Temporal.PlainDate

/** The numbers and names that the law gives; from the policy pack. */
export interface RequestRules {
  /** The written response is due by this business day after receipt. */
  responseBusinessDays: number
  /** Calendar days in which the requester may appeal a denial. */
  appealDays: number
  /** Whom the requester appeals to. */
  appealTo: string
  holidays: HolidayRules
}

export interface Deadlines {
  /** The day that counts as the day of receipt. */
  receivedOn: Day
  /** Day 1 of the clock. */
  firstDay: Day
  /** The last day for the written response. */
  responseDue: Day
}

/** The days that follow from a request's arrival, however it was made (950 CMR 32.03(3), 32.06(2)). */
export function deadlines(arrivedOn: Day, calendar: BusinessCalendar, rules: RequestRules): Deadlines {
  const receivedOn = calendar.receivedOn(arrivedOn)
  return {
    receivedOn,
    firstDay: calendar.businessDayAfter(receivedOn, 1),
    responseDue: calendar.businessDayAfter(receivedOn, rules.responseBusinessDays),
  }
}

/** Where a request's clock stands. */
export type Clock =
  | { state: 'running'; day: number; of: number; left: number; due: string; received: string }
  | { state: 'overdue'; by: number; due: string; received: string }
  | { state: 'stopped'; day: number; of: number; inTime: boolean; due: string; received: string }

/** The clock on `today`, or as it was on the day of the answer once there is one. Days are YYYY-MM-DD. */
export function clockOn(
  today: Day,
  request: { receivedOn: string; responseDue: string; answeredOn: string | null },
  calendar: BusinessCalendar,
): Clock {
  const { receivedOn: received, responseDue: due } = request
  const dayNumber = (day: Day | string) =>
    Math.max(0, calendar.businessDaysBetween(plain(received), Temporal.PlainDate.from(day)))
  const of = dayNumber(due)
  if (request.answeredOn)
    return {
      state: 'stopped',
      day: dayNumber(request.answeredOn),
      of,
      inTime: request.answeredOn <= due,
      due,
      received,
    }
  // An overdue request whose extra days were all weekend or holidays is late all the same: the due day is over.
  const past = Temporal.PlainDate.compare(today, plain(due)) > 0
  if (past) return { state: 'overdue', by: calendar.businessDaysBetween(plain(due), today), due, received }
  const day = dayNumber(today)
  return { state: 'running', day, of, left: of - day, due, received }
}

/** The local day of an instant in the department's time zone. */
export const localDay = (at: Date, timeZone: string): Day =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate()

const plain = (day: string) => Temporal.PlainDate.from(day)
