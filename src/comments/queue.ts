import { sql } from 'kysely'
import type { Installation } from '../installation.ts'
import type { Db } from '../storage/database.ts'
import type { CommentId, PersonId } from '../storage/ids.ts'
import { type Card, cardsOf } from './card.ts'
import { cursorOf, readCursor } from './conversation.ts'
import { type Looking, meets, standsForCopies, waits } from './queue-conditions.ts'
import { isNarrowed, type QueueFilter, usualQueue } from './queue-filter.ts'

/** A part of the queue. */
export interface QueuePart {
  cards: Card[]
  /** Where the next part begins; null at the end. */
  next: string | null
  /** How many comments wait altogether, whatever the filter. */
  waiting: number
  /** How many the filter finds, copies included; null where it leaves out nothing that waits. */
  matching: number | null
  /** When it was read: what arrived later is new. */
  at: Date
}

/** One part of the queue for this person. Of copies that wait one card stands for all. */
export async function readQueue(
  installation: Pick<Installation, 'db' | 'policy' | 'suggester' | 'now'>,
  person: PersonId,
  wanted: Partial<QueueFilter> = {},
  take = 25,
): Promise<QueuePart> {
  const { db, now } = installation
  const filter = { ...usualQueue, ...wanted }
  const looking = { person, now: now() }
  const byHarm = filter.order === 'harm'
  const place = byHarm ? readHarmCursor(filter.after) : { harm: 0, cursor: readCursor(filter.after) }
  const cursor = place?.cursor
  const beyond = filter.order === 'newest' ? sql`<` : sql`>`
  const direction = filter.order === 'newest' ? 'desc' : 'asc'
  let query = db
    .selectFrom('comment as c')
    .select(['c.id', 'c.posted_at', 'c.harm'])
    .where(meets('c', filter, looking))
    .where(standsForCopies(filter, looking))
  if (cursor)
    query = query.where(
      byHarm
        ? sql<boolean>`(-c.harm, c.posted_at, c.id) > (${-place.harm}::int, ${cursor.at}::timestamptz, ${cursor.id}::uuid)`
        : sql<boolean>`(c.posted_at, c.id) ${beyond} (${cursor.at}::timestamptz, ${cursor.id}::uuid)`,
    )
  const [rows, waiting, matching] = await Promise.all([
    query
      .$if(byHarm, (sorted) => sorted.orderBy(sql`-c.harm`))
      .orderBy('c.posted_at', direction)
      .orderBy('c.id', direction)
      .limit(take + 1)
      .execute(),
    countWaiting(db),
    countMatching(db, filter, looking),
  ])
  const shown = rows.slice(0, take)
  const last = rows.length > take ? shown.at(-1) : undefined
  return {
    cards: await cardsOf(
      installation,
      shown.map(({ id }) => id),
    ),
    next: last ? `${byHarm ? `${last.harm}_` : ''}${cursorOf(last)}` : null,
    waiting,
    matching,
    at: looking.now,
  }
}

/** A place in the order of harm: the harm, then the place in time. */
function readHarmCursor(text: string | null) {
  const match = /^(\d{1,6})_(.+)$/.exec(text ?? '')
  return match ? { harm: Number(match[1]), cursor: readCursor(match[2]) } : null
}

export async function countWaiting(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('comment as c')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where(sql<boolean>`${waits('c')}`)
    .executeTakeFirstOrThrow()
  return count
}

/** How many comments a filter finds; null for the usual list, whose number is that of all that wait. */
export async function countMatching(db: Db, filter: QueueFilter, looking: Looking): Promise<number | null> {
  if (!isNarrowed(filter)) return null
  const { count } = await db
    .selectFrom('comment as c')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where(meets('c', filter, looking))
    .executeTakeFirstOrThrow()
  return count
}

/** More than this many is "many": nobody needs the number, and counting them costs. */
const mostCounted = 1000

/** How many comments of this filter arrived after `since`, or were changed by their authors. */
export async function countArrivals(
  db: Db,
  filter: QueueFilter,
  looking: Looking,
  since: Date,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select from comment c
      where coalesce(c.edited_at, c.captured_at) > ${since} and ${waits('c')} and ${meets('c', filter, looking)}
      limit ${mostCounted}) arrived`.execute(db)
  return rows[0]?.count ?? 0
}

/** What became of comments that a list shows and that wait no more: who decided what, or that its author deleted it. */
export async function decidedAmong(
  db: Db,
  comments: readonly CommentId[],
  person: PersonId,
): Promise<{ comment: CommentId; words: string }[]> {
  if (comments.length === 0) return []
  const rows = await db
    .selectFrom('comment as c')
    .leftJoinLateral(
      ({ selectFrom }) =>
        selectFrom('comment_decision as d')
          .innerJoin('person', 'person.id', 'd.by')
          .select(['d.by', 'd.decision', 'person.name'])
          .whereRef('d.comment', '=', 'c.id')
          .orderBy('d.at', 'desc')
          .orderBy('d.id', 'desc')
          .limit(1)
          .as('last'),
      (join) => join.onTrue(),
    )
    .select(['c.id', 'c.deleted_at', 'last.by', 'last.decision', 'last.name'])
    .where('c.id', 'in', [...comments])
    .where(({ or, eb }) => or([eb('c.decided_at', 'is not', null), eb('c.deleted_at', 'is not', null)]))
    .execute()
  const did: Record<string, string> = { keep: 'kept this', hide: 'hid this', restore: 'showed this again' }
  return rows.flatMap(({ id, deleted_at, by, decision, name }) => {
    if (deleted_at) return [{ comment: id, words: 'Its author deleted this comment.' }]
    if (by === person || !decision) return []
    return [{ comment: id, words: `${name} ${did[decision] ?? 'decided about this'}.` }]
  })
}

/** The languages that waiting comments are known to be in. */
export async function languagesWaiting(db: Db): Promise<string[]> {
  const { rows } = await sql<{ language: string | null }>`
    select distinct coalesce(c.language, l.language) as language
    from comment c left join comment_look l on l.comment = c.id where ${waits('c')}`.execute(db)
  return rows.flatMap(({ language }) => language ?? []).sort()
}

/** The pages that are not read at the moment, and why. */
export const pollTroubles = (db: Db) =>
  db
    .selectFrom('comment_poll')
    .innerJoin('page', 'page.id', 'comment_poll.page')
    .select(['page.id', 'page.title', 'trouble', 'read_at as readAt'])
    .where('trouble', 'is not', null)
    .orderBy('page.title')
    .execute()
