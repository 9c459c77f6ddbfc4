import { type Generated, type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import type { CommentId, PageId, PersonId } from '../storage/ids.ts'

interface CommentTable {
  id: CommentId
  page: PageId
  publication: string
  remote_id: string
  remote_version: string
  url: string | null
  in_reply_to: CommentId | null
  thread: CommentId
  author_remote_id: string
  author_name: string
  author_handle: string | null
  text: string
  language: string | null
  version: Generated<number>
  revision: Generated<number>
  state: 'shown' | 'hidden' | 'held'
  posted_at: Date
  captured_at: Date
  edited_at: Date | null
  deleted_at: Date | null
  decided_at: Date | null
}
interface VersionTable {
  comment: CommentId
  version: number
  remote_version: string
  text: string
  at: Date
}
interface ConsultationTable {
  id: string
  comment: CommentId
  version: number
  reason: string
  note: string
  by: PersonId
  at: Date
  ended_at: Date | null
  outcome: 'agreed' | 'kept' | 'withdrawn' | 'edited' | 'deleted' | null
}
interface DecisionTable {
  id: string
  comment: CommentId
  version: number
  decision: 'keep' | 'hide' | 'restore' | 'reopen'
  reason: string | null
  clause: string | null
  by: PersonId
  at: Date
  second_person: PersonId | null
  note: string
}
interface EffectTable {
  id: string
  comment: CommentId
  decision: string
  effect: 'hide' | 'show'
  intent_at: Date
  attempted_at: Date | null
  done_at: Date | null
  trouble: string | null
  retry_at: Date | null
  refused_at: Date | null
  refused_because: string | null
}

declare module '../storage/database.ts' {
  interface Tables {
    comment: CommentTable
    comment_version: VersionTable
    comment_contact: { comment: CommentId; sealed: string }
    comment_rate: { address_digest: string; span: 'minute' | 'hour'; begins_at: Date; uses: number }
    comment_consultation: ConsultationTable
    comment_decision: DecisionTable
    comment_effect: EffectTable
    comment_poll: { page: PageId; read_at: Date | null; trouble: string | null; retry_at: Date | null }
  }
}

export type Comment = Selectable<CommentTable>
export type Consultation = Selectable<ConsultationTable> & { byName: string }
export type DecisionMade = Selectable<DecisionTable> & { byName: string; secondName: string | null }
export type Effect = Selectable<EffectTable>

export const commentById = (db: Db | Tx, id: CommentId): Promise<Comment | undefined> =>
  db.selectFrom('comment').selectAll().where('id', '=', id).executeTakeFirst()

/** Locks a comment until the transaction ends: whoever comes second sees what the first did. */
export const lockComment = (tx: Tx, id: CommentId): Promise<Comment | undefined> =>
  tx.selectFrom('comment').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

/** Adds a comment with its first version; false when the platform's comment is here already. */
export async function insertComment(
  tx: Tx,
  comment: Omit<Comment, 'version' | 'revision' | 'edited_at' | 'deleted_at' | 'decided_at'>,
): Promise<boolean> {
  const added = await tx
    .insertInto('comment')
    .values({ ...comment, edited_at: null, deleted_at: null, decided_at: null })
    .onConflict((conflict) => conflict.columns(['page', 'remote_id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (added) await insertVersion(tx, comment.id, 1, comment.remote_version, comment.text, comment.posted_at)
  return added !== undefined
}

/** Writes an author's new version. It was not decided about, so it waits again, and an open question about the old one ends. */
export async function insertEdit(
  tx: Tx,
  comment: Comment,
  edit: { text: string; remoteVersion: string; at: Date },
): Promise<number> {
  const version = comment.version + 1
  await insertVersion(tx, comment.id, version, edit.remoteVersion, edit.text, edit.at)
  await endConsultation(tx, comment.id, 'edited', edit.at)
  await changeComment(tx, comment, {
    text: edit.text,
    remote_version: edit.remoteVersion,
    version,
    edited_at: edit.at,
    deleted_at: null,
    decided_at: null,
  })
  return version
}

const insertVersion = (tx: Tx, comment: CommentId, version: number, remote: string, text: string, at: Date) =>
  tx.insertInto('comment_version').values({ comment, version, remote_version: remote, text, at }).execute()

/** Changes a locked comment; its revision rises. */
export const changeComment = (tx: Tx, comment: Comment, change: Partial<Comment>) =>
  tx
    .updateTable('comment')
    .set({ ...change, revision: comment.revision + 1 })
    .where('id', '=', comment.id)
    .execute()

export async function endConsultation(
  tx: Tx,
  comment: CommentId,
  outcome: NonNullable<Consultation['outcome']>,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('comment_consultation')
    .set({ outcome, ended_at: at })
    .where('comment', '=', comment)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0
}

/** The open question about a comment, if a moderator asked one. */
export const openConsultation = (db: Db | Tx, comment: CommentId): Promise<Consultation | undefined> =>
  db
    .selectFrom('comment_consultation')
    .innerJoin('person', 'person.id', 'comment_consultation.by')
    .selectAll('comment_consultation')
    .select('person.name as byName')
    .where('comment', '=', comment)
    .where('comment_consultation.ended_at', 'is', null)
    .executeTakeFirst()

/** What was decided about a comment, newest first. */
export const decisionsOn = (db: Db | Tx, comment: CommentId): Promise<DecisionMade[]> =>
  db
    .selectFrom('comment_decision')
    .innerJoin('person', 'person.id', 'by')
    .leftJoin('person as second', 'second.id', 'second_person')
    .selectAll('comment_decision')
    .select(['person.name as byName', 'second.name as secondName'])
    .where('comment', '=', comment)
    .orderBy('at', 'desc')
    .orderBy('comment_decision.id', 'desc')
    .execute()

export const versionsOf = (db: Db, comment: CommentId) =>
  db.selectFrom('comment_version').selectAll().where('comment', '=', comment).orderBy('version').execute()

export const lastEffect = (db: Db | Tx, comment: CommentId): Promise<Effect | undefined> =>
  db
    .selectFrom('comment_effect')
    .selectAll()
    .where('comment', '=', comment)
    .orderBy('intent_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

/** Counts one more use by an address and says how many there were in this minute and this hour. */
export async function countUse(db: Db, digest: string, at: Date): Promise<{ minute: number; hour: number }> {
  const begin = (milliseconds: number) => new Date(Math.floor(at.getTime() / milliseconds) * milliseconds)
  const rows = await db
    .insertInto('comment_rate')
    .values([
      { address_digest: digest, span: 'minute', begins_at: begin(60_000), uses: 1 },
      { address_digest: digest, span: 'hour', begins_at: begin(3_600_000), uses: 1 },
    ])
    .onConflict((conflict) =>
      conflict
        .columns(['address_digest', 'span', 'begins_at'])
        .doUpdateSet({ uses: sql<number>`comment_rate.uses + 1` }),
    )
    .returning(['span', 'uses'])
    .execute()
  const uses = (span: 'minute' | 'hour') => rows.find((row) => row.span === span)?.uses ?? 0
  return { minute: uses('minute'), hour: uses('hour') }
}

/** The publication that a comment is under, when it is on `page` and still there. */
export const livePublication = (db: Db | Tx, page: PageId, publication: string) =>
  db
    .selectFrom('publication')
    .select(['id', 'post'])
    .where('id', '=', publication)
    .where('page', '=', page)
    .where('done_at', 'is not', null)
    .where('gone_at', 'is', null)
    .executeTakeFirst()

/** Removals a month and reason, newest month first, in the department's time zone; no person is named. */
export const removalsByMonth = (db: Db, zone: string) =>
  db
    .selectFrom('comment_decision')
    .select([
      sql<string>`to_char(at at time zone ${zone}, 'YYYY-MM')`.as('month'),
      'decision',
      'reason',
      sql<number>`count(*)`.as('count'),
    ])
    .where('decision', 'in', ['hide', 'restore'])
    .groupBy([sql`1`, 'decision', 'reason'])
    .orderBy('month', 'desc')
    .execute()
