import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Font } from 'fontkit'
import { unpackedWoff } from './font-file.ts'
import { type FontMetrics, readMetrics } from './font-metrics.ts'

const require = createRequire(import.meta.url)
const installed = (name: string) => path.dirname(require.resolve(`${name}/package.json`))
const dejavu = path.join(installed('dejavu-fonts-ttf'), 'ttf')
/** The fonts of every PDF, by what they are for. */
export const fontFiles = {
  text: path.join(dejavu, 'DejaVuSans.ttf'),
  bold: path.join(dejavu, 'DejaVuSans-Bold.ttf'),
  code: path.join(dejavu, 'DejaVuSansMono.ttf'),
  /** Has a glyph for nearly every sign that people write, drawn on a raster, for those that the others lack. */
  wide: path.join(installed('@fontsource/unifontex'), 'files/unifontex-latin-400-normal.woff'),
}
type AnyFace = keyof typeof fontFiles
const wide = 'wide'
export type Face = Exclude<AnyFace, typeof wide>
const faces: readonly Face[] = ['text', 'bold', 'code']

const measured = new Map<AnyFace, FontMetrics>()

/** For a layout, which draws nothing. */
function metricsOf(face: AnyFace): FontMetrics {
  const metrics = measured.get(face) ?? readMetrics(fontFiles[face])
  measured.set(face, metrics)
  return metrics
}

const opened = new Map<AnyFace, Font>()

function fontOf(face: AnyFace): Font {
  const font = opened.get(face) ?? open(face)
  opened.set(face, font)
  return font
}

function open(face: AnyFace): Font {
  // Loaded with the first page that is drawn: a start, and a production without such pages, need none of it.
  const fontkit = require('fontkit') as typeof import('fontkit')
  const file = readFileSync(fontFiles[face])
  return fontkit.create(face === wide ? unpackedWoff(file) : file) as Font
}

/**
 * A tagged document in the faces (PDF/UA structure, fonts embedded). Title and author are its own; `at` is the time of both its dates, as
 * the time of writing would give every run other bytes.
 */
export function newDocument(
  info: { title: string; author: string; at: Date },
  layout: Pick<PDFKit.PDFDocumentOptions, 'size' | 'margin' | 'margins' | 'bufferPages' | 'autoFirstPage'>,
): PDFKit.PDFDocument {
  // Required, as the font library is: imported, it would load that once more in its other form.
  const PDFDocument = require('pdfkit') as typeof import('pdfkit')
  const document = new PDFDocument({
    ...layout,
    pdfVersion: '1.7',
    // The library knows it, its types do not.
    subset: 'PDF/UA' as never,
    tagged: true,
    lang: 'en-US',
    displayTitle: true,
    // A default font of the same name as a face would make the library open that again at every change of the font.
    font: null as never,
    info: {
      Title: info.title,
      Author: info.author,
      Creator: 'Plainview',
      Producer: 'Plainview',
      CreationDate: info.at,
      ModDate: info.at,
    },
  })
  // Each font is opened once in a process: the library would read and decode it anew for every document. Its types do not
  // know that it takes a font that is open already.
  for (const face of faces) document.registerFont(face, fontOf(face) as never)
  document.font('text')
  return document
}

/** Documents that have the wide font: most need it never. */
const widened = new WeakSet<PDFKit.PDFDocument>()

/** Sets the font of a run in a document in the faces. */
export function takeFont(document: PDFKit.PDFDocument, { font }: Run) {
  if (font === wide && !widened.has(document)) {
    document.registerFont(wide, fontOf(wide) as never)
    widened.add(document)
  }
  document.font(font)
}

/** A stretch of text that one font draws. */
export interface Run {
  font: AnyFace
  text: string
}

/** Letters that all faces have: no need to ask for each of them. */
const plain = /^[\u0020-\u007E\u00A0-\u00AC\u00AE-\u017F\u2010-\u2022\u2026]*$/

/** A printable text in stretches, each with the font that has its signs. A mark stays with what it is on. */
export function runsOf(face: Face, text: string): Run[] {
  if (plain.test(text)) return [{ font: face, text }]
  const runs: Run[] = []
  for (const sign of text) {
    const last = runs.at(-1)
    const font = fontFor(face, sign)
    if (last && (last.font === font || (/\p{M}/u.test(sign) && has(last.font, sign)))) last.text += sign
    else runs.push({ font, text: sign })
  }
  return runs
}

const has = (face: AnyFace, sign: string) => metricsOf(face).has(sign.codePointAt(0) ?? 0)
const fontFor = (face: Face, sign: string): AnyFace => (has(face, sign) || !has(wide, sign) ? face : wide)

/** What asks for no ink: joiners, selectors of a variant, direction marks. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu

/** A text of signs that a font has. One that no font has is given by its number: a box would hide what stands there. */
export function printable(face: Face, text: string): string {
  if (plain.test(text)) return text
  return Array.from(text.normalize('NFC').replace(invisible, ''), (sign) =>
    has(face, sign) || has(wide, sign)
      ? sign
      : `[U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  ).join('')
}

/** Whether a text is shown as it was written: with all its signs, from left to right, with no marks that only a font of its script places. */
export function isShownAsWritten(text: string): boolean {
  if (plain.test(text)) return true
  const seen = text.normalize('NFC').replace(invisible, '')
  return (
    printable('text', seen) === seen &&
    !rightToLeft.test(seen) &&
    !runsOf('text', seen).some(({ font, text }) => font === wide && /\p{M}/u.test(text))
  )
}
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/** How wide a printable text is, in points, at `size` points. */
export function widthOf(face: Face, text: string, size: number): number {
  return runsOf(face, text).reduce((sum, run) => sum + widthIn(run, size), 0)
}

/** How wide a run is, in points, at `size` points. */
export function widthIn({ font, text }: Run, size: number): number {
  const { unitsPerEm, widthOf } = metricsOf(font)
  let units = 0
  for (const sign of text) units += widthOf(sign.codePointAt(0) ?? 0)
  return (units / unitsPerEm) * size
}

/** Points from the top of a line to its baseline, which every run of it shares, at `size` points. */
export const ascentOf = (font: AnyFace, size: number) =>
  (metricsOf(font).ascent / metricsOf(font).unitsPerEm) * size

/** A glyph as it is drawn in place: its outline in the font's units, y upwards. */
export interface Drawn {
  /** The same name is the same outline, at any size. */
  glyph: string
  outline(): string
  box: { minX: number; minY: number; maxX: number; maxY: number }
  /** Points a unit of the font. */
  unit: number
  /** Where it stands, in points from the beginning and from the baseline. */
  x: number
  y: number
}

/** What draws a printable text at `size` points, by the very fonts that the PDF has. */
export function drawn(face: Face, text: string, size: number): Drawn[] {
  let from = 0
  return runsOf(face, text).flatMap((run) => {
    const font = fontOf(run.font)
    const unit = size / font.unitsPerEm
    const { glyphs, positions } = font.layout(run.text)
    let at = 0
    const begin = from
    from += widthIn(run, size)
    return glyphs.flatMap((glyph, n) => {
      const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[n] ?? {}
      const x = begin + (at + xOffset) * unit
      at += xAdvance
      const { minX, minY, maxX, maxY } = glyph.bbox
      // A blank.
      if (!(maxX > minX && maxY > minY)) return []
      const outline = () => glyph.path.toSVG()
      const box = { minX, minY, maxX, maxY }
      return [{ glyph: `${run.font} ${glyph.id}`, outline, box, unit, x, y: yOffset * unit }]
    })
  })
}
