import pg from 'pg'
import { appendMany, sequence } from '../src/archive/archive.ts'
import { generateLogKey } from '../src/archive/note.ts'
import { prepareAll } from '../src/archive/record.ts'
import { openDatabase } from '../src/storage/database.ts'
import type { Ground } from './ground.ts'
import { count, median, percent, type Row, timed } from './row.ts'
import { copyLine, copyRecords, entries } from './seed.ts'

/** Records appended, hashed and logged, beside a COPY of finished rows into the same table with the same indexes. */
export const append: Row = {
  name: 'append',
  async measure(ground: Ground) {
    const batch = ground.quick ? 5_000 : 20_000
    const rounds = ground.quick ? 3 : 5
    const bare = await ground.freshDatabase()
    const client = new pg.Client({ connectionString: bare.app })
    await client.connect()
    const { db } = openDatabase((await ground.freshDatabase()).app)
    const key = generateLogKey('bench.example/log')
    const copied: number[] = []
    const appended: number[] = []
    try {
      // The two take turns, so that whatever else the machine does meets both. The first round only warms up.
      for (let round = 0; round <= rounds; round++) {
        const some = [...entries(batch, round)]
        const lines = prepareAll(some).map(copyLine)
        const copying = await timed(() => copyRecords(client, lines))
        const appending = await timed(async () => {
          await appendMany(db, some)
          await sequence(db, key)
        })
        if (round === 0) continue
        copied.push(copying)
        appended.push(appending)
      }
    } finally {
      await client.end()
      await db.destroy()
    }
    const aSecond = (samples: readonly number[]) => (batch / median(samples)) * 1000
    const ratio = median(copied.map((copying, round) => copying / (appended[round] as number)))
    return [
      {
        what: `archive append in batches of ${count(batch)}: hash, index, log`,
        measured: `${count(aSecond(appended))} records/s = ${percent(ratio)} of COPY`,
        target: '≥ 50 % of COPY',
        reference: `COPY, same table and indexes: ${count(aSecond(copied))} rows/s`,
        met: ratio >= 0.5,
      },
    ]
  },
}
