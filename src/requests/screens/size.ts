/** A size as people read it. */
export function sizeOf(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}

/** What a production holds and how big its file is, as its link says it. What is withheld as a whole is not in it. */
export function sizeInWords({
  records,
  withheld,
  bytes,
}: {
  records: number
  withheld: number
  bytes: number
}): string {
  const count = records - withheld
  const held = withheld > 0 ? `, ${withheld.toLocaleString('en-US')} more withheld` : ''
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'record' : 'records'} (${sizeOf(bytes)}, tar${held})`
}
