import path from 'node:path'
import { growing, kindTitle, csvLine as line } from '../../archive/archive.ts'
import type { Format, NumberedRecord } from './format.ts'

export const csv: Format = {
  name: 'csv',
  title: 'Table (CSV)',
  description:
    'One line a record, withheld ones too. For journalists and researchers, who open it in a spreadsheet.',
  async *files({ records, aside }) {
    const table = growing(path.join(aside, 'csv'))
    try {
      // The mark at the beginning tells a spreadsheet that this is UTF-8.
      await table.add(`\uFEFF${line(header)}`)
      for await (const one of records()) await table.add(line(cells(one)))
      yield { path: 'csv/records.csv', content: await table.end() }
    } finally {
      await table.close()
    }
  },
}

const header = [
  ...[
    'first page',
    'last page',
    'record',
    'kind',
    'what',
    'at',
    'posted',
    'author',
    'platform',
    'page',
    'url',
  ],
  ...['words', 'form', 'exemptions', 'attachments', 'json', 'files'],
]

function cells(one: NumberedRecord): string[] {
  const { id, kind, at } = one.record
  const pages = [one.bates[0], one.attachments.at(-1)?.bates ?? one.bates.at(-1) ?? '', id, kind]
  const exemptions = one.form === 'withheld' ? one.statement.exemptions : one.exemptions
  const form = [one.form, exemptions.map((letter) => `(${letter})`).join(' ')]
  if (one.form === 'withheld')
    return [...pages, kindTitle(kind), at, '', '', '', '', '', '', ...form, '0', '', '']
  const { title, postedAt, author, platform, page, url } = one.facts
  return [
    ...pages,
    ...[title, at, postedAt, author, platform, page, url, one.record.words],
    ...form,
    String(one.attachments.length),
    jsonPath(one),
    one.record.blobs.flatMap((file) => ('sha256' in file ? `files/${file.sha256}` : [])).join(' '),
  ]
}

/** Where the record's JSON stands in the bag's payload. */
export const jsonPath = ({ form, place }: { form: 'whole' | 'redacted'; place: string }) =>
  `${place}${form === 'redacted' ? '.redacted' : ''}.json`
