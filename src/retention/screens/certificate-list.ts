import { stringify } from 'csv-stringify/sync'
import { data } from 'react-router'
import { installation } from '../../web/context.ts'
import { destroyedRecords } from '../store.ts'
import type { Route } from './+types/certificate-list'
import { foundRun } from './found.ts'

/** Every record that a run destroyed: its place in the log, its id, kind and time, and nothing of its content. */
export async function loader({ params, context }: Route.LoaderArgs) {
  const run = await foundRun(context, params.id)
  if (!run.certificate) throw data(null, { status: 404 })
  const rows = await destroyedRecords(installation(context).db, run.id)
  const table = stringify(
    [
      ['position', 'id', 'kind', 'at'],
      ...rows.map((row) => [row.position, row.id, row.kind, row.at.toISOString()]),
    ],
    { record_delimiter: '\r\n' },
  )
  return new Response(table, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="disposition-${run.id}.csv"`,
    },
  })
}
