import { sql } from 'kysely'
import type { Db } from '../storage/database.ts'

/** How often something happened in a month. Nobody is named, and no comment. */
export interface PublicCount {
  /** YYYY-MM, in the department's time zone. */
  month: string
  event:
    | 'removed'
    | 'shown again'
    | 'appealed'
    | 'appeal upheld'
    | 'appeal reversed'
    | 'blocked'
    | 'block ended early'
  /** The page's title; '' where the log names none. */
  page: string
  reason: string
  clause: string
  count: number
}

/**
 * What the public log counts, newest month first. Small numbers stand as they are: a removed comment is marked in its
 * place on the page, with its reason, so that "1" tells nobody more than the page does; and rounding would hide just
 * the rare removals that a reader wants to check. A block is marked nowhere, so blocks come without their page:
 * "1 on this page" could tell the regulars there who is missing.
 */
export async function publicCounts(db: Db, zone: string): Promise<PublicCount[]> {
  const { rows } = await sql<PublicCount>`
    with happened (at, event, page, reason, clause) as (
      select d.at, 'removed', page.title, d.reason, d.clause
      from comment_decision d join comment c on c.id = d.comment join page on page.id = c.page
      where d.decision = 'hide'
      union all
      -- Also a hiding that its moderator took back: the public saw the comment go, and come.
      select d.at, 'shown again', page.title, before.reason, before.clause
      from comment_decision d join comment c on c.id = d.comment join page on page.id = c.page
        cross join lateral (
          select b.reason, b.clause from comment_decision b
          where b.comment = d.comment and b.decision = 'hide' and (b.at, b.id) < (d.at, d.id)
          order by b.at desc, b.id desc limit 1) before
      where d.decision = 'restore'
      union all
      select a.received_at, 'appealed', case when a.block is null then page.title else '' end,
        coalesce(d.reason, b.reason), coalesce(d.clause, b.clause)
      from comment_appeal a join comment c on c.id = a.comment join page on page.id = c.page
        left join comment_decision d on d.id = a.removal left join comment_block b on b.id = a.block
      union all
      select v.at, 'appeal ' || v.outcome, case when a.block is null then page.title else '' end,
        coalesce(d.reason, b.reason), coalesce(d.clause, b.clause)
      from comment_appeal_decision v join comment_appeal a on a.id = v.appeal
        join comment c on c.id = a.comment join page on page.id = c.page
        left join comment_decision d on d.id = a.removal left join comment_block b on b.id = a.block
      union all
      select g.at, 'blocked', '', b.reason, b.clause
      from comment_block_agreement g join comment_block b on b.id = g.block
      union all
      select e.at, 'block ended early', '', b.reason, b.clause
      from comment_block_end e join comment_block b on b.id = e.block where e.cause <> 'date'
    )
    select to_char(at at time zone ${zone}, 'YYYY-MM') as month, event, page, reason, clause, count(*)::int as count
    from happened group by 1, 2, 3, 4, 5 order by month desc, event, page, reason, clause`.execute(db)
  return rows
}

/** When a page's comments were held for review before they were shown. Nobody is named, and no comment. */
export interface PublicHold {
  id: string
  page: string
  from: Date
  /** Null as long as it goes on. */
  to: Date | null
  /** When it ends at the latest. */
  latest: Date
  reason: string
  clause: string
  /** How many comments came in it. */
  held: number
  /** How many of these a moderator hid before anybody else could read them. */
  removed: number
  /** How many of these were shown because it ended, before anybody decided about them. */
  released: number
}

/** All holds that were in force, the latest first. A hold is told on its page while it lasts, so its page is no secret. */
export async function publicHolds(db: Db, now: Date): Promise<PublicHold[]> {
  const { rows } = await sql<PublicHold>`
    select h.id, page.title as page, g.at as from,
      coalesce(e.at, case when g.ends_at <= ${now} then g.ends_at end) as to, g.ends_at as latest, h.reason, h.clause,
      came.held, came.removed, came.released
    from incident_hold h join incident_hold_agreement g on g.hold = h.id join page on page.id = h.page
      left join incident_hold_end e on e.hold = h.id
      cross join lateral (
        select count(*)::int as held,
          count(*) filter (where exists (
            select from comment_decision d
            where d.comment = c.comment and d.decision = 'hide' and d.at < coalesce(e.at, g.ends_at)))::int as removed,
          count(c.released_at)::int as released
        from comment_held c where c.hold = h.id) came
    order by g.at desc, h.id`.execute(db)
  return rows
}
