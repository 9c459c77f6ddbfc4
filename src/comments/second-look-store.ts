import { sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import { type CommentId, newId, type PageId, type PersonId } from '../storage/ids.ts'
import { takenBack } from './consistency-store.ts'
import type { Picture } from './store.ts'

interface JudgementTable {
  decision: string
  verdict: 'keep' | 'hide'
  reason: string | null
  by: PersonId
  at: Date
}
declare module '../storage/database.ts' {
  interface Tables {
    second_look_setting: { id: string; a_month: number; by: PersonId; at: Date }
    second_look_month: { month: string; a_month: number; at: Date }
    second_look: { decision: string; month: string }
    second_look_judgement: JudgementTable
  }
}

/** The number a month that the department chose; undefined while it chose none. */
export const chosenNumber = async (db: Db | Tx): Promise<number | undefined> =>
  (
    await db
      .selectFrom('second_look_setting')
      .select('a_month')
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
  )?.a_month

export const insertNumber = (tx: Tx, number: number, by: PersonId, at: Date) =>
  tx.insertInto('second_look_setting').values({ id: newId(), a_month: number, by, at }).execute()

export const isDrawn = async (db: Db, month: string): Promise<boolean> =>
  (await db.selectFrom('second_look_month').select('month').where('month', '=', month).executeTakeFirst()) !==
  undefined

/**
 * Draws the sample of a month, once. The order is a digest of month and decision: nobody chooses, and anybody can draw
 * it again. Removals and keepings take turns as long as there are both, because a plain sample of a quiet month would
 * hold no removal. Not drawn: what was decided without a person.
 */
export async function draw(
  tx: Tx,
  month: { name: string; from: Date; to: Date },
  number: number,
  at: Date,
): Promise<void> {
  const first = await tx
    .insertInto('second_look_month')
    .values({ month: month.name, a_month: number, at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('month')
    .executeTakeFirst()
  if (!first) return
  await sql`
    with last as (
      select distinct on (d.comment) d.id, d.decision, d.comment, d.version, d.automatic, d.at, d.by
      from comment_decision d
      where d.at between ${month.from} and ${month.to} and d.decision in ('keep', 'hide', 'reopen')
      order by d.comment, d.at desc, d.id desc
    ), ranked as (
      select l.id, row_number() over (
        partition by l.decision order by sha256(convert_to(${month.name} || l.id::text, 'UTF8'))) as place, l.decision
      from last l join comment c on c.id = l.comment
        join comment_version v on v.comment = l.comment and v.version = l.version
      where l.decision <> 'reopen' and l.automatic is null and not ${takenBack(sql`l`)} and c.deleted_at is null and c.author_remote_id <> ''
    )
    insert into second_look (decision, month)
    select id, ${month.name} from ranked order by place, decision limit ${number}`.execute(tx)
}

/** A second look as its taker sees it: the words, not what was decided about them. */
export interface SecondLook {
  decision: string
  comment: CommentId
  page: PageId
  pageTitle: string
  text: string
  language: string | null
  pictures: Picture[]
  author: string
  /** The words of the post that it is under. */
  post: string
  month: string
  drawnAt: Date
  judged: boolean
  /** Who decided or advised about this comment in any way. */
  partIn: PersonId[]
}

const looks = sql`
  select l.decision, d.comment, c.page, page.title as "pageTitle", v.text, v.pictures, c.language, c.author_name as author,
    said.text as post, l.month, m.at as "drawnAt", j.decision is not null as judged,
    array(
      select by from comment_decision where comment = d.comment
      union select second_person from comment_decision where comment = d.comment and second_person is not null
      union select by from comment_consultation where comment = d.comment
      union select advised_by from comment_question where comment = d.comment and advised_by is not null
      union select e.by from comment_appeal a join comment_appeal_decision e on e.appeal = a.id
        where a.comment = d.comment) as "partIn"
  from second_look l join second_look_month m on m.month = l.month
    join comment_decision d on d.id = l.decision
    join comment c on c.id = d.comment
    join comment_version v on v.comment = d.comment and v.version = d.version
    join page on page.id = c.page join publication pub on pub.id = c.publication
    join post_version said on said.post = pub.post and said.version = pub.version
    left join second_look_judgement j on j.decision = l.decision`

/** What nobody has looked at again yet, the oldest month first. */
export async function looksWaiting(db: Db): Promise<SecondLook[]> {
  const { rows } = await sql<SecondLook>`${looks}
    where j.decision is null and c.deleted_at is null and c.author_remote_id <> ''
    order by l.month, l.decision`.execute(db)
  return rows
}

export async function lookById(db: Db | Tx, decision: string): Promise<SecondLook | undefined> {
  const { rows } = await sql<SecondLook>`${looks} where l.decision = ${decision}
    and c.deleted_at is null and c.author_remote_id <> ''`.execute(db)
  return rows[0]
}

/** Adds what a second moderator would have decided; false when somebody was faster. */
export const insertJudgement = async (tx: Tx, judgement: JudgementTable): Promise<boolean> =>
  (await tx
    .insertInto('second_look_judgement')
    .values(judgement)
    .onConflict((conflict) => conflict.doNothing())
    .returning('decision')
    .executeTakeFirst()) !== undefined
