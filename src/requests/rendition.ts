import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { type RecordBlob, type RecordText, type RedactedNote, redactedStatement } from '../archive/archive.ts'
import { exemptionsOf, type Mark, type TextMark } from './marks.ts'
import { blackOut, spread } from './redact-text.ts'

/**
 * The released rendition of a record: what every format of a production is made from. A production format asks
 * `renditionsOf` for them and never reads an original.
 *
 * - `whole`: nothing is withheld. The record's own JSON, words and files go out.
 * - `redacted`: `text` stands in place of the record. Its words, its index line and its files are taken from there;
 *   a file without `sha256` is withheld. The original's JSON, salt and files stay sealed.
 * - `withheld`: nothing goes out but its line in the log of what is withheld.
 */
export type ReleasedForm = 'whole' | 'redacted' | 'withheld'

/** A file of a redacted record: as it was, replaced by a rendition without the marked areas, or withheld. */
export type ReleasedFile =
  | RecordBlob
  | (RecordBlob & { redacted: true })
  | { role: string; mediaType: string; withheld: true }

export interface RedactedRecord extends Omit<RecordText, 'blobs'> {
  blobs: ReleasedFile[]
  redacted: RedactedNote
}

/** What became of a record's files, by their place in it: a replacement, or null where the file is withheld. */
export type FileRenditions = ReadonlyMap<number, RecordBlob | null>

/**
 * A record without what the marks take out. `files` says what stands for each file that does not go out as it is.
 * The rest of the record is the original's, word for word.
 */
export function redacted(record: RecordText, marks: readonly Mark[], files: FileRenditions): RedactedRecord {
  const textMarks = marks.filter((one): one is TextMark => one.kind === 'text')
  const texts = textsOf(record)
  const passages = spread(texts, textMarks)
  const rewritten = rewrite(record, '', (text, place, isNumber) => {
    const gone = passages.get(place) ?? []
    // A platform's version is often a hash of the content: whoever guesses the words could check the guess by it.
    if (textMarks.length > 0 && place.endsWith('/remoteVersion')) return blackOut(text, all(text, textMarks))
    // What is left of a number would tell how large it is.
    return blackOut(text, isNumber ? gone.map((one) => ({ ...one, start: 0, end: text.length })) : gone)
  }) as RecordText
  return {
    ...rewritten,
    blobs: record.blobs.map((blob, n): ReleasedFile => {
      const instead = files.get(n)
      if (instead === null) return { role: blob.role, mediaType: blob.mediaType, withheld: true }
      return instead ? { ...instead, redacted: true } : blob
    }),
    redacted: { statement: redactedStatement, exemptions: exemptionsOf(marks) },
  }
}

/** The canonical JSON of a redacted record, byte for byte what its statement commits to. */
export function jsonOf(record: RedactedRecord): string {
  const json = canonicalize(record)
  if (json === undefined) throw new Error(`The redacted record ${record.id} has no JSON text.`)
  return json
}

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * Every text of a record that can hold somebody's words, by JSON pointer, and every number as it is written: it may be a
 * telephone's or a case's. Ids and the policy's decision hold none.
 */
export function textsOf(record: RecordText): Map<string, string> {
  const texts = new Map<string, string>()
  rewrite(record, '', (text, place) => {
    texts.set(place, text)
    return text
  })
  return texts
}

/** The marks, each that takes a part of a number out widened to all of it, so that it is looked for elsewhere as a whole. */
export function wideningNumbers(record: RecordText, marks: readonly Mark[]): Mark[] {
  const numbers = new Map<string, number>()
  rewrite(record, '', (text, place, isNumber) => {
    if (isNumber) numbers.set(place, text.length)
    return text
  })
  return marks.map((mark) => {
    const end = mark.kind === 'text' ? numbers.get(mark.place) : undefined
    return end === undefined ? mark : { ...mark, start: 0, end }
  })
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const outside = new Set([
  ...['/version', '/id', '/kind', '/at', '/subject', '/page', '/decision', '/blobs'],
  ...['/by/kind', '/by/id', '/by/roles', '/by/designee'],
])

function rewrite(
  value: unknown,
  place: string,
  change: (text: string, place: string, isNumber: boolean) => string,
): unknown {
  if (outside.has(place)) return value
  if (typeof value === 'number') {
    const text = String(value)
    const changed = change(text, place, true)
    return changed === text ? value : changed
  }
  if (typeof value === 'string')
    return uuid.test(value) || isMoment(value) ? value : change(value, place, false)
  if (Array.isArray(value)) return value.map((one, n) => rewrite(one, `${place}/${n}`, change))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, rewrite(one, `${place}/${escaped(name)}`, change)]),
    )
  return value
}

const isMoment = (text: string) => /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text)
const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')
const all = (text: string, [first]: readonly TextMark[]) => [
  { start: 0, end: text.length, exemption: first?.exemption ?? '' },
]
