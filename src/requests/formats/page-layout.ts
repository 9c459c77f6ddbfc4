import { kindTitle } from '../../archive/archive.ts'
import { type Face, isShownAsWritten, printable, widthOf } from '../pdf-fonts.ts'
import type { Attachment, NumberedRecord, ReleasedRecord } from './format.ts'

/** US Letter, in points. */
export const sheet = { width: 612, height: 792, margin: 54, lineHeight: 14 }
const linesOnPage = 46

export type LineStyle = 'heading' | 'fact' | 'text'
export const styles: Record<LineStyle, { face: Face; size: number }> = {
  heading: { face: 'bold', size: 12 },
  fact: { face: 'text', size: 8.5 },
  text: { face: 'text', size: 10 },
}
/** A part of a line: words, or the bar that stands for words taken out, with its exemptions: "(c)". */
export type Piece = string | { bar: string }
export interface Line {
  style: LineStyle
  pieces: readonly Piece[]
}

/** What stands above an attachment on its page; `isShown` when its picture follows. */
export function attachmentLines(
  { file: { sha256, mediaType, role }, redacted }: Attachment,
  one: NumberedRecord,
  isShown: boolean,
): string[] {
  return [
    `${role === 'image' ? 'Image' : `File (${role})`} of record ${one.record.id}`,
    `${mediaType}, SHA-256 ${sha256}`,
    ...(redacted && one.form === 'redacted'
      ? [`Redacted: ${one.exemptions.map((letter) => `(${letter})`).join(', ')}`]
      : []),
    ...(isShown ? [] : [`It can't be shown on a page. It is in this production as files/${sha256}.`]),
  ]
}

const barEnds = 30
/** How wide a bar is drawn: it tells how many exemptions there are, and nothing of what is under it. */
export const barWidth = (bar: string, { face, size }: { face: Face; size: number }) =>
  widthOf(face, bar, size) + barEnds

/** The pages of a record, at least one: who, when, where, and its words. `zone` is the department's time zone. */
export function layOut(one: ReleasedRecord, zone: string): Line[][] {
  const lines = [
    ...broken('heading', one.form === 'withheld' ? kindTitle(one.record.kind) : one.facts.title, false),
    ...factLines(one, zone).flatMap((line) => broken('fact', line, one.form === 'redacted')),
    { style: 'fact', pieces: [] } satisfies Line,
    ...(one.form === 'withheld'
      ? broken('text', withheldWords(one.statement.law, one.statement.exemptions), false)
      : broken('text', one.record.words, one.form === 'redacted')),
  ]
  const pages: Line[][] = []
  for (let done = 0; done < lines.length; done += linesOnPage)
    pages.push(lines.slice(done, done + linesOnPage))
  return pages
}

const withheldWords = (law: string, exemptions: readonly string[]) =>
  `This record is withheld as a whole: ${law}, ${exemptions.map((letter) => `(${letter})`).join(', ')}. withheld.html says why.`

function factLines(one: ReleasedRecord, zone: string): string[] {
  const lines = [`When: ${inZone(one.record.at, zone)}`, `Record: ${one.record.id}`]
  if (one.form === 'withheld') return lines
  const { author, page, platform, url, postedAt } = one.facts
  const shown = [author, page, url, one.record.words]
  return [
    `Who: ${author}`,
    ...lines,
    ...(postedAt ? [`Posted: ${inZone(postedAt, zone)}`] : []),
    ...(page ? [`Where: ${page} (${platform})`] : []),
    ...(url ? [`Address: ${url}`] : []),
    ...(!shown.every((text) => isShownAsWritten(text.replace(/\p{Cc}/gu, ' ')))
      ? [`${notAsWritten} ${one.place}.txt`]
      : []),
    ...(one.form === 'redacted'
      ? [`Redacted: ${one.exemptions.map((letter) => `(${letter})`).join(', ')}`]
      : []),
    ...one.record.blobs.map((file) =>
      'sha256' in file
        ? `File (${file.role}, ${file.mediaType}): SHA-256 ${file.sha256}`
        : `File (${file.role}, ${file.mediaType}): withheld`,
    ),
  ]
}

const notAsWritten =
  'Not shown as it was written: words from right to left may be out of order, marks of some scripts beside their letters, and a sign that no font here has stands as its number, like [U+F8FF]. As written:'

function inZone(iso: string, zone: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('en-US', { ...clockStyle, timeZone: zone })
  clocks.set(zone, clock)
  return clock.format(at)
}

/** Making one costs more than the layout of a page. */
const clocks = new Map<string, Intl.DateTimeFormat>()
const clockStyle = { dateStyle: 'long', timeStyle: 'long' } as const

/** The bar of `redact-text.ts`. It is one only in a redacted record: anybody can type such signs. */
const bars = /(████(?:\([a-z]{1,2}\))+)/
const available = sheet.width - 2 * sheet.margin

function broken(style: LineStyle, text: string, isRedacted: boolean): Line[] {
  const { face, size } = styles[style]
  return text.split(/\r\n|[\n\r\u2028\u2029]/).flatMap((paragraph) => {
    const lines: Piece[][] = [[]]
    let left = available
    const put = (piece: Piece, width: number) => {
      if (width > left && lines.at(-1)?.length) {
        lines.push([])
        left = available
      }
      const line = lines.at(-1) as Piece[]
      const before = line.at(-1)
      if (typeof piece === 'string' && typeof before === 'string') line[line.length - 1] = before + piece
      else line.push(piece)
      left -= width
    }
    for (const part of isRedacted ? paragraph.split(bars) : [paragraph]) {
      if (isRedacted && bars.test(part)) {
        const bar = part.replaceAll('█', '')
        put({ bar }, barWidth(bar, { face, size }))
      } else
        for (const word of wordsOf(part, face)) {
          const width = widthOf(face, word.trimEnd(), size)
          if (width <= available) put(word, widthOf(face, word, size))
          // A word longer than a line, an address perhaps, is broken anywhere.
          else for (const sign of word) put(sign, widthOf(face, sign, size))
        }
    }
    return lines.map((pieces): Line => ({ style, pieces }))
  })
}

/** Words, each with the blanks behind it. A control character has no look. */
const wordsOf = (text: string, face: Face): string[] =>
  printable(face, text.replace(/\p{Cc}/gu, ' ')).match(/\s+|\S+ */g) ?? []
