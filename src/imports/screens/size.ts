/** A size as people read it. */
export function sizeOf(bytes: number): string {
  if (bytes === 0) return '0 kB'
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}
