import { Temporal } from 'temporal-polyfill'

/**
 * The moments between which a search by days looks: from the beginning of the first day to the end of the last, by the
 * clock of `timeZone`. Days are YYYY-MM-DD; what is none sets no limit.
 */
export function momentsOf(from: string, to: string, timeZone: string): { from?: Date; to?: Date } {
  const first = startOf(from, timeZone)
  const afterLast = startOf(to, timeZone, 1)
  return {
    ...(first ? { from: first } : {}),
    ...(afterLast ? { to: new Date(afterLast.getTime() - 1) } : {}),
  }
}

/** What to say beside the end of a period that ends before it begins; undefined for any other, or one without ends. */
export const reversed = <Moment extends Date | string>(
  from: Moment | undefined,
  to: Moment | undefined,
): string | undefined =>
  from && to && to < from
    ? 'The last day lies before the first. Exchange the two, or leave one empty.'
    : undefined

/** A day may have 23 or 25 hours, so its end is the start of the next one. */
function startOf(day: string, timeZone: string, daysLater = 0): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null
  try {
    const start = Temporal.PlainDate.from(day).add({ days: daysLater }).toZonedDateTime(timeZone)
    return new Date(start.epochMilliseconds)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
