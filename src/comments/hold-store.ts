import { type Selectable, sql } from 'kysely'
import { uuids } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { CommentId, PageId, PersonId } from '../storage/ids.ts'
import type { Comment } from './store.ts'

interface HoldTable {
  id: string
  incident: string
  page: PageId
  reason: string
  clause: string
  hours: number
  narrower: string
  by: PersonId
  at: Date
}
interface EndTable {
  hold: string
  cause: 'time' | 'by hand' | 'incident'
  by: PersonId | null
  at: Date
}
declare module '../storage/database.ts' {
  interface Tables {
    incident_hold: HoldTable
    incident_hold_agreement: { hold: string; by: PersonId; at: Date; ends_at: Date }
    incident_hold_refusal: { hold: string; by: PersonId; at: Date }
    incident_hold_end: EndTable
    comment_held: { comment: CommentId; hold: string; at: Date; released_at: Date | null }
  }
}

const holds = (db: Db | Tx) =>
  db
    .selectFrom('incident_hold as h')
    .innerJoin('page', 'page.id', 'h.page')
    .innerJoin('person as p', 'p.id', 'h.by')
    .leftJoin('incident_hold_agreement as g', 'g.hold', 'h.id')
    .leftJoin('person as second', 'second.id', 'g.by')
    .leftJoin('incident_hold_refusal as r', 'r.hold', 'h.id')
    .leftJoin('person as refuser', 'refuser.id', 'r.by')
    .leftJoin('incident_hold_end as e', 'e.hold', 'h.id')
    .leftJoin('person as ender', 'ender.id', 'e.by')
    .selectAll('h')
    .select([
      'page.title as pageTitle',
      'p.name as byName',
      'g.at as agreedAt',
      'g.by as agreedBy',
      'second.name as agreedName',
      'g.ends_at as endsAt',
      'r.at as refusedAt',
      'refuser.name as refuserName',
      'e.at as endedAt',
      'e.cause',
      'ender.name as enderName',
    ])
    .select([
      sql<number>`(select count(*)::int from comment_held x where x.hold = h.id)`.as('held'),
      sql<number>`(select count(*)::int from comment_held x where x.hold = h.id and x.released_at is not null)`.as(
        'released',
      ),
    ])
/** A hold with what became of it. */
export type Hold = Awaited<ReturnType<typeof holdsOf>>[number]

export const holdsOf = (db: Db | Tx, incident: string) =>
  holds(db).where('h.incident', '=', incident).orderBy('h.at').orderBy('h.id').execute()

export const holdById = (db: Db | Tx, id: string) => holds(db).where('h.id', '=', id).executeTakeFirst()

/** Proposals that wait for an answer, of incidents that go on. */
const unanswered = (db: Db | Tx) =>
  holds(db)
    .innerJoin('incident as i', 'i.id', 'h.incident')
    .where('g.hold', 'is', null)
    .where('r.hold', 'is', null)
    .where('i.ended_at', 'is', null)

export const openProposals = (db: Db) => unanswered(db).orderBy('h.at').execute()

/** What somebody proposes or does about the holds of one page comes one after the other. */
export const lockPageHolds = (tx: Tx, page: PageId) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${page}, 440))`.execute(tx)

/** Locks a hold: what comes to the page at this moment is held before its end, or shown after it. */
export const lockHold = (tx: Tx, id: string) =>
  tx.selectFrom('incident_hold').select('id').where('id', '=', id).forUpdate().executeTakeFirst()

/** Holds that were agreed to, with their end, if somebody or their time ended them. */
const agreed = (db: Db | Tx) =>
  db
    .selectFrom('incident_hold as h')
    .innerJoin('incident_hold_agreement as g', 'g.hold', 'h.id')
    .leftJoin('incident_hold_end as e', 'e.hold', 'h.id')

const inForce = (db: Db | Tx, now: Date) =>
  agreed(db)
    .where('e.hold', 'is', null)
    // Its end ends it, even before the job has come by.
    .where('g.ends_at', '>', now)

/** What holds a page's comments at this moment. */
export const holdOn = (db: Db | Tx, page: PageId, now: Date) =>
  inForce(db, now)
    .select(['h.id', 'h.reason', 'g.at as since', 'g.ends_at as until'])
    .where('h.page', '=', page)
    .executeTakeFirst()

/** Whether the page of the comment `c` in a query is held at this moment. */
export const pageHeld = (db: Db, now: Date) =>
  sql<boolean>`exists ${inForce(db, now).select('h.id').where(sql<boolean>`h.page = c.page`)}`

/** The same for somebody who writes: the hold can't be ended until their comment is here. */
export const holdWhileWriting = (tx: Tx, page: PageId, now: Date) =>
  inForce(tx, now)
    .select(['h.id', 'g.ends_at as until'])
    .where('h.page', '=', page)
    .forShare('h')
    .executeTakeFirst()

/** When the last hold of a page ended or will end; null when it never had one. */
export async function lastHeldUntil(tx: Tx, page: PageId): Promise<Date | null> {
  const row = await agreed(tx)
    .select(sql<Date | null>`max(coalesce(e.at, g.ends_at))`.as('until'))
    .where('h.page', '=', page)
    .executeTakeFirst()
  return row?.until ?? null
}

export const openProposalOn = (tx: Db | Tx, page: PageId) =>
  unanswered(tx).where('h.page', '=', page).executeTakeFirst()

export const insertHold = (tx: Tx, hold: Selectable<HoldTable>) =>
  tx.insertInto('incident_hold').values(hold).execute()

export const insertAgreement = (tx: Tx, row: { hold: string; by: PersonId; at: Date; ends_at: Date }) =>
  tx.insertInto('incident_hold_agreement').values(row).execute()

export const insertRefusal = (tx: Tx, row: { hold: string; by: PersonId; at: Date }) =>
  tx.insertInto('incident_hold_refusal').values(row).execute()

export const insertEnd = (tx: Tx, row: EndTable) => tx.insertInto('incident_hold_end').values(row).execute()

/** Locks the holds of an incident that nobody has ended, whether their time is over or not. */
export const lockUnended = (tx: Tx, incident: string) =>
  agreed(tx)
    .select(['h.id', 'h.page', 'g.ends_at as endsAt'])
    .where('h.incident', '=', incident)
    .where('e.hold', 'is', null)
    .orderBy('h.id')
    .forUpdate('h')
    .execute()

export const holdsDue = (db: Db, now: Date, limit: number) =>
  agreed(db)
    .select(['h.id', 'h.incident'])
    .where('e.hold', 'is', null)
    .where('g.ends_at', '<=', now)
    .orderBy('g.ends_at')
    .limit(limit)
    .execute()

export const insertHeld = (tx: Tx, comment: CommentId, hold: string, at: Date) =>
  tx.insertInto('comment_held').values({ comment, hold, at, released_at: null }).execute()

/** Which of these comments came during a hold that still lasts, so that without a decision they are held. */
export async function stillHeld(
  tx: Tx,
  comments: readonly { id: CommentId }[],
  now: Date,
): Promise<Set<CommentId>> {
  const rows = await inForce(tx, now)
    .innerJoin('comment_held as c', 'c.hold', 'h.id')
    .select('c.comment')
    .where(sql<boolean>`c.comment = any(${uuids(comments.map(({ id }) => id))}::uuid[])`)
    .execute()
  return new Set(rows.map(({ comment }) => comment))
}

/** Locks some comments whose hold has ended; those that somebody is at just now come later. */
export const lockReleasable = (tx: Tx, now: Date, limit: number) =>
  tx
    .selectFrom('comment as c')
    .innerJoin('comment_held as was', 'was.comment', 'c.id')
    .selectAll('c')
    .select(['was.hold', 'was.at as heldSince'])
    .where('c.state', '=', 'held')
    .where('c.deleted_at', 'is', null)
    .where(({ not, exists }) =>
      not(exists(inForce(tx, now).select('h.id').where(sql<boolean>`h.id = was.hold`))),
    )
    .orderBy('c.id')
    .limit(limit)
    .forUpdate('c')
    .skipLocked()
    .execute()

/** Shows locked comments; they go on waiting for a moderator. */
export async function markReleased(tx: Tx, comments: readonly Pick<Comment, 'id'>[], at: Date) {
  const ids = uuids(comments.map(({ id }) => id))
  await sql`update comment set state = 'shown', revision = revision + 1 where id = any(${ids}::uuid[])`.execute(
    tx,
  )
  await sql`update comment_held set released_at = ${at} where comment = any(${ids}::uuid[])`.execute(tx)
}
