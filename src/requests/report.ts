import { stringify } from 'csv-stringify/sync'
import { Temporal } from 'temporal-polyfill'
import type { AppealOutcome } from './appeal-order.ts'
import type { BusinessCalendar } from './calendar.ts'
import { appealOutcomes, outcomes } from './outcomes.ts'
import type { ReportRow } from './report-store.ts'
import type { Outcome } from './store.ts'

/** A request of a period with what the report says about it. */
export interface ReportLine extends ReportRow {
  /** Business days from receipt to the first written response; null while there is none. */
  responseDays: number | null
  /** Business days from receipt to the end of the request; null while it is open. */
  closureDays: number | null
  responseInTime: boolean | null
}

/** The figures of a period. */
export interface Report {
  requests: number
  open: number
  closed: number
  responsesInTime: number
  responsesLate: number
  responsesMissing: number
  medianResponseDays: number | null
  medianClosureDays: number | null
  byOutcome: [string, number][]
  byChannel: [string, number][]
  byExemption: [string, number][]
  feesCents: number
  paidCents: number
  hours: number
  petitions: number
  petitionsGranted: number
  appeals: number
  byAppealOutcome: [string, number][]
  /** Orders of the supervisor with a day: done in time, and late or not done though the day is over. */
  ordersInTime: number
  ordersLate: number
}

/** Counts the business days of each request. */
export const reportLines = (rows: readonly ReportRow[], calendar: BusinessCalendar): ReportLine[] =>
  rows.map((row) => {
    const days = (until: string | null) =>
      until === null
        ? null
        : Math.max(
            0,
            calendar.businessDaysBetween(
              Temporal.PlainDate.from(row.receivedOn),
              Temporal.PlainDate.from(until),
            ),
          )
    return {
      ...row,
      responseDays: days(row.respondedOn),
      closureDays: days(row.closedOn),
      responseInTime: row.respondedOn === null ? null : row.respondedOn <= row.responseDue,
    }
  })

/** What the period comes to. `today` decides which missing responses are late already. */
export function reportOf(lines: readonly ReportLine[], today: string): Report {
  const sum = (of: (line: ReportLine) => number) => lines.reduce((total, line) => total + of(line), 0)
  const late = (line: ReportLine) =>
    line.responseInTime === false || (line.responseInTime === null && today > line.responseDue)
  return {
    requests: lines.length,
    open: lines.filter((one) => one.closedOn === null).length,
    closed: lines.filter((one) => one.closedOn !== null).length,
    responsesInTime: lines.filter((one) => one.responseInTime).length,
    responsesLate: lines.filter(late).length,
    responsesMissing: lines.filter((one) => one.responseInTime === null).length,
    medianResponseDays: median(lines.flatMap((one) => one.responseDays ?? [])),
    medianClosureDays: median(lines.flatMap((one) => one.closureDays ?? [])),
    byOutcome: counted(lines.map((one) => (one.outcome ? outcomes[one.outcome as Outcome] : 'Open'))),
    byChannel: counted(lines.map((one) => one.channel)),
    byExemption: counted(lines.flatMap((one) => one.exemptions)),
    feesCents: sum((one) => one.feeCents ?? 0),
    paidCents: sum((one) => one.paidCents),
    hours: Math.round((sum((one) => one.minutes) / 60) * 10) / 10,
    petitions: lines.filter((one) => one.petitionOn !== null).length,
    petitionsGranted: lines.filter((one) => one.petitionGranted).length,
    appeals: sum((one) => one.appealOutcomes.length),
    byAppealOutcome: counted(lines.flatMap((one) => one.appealOutcomes.map(appealInWords))),
    ordersInTime: lines.filter((one) => orderIsKept(one, today)).length,
    ordersLate: lines.filter((one) => orderIsKept(one, today) === false).length,
  }
}

/** Whether the latest order was done by its day; null without one, or while there is time. */
function orderIsKept({ orderDue, compliedOn }: ReportLine, today: string): boolean | null {
  if (orderDue === null || (compliedOn === null && today <= orderDue)) return null
  return compliedOn !== null && compliedOn <= orderDue
}

const appealInWords = (outcome: string | null) =>
  outcome === null ? 'Not determined yet' : appealOutcomes[outcome as AppealOutcome]

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return (low + high) / 2
}

/** How often each value occurs, the most frequent first. */
function counted(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
}

const header = [
  'request',
  'nature of the request',
  'how it came',
  'received',
  'response due',
  'response provided',
  'business days to the response',
  'response in time',
  'records provided',
  'closed',
  'business days to the end',
  'outcome',
  'exemptions',
  'hours',
  'fee estimated',
  'fee paid',
  'petition filed',
  'petition granted',
  'appealed',
  'appeal determined',
  'outcome of the appeal',
  'ordered to be done by',
  'days to comply with an order',
]

/**
 * The log of requests for the report of M.G.L. c. 66 § 6A(e), a line a request (RFC 4180). Who
 * asked is not in it. A spreadsheet must not take a requester's words for a formula.
 */
export function reportCsv(lines: readonly ReportLine[]): string {
  const yes = (value: boolean | null) => (value === null ? '' : value ? 'yes' : 'no')
  const money = (cents: number | null) => (cents === null ? '' : (cents / 100).toFixed(2))
  const rows = lines.map((one) => [
    one.number,
    one.text,
    one.channel,
    one.receivedOn,
    one.responseDue,
    one.respondedOn ?? '',
    one.responseDays === null ? '' : String(one.responseDays),
    yes(one.responseInTime),
    one.providedOn ?? '',
    one.closedOn ?? '',
    one.closureDays === null ? '' : String(one.closureDays),
    one.outcome ? outcomes[one.outcome as Outcome] : '',
    one.exemptions.map((letter) => `(${letter})`).join(' '),
    (one.minutes / 60).toFixed(2),
    money(one.feeCents),
    money(one.paidCents),
    one.petitionOn ?? '',
    one.petitionOn === null ? '' : one.petitionGranted === null ? 'pending' : yes(one.petitionGranted),
    one.appealOn ?? '',
    one.appealDeterminedOn ?? '',
    one.appealOutcomes.map(appealInWords).join('; '),
    one.orderDue ?? '',
    one.complianceDays === null ? '' : String(one.complianceDays),
  ])
  return stringify([header, ...rows], { escape_formulas: true, record_delimiter: '\r\n' })
}
