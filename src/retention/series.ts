import pg from 'pg'
import type { RetentionSeries } from '../policy/policy.ts'

/**
 * Writes the pack's series into the database, over the owner's connection: the application itself can't shorten a
 * period. A series that left the pack stays as history, and nothing is disposed of by it.
 */
export async function installSeries(ownerUrl: string, series: readonly RetentionSeries[]): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('begin')
    // Two processes that start together write one after the other.
    await client.query('lock table retention_series in exclusive mode')
    await client.query('update retention_series set in_force = false where in_force')
    for (const { id, title, keep, permission, basis, others } of series) {
      const period = keep === 'permanently' ? null : keep
      await client.query(
        `insert into retention_series (id, title, years, counts_from, counted, permission, basis, others, in_force)
         values ($1, $2, $3, $4, $5, $6, $7, $8, true)
         on conflict (id) do update set title = excluded.title, years = excluded.years,
           counts_from = excluded.counts_from, counted = excluded.counted, permission = excluded.permission,
           basis = excluded.basis, others = excluded.others, in_force = true`,
        [id, title, period?.years, period?.from, period?.counted, permission, basis, others],
      )
    }
    await client.query('delete from retention_kind')
    await client.query(
      'insert into retention_kind (pattern, series) select * from unnest($1::text[], $2::text[])',
      [series.flatMap((one) => one.kinds), series.flatMap((one) => one.kinds.map(() => one.id))],
    )
    await client.query('commit')
  } finally {
    await client.end()
  }
}
