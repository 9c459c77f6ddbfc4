import { data } from 'react-router'
import { installation } from '../../web/context.ts'
import { consistencyCsv } from '../consistency.ts'
import { reasonTitle } from '../notice.ts'
import type { Route } from './+types/consistency-csv'
import { consistencyAsked } from './consistency-period.ts'

/** The report as a file. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const { typed, problem, report } = await consistencyAsked(context, request.url)
  if (!report) throw data(problem, { status: 400 })
  const { policy } = installation(context)
  return new Response(
    consistencyCsv(report, (reason) => reasonTitle(policy, reason)),
    {
      headers: {
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': `attachment; filename="consistency-${typed.from}-to-${typed.to}.csv"`,
      },
    },
  )
}
