import path from 'node:path'
import { type BagCopy, growing, kindTitle } from '../../archive/archive.ts'
import { sha256Of } from '../rendition.ts'
import type { Format, NumberedRecord, ReleasedProduction } from './format.ts'

/** Concordance's signs: between two fields, around each, and for a line break inside one. */
const between = '\u0014'
const around = 'þ'
const lineBreak = '®'

const fields = [
  ...['BEGBATES', 'ENDBATES', 'BEGATTACH', 'ENDATTACH', 'CUSTODIAN', 'DOCTYPE', 'AUTHOR', 'PLATFORM', 'URL'],
  ...['DATEPOSTED', 'DATECAPTURED', 'TEXTPATH', 'NATIVEPATH', 'SHA256HASH', 'CONFIDENTIALITY', 'REDACTED'],
  ...['EXEMPTIONS', 'RECORDID', 'PGCOUNT'],
] as const
type Row = Record<(typeof fields)[number], string>

export const loadFile: Format = {
  name: 'load-file',
  title: 'Load file (Concordance DAT)',
  description:
    'Records as data, their text and attachments, numbered. For lawyers, whose review platform reads it in.',
  async *files(production) {
    yield { path: 'load-file/README.txt', content: readme }
    const dat = growing(path.join(production.aside, 'dat'))
    try {
      await dat.add(`\uFEFF${datLine(fields)}`)
      const kept = new Map<string, string>()
      let nth = 0
      for await (const one of production.records()) {
        const home = String(Math.floor(nth++ / 1000) + 1).padStart(4, '0')
        yield* documents(one, home, kept, production, dat)
      }
      yield { path: 'load-file/load-file.dat', content: await dat.end() }
    } finally {
      await dat.close()
    }
  },
}

type Growing = ReturnType<typeof growing>

/** The files of one record's family, and their lines. `kept` holds where a file stands that several records show. */
async function* documents(
  one: NumberedRecord,
  home: string,
  kept: Map<string, string>,
  { department, blobs }: ReleasedProduction,
  dat: Growing,
): AsyncGenerator<BagCopy> {
  const [begin] = one.bates
  const family = familyOf(one, department)
  const add = (row: Row) => dat.add(datLine(fields.map((field) => row[field])))
  if (one.form === 'withheld') return add(family)
  const native = `NATIVES/${home}/${begin}.json`
  const text = `TEXT/${home}/${begin}.txt`
  yield { path: `load-file/${native}`, content: one.json }
  yield { path: `load-file/${text}`, content: one.record.words }
  await add({
    ...family,
    TEXTPATH: asWindows(text),
    NATIVEPATH: asWindows(native),
    SHA256HASH: sha256Of(one.json),
  })
  for (const attachment of one.attachments) {
    const { bates, file, redacted } = attachment
    const before = kept.get(file.sha256)
    const place = before ?? `NATIVES/${home}/${bates}.${extensionOf(file.mediaType)}`
    if (!before) {
      kept.set(file.sha256, place)
      const content = { bytes: file.bytes, stream: await blobs.read(file.sha256) }
      yield { path: `load-file/${place}`, content }
    }
    await add({
      ...family,
      BEGBATES: bates,
      ENDBATES: bates,
      PGCOUNT: '1',
      DOCTYPE: file.mediaType,
      NATIVEPATH: asWindows(place),
      SHA256HASH: file.sha256,
      REDACTED: redacted ? 'Yes' : 'No',
      EXEMPTIONS: redacted ? family.EXEMPTIONS : '',
    })
  }
}

function familyOf(one: NumberedRecord, custodian: string): Row {
  const [begin] = one.bates
  const end = one.bates.at(-1) ?? begin
  const isAlone = one.attachments.length === 0
  const exemptions = one.form === 'withheld' ? one.statement.exemptions : one.exemptions
  const facts = one.form === 'withheld' ? null : one.facts
  return {
    BEGBATES: begin,
    ENDBATES: end,
    BEGATTACH: isAlone ? '' : begin,
    ENDATTACH: one.attachments.at(-1)?.bates ?? '',
    CUSTODIAN: custodian,
    DOCTYPE: kindTitle(one.record.kind),
    AUTHOR: facts?.author ?? '',
    PLATFORM: facts?.platform ?? '',
    URL: facts?.url ?? '',
    DATEPOSTED: facts?.postedAt ?? '',
    DATECAPTURED: one.record.at,
    TEXTPATH: '',
    NATIVEPATH: '',
    SHA256HASH: '',
    CONFIDENTIALITY: one.form === 'withheld' ? 'Withheld' : 'Public record',
    REDACTED: one.form === 'whole' ? 'No' : 'Yes',
    EXEMPTIONS: exemptions.map((letter) => `(${letter})`).join(' '),
    RECORDID: one.record.id,
    PGCOUNT: String(one.bates.length),
  }
}

/** One line of a DAT file. What would be taken for one of its signs is replaced, as the readme says. */
export const datLine = (values: readonly string[]): string =>
  `${values.map((value) => `${around}${datValue(value)}${around}`).join(between)}\r\n`

const datValue = (value: string) =>
  value
    .replaceAll(around, 'th')
    .replaceAll(lineBreak, '(R)')
    .replace(/\r\n|[\n\r\u2028\u2029]/g, lineBreak)
    .replace(/\p{Cc}/gu, ' ')

const asWindows = (place: string) => place.replaceAll('/', '\\')

const extensions: Record<string, string> = { jpeg: 'jpg', tiff: 'tif', mpeg: 'mpg', quicktime: 'mov' }
/** An ending by which a program knows the file. What a platform calls a type goes into no path as it is. */
function extensionOf(mediaType: string): string {
  const name = /^\w+\/(?:x-)?([a-z0-9]{1,10})(?:[+;]|$)/.exec(mediaType)?.[1] ?? 'bin'
  return extensions[name] ?? name
}

const readme = `A load file for review platforms
================================
load-file.dat  one line a document, the names of the fields first: Concordance's form, UTF-8 with byte-order mark
NATIVES/       each record as data (JSON), and its attachments, named by their page numbers
TEXT/          each record's words, UTF-8

Fields stand between þ (U+00FE), with U+0014 between them; ® (U+00AE) is a line break inside a field. Where a value
itself holds þ, it says "th" instead; for ® it says "(R)"; for U+0014 and other control characters, a blank. The
files in NATIVES and TEXT are unchanged.

BEGBATES to ENDBATES are the pages of a document, PGCOUNT of them. They are the numbers on the pages of the PDF files,
if these were ordered as well, and of the images in page-images/ with their OPT, if those were. Records are data and
words: without images, review them by NATIVEPATH and TEXTPATH. Records with attachments are families: BEGATTACH to
ENDATTACH is the whole of one.
A file that several records show stands in NATIVES once.
Paths begin in this folder. Times are in UTC. SHA256HASH is that of the file in NATIVEPATH.
A line with CONFIDENTIALITY "Withheld" stands for a record that is withheld as a whole; EXEMPTIONS says by what.
Every file in NATIVES and TEXT is also in records/ or files/, byte for byte, where its proof is.
`
