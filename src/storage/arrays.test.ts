import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/database.ts'
import { byteas, texts, times, uuids } from './arrays.ts'

let db: Awaited<ReturnType<typeof testDatabase>>['db']
beforeAll(async () => {
  db = (await testDatabase()).db
})

const orNull = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: null })
// PostgreSQL's text holds no NUL, and its UTF-8 no broken surrogate.
const text = fc.string({ unit: 'grapheme' }).map((one) => one.toWellFormed().replaceAll('\0', ''))
const row = fc.record({
  text: orNull(text),
  bytes: orNull(fc.uint8Array({ maxLength: 40 })),
  uuid: orNull(fc.uuid()),
  at: fc.date({ min: new Date('1600-01-01'), max: new Date('2500-01-01'), noInvalidDate: true }),
})

describe('an array in the binary format', () => {
  test('comes back as it was sent, with its nulls', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
        const { rows: found } = await sql<{ text: string; bytes: Buffer; uuid: string; at: Date }>`
          select text, bytes, uuid, at from unnest(
            ${texts(rows.map((one) => one.text))}::text[],
            ${byteas(rows.map((one) => one.bytes && Buffer.from(one.bytes)))}::bytea[],
            ${uuids(rows.map((one) => one.uuid))}::uuid[],
            ${times(rows.map((one) => one.at))}::timestamptz[]) as sent (text, bytes, uuid, at)`.execute(db)
        expect(found.map((one) => ({ ...one, bytes: one.bytes && new Uint8Array(one.bytes) }))).toEqual(rows)
      }),
      { numRuns: 60 },
    )
  })
  test('takes nothing for a UUID that is none', () => {
    expect(() => uuids(['0190c3a0'])).toThrow(/Not a UUID: 0190c3a0/)
  })
})
