import { Temporal } from 'temporal-polyfill'
import type { RecordsLaw } from '../policy/policy.ts'
import type { BusinessCalendar } from './calendar.ts'

type Day = Temporal.PlainDate

export interface Deadlines {
  /** The day that counts as the day of receipt. */
  receivedOn: Day
  /** Day 1 of the clock. */
  firstDay: Day
  /** The last day for the written response. */
  responseDue: Day
}

/** The days that follow from a request's arrival, however it was made (950 CMR 32.03(3), 32.06(2)). */
export function deadlines(arrivedOn: Day, calendar: BusinessCalendar, law: RecordsLaw): Deadlines {
  const receivedOn = calendar.receivedOn(arrivedOn)
  return {
    receivedOn,
    firstDay: calendar.businessDayAfter(receivedOn, 1),
    responseDue: calendar.businessDayAfter(receivedOn, law.responseBusinessDays),
  }
}

/** Who gives more time: the department in its own written response, the requester, or the supervisor on petition. */
export type ExtensionBasis = 'own-word' | 'agreed' | 'supervisor'

/**
 * The latest day that more time can reach: M.G.L. c. 66 § 10(b)(vi) by own word, § 10(c) by petition. A requester may
 * agree to any day; a year keeps a mistyped one out.
 */
export function extensionLimit(
  basis: ExtensionBasis,
  request: { receivedOn: string; due: string },
  calendar: BusinessCalendar,
  law: RecordsLaw,
): Day {
  if (basis === 'agreed') return plain(request.due).add({ years: 1 })
  return basis === 'own-word'
    ? calendar.businessDayAfter(plain(request.receivedOn), law.ownWordBusinessDays)
    : calendar.businessDayAfter(plain(request.due), law.supervisorBusinessDays)
}

/** The last day on which a petition for more time can be filed (950 CMR 32.06(4)). */
export const petitionLimit = (
  { receivedOn, publicSince }: { receivedOn: string; publicSince?: string | undefined },
  calendar: BusinessCalendar,
  law: RecordsLaw,
): Day => {
  const first = calendar.businessDayAfter(plain(receivedOn), law.petitionBusinessDays)
  const second =
    publicSince && calendar.businessDayAfter(plain(publicSince), law.petitionAfterDeterminationBusinessDays)
  return second && Temporal.PlainDate.compare(second, first) > 0 ? second : first
}

/** The day by which records are due after a pause that stopped their clock: as many business days later as it took. */
export function dueAfterPause(due: string, began: Day, ended: Day, calendar: BusinessCalendar): Day {
  const lost = calendar.businessDaysBetween(began, ended)
  return lost > 0 ? calendar.businessDayAfter(plain(due), lost) : plain(due)
}

/** Where a request's clock stands. */
export type Clock =
  | { state: 'running'; day: number; of: number; left: number; due: string }
  | { state: 'overdue'; by: number; due: string }
  | { state: 'stopped'; day: number; of: number; inTime: boolean; due: string }

/**
 * The clock on `today`, or as it was on the day of the answer once there is one. It runs from the receipt, or from the
 * order that set a new day. Days are YYYY-MM-DD.
 */
export function clockOn(
  today: Day,
  request: { from: string; due: string; answeredOn: string | null },
  calendar: BusinessCalendar,
): Clock {
  const { from, due } = request
  const dayNumber = (day: Day | string) =>
    Math.max(0, calendar.businessDaysBetween(plain(from), Temporal.PlainDate.from(day)))
  const of = dayNumber(due)
  if (request.answeredOn)
    return {
      state: 'stopped',
      day: dayNumber(request.answeredOn),
      of,
      inTime: request.answeredOn <= due,
      due,
    }
  // An overdue request whose extra days were all weekend or holidays is late all the same: the due day is over.
  const past = Temporal.PlainDate.compare(today, plain(due)) > 0
  if (past) return { state: 'overdue', by: calendar.businessDaysBetween(plain(due), today), due }
  const day = dayNumber(today)
  return { state: 'running', day, of, left: of - day, due }
}

/** One day of a clock: its number, or why it isn't counted. */
export type CountedDay =
  | { day: string; number: number; why: null }
  | { day: string; number: null; why: string }

/** Every day after `received` up to and including `due`, so that a reader can count along. */
export function countedDays(received: Day, due: Day, calendar: BusinessCalendar): CountedDay[] {
  const days: CountedDay[] = []
  let number = 0
  for (let day = received; Temporal.PlainDate.compare(day, due) < 0; ) {
    day = day.add({ days: 1 })
    const why = calendar.whyFree(day)
    days.push(
      why === null
        ? { day: day.toString(), number: ++number, why }
        : { day: day.toString(), number: null, why },
    )
  }
  return days
}

/** The local day of an instant in the department's time zone. */
export const localDay = (at: Date, timeZone: string): Day =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate()

const plain = (day: string) => Temporal.PlainDate.from(day)
