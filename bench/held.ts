import { sql } from 'kysely'
import type { RecordQuery } from '../src/archive/archive.ts'
import { coverHolds, holdsWorkedOut } from '../src/retention/coverage.ts'
import { placeHold } from '../src/retention/hold.ts'
import type { ScopeConditions } from '../src/retention/store.ts'
import type { Ground } from './ground.ts'
import { count, median, ms, percentile, type Result, type Row, timed } from './row.ts'
import { believableQuestions, resultPage } from './search.ts'
import { rareWord } from './seed.ts'
import { done, townOf } from './town.ts'

/** The same questions as the search's, asked of what is on legal hold: what one hold covers, and what any does. */
export const held: Row = {
  name: 'held',
  async measure(ground: Ground) {
    const { installation, quick } = ground
    const { db } = installation
    const size = quick ? 50_000 : 1_000_000
    await ground.archive(size)
    const { records: officer } = await townOf(installation)
    const place = async (matter: string, scope: ScopeConditions) =>
      done(
        await placeHold(installation, officer, {
          ...{ matter, reason: 'Claim', custodians: '', scopes: [scope] },
        }),
      )
    const narrow = await place('One name', { words: rareWord(40) })
    const broad = await place('Three years of comments', {
      kind: 'comment',
      since: new Date(Date.UTC(2019, 0, 1)),
      until: new Date(Date.UTC(2022, 0, 1)),
    })
    const covering = await timed(async () => {
      while ((await holdsWorkedOut(db)) < 1) await coverHolds(installation)
    })
    const { rows: covered } = await sql<{ hold: string; records: number }>`
      select hold, count(*)::int as records from hold_coverage where itself group by hold`.execute(db)
    const questions = await believableQuestions(installation, quick ? 30 : 100, size)
    const line = async (what: string, only: RecordQuery, hold: string | null): Promise<Result> => {
      const samples: number[] = []
      await resultPage(db, only)
      for (const question of questions)
        samples.push(await timed(() => resultPage(db, { ...question, ...only })))
      const p95 = percentile(samples, 0.95)
      const many = covered
        .filter((one) => !hold || one.hold === hold)
        .reduce((sum, one) => sum + one.records, 0)
      return {
        what: `search among ${count(size)} records, ${what} (${count(many)} of them); ${samples.length} questions`,
        measured: `${ms(p95)} at the 95th percentile, ${ms(median(samples))} at the median`,
        target: '≤ 60 ms (95 %)',
        reference: `working out once what the holds cover: ${(covering / 1000).toFixed(1)} s`,
        met: p95 <= 60,
      }
    }
    return [
      await line('covered by a narrow hold', { heldBy: narrow }, narrow),
      await line('covered by a broad hold', { heldBy: broad }, broad),
      await line('on any hold', { held: true }, null),
    ]
  },
}
