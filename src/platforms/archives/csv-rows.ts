import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { ExportRefused } from '../history.ts'

export interface Row {
  /** The line it begins on, from 1. */
  line: number
  fields: Record<string, string>
}

/** The rows of a CSV file (RFC 4180) of any size, each by the names in the first line. */
export async function* csvRows(stream: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Row> {
  const source = Readable.from(stream)
  const rows = source.pipe(
    parse({
      bom: true,
      columns: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 4_000_000,
    }),
  )
  source.once('error', (error) => rows.destroy(error))
  try {
    for await (const { info, record } of rows as AsyncIterable<{
      info: { lines: number }
      record: Record<string, string>
    }>)
      yield { line: info.lines, fields: record }
  } catch (error) {
    if (error instanceof ExportRefused || !String((error as { code?: string }).code).startsWith('CSV_'))
      throw error
    throw new ExportRefused(
      `“${path}” is not well-formed CSV: ${(error as Error).message.replace(/\.$/, '')}. Download the export again.`,
    )
  } finally {
    source.destroy()
  }
}
