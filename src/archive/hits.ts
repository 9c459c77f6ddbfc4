import { sql } from 'kysely'
import { uuids } from '../storage/arrays.ts'
import type { Db } from '../storage/database.ts'
import type { RecordId } from '../storage/ids.ts'
import { readQuery } from './query.ts'
import { tsqueryOf } from './query-words.ts'

/** A stretch of a record's words; `hit` is what was searched for. */
export interface Stretch {
  text: string
  hit: boolean
}

/** Characters of the private use area that mark a hit on its way from the database. */
const [from, to] = ['\uE000', '\uE001']

/** The words of some records around what was searched for, with the hits told apart. For those on one page only. */
export async function hitsIn(
  db: Db,
  ids: readonly RecordId[],
  words: string,
): Promise<Map<RecordId, Stretch[]>> {
  const { term } = readQuery(words)
  if (!term || ids.length === 0) return new Map()
  // Marking reads a text word by word, so of a very long one the beginning is looked at.
  const { rows } = await sql<{ id: RecordId; shown: string }>`
    select id, ts_headline('english', left(case when read_words = '' then words else words || E'\\n' || read_words end, 20000), to_tsquery('english', ${tsqueryOf(term)}),
      ${`StartSel=${from}, StopSel=${to}, MaxFragments=2, MaxWords=24, MinWords=8, FragmentDelimiter=" … "`}) as shown
    from record where id = any(${uuids(ids)}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, shown }) => [id, stretches(shown)]))
}

/** Those of some records that the words find only because of what a machine read in their files. For those on one page only. */
export async function foundByReading(
  db: Db,
  ids: readonly RecordId[],
  words: string,
): Promise<Set<RecordId>> {
  const { term } = readQuery(words)
  if (!term || ids.length === 0) return new Set()
  const sought = sql`to_tsquery('english', ${tsqueryOf(term)})`
  const { rows } = await sql<{ id: RecordId }>`
    select id from record where id = any(${uuids(ids)}::uuid[]) and read_words <> ''
      and terms @@ ${sought} and not to_tsvector('english', words) @@ ${sought}`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

function stretches(shown: string): Stretch[] {
  return shown.split(from).flatMap((part, n) => {
    if (n === 0) return part ? [{ text: part, hit: false }] : []
    const [hit = '', rest = ''] = part.split(to)
    return [{ text: hit, hit: true }, ...(rest ? [{ text: rest, hit: false }] : [])]
  })
}
