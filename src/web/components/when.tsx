/** A moment in the department's time zone. */
export function When({ at, zone }: { at: Date; zone: string }) {
  return <time dateTime={at.toISOString()}>{formatIn(zone).format(at)}</time>
}

/** Making a format takes longer than a hundred uses of it, and a list has a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>()
function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', { timeZone, dateStyle: 'medium', timeStyle: 'short' })
  formats.set(timeZone, format)
  return format
}
