import { type Generated, type Selectable, sql } from 'kysely'
import type { CallColumns } from '../platforms/call.ts'
import { uuids } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
import { type CommentId, newId, type PageId, type PersonId } from '../storage/ids.ts'
import { fingerprintOf } from './fingerprint.ts'
import { endQuestions } from './question-store.ts'

/** A picture that came with a comment; `blob` is null when the platform did not give it out. */
export interface Picture {
  blob: string | null
  mediaType: string
  /** The author's description; '' without one. */
  alt: string
}
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
  gone_because: Generated<string | null>
  decided_at: Date | null
  fingerprint: Buffer | null
  pictures: Picture[]
  /** How soon a moderator should look at it; see harm.ts. */
  harm: Generated<number>
  /** Who wrote it here for the department; null for a visitor's, and for what it wrote on a platform. */
  answered_by: Generated<PersonId | null>
  /** The department wrote it, here or on the platform. */
  official: Generated<boolean>
}
interface VersionTable {
  comment: CommentId
  version: number
  remote_version: string
  text: string
  at: Date
  pictures: Picture[]
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
  together: string | null
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
  together: string | null
  automatic: Generated<string | null>
}
interface EffectTable extends CallColumns {
  comment: CommentId
  decision: string
  effect: 'hide' | 'show'
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
export async function insertComment(tx: Tx, { pictures = [], ...comment }: NewComment): Promise<boolean> {
  const added = await tx
    .insertInto('comment')
    .values({
      decided_at: null,
      ...comment,
      edited_at: null,
      deleted_at: null,
      fingerprint: fingerprintOf(comment.text, pictures),
      pictures: asJson(pictures),
    })
    .onConflict((conflict) => conflict.columns(['page', 'remote_id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (added)
    await insertVersion(tx, comment.id, 1, {
      text: comment.text,
      remoteVersion: comment.remote_version,
      at: comment.posted_at,
      pictures,
    })
  return added !== undefined
}
type NewComment = Omit<
  Comment,
  | 'version'
  | 'revision'
  | 'edited_at'
  | 'deleted_at'
  | 'decided_at'
  | 'fingerprint'
  | 'pictures'
  | 'harm'
  | 'gone_because'
  | 'answered_by'
  | 'official'
> & { pictures?: readonly Picture[]; answered_by?: PersonId; official?: boolean; decided_at?: Date }

interface Version {
  text: string
  remoteVersion: string
  at: Date
  pictures?: readonly Picture[]
}

/**
 * Writes an author's new version. It was not decided about, so a visitor's waits again, and open questions about the old one
 * end.
 */
export async function insertEdit(tx: Tx, comment: Comment, edit: Version): Promise<number> {
  const version = comment.version + 1
  const pictures = edit.pictures ?? []
  await insertVersion(tx, comment.id, version, edit)
  await endConsultations(tx, [comment], 'edited', edit.at)
  await endQuestions(tx, [comment.id], 'edited', edit.at)
  await changeComment(tx, comment, {
    text: edit.text,
    remote_version: edit.remoteVersion,
    version,
    edited_at: edit.at,
    deleted_at: null,
    gone_because: null,
    decided_at: comment.official ? edit.at : null,
    fingerprint: fingerprintOf(edit.text, pictures),
    pictures: asJson(pictures),
  })
  return version
}

/**
 * Puts a picture into its place in a version of a locked comment, where it was missing. Nobody has seen it: if that version
 * stands and was kept, it waits again.
 */
export async function insertPicture(
  tx: Tx,
  comment: Comment,
  version: number,
  place: number,
  { sha256, mediaType }: { sha256: string; mediaType: string },
): Promise<Picture> {
  const { pictures: before } = await tx
    .selectFrom('comment_version')
    .select('pictures')
    .where('comment', '=', comment.id)
    .where('version', '=', version)
    .executeTakeFirstOrThrow()
  const had: Picture = { blob: sha256, mediaType, alt: before[place]?.alt ?? '' }
  const pictures = before.map((one, n) => (n === place ? had : one))
  await tx
    .updateTable('comment_version')
    .set({ pictures: asJson(pictures) })
    .where('comment', '=', comment.id)
    .where('version', '=', version)
    .execute()
  if (version === comment.version)
    await changeComment(tx, comment, {
      pictures: asJson(pictures),
      fingerprint: fingerprintOf(comment.text, pictures),
      ...(comment.state === 'shown' && !comment.official ? { decided_at: null } : {}),
    })
  return had
}

const insertVersion = (
  tx: Tx,
  comment: CommentId,
  version: number,
  { text, remoteVersion, at, pictures = [] }: Version,
) =>
  tx
    .insertInto('comment_version')
    .values({ comment, version, remote_version: remoteVersion, text, at, pictures: asJson(pictures) })
    .execute()

/** The driver would make a PostgreSQL array of a list; a jsonb column takes its text. */
const asJson = (pictures: readonly Picture[]) => JSON.stringify(pictures) as unknown as Picture[]

/** Marks a comment as deleted by its author, or gone for another reason: nothing is left to decide or to ask. */
export async function insertDeletion(
  tx: Tx,
  comment: Comment,
  at: Date,
  because: string | null = null,
): Promise<void> {
  await endConsultations(tx, [comment], 'deleted', at)
  await endQuestions(tx, [comment.id], 'deleted', at)
  await changeComment(tx, comment, { deleted_at: at, gone_because: because })
}

/** Changes a locked comment; its revision rises. */
export const changeComment = (tx: Tx, comment: Comment, change: Partial<Comment>) =>
  tx
    .updateTable('comment')
    .set({ ...change, revision: comment.revision + 1 })
    .where('id', '=', comment.id)
    .execute()

/** Writes what was decided about locked comments: each waits no more, or again; its revision rises. */
export const markDecided = (
  tx: Tx,
  comments: readonly Comment[],
  { state, at }: { state?: Comment['state']; at: Date | null },
) =>
  tx
    .updateTable('comment')
    .set(({ eb }) => ({
      ...(state ? { state } : {}),
      decided_at: at,
      revision: eb('revision', '+', 1),
    }))
    .where(among('id', comments))
    .execute()

const among = (column: string, comments: readonly { id: CommentId }[]) =>
  sql<boolean>`${sql.ref(column)} = any(${uuids(comments.map(({ id }) => id))}::uuid[])`

export const endConsultations = (
  tx: Tx,
  comments: readonly { id: CommentId }[],
  outcome: NonNullable<Consultation['outcome']>,
  at: Date,
) =>
  tx
    .updateTable('comment_consultation')
    .set({ outcome, ended_at: at })
    .where(among('comment', comments))
    .where('ended_at', 'is', null)
    .execute()

export async function insertConsultations(
  tx: Tx,
  comments: readonly Comment[],
  asked: { reason: string; note: string; by: PersonId; at: Date; together: string | null },
): Promise<void> {
  await sql`
    insert into comment_consultation (id, comment, version, reason, note, by, at, together)
    select v.id, c.id, c.version, ${asked.reason}, ${asked.note}, ${asked.by}, ${asked.at}, ${asked.together}
    from unnest(${uuids(comments.map(() => newId()))}::uuid[], ${uuids(comments.map(({ id }) => id))}::uuid[]) v (id, comment)
    join comment c on c.id = v.comment`.execute(tx)
}

/** Adds a decision of one kind about each of `comments`; answers with the decisions' ids, in their order. */
export async function insertDecisions(
  tx: Tx,
  comments: readonly Comment[],
  made: {
    decision: DecisionMade['decision']
    reason?: string
    clause?: string
    /** Who had asked for it, comment for comment. */
    seconds?: readonly (PersonId | null)[]
    note: string
    by: PersonId
    at: Date
    together: string | null
    /** The threshold that hid it, when no person looked. */
    automatic?: string | null
  },
): Promise<string[]> {
  const ids = comments.map(() => newId())
  await sql`
    insert into comment_decision (id, comment, version, decision, reason, clause, by, at, second_person, note, together, automatic)
    select v.id, c.id, c.version, ${made.decision}, ${made.reason ?? null}, ${made.clause ?? null}, ${made.by}, ${made.at},
      v.second, ${made.note}, ${made.together}, ${made.automatic ?? null}
    from unnest(${uuids(ids)}::uuid[], ${uuids(comments.map(({ id }) => id))}::uuid[],
      ${uuids(comments.map((_, n) => made.seconds?.[n] ?? null))}::uuid[]) v (id, comment, second)
    join comment c on c.id = v.comment`.execute(tx)
  return ids
}

/** The open wishes to hide these comments, by comment. */
export async function openConsultations(
  db: Db | Tx,
  comments: readonly { id: CommentId }[],
): Promise<Map<CommentId, Consultation>> {
  const rows = await db
    .selectFrom('comment_consultation')
    .innerJoin('person', 'person.id', 'comment_consultation.by')
    .selectAll('comment_consultation')
    .select('person.name as byName')
    .where(among('comment', comments))
    .where('comment_consultation.ended_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.comment, row]))
}

/** The last decision about each of these comments, by comment. */
export async function lastDecisions(
  db: Db | Tx,
  comments: readonly { id: CommentId }[],
): Promise<Map<CommentId, { by: PersonId; decision: DecisionMade['decision']; together: string | null }>> {
  const rows = await db
    .selectFrom('comment_decision')
    .distinctOn('comment')
    .select(['comment', 'by', 'decision', 'together'])
    .where(among('comment', comments))
    .orderBy('comment')
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.comment, row]))
}

/** Locks a comment and those that wait and read the same; copies that arrived after `until` are not meant. */
export const lockWithCopies = (tx: Tx, of: Comment, until: Date): Promise<Comment[]> =>
  tx
    .selectFrom('comment')
    .selectAll()
    .where(({ or, and, eb }) =>
      or([
        eb('id', '=', of.id),
        and([
          eb('fingerprint', '=', of.fingerprint),
          eb('decided_at', 'is', null),
          eb('deleted_at', 'is', null),
          sql<boolean>`coalesce(edited_at, captured_at) <= ${until}`,
        ]),
      ]),
    )
    // Everybody takes them in one order, so that two at once wait for each other and not both for ever.
    .orderBy('id')
    .forUpdate()
    .execute()

/** Locks what was decided or asked together. */
export const lockTogether = (tx: Tx, together: string): Promise<Comment[]> =>
  tx
    .selectFrom('comment')
    .selectAll()
    .where(({ or, eb, selectFrom }) =>
      or([
        eb('id', 'in', selectFrom('comment_decision').select('comment').where('together', '=', together)),
        eb('id', 'in', selectFrom('comment_consultation').select('comment').where('together', '=', together)),
      ]),
    )
    .orderBy('id')
    .forUpdate()
    .execute()

/** The open wish to hide a comment, if a moderator has one that another must agree to. */
export const openConsultation = async (db: Db | Tx, comment: CommentId): Promise<Consultation | undefined> =>
  (await openConsultations(db, [{ id: comment }])).get(comment)

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
