import type { AppealOrder } from './appeal-store.ts'
import { longDay } from './long-day.ts'

/** How an appeal to the supervisor of records can end. */
export type AppealOutcome =
  | 'upheld'
  | 'overturned'
  | 'overturned-in-part'
  | 'response'
  | 'fee'
  | 'withdrawn'
  | 'closed'

/** What the supervisor determined, as it was entered. Days are YYYY-MM-DD. */
export interface Determination {
  outcome: AppealOutcome
  determinedOn: string
  /** The day by which the department has to do what was ordered; null when the order names none. */
  due: string | null
  /** The most that may still be charged, in cents; null when the determination leaves the fee alone. */
  feeCents: number | null
  note: string
}

/** Outcomes that make the department do something by a day. */
const ordersWork = (outcome: AppealOutcome) =>
  ['overturned', 'overturned-in-part', 'response'].includes(outcome)

/** Outcomes that leave everything as it was. */
export const ordersNothing = (outcome: AppealOutcome) => ['upheld', 'withdrawn', 'closed'].includes(outcome)

/** What stands against entering a determination, a sentence a field; null when nothing does. */
export function considerDetermination(
  appeal: { receivedOn: string },
  { outcome, determinedOn, due, feeCents }: Determination,
  today: string,
): Record<string, string> | null {
  if (determinedOn > today) return { determinedOn: 'A determination can’t lie in the future.' }
  if (determinedOn < appeal.receivedOn)
    return { determinedOn: `The appeal itself was received on ${longDay(appeal.receivedOn)}.` }
  if (ordersNothing(outcome)) {
    if (due) return { due: 'This outcome orders nothing, so it sets no day. Leave it empty.' }
    if (feeCents !== null)
      return { feeCents: 'This outcome orders nothing, so it leaves the fee as it is. Leave it empty.' }
    return null
  }
  if (ordersWork(outcome) && !due)
    return { due: 'Enter the day by which it has to be done, as the order says.' }
  if (outcome === 'fee' && feeCents === null)
    return { feeCents: 'Enter the most that may be charged, in dollars; 0 when the fee is waived.' }
  if (due && due < determinedOn) return { due: `The order itself is of ${longDay(determinedOn)}.` }
  if (due && due > nextYear(determinedOn))
    return { due: `${longDay(due)} is more than a year after the order. Check the year.` }
  return null
}

const nextYear = (day: string) => `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`

/** The order whose day stands: the latest that set one. */
export const standingOrder = (orders: readonly AppealOrder[]) =>
  orders.findLast((one): one is AppealOrder & { due: string } => one.due !== null) ?? null

/** The most that may be charged by the latest order about the fee, in cents; null without one. */
export const feeLimit = (orders: readonly AppealOrder[]): number | null =>
  orders.findLast((one) => one.feeCents !== null)?.feeCents ?? null

/** What the requester owes of an estimate, in cents. */
export const owedCents = (estimateCents: number, orders: readonly AppealOrder[]): number =>
  Math.min(estimateCents, feeLimit(orders) ?? estimateCents)

/** The day on which the supervisor last determined that records are public; a petition can be filed for a while after it. */
export const publicSince = (orders: readonly AppealOrder[]): string | undefined =>
  orders.findLast((one) => one.outcome.startsWith('overturned'))?.determinedOn

/** Whether an answer would keep back what the supervisor ordered to be provided. */
export const refusesOrder = (orders: readonly AppealOrder[], outcome: string | undefined): boolean =>
  (outcome === 'denied' || outcome === 'no-records') &&
  (standingOrder(orders)?.outcome.startsWith('overturned') ?? false)
