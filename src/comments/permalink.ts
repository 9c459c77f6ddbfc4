import { sql } from 'kysely'
import type { Installation } from '../installation.ts'
import { uuids } from '../storage/arrays.ts'
import type { Db } from '../storage/database.ts'
import type { CommentId } from '../storage/ids.ts'
import { authorWith } from './capture.ts'
import { cursorOf, readCursor } from './conversation.ts'
import { asRemark, type Remark, type RemarkRow, selectRemarks, visibleTo } from './remark.ts'

/** One comment by itself, with what it answers and what was answered. */
export interface RemarkInThread {
  remark: Remark
  /** What it answers, from the beginning of the thread down; a long way is cut in the middle. */
  above: Remark[]
  /** How many are left out between the first of `above` and the second. */
  between: number
  /** Answers as they came: all in the thread under its first comment, else those to this comment. */
  answers: Remark[]
  /** How many answers there are. */
  count: number
  /** Where the next page of answers begins; null at the end. */
  next: string | null
}

/** The beginning of the thread and the nearest of what a comment answers. */
const mostAbove = 4
/** No conversation is deeper; it keeps a query from running on. */
const deepest = 500

/** A comment under a post of ours with its thread, also when it was removed; null when it is not there. */
export async function remarkInThread(
  installation: Installation,
  publication: string,
  id: CommentId,
  { after, token, take = 50 }: { after?: string | null; token?: string | undefined; take?: number } = {},
): Promise<RemarkInThread | null> {
  const { db } = installation
  const reader = authorWith(installation, token)
  const row = await selectRemarks(installation)
    .where('c.id', '=', id)
    .where('c.publication', '=', publication)
    .where(visibleTo(reader, 'c'))
    .executeTakeFirst()
  if (!row) return null

  const ancestors = await idsAbove(db, id)
  const shown = [...new Set([...ancestors.slice(0, 1), ...ancestors.slice(1).slice(1 - mostAbove)])]
  const above = shown.length > 0 ? await selectRemarks(installation).where(isAmong(shown)).execute() : []
  const [answers, count] = await Promise.all([
    answersTo(installation, row, { reader, after, take: take + 1 }),
    countAnswers(db, row, reader),
  ])
  const remark = (one: RemarkRow) => asRemark(installation, one, token)
  const last = answers.length > take ? answers[take - 1] : undefined
  return {
    remark: remark(row),
    above: shown.flatMap((one) => above.filter((other) => other.id === one)).map(remark),
    between: ancestors.length - shown.length,
    answers: answers.slice(0, take).map(remark),
    count,
    next: last ? cursorOf(last) : null,
  }
}

/** What a comment answers, from the beginning of the thread down. */
async function idsAbove(db: Db, id: CommentId): Promise<CommentId[]> {
  const { rows } = await sql<{ id: CommentId }>`
    with recursive up (id, step) as (
      select in_reply_to, 1 from comment where id = ${id} and in_reply_to is not null
      union all
      select c.in_reply_to, up.step + 1 from up join comment c on c.id = up.id
      where c.in_reply_to is not null and up.step < ${deepest})
    select id from up order by step desc`.execute(db)
  return rows.map((row) => row.id)
}

const isAmong = (ids: readonly CommentId[]) => sql<boolean>`c.id = any(${uuids(ids)}::uuid[])`

/** What belongs under a comment: its whole thread, or what answers it directly. */
const isUnder = ({ id, thread }: Pick<RemarkRow, 'id' | 'thread'>) =>
  id === thread
    ? sql<boolean>`c.thread = ${id} and c.id <> ${id}`
    : sql<boolean>`c.thread = ${thread} and c.in_reply_to = ${id}`

/** First which, then what is seen of them: looking up removals for thousands to show fifty is what a planner may choose. */
async function answersTo(
  here: Pick<Installation, 'db' | 'now'>,
  row: RemarkRow,
  { reader, after, take }: { reader: string | null; after: string | null | undefined; take: number },
): Promise<RemarkRow[]> {
  const cursor = readCursor(after)
  const ids = await here.db
    .selectFrom('comment as c')
    .select('c.id')
    .where(isUnder(row))
    .where(visibleTo(reader, 'c'))
    .where('c.deleted_at', 'is', null)
    .$if(cursor !== null, (query) =>
      query.where(sql<boolean>`(c.posted_at, c.id) > (${cursor?.at}::timestamptz, ${cursor?.id}::uuid)`),
    )
    .orderBy('c.posted_at')
    .orderBy('c.id')
    .limit(take)
    .execute()
  if (ids.length === 0) return []
  return selectRemarks(here)
    .where(isAmong(ids.map(({ id }) => id)))
    .orderBy('c.posted_at')
    .orderBy('c.id')
    .execute()
}

async function countAnswers(db: Db, row: RemarkRow, reader: string | null): Promise<number> {
  const { count } = await db
    .selectFrom('comment as c')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where(isUnder(row))
    .where(visibleTo(reader, 'c'))
    .where('c.deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

/** Where a comment on a post of the department's own page stands by itself. */
export function commentAddress(post: string, comment: CommentId): string {
  const address = new URL(post)
  address.pathname = `${address.pathname}/comments/${comment}`
  return address.href
}
