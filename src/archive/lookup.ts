import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Decision, Who } from '../policy/policy.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { RecordId } from '../storage/ids.ts'
import type { Concealment } from './concealment.ts'
import type { RecordQuery } from './narrowing.ts'
import { append, type Entry } from './record.ts'

/** Within it the same person's same look is the same look: turning a page, or going back, is nothing new. */
const minutesOfOneLook = 10

interface Look {
  by: Who
  decision: Decision
  now: Date
}

/** Records that somebody searched, for what, and how much was found. */
export async function noteSearch(
  db: Db,
  { by, decision, now }: Look,
  wanted: RecordQuery,
  found: { found: number; more: boolean },
): Promise<void> {
  const { after: _, limit: __, order: ___, ...query } = wanted
  const asked = JSON.stringify(query, Object.keys(query).sort())
  await noteOnce(db, now, {
    kind: 'record.search',
    subject: { kind: 'search', id: createHash('sha256').update(asked).digest('hex') },
    by,
    decision,
    content: { query, ...found },
    words: query.words ?? '',
    at: now,
  })
}

/** Records that somebody opened the consistency report of a period, or took it as a file. Days are YYYY-MM-DD. */
export const noteConsistency = (
  db: Db,
  { by, decision, now }: Look,
  { from, to }: { from: string; to: string },
): Promise<void> =>
  noteOnce(db, now, {
    kind: 'record.consistency',
    subject: { kind: 'consistency', id: `${from}_${to}` },
    by,
    decision,
    content: { from, to },
    words: '',
    at: now,
  })

/** Why opening a record is recorded: what it is about is hidden or deleted, or the original is kept back in a request. */
export type Restriction = Concealment | 'withheld' | 'redacted'

export async function restrictionsOn(db: Db, id: RecordId): Promise<Restriction[]> {
  const { rows } = await sql<{ restriction: Restriction }>`
    select c.state as restriction from record r
      join concealment c on c.subject_kind = r.subject_kind and c.subject_id = r.subject_id
      where r.id = ${id}::uuid
    union
    select case decision when 'redact' then 'redacted' else 'withheld' end
      from request_review where record_id = ${id}::uuid and decision <> 'release'
    order by 1`.execute(db)
  return rows.map(({ restriction }) => restriction)
}

/** Records that somebody opened a restricted record, or `what` of it: a file, its copy with proof. */
export async function noteOpening(
  db: Db,
  { by, decision, now }: Look,
  id: RecordId,
  what: { file?: string; copy?: true } = {},
): Promise<Restriction[]> {
  const restrictions = await restrictionsOn(db, id)
  if (restrictions.length > 0)
    await noteOnce(
      db,
      now,
      {
        kind: 'record.opening',
        subject: { kind: 'record', id },
        by,
        decision,
        content: { record: id, restrictions, ...what },
        words: '',
        at: now,
      },
      what.file ?? (what.copy ? 'copy' : 'record'),
    )
  return restrictions
}

async function noteOnce(db: Db, now: Date, entry: Entry, part = ''): Promise<void> {
  await db.transaction().execute(async (tx: Tx) => {
    // Two tabs at the same moment: the second one waits, and finds the first one's record.
    const by = entry.by.kind === 'person' ? entry.by.id : ''
    const look = [entry.kind, entry.subject.id, by, part].join(' ')
    await sql`select pg_advisory_xact_lock(hashtextextended(${look}, 0))`.execute(tx)
    const since = new Date(now.getTime() - minutesOfOneLook * 60_000)
    const { rows } = await sql<{ json: string }>`
      select json from record where subject_kind = ${entry.subject.kind} and subject_id = ${entry.subject.id}
        and at > ${since} and kind = ${entry.kind} and by_id = ${by} and json is not null`.execute(tx)
    const known = rows.some(({ json }) => {
      const { file, copy } = (JSON.parse(json) as { content: { file?: string; copy?: true } }).content
      return part === '' || part === (file ?? (copy ? 'copy' : 'record'))
    })
    if (!known) await append(tx, entry)
  })
}
