import type { FeeRules } from '../policy/policy.ts'
import { feeLimit } from './appeal-order.ts'
import type { AppealOrder } from './appeal-store.ts'

/** What a fee is worked out from. Hours may have hundredths; money is in cents. */
export interface FeeEntries {
  searchHours: number
  redactionHours: number
  /** Redaction time may be charged: a law requires the redaction, or the supervisor allowed it. */
  redactionAllowed: boolean
  hourlyRateCents: number
  pages: number
  /** Postage, a storage device: what it really costs. */
  otherCents: number
}
export interface Fee {
  freeHours: number
  chargedHours: number
  rateCents: number
  workCents: number
  pagesCents: number
  otherCents: number
  totalCents: number
}

/** The fee by the law (M.G.L. c. 66 § 10(d)). `population` is that of the municipality, null when nobody has said. */
export function feeOf(entries: FeeEntries, population: number | null, rules: FeeRules): Fee {
  // Whole hundredths: as fractions 2.3 hours less the free 2 are a little under 0.3, and the letter a cent short.
  const hundredths = (hours: number) => Math.round(hours * 100)
  const freeHours = freeHoursFor(population, rules)
  const worked =
    hundredths(entries.searchHours) + (entries.redactionAllowed ? hundredths(entries.redactionHours) : 0)
  const charged = Math.max(0, worked - hundredths(freeHours))
  const rateCents = Math.min(entries.hourlyRateCents, rules.hourlyCapCents)
  // Rounded down: nobody pays for a part of a cent.
  const workCents = Math.floor((charged * rateCents) / 100)
  const pagesCents = entries.pages * rules.pageCents
  return {
    freeHours,
    chargedHours: charged / 100,
    rateCents,
    workCents,
    pagesCents,
    otherCents: entries.otherCents,
    totalCents: workCents + pagesCents + entries.otherCents,
  }
}

/** While nobody has said how many people live there, as many hours are free as could be. */
function freeHoursFor(population: number | null, { freeHours }: FeeRules): number {
  return Math.max(
    0,
    ...freeHours
      .filter((one) => population === null || population > one.populationOver)
      .map((one) => one.hours),
  )
}

/** What came in for a request, less what was paid back, in cents. */
export const paidCents = (payments: readonly { cents: number }[]): number =>
  payments.reduce((sum, one) => sum + one.cents, 0)

/** Whether a fee may be charged at all: only when the first written response was in time, and no order waived it. */
export function considerFee(
  request: {
    responseDue: string
    acknowledgement: { sentOn: string } | null
    orders: readonly AppealOrder[]
  },
  today: string,
): string | null {
  if (feeLimit(request.orders) === 0)
    return 'No fee may be charged, because an order after an appeal waived it.'
  const late = request.acknowledgement
    ? request.acknowledgement.sentOn > request.responseDue
    : today > request.responseDue
  return late ? 'No fee may be charged, because the first written response did not come in time.' : null
}

/** Whether an hour may cost so many cents: a sentence when it is more than the law lets it. */
export const considerRate = (cents: number, { hourlyCapCents }: FeeRules): string | null =>
  cents > hourlyCapCents
    ? `The law lets an hour cost ${dollars(hourlyCapCents)} at most without leave.`
    : null

export const dollars = (cents: number): string =>
  (cents / 100).toLocaleString('en-US', { style: 'currency', currency: 'USD' })

/** An estimate as the letter says it, a line a part; `owedCents` is what an order leaves of it. */
export function estimateInWords(
  { entries, fee }: { entries: FeeEntries; fee: Fee },
  rules: FeeRules,
  owedCents = fee.totalCents,
): string {
  const hours = (count: number) => `${count.toLocaleString('en-US')} ${count === 1 ? 'hour' : 'hours'}`
  return [
    `Search, collection and copying: ${hours(entries.searchHours)}`,
    entries.redactionHours > 0 &&
      `Redaction: ${hours(entries.redactionHours)}, ${entries.redactionAllowed ? 'charged, because it is required by law or allowed by the supervisor' : 'not charged'}`,
    fee.freeHours > 0 && `Free: the first ${hours(fee.freeHours)}`,
    `Charged: ${hours(fee.chargedHours)} at ${dollars(fee.rateCents)} = ${dollars(fee.workCents)}`,
    entries.pages > 0 &&
      `${entries.pages.toLocaleString('en-US')} pages on paper at ${dollars(rules.pageCents)} = ${dollars(fee.pagesCents)}`,
    fee.otherCents > 0 && `Postage and materials: ${dollars(fee.otherCents)}`,
    `Together: ${dollars(fee.totalCents)}`,
    owedCents < fee.totalCents && `By order of the supervisor of records, to be paid: ${dollars(owedCents)}`,
  ]
    .filter(Boolean)
    .join('\n')
}
