import { type Generated, sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import type { PageId, PersonId } from '../storage/ids.ts'

interface IncidentTable {
  id: string
  reason: string
  by: PersonId
  at: Date
  ends_at: Date
  ended_at: Date | null
  ended_by: PersonId | null
}
interface SlowingTable {
  id: string
  incident: string
  minutes: number
  by: PersonId
  at: Date
  ended_at: Date | null
  ended_by: PersonId | null
  slowed: Generated<number>
}
declare module '../storage/database.ts' {
  interface Tables {
    incident: IncidentTable
    incident_page: { incident: string; page: PageId }
    incident_slowing: SlowingTable
  }
}

const incidents = (db: Db | Tx) =>
  db
    .selectFrom('incident as i')
    .innerJoin('person as p', 'p.id', 'i.by')
    .leftJoin('person as e', 'e.id', 'i.ended_by')
    .selectAll('i')
    .select(['p.name as byName', 'e.name as endedByName'])
    .select(
      sql<string[]>`array(select page.title from incident_page x join page on page.id = x.page
        where x.incident = i.id order by page.title)`.as('pages'),
    )
export type Incident = NonNullable<Awaited<ReturnType<typeof incidentById>>>

export const incidentById = (db: Db | Tx, id: string) =>
  incidents(db).where('i.id', '=', id).executeTakeFirst()

/** Newest first. */
export async function listIncidents(db: Db, { page, take }: { page: number; take: number }) {
  const [rows, { count }] = await Promise.all([
    incidents(db)
      .orderBy('i.at', 'desc')
      .orderBy('i.id', 'desc')
      .limit(take)
      .offset((page - 1) * take)
      .execute(),
    db
      .selectFrom('incident')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow(),
  ])
  return { incidents: rows, count }
}

/** Locked, so that an incident ends once whoever ends it. */
export const lockIncident = (tx: Tx, id: string) =>
  tx.selectFrom('incident').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export async function insertIncident(
  tx: Tx,
  incident: Omit<IncidentTable, 'ended_at' | 'ended_by'>,
  pages: readonly PageId[],
): Promise<void> {
  await tx
    .insertInto('incident')
    .values({ ...incident, ended_at: null, ended_by: null })
    .execute()
  await tx
    .insertInto('incident_page')
    .values(pages.map((page) => ({ incident: incident.id, page })))
    .execute()
}

export const markEnded = (tx: Tx, id: string, by: PersonId | null, at: Date) =>
  tx.updateTable('incident').set({ ended_at: at, ended_by: by }).where('id', '=', id).execute()

export const incidentsDue = (db: Db, now: Date, limit: number) =>
  db
    .selectFrom('incident')
    .select('id')
    .where('ended_at', 'is', null)
    .where('ends_at', '<=', now)
    .orderBy('ends_at')
    .limit(limit)
    .execute()

/** Whether any incident goes on; then none is suggested. */
export const anyOpen = async (db: Db): Promise<boolean> =>
  (await db.selectFrom('incident').select('id').where('ended_at', 'is', null).limit(1).executeTakeFirst()) !==
  undefined

/** How many comments were written since. */
export async function writtenSince(db: Db, since: Date): Promise<number> {
  const { count } = await db
    .selectFrom('comment')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('posted_at', '>', since)
    .executeTakeFirstOrThrow()
  return count
}

export const pagesOf = (db: Db | Tx, incident: string) =>
  db
    .selectFrom('incident_page')
    .innerJoin('page', 'page.id', 'incident_page.page')
    .select(['page.id', 'page.title', 'page.platform'])
    .where('incident', '=', incident)
    .orderBy('page.title')
    .execute()

export const slowingsOf = (db: Db | Tx, incident: string) =>
  db
    .selectFrom('incident_slowing as s')
    .innerJoin('person as p', 'p.id', 's.by')
    .leftJoin('person as e', 'e.id', 's.ended_by')
    .selectAll('s')
    .select(['p.name as byName', 'e.name as endedByName'])
    .where('s.incident', '=', incident)
    .orderBy('s.at')
    .execute()

export const insertSlowing = (
  tx: Tx,
  slowing: Pick<SlowingTable, 'id' | 'incident' | 'minutes' | 'by' | 'at'>,
) =>
  tx
    .insertInto('incident_slowing')
    .values({ ...slowing, ended_at: null, ended_by: null })
    .execute()

/** Ends what slows authors in an incident; undefined when nothing does. */
export const endOpenSlowing = (tx: Tx, incident: string, by: PersonId | null, at: Date) =>
  tx
    .updateTable('incident_slowing')
    .set({ ended_at: at, ended_by: by })
    .where('incident', '=', incident)
    .where('ended_at', 'is', null)
    .returning(['id', 'minutes', 'slowed'])
    .executeTakeFirst()

/** The strictest slowing of a page at this moment; an incident whose time is over slows nobody, ended or not. */
export const slowingOn = (db: Db | Tx, page: PageId, now: Date) =>
  db
    .selectFrom('incident_slowing as s')
    .innerJoin('incident as i', 'i.id', 's.incident')
    .innerJoin('incident_page as x', 'x.incident', 'i.id')
    .select(['s.id', 's.minutes', 'i.ends_at'])
    .where('x.page', '=', page)
    .where('s.ended_at', 'is', null)
    .where('i.ended_at', 'is', null)
    .where('i.ends_at', '>', now)
    .orderBy('s.minutes', 'desc')
    .limit(1)
    .executeTakeFirst()

export const countSlowed = (tx: Tx, slowing: string) =>
  tx
    .updateTable('incident_slowing')
    .set({ slowed: sql<number>`slowed + 1` })
    .where('id', '=', slowing)
    .execute()

/** When an author last wrote on a page, and whether a moderator ever kept a comment of theirs. */
export const authorsPast = (tx: Tx, page: PageId, author: string) =>
  tx
    .selectFrom('comment')
    .select([
      sql<Date | null>`max(posted_at) filter (where page = ${page})`.as('last'),
      sql<boolean>`coalesce(bool_or(decided_at is not null and state = 'shown'), false)`.as('kept'),
    ])
    .where('author_remote_id', '=', author)
    .executeTakeFirstOrThrow()

export interface Figures {
  received: number
  kept: number
  hidden: number
  waiting: number
  deleted: number
  /** From the writing to the first decision; null before there is one. */
  medianMinutes: number | null
}

const during = (incident: string, from: Date, to: Date) =>
  sql`not c.official and c.posted_at >= ${from} and c.posted_at <= ${to}
    and c.page in (select page from incident_page where incident = ${incident})`

/** What was written on an incident's pages from its beginning to its end, and what was decided about it. */
export async function figuresOf(db: Db, incident: string, from: Date, to: Date): Promise<Figures> {
  const { rows } = await sql<Figures>`
    select count(*) as received,
      count(*) filter (where decided_at is not null and state = 'shown') as kept,
      count(*) filter (where state = 'hidden') as hidden,
      count(*) filter (where deleted_at is not null) as deleted,
      count(*) filter (where decided_at is null and deleted_at is null) as waiting,
      percentile_cont(0.5) within group (order by extract(epoch from d.first - c.posted_at) / 60) as "medianMinutes"
    from comment c
    left join lateral (select min(at) as first from comment_decision where comment = c.id) d on true
    where ${during(incident, from, to)}`.execute(db)
  if (!rows[0]) throw new Error(`No figures of incident ${incident}.`)
  return rows[0]
}

/** How many were written in each hour that had any. */
export const hoursOf = async (db: Db, incident: string, from: Date, to: Date) =>
  (
    await sql<{ hour: Date; received: number; hidden: number }>`
      select date_trunc('hour', c.posted_at) as hour, count(*) as received,
        count(*) filter (where c.state = 'hidden') as hidden
      from comment c where ${during(incident, from, to)} group by 1 order by 1`.execute(db)
  ).rows
