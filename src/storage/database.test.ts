import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../../test/database.ts'
import { kept, openDatabase } from './database.ts'

const { url } = await testDatabase()

/** One connection, so that each statement meets what the one before has left there. */
async function onOneConnection<Value>(work: (db: ReturnType<typeof openDatabase>['db']) => Promise<Value>) {
  const { db } = openDatabase(url, { connections: 1 })
  return work(db).finally(() => db.destroy())
}
const twice = (n: number | string) => sql<{ twice: number }>`select ${n}::int * 2 as twice ${kept}`

test('a connection keeps a marked statement, however often it comes and whatever its values', () =>
  onOneConnection(async (db) => {
    for (const n of [1, 2, 3]) expect((await twice(n).execute(db)).rows).toEqual([{ twice: n * 2 }])
    await sql`select ${4}::int`.execute(db)
    const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(
      db,
    )
    expect(rows).toEqual([{ statement: 'select $1::int * 2 as twice /* kept */' }])
  }))

test('a statement that came first in a transaction that had failed is none the worse for it', () =>
  onOneConnection(async (db) => {
    await expect(
      db.transaction().execute(async (tx) => {
        await sql`select 1 / 0`.execute(tx).catch(() => {})
        await twice(1).execute(tx)
      }),
    ).rejects.toThrow(/aborted/)
    await expect(twice('many').execute(db)).rejects.toThrow(/integer/)
    expect((await twice(21).execute(db)).rows).toEqual([{ twice: 42 }])
  }))
