import { sql } from 'kysely'
import { uuids } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
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
  at?: Date | undefined
}

/** Keeps what is hidden and deleted now, as records tell it, so that a search need not work it out. */
export async function noteConcealment(tx: Tx, entries: readonly Told[]): Promise<void> {
  // Few records say anything of it; each is a statement, in their order, as the last word counts.
  for (const { kind, subject, at } of entries) {
    const state = says[kind]
    if (state === 'shown')
      await sql`delete from concealment where subject_kind = ${subject.kind} and subject_id = ${subject.id}
        and state = 'hidden'`.execute(tx)
    else if (state)
      await sql`
        insert into concealment (subject_kind, subject_id, state, since)
        values (${subject.kind}, ${subject.id}, ${state}, ${at ?? new Date()})
        on conflict (subject_kind, subject_id) do update set state = excluded.state, since = excluded.since
          where concealment.state <> 'deleted'`.execute(tx)
  }
}

/** Those of the records that are about something hidden or deleted. */
export async function concealedAmong(db: Db, ids: readonly RecordId[]): Promise<Set<RecordId>> {
  const { rows } = await sql<{ id: RecordId }>`
    select r.id from record r join concealment using (subject_kind, subject_id)
    where r.id = any(${uuids(ids)}::uuid[])`.execute(db)
  return new Set(rows.map(({ id }) => id))
}
