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

const reviews = (db: Db) =>
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

const waiting = (db: Db) =>
  reviews(db)
    .where('r.reviewed_at', 'is', null)
    .where('r.why', '!=', 'neither')
    .where('c.state', '=', 'hidden')
    .where('c.deleted_at', 'is', null)
    .where(sql<boolean>`not ${reversal}`)

/** What a person has to look at, the oldest first. */
export const reviewsWaiting = (db: Db, take: number) =>
  waiting(db).orderBy('d.at').orderBy('d.id').limit(take).execute()

export const waitingReview = (db: Db, decision: string) =>
  waiting(db).where('r.decision', '=', decision).executeTakeFirst()

/** How much a person has to look at, and since when the oldest waits; null when nothing does. */
export const reviewsInAll = async (db: Db): Promise<{ count: number; since: Date | null }> =>
  waiting(db)
    .clearSelect()
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('d.at').as('since')])
    .executeTakeFirstOrThrow()

/** What a threshold would have hidden, and what people decided about that. */
export interface Trial {
  threshold: number
  /** Comments that reach it. */
  reached: number
  /** Of these, how many people hid, how many they kept or showed again; nobody decided about the rest. */
  hidden: number
  kept: number
  /** Comments that reach it as well, but criticize officials: never hidden this way. */
  criticism: number
}
const reached = (category: string, least: number, since: Date) => sql`
  select c.id, c.text, c.author_name as author, s.score, c.captured_at, s.withheld or l.criticism as criticism, (
    select d.decision from comment_decision d where d.comment = c.id and d.automatic is null
    order by d.at desc, d.id desc limit 1) as last
  from comment_suggestion s
    join comment_look l on l.comment = s.comment
    join comment c on c.id = s.comment and c.version = l.version
  where s.category = ${category} and s.score >= ${least}::real
    and c.captured_at >= ${since} and c.author_remote_id <> ''`

/** What each of these thresholds would have done since then: nothing is hidden that criticizes, here as there. */
export async function trialOf(
  db: Db,
  category: string,
  thresholds: readonly number[],
  since: Date,
): Promise<Trial[]> {
  const { rows } = await sql<Trial>`
    with reached as (${reached(category, Math.min(...thresholds), since)})
    select t.threshold, count(r.id) filter (where not criticism) as reached,
      count(r.id) filter (where not criticism and r.last = 'hide') as hidden,
      count(r.id) filter (where not criticism and r.last in ('keep', 'restore')) as kept,
      count(r.id) filter (where criticism) as criticism
    from unnest(${[...thresholds]}::real[]) t (threshold) left join reached r on r.score >= t.threshold
    group by t.threshold order by t.threshold`.execute(db)
  return rows
}

/** Comments that a threshold would have hidden though people kept them, the newest first. */
export async function mistakesOf(
  db: Db,
  category: string,
  threshold: number,
  since: Date,
): Promise<{ id: CommentId; text: string; author: string; score: number }[]> {
  const { rows } = await sql<{ id: CommentId; text: string; author: string; score: number }>`
    with reached as (${reached(category, threshold, since)})
    select id, text, author, score from reached where not criticism and last in ('keep', 'restore')
    order by captured_at desc limit 5`.execute(db)
  return rows
}

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
