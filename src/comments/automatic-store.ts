import { type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import type { CommentId, PersonId } from '../storage/ids.ts'

interface AutomaticTable {
  id: string
  category: string
  reason: string
  threshold: number
  sample: number
  why: string
  by: PersonId
  at: Date
  ended_at: Date | null
  ended_by: PersonId | null
}
declare module '../storage/database.ts' {
  interface Tables {
    automatic_hiding: AutomaticTable
    automatic_review: {
      decision: string
      why: 'sample' | 'near' | 'neither'
      score: number
      reviewed_at: Date | null
      reviewed_by: PersonId | null
    }
  }
}

export type AutomaticHiding = Selectable<AutomaticTable> & { byName: string }

/** What is switched on now; locked in a transaction, so that nothing is hidden while it is switched off. */
export const switchedOn = (db: Db | Tx, { lock = false } = {}): Promise<AutomaticHiding[]> =>
  db
    .selectFrom('automatic_hiding')
    .innerJoin('person', 'person.id', 'automatic_hiding.by')
    .selectAll('automatic_hiding')
    .select('person.name as byName')
    .where('automatic_hiding.ended_at', 'is', null)
    .orderBy('automatic_hiding.category')
    .$if(lock, (query) => query.forShare('automatic_hiding'))
    .execute()

/** What became of a category's automatic hiding, all thresholds together. */
export interface AutomaticFigures {
  category: string
  hidden: number
  /** A person agreed. */
  agreed: number
  /** A person showed it again. */
  reversed: number
  waiting: number
}

const reversal = sql<boolean>`exists (
  select from comment_decision later where later.comment = d.comment and later.decision = 'restore' and later.at >= d.at)`

export const automaticFigures = (db: Db): Promise<AutomaticFigures[]> =>
  db
    .selectFrom('automatic_review as r')
    .innerJoin('comment_decision as d', 'd.id', 'r.decision')
    .innerJoin('automatic_hiding as a', 'a.id', 'd.automatic')
    .select([
      'a.category',
      sql<number>`count(*)`.as('hidden'),
      sql<number>`count(*) filter (where r.reviewed_at is not null and not ${reversal})`.as('agreed'),
      sql<number>`count(*) filter (where ${reversal})`.as('reversed'),
      sql<number>`count(*) filter (where r.reviewed_at is null and r.why <> 'neither' and not ${reversal})`.as(
        'waiting',
      ),
    ])
    .groupBy('a.category')
    .execute()

/** What a person has to look at, the oldest first. */
export const reviewsWaiting = (db: Db, take: number) =>
  db
    .selectFrom('automatic_review as r')
    .innerJoin('comment_decision as d', 'd.id', 'r.decision')
    .innerJoin('automatic_hiding as a', 'a.id', 'd.automatic')
    .innerJoin('comment as c', 'c.id', 'd.comment')
    .select([
      'r.decision',
      'r.why',
      'r.score',
      'a.category',
      'a.threshold',
      'c.id as comment',
      'c.text',
      'c.author_name as author',
      'c.revision',
      'd.at',
    ])
    .where('r.reviewed_at', 'is', null)
    .where('r.why', '!=', 'neither')
    .where('c.state', '=', 'hidden')
    .where('c.deleted_at', 'is', null)
    .where(sql<boolean>`not ${reversal}`)
    .orderBy('d.at')
    .limit(take)
    .execute()

/** Marks what was hidden automatically as looked at; undefined when it is not there, or somebody was faster. */
export const markReviewed = (tx: Tx, decision: string, by: PersonId, at: Date) =>
  tx
    .updateTable('automatic_review')
    .set({ reviewed_at: at, reviewed_by: by })
    .where('decision', '=', decision)
    .where('reviewed_at', 'is', null)
    .returning('score')
    .executeTakeFirst()

export const decisionById = (db: Db | Tx, id: string) =>
  db
    .selectFrom('comment_decision')
    .select(['id', 'comment', 'automatic'])
    .where('id', '=', id)
    .where('automatic', 'is not', null)
    .executeTakeFirst()

/** Whether anybody decided about this version of a comment already. */
export const decidedBefore = async (tx: Tx, comment: CommentId, version: number): Promise<boolean> =>
  (await tx
    .selectFrom('comment_decision')
    .select('id')
    .where('comment', '=', comment)
    .where('version', '=', version)
    .limit(1)
    .executeTakeFirst()) !== undefined
