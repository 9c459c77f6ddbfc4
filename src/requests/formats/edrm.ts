import path from 'node:path'
import { growing, kindTitle } from '../../archive/archive.ts'
import { sha256Of } from '../rendition.ts'
import { jsonPath } from './csv.ts'
import type { Format, NumberedRecord } from './format.ts'

/*
 * The schema of EDRM XML was not to be had. This keeps to what public programs write that read and make such files: Root
 * with the interchange type “Update”, tags with name, type and value (Text, DateTime …), files as ExternalFile,
 * relationships with RelationshipType, ParentDocId and ChildDocId.
 */
export const edrm: Format = {
  name: 'edrm',
  title: 'EDRM XML',
  description:
    'The same data as XML (the common parts of EDRM XML 1.0 to 1.2; not checked against its schema), with no copies of files. For systems that take no load file.',
  async *files({ records, department, aside, number }) {
    const xml = growing(path.join(aside, 'edrm'))
    // Relationships stand behind all documents.
    const families = growing(path.join(aside, 'edrm-families'))
    try {
      await xml.add(
        `<?xml version="1.0" encoding="UTF-8"?>\n<Root DataInterchangeType="Update" MajorVersion="1" MinorVersion="2" Locale="US"${attribute('Description', `Records request ${number}`)}>\n<Batch${attribute('name', number)}>\n<Documents>\n`,
      )
      for await (const one of records()) {
        await xml.add(documents(one, department))
        for (const { bates } of one.attachments)
          await families.add(
            `<Relationship RelationshipType="Attachment"${attribute('ParentDocId', one.bates[0])}${attribute('ChildDocId', bates)}/>\n`,
          )
      }
      await xml.add('</Documents>\n<Relationships>\n')
      for await (const piece of (await families.end()).stream) await xml.add(piece)
      await xml.add('</Relationships>\n</Batch>\n</Root>\n')
      yield { path: 'edrm/edrm.xml', content: await xml.end() }
    } finally {
      await xml.close()
      await families.close()
    }
  },
}

function documents(one: NumberedRecord, custodian: string): string {
  const [begin] = one.bates
  const exemptions = one.form === 'withheld' ? one.statement.exemptions : one.exemptions
  const tags = (last: string | undefined): Record<string, string> => ({
    '#EndNumber': last ?? begin,
    '#Record': one.record.id,
    '#Form': one.form,
    '#Exemptions': exemptions.map((letter) => `(${letter})`).join(' '),
  })
  const what = { '#Kind': kindTitle(one.record.kind), '#DateCaptured': one.record.at }
  if (one.form === 'withheld')
    return document(begin, 'application/json', { ...tags(one.bates.at(-1)), ...what }, [], '')
  const { author, platform, page, url, postedAt } = one.facts
  const location = `<Locations><Location><Custodian>${escaped(custodian)}</Custodian><LocationURI>${escaped(url)}</LocationURI></Location></Locations>`
  const record = document(
    begin,
    'application/json',
    {
      ...tags(one.bates.at(-1)),
      ...what,
      '#Author': author,
      '#Platform': platform,
      '#Page': page,
      '#DatePosted': postedAt,
    },
    [
      {
        type: 'Native',
        place: jsonPath(one),
        bytes: Buffer.byteLength(one.json),
        sha256: sha256Of(one.json),
      },
      {
        type: 'Text',
        place: `${one.place}.txt`,
        bytes: Buffer.byteLength(one.record.words),
        sha256: sha256Of(one.record.words),
      },
    ],
    location,
  )
  return [
    record,
    ...one.attachments.map(({ bates, file }) =>
      document(
        bates,
        file.mediaType,
        tags(bates),
        [{ type: 'Native', place: `files/${file.sha256}`, bytes: file.bytes, sha256: file.sha256 }],
        location,
      ),
    ),
  ].join('')
}

interface XmlFile {
  type: 'Native' | 'Text'
  /** In the bag's payload. */
  place: string
  bytes: number
  sha256: string
}

function document(
  id: string,
  mimeType: string,
  tags: Record<string, string>,
  files: readonly XmlFile[],
  locations: string,
): string {
  const tagLines = Object.entries(tags)
    .filter(([, value]) => value !== '')
    .map(
      ([name, value]) =>
        `<Tag${attribute('TagName', name)} TagDataType="${name.startsWith('#Date') ? 'DateTime' : 'Text'}"${attribute('TagValue', value)}/>`,
    )
  const fileLines = files.map(
    ({ type, place, bytes, sha256 }) =>
      `<File FileType="${type}"><ExternalFile${attribute('FilePath', `../${path.posix.dirname(place)}`)}${attribute('FileName', path.posix.basename(place))} FileSize="${bytes}" Hash="${sha256}"/></File>`,
  )
  return `<Document${attribute('DocID', id)} DocType="File"${attribute('MimeType', mimeType)}><Tags>${tagLines.join('')}</Tags><Files>${fileLines.join('')}</Files>${locations}</Document>\n`
}

const attribute = (name: string, value: string) => ` ${name}="${escaped(value)}"`

/** XML has no form for most control characters and for half of a surrogate pair. */
const escaped = (text: string) =>
  text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`)
