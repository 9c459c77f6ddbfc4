import { reportCsv } from '../report.ts'
import type { Route } from './+types/report-csv'
import { reportOfPeriod } from './report-period.ts'

/** The report's table as a file. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const { lines, period } = await reportOfPeriod(context, request.url)
  return new Response(reportCsv(lines), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="records-requests-${period.from}-to-${period.to}.csv"`,
    },
  })
}
