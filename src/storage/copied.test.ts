import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/database.ts'
import { copied } from './copied.ts'
import { openDatabase } from './database.ts'

// One connection, so that each statement meets what the one before has left there.
const { db } = openDatabase((await testDatabase()).url, { connections: 1 })
afterAll(() => db.destroy())

const orNull = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: null })
// PostgreSQL's text holds no NUL, and its UTF-8 no broken surrogate.
const text = fc.string({ unit: 'grapheme' }).map((one) => one.toWellFormed().replaceAll('\0', ''))
const row = fc.record({
  text: orNull(text),
  bytes: orNull(fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('hex'))),
  number: orNull(fc.maxSafeInteger()),
  // More than the network brings at once.
  long: fc.nat({ max: 100_000 }).map((length) => 'é'.repeat(length)),
})
type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never

test('rows come as they are stored, with their nulls, however many and however long', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
      const values = rows.map(
        (one, n) =>
          sql`(${sql.lit(n)}, ${sql.lit(one.text)}, ${sql.lit(one.bytes)}, ${sql.lit(one.number)}, ${sql.lit(one.long)})`,
      )
      // A row of nulls gives the columns where there is no other.
      const found = await copied(
        db,
        sql`select text::text, long::text, decode(bytes::text, 'hex'), number::bigint
          from (values (-1, null, null, null, null)${sql.join([sql``, ...values])}) as sent (n, text, bytes, number, long)
          where n >= 0 order by n`,
      )
      const read: Row[] = []
      while (found.next() !== null) {
        const [text, long] = [found.text(), found.bytes()?.toString() ?? '']
        read.push({ text, long, bytes: found.hex(), number: found.number() })
      }
      expect(read).toEqual(rows)
    }),
    { numRuns: 60 },
  )
})

test('a query that fails tells why, and the next one succeeds', async () => {
  await expect(copied(db, sql`select 1 / (n - 3) from generate_series(1, 9) as n`)).rejects.toThrow(
    /division by zero/,
  )
  const found = await copied(db, sql`select 'here'::text`)
  expect([found.next() !== null, found.text(), found.next()]).toEqual([true, 'here', null])
})

test('a row can be gone back to, and one can be passed by', async () => {
  const found = await copied(db, sql`select n::text, n::bigint from generate_series(1, 3) as n`)
  const places = [found.next(), found.next(), found.next(), found.next()]
  expect(places.pop()).toBe(null)
  const read = places.reverse().map((place) => {
    found.goTo(place as number)
    return [found.text(), found.number()]
  })
  expect(read).toEqual([
    ['3', 3],
    ['2', 2],
    ['1', 1],
  ])
})
