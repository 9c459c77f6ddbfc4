import { createRequire } from 'node:module'
import path from 'node:path'
import * as fontkit from 'fontkit'

const fonts = path.join(
  path.dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')),
  'ttf',
)
/** The fonts of every PDF, by what they are for: files, as they are embedded. */
export const faces = {
  text: path.join(fonts, 'DejaVuSans.ttf'),
  bold: path.join(fonts, 'DejaVuSans-Bold.ttf'),
  code: path.join(fonts, 'DejaVuSansMono.ttf'),
}
export type Face = keyof typeof faces

const opened = new Map<Face, fontkit.Font>()

function fontOf(face: Face): fontkit.Font {
  const font = opened.get(face) ?? (fontkit.openSync(faces[face]) as fontkit.Font)
  opened.set(face, font)
  return font
}

/** A sign that the embedded font does not have is given by its number: a box would hide what stands there. */
export function printable(face: Face, text: string): string {
  const font = fontOf(face)
  return Array.from(text.normalize('NFC'), (sign) => {
    const point = sign.codePointAt(0) ?? 0
    return font.hasGlyphForCodePoint(point)
      ? sign
      : `[U+${point.toString(16).toUpperCase().padStart(4, '0')}]`
  }).join('')
}

const widths = new Map<Face, Map<number, number>>()

/** How wide a printable text is, in points, at `size` points. */
export function widthOf(face: Face, text: string, size: number): number {
  const known = widths.get(face) ?? new Map<number, number>()
  widths.set(face, known)
  const font = fontOf(face)
  let units = 0
  for (const sign of text) {
    const point = sign.codePointAt(0) ?? 0
    const width = known.get(point) ?? font.glyphForCodePoint(point).advanceWidth
    known.set(point, width)
    units += width
  }
  return (units / font.unitsPerEm) * size
}
