import { type Selectable, sql } from 'kysely'
import { uuids } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { CommentId, PageId, PersonId, RecordId } from '../storage/ids.ts'
import type { EscalationState } from './escalation-standing.ts'

interface EscalationTable {
  id: string
  comment: CommentId
  version: number
  kind: string
  clause: string
  receivers: string[]
  note: string
  by: PersonId
  at: Date
  due_at: Date
  acknowledged_by: PersonId | null
  acknowledged_at: Date | null
  withdrawn_at: Date | null
  closed_by: PersonId | null
  closed_at: Date | null
  measures: string | null
}

declare module '../storage/database.ts' {
  interface Tables {
    comment_escalation: EscalationTable
  }
}

/** A comment that was passed on, with the names of those who did something about it. */
export type Escalation = Selectable<EscalationTable> & {
  byName: string
  acknowledgedByName: string | null
  closedByName: string | null
  author: string
  text: string
  page: PageId
  /** Where it stands on its platform; null on the department's own page. */
  url: string | null
}

const select = (db: Db | Tx) =>
  db
    .selectFrom('comment_escalation as e')
    .innerJoin('comment', 'comment.id', 'e.comment')
    .innerJoin('person as by', 'by.id', 'e.by')
    .leftJoin('person as acknowledger', 'acknowledger.id', 'e.acknowledged_by')
    .leftJoin('person as closer', 'closer.id', 'e.closed_by')
    .selectAll('e')
    .select([
      'by.name as byName',
      'acknowledger.name as acknowledgedByName',
      'closer.name as closedByName',
      'comment.author_name as author',
      'comment.text',
      'comment.page',
      'comment.url',
    ])

export const escalationById = (db: Db | Tx, id: string): Promise<Escalation | undefined> =>
  select(db).where('e.id', '=', id).executeTakeFirst()

export const lockEscalation = async (tx: Tx, id: string): Promise<Escalation | undefined> => {
  await tx.selectFrom('comment_escalation').select('id').where('id', '=', id).forUpdate().execute()
  return escalationById(tx, id)
}

/** False when the comment is passed on in this way already. */
export async function insertEscalation(
  tx: Tx,
  escalation: Pick<
    Selectable<EscalationTable>,
    'id' | 'comment' | 'version' | 'kind' | 'clause' | 'receivers' | 'note' | 'by' | 'at' | 'due_at'
  >,
): Promise<boolean> {
  const added = await tx
    .insertInto('comment_escalation')
    .values(escalation)
    .onConflict((conflict) =>
      conflict
        .columns(['comment', 'kind'])
        .where('closed_at', 'is', null)
        .where('withdrawn_at', 'is', null)
        .doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  return added !== undefined
}

export const changeEscalation = (
  tx: Tx,
  id: string,
  change: Partial<
    Pick<
      Selectable<EscalationTable>,
      'acknowledged_by' | 'acknowledged_at' | 'withdrawn_at' | 'closed_by' | 'closed_at' | 'measures'
    >
  >,
) => tx.updateTable('comment_escalation').set(change).where('id', '=', id).execute()

/** Escalations for these roles (all, for null): open ones by deadline, others newest first. */
export async function escalationsFor(
  db: Db,
  roles: readonly string[] | null,
  { state, kind, skip, take }: { state: EscalationState; kind: string | null; skip: number; take: number },
): Promise<Escalation[]> {
  let query = select(db).where('e.withdrawn_at', 'is', null)
  if (roles) query = query.where(sql<boolean>`e.receivers && ${[...roles]}::text[]`)
  if (kind) query = query.where('e.kind', '=', kind)
  if (state === 'open') query = query.where('e.closed_at', 'is', null).orderBy('e.due_at')
  if (state === 'closed') query = query.where('e.closed_at', 'is not', null)
  return query.orderBy('e.at', 'desc').orderBy('e.id', 'desc').offset(skip).limit(take).execute()
}

/** What was passed on of these comments and not taken back. */
export const escalationsOf = (db: Db, comments: readonly CommentId[]): Promise<Escalation[]> =>
  select(db)
    .where('e.withdrawn_at', 'is', null)
    .where(sql<boolean>`e.comment = any(${uuids(comments)}::uuid[])`)
    .orderBy('e.at')
    .execute()

/** The record that says that it was passed on, with the words; undefined when it was disposed of. */
export const recordOfEscalation = async (db: Db, id: string): Promise<RecordId | undefined> =>
  (
    await db
      .selectFrom('record_passed_on')
      .select('record')
      .where('escalation', '=', id)
      .where('kind', '=', 'comment.escalation')
      .executeTakeFirst()
  )?.record
