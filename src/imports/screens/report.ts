import { Readable } from 'node:stream'
import { installation } from '../../web/context.ts'
import { reportCsv } from '../report.ts'
import type { Route } from './+types/report'
import { foundImport } from './found-import.ts'

/** An import's report, for a spreadsheet. */
export async function loader({ params, context }: Route.LoaderArgs) {
  const found = await foundImport(context, params.id)
  const csv = await reportCsv(installation(context).db, found)
  return new Response(Readable.toWeb(csv) as ReadableStream, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="import-report-${found.id}.csv"`,
    },
  })
}
