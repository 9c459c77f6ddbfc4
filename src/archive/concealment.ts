import { sql } from 'kysely'
import { uuids } from '../storage/arrays.ts'
import { type Db, kept, type Tx } from '../storage/database.ts'
import type { RecordId } from '../storage/ids.ts'

/** Why the public can't see a thing any more that it once could. */
export type Concealment = 'hidden' | 'deleted'

declare module '../storage/database.ts' {
  interface Tables {
    concealment: { subject_kind: string; subject_id: string; state: Concealment; since: Date }
  }
}

/** What records of these kinds say of their subject. */
const says: Record<string, Concealment | 'shown'> = {
  'comment.removal': 'hidden',
  'comment.restoration': 'shown',
  'comment.deletion': 'deleted',
  'post.deletion': 'deleted',
}

/** A record, as far as it tells of its subject. */
interface Told {
  kind: string
  subject: { kind: string; id: string }
  at: Date
}

/** Keeps what is hidden and deleted now, as records tell it in their order, so that a search need not work it out. */
export async function noteConcealment(tx: Tx, told: readonly Told[]): Promise<void> {
  const last = lastWords(told)
  const shown = last.filter(({ state }) => state === 'shown')
  const concealed = last.filter(({ state }) => state !== 'shown')
  if (shown.length > 0)
    await sql`
      delete from concealment where state = 'hidden' and (subject_kind, subject_id) in
        (select * from unnest(${shown.map(({ subject }) => subject.kind)}::text[],
          ${shown.map(({ subject }) => subject.id)}::text[])) ${kept}`.execute(tx)
  if (concealed.length > 0)
    await sql`
      insert into concealment (subject_kind, subject_id, state, since)
      select * from unnest(${concealed.map(({ subject }) => subject.kind)}::text[],
        ${concealed.map(({ subject }) => subject.id)}::text[],
        ${concealed.map(({ state }) => state)}::text[],
        ${concealed.map(({ at }) => at)}::timestamptz[])
      on conflict (subject_kind, subject_id) do update set state = excluded.state, since = excluded.since
        where concealment.state <> 'deleted' ${kept}`.execute(tx)
}

/**
 * What is left to say of each subject when its records were told one after the other: the last word counts, but nothing
 * takes a deletion back. In one order for all, so that two who tell of the same things don't wait for each other.
 */
function lastWords(told: readonly Told[]): (Told & { state: Concealment | 'shown' })[] {
  const last = new Map<string, Told & { state: Concealment | 'shown' }>()
  for (const one of told) {
    const state = says[one.kind]
    const key = `${one.subject.kind}/${one.subject.id}`
    if (state && last.get(key)?.state !== 'deleted') last.set(key, { ...one, state })
  }
  return [...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

/** Those of the records that are about something hidden or deleted. */
export async function concealedAmong(db: Db, ids: readonly RecordId[]): Promise<Set<RecordId>> {
  const { rows } = await sql<{ id: RecordId }>`
    select r.id from record r join concealment using (subject_kind, subject_id)
    where r.id = any(${uuids(ids)}::uuid[])`.execute(db)
  return new Set(rows.map(({ id }) => id))
}
