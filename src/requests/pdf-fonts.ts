import { createRequire } from 'node:module'
import path from 'node:path'
import type { Font } from 'fontkit'

const require = createRequire(import.meta.url)
const fonts = path.join(path.dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf')
/** The fonts of every PDF, by what they are for. */
const faces = {
  text: path.join(fonts, 'DejaVuSans.ttf'),
  bold: path.join(fonts, 'DejaVuSans-Bold.ttf'),
  code: path.join(fonts, 'DejaVuSansMono.ttf'),
}
export type Face = keyof typeof faces

const opened = new Map<Face, Font>()

function fontOf(face: Face): Font {
  const font = opened.get(face) ?? open(faces[face])
  opened.set(face, font)
  return font
}

function open(file: string): Font {
  // Loaded with the first PDF: a start and a bag without pages need none of it.
  const { openSync } = require('fontkit') as typeof import('fontkit')
  return openSync(file) as Font
}

/**
 * Gives a document the faces by their names. Each font is opened once in a process: the library would read and decode
 * it anew for every document. The document needs `font: noFont`, because a default font of the same name makes the library
 * open it again at every change of the font.
 */
export function giveFaces(document: PDFKit.PDFDocument) {
  // Its types do not know that it takes a font that is open already.
  for (const face of Object.keys(faces) as Face[]) document.registerFont(face, fontOf(face) as never)
  document.font('text')
}
/** No default font. The library's types want one. */
export const noFont = null as never

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

/** A glyph as it is drawn in place: its outline in the font's units, y upwards. */
export interface Drawn {
  /** The same number is the same outline, within a face. */
  glyph: number
  outline(): string
  box: { minX: number; minY: number; maxX: number; maxY: number }
  /** Where it stands, in points from the beginning and from the baseline. */
  x: number
  y: number
}

/** What draws a printable text at `size` points, by the very font that the PDF has. */
export function drawn(face: Face, text: string, size: number): Drawn[] {
  const font = fontOf(face)
  const scale = size / font.unitsPerEm
  const { glyphs, positions } = font.layout(text)
  let at = 0
  return glyphs.flatMap((glyph, n) => {
    const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[n] ?? {}
    const x = (at + xOffset) * scale
    at += xAdvance
    const { minX, minY, maxX, maxY } = glyph.bbox
    if (!(maxX > minX && maxY > minY)) return []
    const outline = () => glyph.path.toSVG()
    return [{ glyph: glyph.id, outline, box: { minX, minY, maxX, maxY }, x, y: yOffset * scale }]
  })
}

/** Points from the top of a line to its baseline, and points a unit of the font, at `size` points. */
export function measuresOf(face: Face, size: number): { ascent: number; unit: number } {
  const { ascent, unitsPerEm } = fontOf(face)
  return { ascent: (ascent / unitsPerEm) * size, unit: size / unitsPerEm }
}
