/** A moment in the department's time zone. */
export function When({ at, zone }: { at: Date; zone: string }) {
  return (
    <time dateTime={at.toISOString()}>
      {at.toLocaleString('en-US', { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' })}
    </time>
  )
}
