/** A stretch of a tall picture, in pixels from its top. */
export interface Strip {
  top: number
  height: number
}

/** A line of writing with the place where it was found in its strip, in pixels. */
export interface Line {
  text: string
  x0: number
  y0: number
  x1: number
  y1: number
}

/** Two strips share so much of the picture that a line of ordinary size is whole in one of them. */
const shared = 240
/** A line so close to where a strip was cut may be half a line. */
const cutWithin = 3

/** Where a picture of this height is cut: no strip is higher than `highest`, and each shares its beginning with the end of the one before. */
export function stripsOf(height: number, highest: number): Strip[] {
  if (height <= highest) return [{ top: 0, height }]
  const many = Math.ceil((height - shared) / (highest - shared))
  const each = Math.ceil((height + (many - 1) * shared) / many)
  return Array.from({ length: many }, (_, n) => {
    const top = n * (each - shared)
    return { top, height: Math.min(each, height - top) }
  })
}

/** The height at which a picture is cut into no more than `many` strips. */
export const heightOf = (many: number, highest: number) => many * (highest - shared) + shared

type Placed = Line & { cut: boolean }

/** The lines of all strips, from top to bottom. What two strips share stands in it once, and as it was read where it was whole. */
export function joinLines(strips: readonly (Strip & { lines: readonly Line[] })[]): string[] {
  const joined: Placed[] = []
  let beforeLast = 0
  for (const [n, { top, height, lines }] of strips.entries()) {
    const earlier = joined.splice(beforeLast)
    beforeLast = joined.length
    const these: Placed[] = []
    for (const line of lines) {
      const cut =
        (n > 0 && line.y0 <= cutWithin) || (n < strips.length - 1 && line.y1 >= height - 1 - cutWithin)
      const placed = { ...line, y0: line.y0 + top, y1: line.y1 + top, cut }
      const same = earlier.filter((one) => isSameLine(one, placed))
      if (same.some((one) => !one.cut) || (cut && same.length > 0)) continue
      for (const one of same) earlier.splice(earlier.indexOf(one), 1)
      these.push(placed)
    }
    joined.push(...earlier)
    beforeLast = joined.length
    joined.push(...these)
  }
  return joined.map(({ text }) => text)
}

/** Whether two lines lie on each other: half of the lower one, and side by side they are not. */
function isSameLine(one: Line, other: Line): boolean {
  const common = Math.min(one.y1, other.y1) - Math.max(one.y0, other.y0)
  const lower = Math.min(one.y1 - one.y0, other.y1 - other.y0)
  return common > lower / 2 && Math.min(one.x1, other.x1) > Math.max(one.x0, other.x0)
}
