import { Temporal } from 'temporal-polyfill'

/**
 * The instant that a wall clock in `zone` shows as `local` (2026-11-01T01:30). A time that the clocks skip in spring
 * is the one an hour later; one that they show twice in autumn is the first.
 */
export function instantOf(local: string, zone: string): Date | null {
  try {
    const plain = Temporal.PlainDateTime.from(local)
    return new Date(plain.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds)
  } catch {
    return null
  }
}

/** What the wall clock in `zone` shows, as a date-and-time field takes it. */
export const localOf = (at: Date, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })

/** The time at which to publish, or a sentence that says why it can't be. */
export function momentToPublish(local: string, zone: string, now: Date): { at: Date } | { problem: string } {
  const at = instantOf(local, zone)
  if (!at) return { problem: 'Give a day and a time, for example 2026-12-01 09:30.' }
  if (at <= now) return { problem: 'That time has passed. Choose one that is still to come, or publish now.' }
  const year = 366 * 24 * 60 * 60 * 1000
  if (at.getTime() - now.getTime() > year) return { problem: 'Choose a time within the next year.' }
  return { at }
}
