const format = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  weekday: 'long',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
})

/** A day as people write it: '2026-03-02' is Monday, March 2, 2026. */
export const longDay = (day: string): string => format.format(new Date(`${day}T00:00:00Z`))
