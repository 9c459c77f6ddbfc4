import pg from 'pg'

/** Lets the application's role use the queues, which the owner made. */
export async function grantJobs(ownerUrl: string) {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(`
      grant usage, create on schema pgboss to plainview_app;
      grant select, insert, update, delete on all tables in schema pgboss to plainview_app;
      grant usage, select on all sequences in schema pgboss to plainview_app;
      grant execute on all functions in schema pgboss to plainview_app;`)
  } finally {
    await client.end()
  }
}
