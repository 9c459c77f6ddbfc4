import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../storage/database.ts'
import type { CommentId } from '../storage/ids.ts'
import type { Pairs } from './agreement.ts'

/** From the first moment of a period to its last. */
export interface Period {
  from: Date
  to: Date
}

export interface ByModerator {
  id: string
  name: string
  kept: number
  hidden: number
  /** Removals of theirs that somebody showed again. */
  reversed: number
  /** Median minutes from the arrival of a comment's version to the decision. */
  minutes: number | null
}
export interface ByReason {
  id: string
  moderator: string
  reason: string
  clause: string
  hidden: number
  reversed: number
}
export interface Figures {
  automatic: number
  automaticReviewed: number
  automaticReversed: number
  appeals: number
  appealsDecided: number
  appealsReversed: number
  /** Shown again by somebody else than who hid it, by an appeal or without one. */
  restored: number
  secondLooks: Pairs
}
export interface ByContent {
  /** Whether the comment criticizes the department or officials; null when no program looked at this version. */
  criticism: boolean | null
  decided: number
  removed: number
}
export interface ByAuthor {
  id: string
  author: string
  page: string
  /** A comment of theirs, which leads to all of them. */
  comment: CommentId
  decided: number
  removed: number
}
export interface Differing {
  id: string
  text: string
  decisions: {
    comment: CommentId
    page: string
    decision: string
    reason: string | null
    by: string
    at: string
  }[]
  kept: number
  hidden: number
}

/** Somebody else showed it again later: on appeal, by a review of what was hidden automatically, or unasked. */
const reversed = sql`exists (select from comment_decision later
  where later.comment = d.comment and later.decision = 'restore' and later.at >= d.at and later.by <> d.by)`

/** A removal that its own moderator undid: it stands for nobody's judgement. */
export const takenBack = (decision: RawBuilder<unknown>) => sql`(${decision}.decision = 'hide' and exists (
  select from comment_decision own where own.comment = ${decision}.comment and own.decision = 'restore'
    and own.at >= ${decision}.at and own.by = ${decision}.by))`

/**
 * The last decision of the period about each comment, without what its moderator took back. Conditions on what comes out of
 * a "distinct on" are guessed at by PostgreSQL: those written here leave it enough rows to expect that it joins by hash.
 */
const standing = ({ from, to }: Period) => sql`
  last as (
    select distinct on (comment) comment, version, decision, reason, by, at,
      decision <> 'reopen' and automatic is null as judged
    from comment_decision where at between ${from} and ${to} and decision in ('keep', 'hide', 'reopen')
    order by comment, at desc, id desc
  ), standing as (
    select l.* from last l where l.judged and not ${takenBack(sql`l`)}
  )`

export async function byModerator(db: Db, { from, to }: Period): Promise<ByModerator[]> {
  const { rows } = await sql<ByModerator>`
    select p.id, p.name, count(*) filter (where d.decision = 'keep')::int as kept,
      count(*) filter (where d.decision = 'hide')::int as hidden,
      count(*) filter (where d.decision = 'hide' and ${reversed})::int as reversed,
      (percentile_cont(0.5) within group (order by greatest(0, extract(epoch from
        d.at - coalesce(v.at, c.captured_at)))) / 60)::float as minutes
    from comment_decision d join comment c on c.id = d.comment join person p on p.id = d.by
      left join comment_version v on v.comment = d.comment and v.version = d.version and v.version > 1
    where d.at between ${from} and ${to} and d.decision in ('keep', 'hide') and d.automatic is null
    group by p.id, p.name order by p.name, p.id`.execute(db)
  return rows
}

export async function byReason(db: Db, { from, to }: Period): Promise<ByReason[]> {
  const { rows } = await sql<ByReason>`
    select p.id || ' ' || d.reason || ' ' || d.clause as id, p.name as moderator, d.reason, d.clause,
      count(*)::int as hidden, count(*) filter (where ${reversed})::int as reversed
    from comment_decision d join person p on p.id = d.by
    where d.at between ${from} and ${to} and d.decision = 'hide' and d.automatic is null
    group by p.id, p.name, d.reason, d.clause order by d.reason, d.clause, p.name, p.id`.execute(db)
  return rows
}

export async function figures(db: Db, { from, to }: Period): Promise<Figures> {
  const { rows } = await sql<Omit<Figures, 'secondLooks'> & Pairs>`
    with automatic as (
      select r.reviewed_at is not null as reviewed, ${reversed} as reversed
      from comment_decision d left join automatic_review r on r.decision = d.id
      where d.at between ${from} and ${to} and d.automatic is not null
    ), second as (
      select d.decision, j.verdict from second_look_judgement j join comment_decision d on d.id = j.decision
      where j.at between ${from} and ${to}
    )
    select (select count(*)::int from automatic) as automatic,
      (select count(*)::int from automatic where reviewed or reversed) as "automaticReviewed",
      (select count(*)::int from automatic where reversed) as "automaticReversed",
      (select count(*)::int from comment_appeal where received_at between ${from} and ${to}) as appeals,
      (select count(*)::int from comment_appeal_decision where at between ${from} and ${to}) as "appealsDecided",
      (select count(*)::int from comment_appeal_decision
        where at between ${from} and ${to} and outcome = 'reversed') as "appealsReversed",
      (select count(*)::int from comment_decision r
        where r.at between ${from} and ${to} and r.decision = 'restore' and r.by is distinct from (
          select h.by from comment_decision h where h.comment = r.comment and h.decision = 'hide' and h.at <= r.at
          order by h.at desc, h.id desc limit 1)) as restored,
      count(*) filter (where decision = 'hide' and verdict = 'hide')::int as "bothHide",
      count(*) filter (where decision = 'hide' and verdict = 'keep')::int as "onlyFirst",
      count(*) filter (where decision = 'keep' and verdict = 'hide')::int as "onlySecond",
      count(*) filter (where decision = 'keep' and verdict = 'keep')::int as "bothKeep"
    from second`.execute(db)
  const [row] = rows
  if (!row) throw new Error('An aggregate has a row.')
  const { bothHide, onlyFirst, onlySecond, bothKeep, ...counts } = row
  return { ...counts, secondLooks: { bothHide, onlyFirst, onlySecond, bothKeep } }
}

export async function byContent(db: Db, period: Period): Promise<ByContent[]> {
  const { rows } = await sql<ByContent>`
    with ${standing(period)}
    select k.criticism, count(*)::int as decided, count(*) filter (where s.decision = 'hide')::int as removed
    from standing s left join comment_look k on k.comment = s.comment and k.version = s.version
    group by 1 order by 1 desc nulls last`.execute(db)
  return rows
}

/** Authors with at least three removals, the most first. */
export async function byAuthor(db: Db, period: Period): Promise<ByAuthor[]> {
  const { rows } = await sql<ByAuthor>`
    with ${standing(period)}, most as (
      select c.page, c.author_remote_id, count(*)::int as decided,
        count(*) filter (where s.decision = 'hide')::int as removed
      from standing s join comment c on c.id = s.comment
      where c.author_remote_id <> ''
      group by 1, 2 having count(*) filter (where s.decision = 'hide') >= 3
      order by removed desc, decided, c.page, c.author_remote_id limit 200
    )
    select page.id || ' ' || m.author_remote_id as id, newest.author_name as author, page.title as page, newest.id as comment,
      m.decided, m.removed
    from most m join page on page.id = m.page cross join lateral (
      select c.id, c.author_name from comment c
      where c.author_remote_id = m.author_remote_id and c.page = m.page order by c.posted_at desc limit 1) newest
    order by m.removed desc, m.decided, 1`.execute(db)
  return rows
}

/** Comments that read the same and were kept here and hidden there; at most 50 texts, four decisions of each. */
export async function decidedDifferently(db: Db, period: Period, zone: string): Promise<Differing[]> {
  const { rows } = await sql<Differing>`
    with ${standing(period)}, read as materialized (
      select s.comment, s.decision, s.reason, s.by, s.at, c.fingerprint
      from standing s join comment c on c.id = s.comment and c.version = s.version
      where c.fingerprint is not null
    ), alike as (
      select fingerprint, count(*) filter (where decision = 'keep')::int as kept,
        count(*) filter (where decision = 'hide')::int as hidden
      from read group by 1
      having count(*) filter (where decision = 'keep') > 0 and count(*) filter (where decision = 'hide') > 0
      order by least(count(*) filter (where decision = 'keep'), count(*) filter (where decision = 'hide')) desc, 1
      limit 50
    ), differing as (
      select read.*, alike.kept, alike.hidden,
        row_number() over (partition by read.fingerprint, read.decision order by read.at, read.comment) as place
      from read join alike on alike.fingerprint = read.fingerprint
    )
    select encode(d.fingerprint, 'hex') as id, min(c.text) as text, d.kept, d.hidden,
      json_agg(json_build_object('comment', c.id, 'page', page.title, 'decision', d.decision,
        'reason', d.reason,
        'by', p.name, 'at', to_char(d.at at time zone ${zone}, 'YYYY-MM-DD')) order by d.decision, d.at) as decisions
    from differing d join comment c on c.id = d.comment join page on page.id = c.page join person p on p.id = d.by
    where d.place <= 2
    group by d.fingerprint, d.kept, d.hidden order by least(d.kept, d.hidden) desc, d.fingerprint`.execute(db)
  return rows
}
