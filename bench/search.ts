import { sql } from 'kysely'
import { type RecordQuery, searchRecords } from '../src/archive/archive.ts'
import { facetsOf } from '../src/archive/facets.ts'
import { hitsIn } from '../src/archive/hits.ts'
import { generator } from '../src/demo/chance.ts'
import type { Installation } from '../src/installation.ts'
import type { Ground } from './ground.ts'
import { count, median, ms, percentile, type Result, type Row, timed, timedRuns } from './row.ts'
import { seeded } from './seed.ts'

/** What a records access officer asks: words that are in the archive, narrowed by kind, page, person and dates. */
export const search: Row = {
  name: 'search',
  async measure(ground: Ground) {
    const { installation, quick, tenMillion } = ground
    const { db } = installation
    const sizes = quick ? [10_000, 50_000] : [100_000, 1_000_000, ...(tenMillion ? [10_000_000] : [])]
    const results: Result[] = []
    const newest: number[] = []
    for (const size of sizes) {
      await ground.archive(size)
      const questions = await believableQuestions(installation, quick ? 60 : 300, size)
      await searchRecords(db, {})
      newest.push(median(await timedRuns(50, () => searchRecords(db, {}))))
      if (size === sizes[0]) continue
      const samples: number[] = []
      for (const question of questions) {
        let next: string | null = null
        samples.push(
          await timed(async () => {
            next = await resultPage(db, question)
          }),
        )
        // Half of the time the answer is on the second page.
        if (next && samples.length % 2 === 0)
          samples.push(await timed(() => resultPage(db, { ...question, after: next ?? '' })))
      }
      const roundTrip = median(await timedRuns(50, () => sql`select 1`.execute(db)))
      const p95 = percentile(samples, 0.95)
      results.push({
        what: `search among ${count(size)} records: words, kind, page, dates; hits marked, matches counted; ${samples.length} questions`,
        measured: `${ms(p95)} at the 95th percentile, ${ms(median(samples))} at the median`,
        target: '≤ 60 ms (95 %)',
        reference: `a journey to the database and back: ${ms(roundTrip)}`,
        met: p95 <= 60,
      })
    }
    const [first = 0, ...later] = newest
    results.push({
      what: `newest records first, one page, at ${sizes.map(count).join(' and ')} records`,
      measured: newest.map(ms).join(' and '),
      target: 'flat (within a factor of 1.5)',
      reference: `at ${count(sizes[0] ?? 0)}: ${ms(first)}`,
      met: later.every((one) => one <= first * 1.5),
    })
    return results
  },
}

/** All that the screen asks for: the records of one page with their hits, and the counts beside them. */
export async function resultPage(db: Installation['db'], question: RecordQuery): Promise<string | null> {
  const counts = facetsOf(db, question, 'America/New_York')
  const { records, next } = await searchRecords(db, question)
  await hitsIn(
    db,
    records.map(({ id }) => id),
    question.words ?? '',
  )
  await counts
  return next
}

/** Words come from records drawn by chance: what is said often is asked for often, and rare names as well. */
export async function believableQuestions(
  { db }: Installation,
  many: number,
  records: number,
): Promise<RecordQuery[]> {
  const share = Math.min(100, (130 * many) / records)
  const { rows } = await sql<{ words: string; at: Date; kind: string }>`
    select words, at, kind from record tablesample bernoulli (${share}) repeatable (60)
    where words <> '' limit ${many}`.execute(db)
  const chance = generator(60)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(chance() * items.length)] as Item
  return rows.map(({ words, at, kind }) => {
    const said = [...new Set(words.match(/[\p{L}’]{3,}/gu) ?? ['road'])]
    const from = new Date(at.getTime() - chance() * 400 * 86_400_000)
    const to = new Date(at.getTime() + chance() * 400 * 86_400_000)
    const place = Math.floor(chance() * Math.max(1, said.length - 1))
    const ways = [
      () => pick(said),
      () => `${said[0]} ${said.at(-1)}`,
      () => `"${said.slice(place, place + 2).join(' ')}"`,
      () => `${pick(said)} -${pick(['parade', 'storm', 'bridge'])}`,
    ]
    return {
      words: pick(ways)(),
      ...(chance() < 0.6 ? { kind: chance() < 0.7 ? kind : kind.slice(0, kind.indexOf('.')) } : {}),
      ...(chance() < 0.5 ? { page: pick(seeded.pages) } : {}),
      ...(chance() < 0.15 ? { person: pick(seeded.people) } : {}),
      ...(chance() < 0.6 ? { from, to } : {}),
    }
  })
}
