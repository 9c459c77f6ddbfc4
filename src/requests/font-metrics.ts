import { readFileSync } from 'node:fs'
import { tableOf } from './font-file.ts'

/** What a layout asks of a font. Lengths are in the font's units. */
export interface FontMetrics {
  unitsPerEm: number
  /** From the top of a line to its baseline. */
  ascent: number
  has(codePoint: number): boolean
  /** How wide a sign is; of one that the font lacks, the box in its place. */
  widthOf(codePoint: number): number
}

/**
 * Reads what a layout needs from a font's tables (OpenType 1.9), and lets the rest of it go: 0.2 MB stay. The library that
 * draws glyphs takes tens of megabytes for the same answers, and most formats need page numbers only.
 */
export function readMetrics(file: string): FontMetrics {
  const font = readFileSync(file)
  const { widths, box } = widthsIn(font)
  return {
    unitsPerEm: tableOf(font, 'head').readUInt16BE(18),
    ascent: tableOf(font, 'hhea').readInt16BE(4),
    has: (point) => Boolean(widths[point]),
    widthOf: (point) => (widths[point] || box) - 1,
  }
}

/**
 * How wide the glyph of each code point is, and the box for a missing one, with one added to each: zero is no glyph, and
 * what is not written to takes no memory.
 */
function widthsIn(font: Buffer): { widths: Uint16Array; box: number } {
  const hmtx = tableOf(font, 'hmtx')
  // The last glyphs of a font are often of one width, which is given once.
  const last = tableOf(font, 'hhea').readUInt16BE(34) - 1
  const widthOf = (glyph: number) => hmtx.readUInt16BE(Math.min(glyph, last) * 4) + 1
  const ranges = glyphRanges(tableOf(font, 'cmap'))
  const widths = new Uint16Array((ranges.at(-1)?.to ?? 0) + 1)
  for (const { from, to, glyph } of ranges)
    for (let point = from; point <= to; point++)
      if (glyph + point > from) widths[point] = widthOf(glyph + point - from)
  return { widths, box: widthOf(0) }
}

/** Code points in a row whose glyphs are in a row as well, in order: format 12 of `cmap`, for all of Unicode. */
function glyphRanges(cmap: Buffer): { from: number; to: number; glyph: number }[] {
  for (let n = 0; n < cmap.readUInt16BE(2); n++) {
    const at = cmap.readUInt32BE(4 + n * 8 + 4)
    if (cmap.readUInt16BE(at) !== 12) continue
    return Array.from({ length: cmap.readUInt32BE(at + 12) }, (_, nth) => {
      const range = at + 16 + nth * 12
      return {
        from: cmap.readUInt32BE(range),
        to: cmap.readUInt32BE(range + 4),
        glyph: cmap.readUInt32BE(range + 8),
      }
    })
  }
  throw new Error('This font has no table of all of Unicode.')
}
