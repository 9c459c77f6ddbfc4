import { stringify } from 'csv-stringify/sync'
import type { RecordText } from './record.ts'

/** A bag's table of contents (RFC 4180). A spreadsheet must not take a visitor's words for a formula. */
const line = (cells: readonly string[]) =>
  stringify([cells], { escape_formulas: true, record_delimiter: '\r\n' })

export const csvHeader = line(['id', 'kind', 'at', 'by', 'subject', 'page', 'words', 'files', 'path'])

/** The line of one record, whose files begin with `place` (without the extension). */
export const csvRow = (record: RecordText, place: string): string =>
  line([
    record.id,
    record.kind,
    record.at,
    'name' in record.by && record.by.name ? record.by.name : record.by.kind,
    `${record.subject.kind} ${record.subject.id}`,
    record.page ?? '',
    record.words,
    record.blobs.map((blob) => blob.sha256).join(' '),
    place,
  ])
