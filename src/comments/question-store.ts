import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import { uuids } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { CommentId, PersonId } from '../storage/ids.ts'

interface QuestionTable {
  id: string
  comment: CommentId
  version: number
  asked: PersonId | null
  note: string
  by: PersonId
  at: Date
  advice: string | null
  advised_by: PersonId | null
  advised_at: Date | null
  ended_at: Date | null
  outcome: 'decided' | 'withdrawn' | 'edited' | 'deleted' | null
}

declare module '../storage/database.ts' {
  interface Tables {
    comment_question: QuestionTable
  }
}

export type Question = Selectable<QuestionTable> & {
  byName: string
  askedName: string | null
  advisedByName: string | null
}

const select = (db: Db | Tx) =>
  db
    .selectFrom('comment_question as q')
    .innerJoin('person as by', 'by.id', 'q.by')
    .leftJoin('person as asked', 'asked.id', 'q.asked')
    .leftJoin('person as adviser', 'adviser.id', 'q.advised_by')
    .selectAll('q')
    .select(['by.name as byName', 'asked.name as askedName', 'adviser.name as advisedByName'])

/** The open questions about these comments. */
export const openQuestions = (db: Db | Tx, comments: readonly CommentId[]): Promise<Question[]> =>
  select(db)
    .where('q.ended_at', 'is', null)
    .where(sql<boolean>`q.comment = any(${uuids(comments)}::uuid[])`)
    .execute()

/** Locks the open question about a comment. */
export const lockQuestion = (tx: Tx, comment: CommentId) =>
  tx
    .selectFrom('comment_question')
    .selectAll()
    .where('comment', '=', comment)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()

export const insertQuestion = (
  tx: Tx,
  question: Pick<Selectable<QuestionTable>, 'id' | 'comment' | 'version' | 'asked' | 'note' | 'by' | 'at'>,
) => tx.insertInto('comment_question').values(question).execute()

export const insertAdvice = (tx: Tx, question: string, advice: string, by: PersonId, at: Date) =>
  tx
    .updateTable('comment_question')
    .set({ advice, advised_by: by, advised_at: at })
    .where('id', '=', question)
    .execute()

export const endQuestions = (
  tx: Tx,
  comments: readonly CommentId[],
  outcome: NonNullable<Question['outcome']>,
  at: Date,
) =>
  tx
    .updateTable('comment_question')
    .set({ outcome, ended_at: at })
    .where(sql<boolean>`comment = any(${uuids(comments)}::uuid[])`)
    .where('ended_at', 'is', null)
    .execute()

/** What is open and waits for this person: questions without advice to them or to anybody, and advice on their own. */
export const questionsFor = (
  db: Db,
  person: PersonId,
  most: number,
): Promise<(Question & { author: string })[]> =>
  select(db)
    .innerJoin('comment', 'comment.id', 'q.comment')
    .select('comment.author_name as author')
    .where('q.ended_at', 'is', null)
    .where(({ or, and, eb }) =>
      or([
        and([
          eb('q.advice', 'is', null),
          eb('q.by', '!=', person),
          or([eb('q.asked', 'is', null), eb('q.asked', '=', person)]),
        ]),
        and([eb('q.advice', 'is not', null), eb('q.by', '=', person)]),
      ]),
    )
    .orderBy('q.at')
    .limit(most)
    .execute()
