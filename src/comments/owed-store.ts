import { sql } from 'kysely'
import { uuids } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
import { type CommentId, newId, type PageId } from '../storage/ids.ts'

export interface Owed {
  id: string
  comment: CommentId
  version: number
  picture: number | null
  ask_for: string | null
  because: string
  since: Date
  tries: number
  next_at: Date
  ended_at: Date | null
  outcome: 'had' | 'missing' | null
}

declare module '../storage/database.ts' {
  interface Tables {
    comment_owed: Owed
  }
}

/** Something that is owed, with the comment's name on its platform and the version's there. */
export interface Due extends Owed {
  remote_id: string
  remote_version: string
}

export type NewOwed = Pick<Owed, 'picture' | 'ask_for' | 'because'>

export async function insertOwed(
  tx: Tx,
  of: { comment: CommentId; version: number; at: Date; next: Date },
  owed: readonly NewOwed[],
): Promise<Owed[]> {
  if (owed.length === 0) return []
  const { comment, version, at, next } = of
  return tx
    .insertInto('comment_owed')
    .values(
      owed.map((one) => ({
        id: newId(),
        comment,
        version,
        ...one,
        since: at,
        tries: 0,
        next_at: next,
        ended_at: null,
        outcome: null,
      })),
    )
    .returningAll()
    .execute()
}

/** The pages whose platforms have to be asked for something, except those that asked to be left alone. */
export async function pagesOwed(db: Db, now: Date): Promise<PageId[]> {
  const { rows } = await sql<{ page: PageId }>`
    select distinct c.page from comment_owed o join comment c on c.id = o.comment
      left join comment_poll p on p.page = c.page
    where o.ended_at is null and o.next_at <= ${now} and coalesce(p.retry_at, '-infinity') <= ${now}`.execute(
    db,
  )
  return rows.map(({ page }) => page)
}

/** Takes what is due on a page until `until`, pictures first: they may be gone soon. */
export async function takeDue(
  db: Db,
  page: PageId,
  { now, until, most }: { now: Date; until: Date; most: number },
): Promise<Due[]> {
  const { rows } = await sql<Due>`
    with due as (
      select o.id from comment_owed o join comment c on c.id = o.comment
      where c.page = ${page} and o.ended_at is null and o.next_at <= ${now}
      order by o.picture is null, o.next_at, o.id limit ${most} for update of o skip locked)
    update comment_owed o set next_at = ${until}
    from due, comment c, comment_version v
    where o.id = due.id and c.id = o.comment and v.comment = o.comment and v.version = o.version
    returning o.*, c.remote_id, v.remote_version`.execute(db)
  return rows.sort((a, b) => Number(a.picture === null) - Number(b.picture === null))
}

/** Locks something owed that nobody has ended or asked for since it was taken. */
export const lockOwed = (tx: Tx, { id, tries }: Pick<Owed, 'id' | 'tries'>) =>
  tx
    .selectFrom('comment_owed')
    .selectAll()
    .where('id', '=', id)
    .where('tries', '=', tries)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()

export const updateOwed = (tx: Tx, id: string, change: Partial<Owed>) =>
  tx.updateTable('comment_owed').set(change).where('id', '=', id).execute()

export interface MissingPicture {
  comment: CommentId
  picture: number
  because: string
  /** When it is asked for again; null when it was given up. */
  nextAt: Date | null
}

/** The pictures that are missing in these comments as they stand now. */
export async function missingPictures(db: Db, comments: readonly CommentId[]): Promise<MissingPicture[]> {
  const { rows } = await sql<MissingPicture>`
    select o.comment, o.picture, o.because, case when o.ended_at is null then o.next_at end as "nextAt"
    from comment_owed o join comment c on c.id = o.comment and c.version = o.version
    where o.comment = any(${uuids(comments)}::uuid[]) and o.picture is not null
      and o.outcome is distinct from 'had'`.execute(db)
  return rows
}
