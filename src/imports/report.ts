import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { Db } from '../storage/database.ts'
import { type Import, longestList, remarkCounts, remarksOf } from './store.ts'

/**
 * The whole report of an import as CSV: what was made, then what was not taken over. Cells that a spreadsheet would
 * run as a formula are written as text.
 */
export async function reportCsv(db: Db, found: Import): Promise<Readable> {
  const [remarks, counts] = await Promise.all([remarksOf(db, found.id), remarkCounts(db, found.id)])
  const { tally } = found
  const rows = [
    ['what', 'file', 'place', 'number or reason'],
    ['posts added', found.fileName, '', tally.added.post],
    ['comments added', found.fileName, '', tally.added.comment],
    ['captures added', found.fileName, '', tally.added.capture],
    ['changed since an earlier import', found.fileName, '', tally.changed],
    ['known already', found.fileName, '', tally.known],
    ['files kept', found.fileName, '', tally.media.kept],
    ['files that the export does not hold', found.fileName, '', tally.media.missing],
    ['first posted', found.fileName, '', found.firstPosted?.toISOString() ?? ''],
    ['last posted', found.fileName, '', found.lastPosted?.toISOString() ?? ''],
    ['SHA-256', found.fileName, '', found.sha256 ?? ''],
    ...(found.refusedBecause ? [['stopped because', found.fileName, '', found.refusedBecause]] : []),
    ...counts.map(({ because, count }) => [`not taken over: ${count} times`, '', '', because]),
    ...remarks.map(({ file, at, because }) => ['not taken over', file, at, because]),
    ...(found.remarks > longestList
      ? [['not listed', '', '', `${found.remarks - longestList} more, counted above by their reasons`]]
      : []),
  ]
  return Readable.from(rows).pipe(stringify({ escape_formulas: true, bom: true }))
}
