import { sql } from 'kysely'
import type { Installation } from '../installation.ts'
import { uuids } from '../storage/arrays.ts'
import type { Db } from '../storage/database.ts'
import type { CommentId } from '../storage/ids.ts'
import { authorWith } from './capture.ts'
import { asRemark, type Remark, type RemarkRow, selectRemarks, visibleTo } from './remark.ts'

export const conversationOrders = ['newest', 'oldest'] as const
export type ConversationOrder = (typeof conversationOrders)[number]

export interface Thread {
  first: Remark
  /** The first answers, as they came; all of them, where they are few. */
  answers: Remark[]
  /** How many answers there are. */
  count: number
}
export interface Conversation {
  threads: Thread[]
  /** Where the next page begins; null at the end. */
  next: string | null
}

/** With more answers than this a thread is folded, and so many stand under its first comment. */
const mostUnfolded = 5
const whenFolded = 3

/** The conversation under a post, a page of threads at a time: by when they began. A long thread is folded. */
export async function conversationUnder(
  installation: Installation,
  publication: string,
  {
    after,
    order = 'newest',
    token,
    take = 25,
  }: {
    after?: string | null
    order?: ConversationOrder
    token?: string | undefined
    take?: number
  } = {},
): Promise<Conversation> {
  const [beyond, direction] = order === 'newest' ? ([sql`<`, 'desc'] as const) : ([sql`>`, 'asc'] as const)
  const reader = authorWith(installation, token)
  let query = selectRemarks(installation)
    .where('c.publication', '=', publication)
    .whereRef('c.thread', '=', 'c.id')
    // What is deleted, or held for review, stays as a gap only where others answered it.
    .where(({ or, and, eb, exists, selectFrom }) =>
      or([
        and([eb('c.deleted_at', 'is', null), visibleTo(reader, 'c')]),
        exists(
          selectFrom('comment as a')
            .select('a.id')
            .whereRef('a.thread', '=', 'c.id')
            .whereRef('a.id', '!=', 'c.id')
            .where('a.deleted_at', 'is', null)
            .where(visibleTo(reader, 'a')),
        ),
      ]),
    )
  const cursor = readCursor(after)
  if (cursor)
    query = query.where(
      sql<boolean>`(c.posted_at, c.id) ${beyond} (${cursor.at}::timestamptz, ${cursor.id}::uuid)`,
    )
  const rows = await query
    .orderBy('c.posted_at', direction)
    .orderBy('c.id', direction)
    .limit(take + 1)
    .execute()
  const firsts = rows.slice(0, take)
  const folded = await firstAnswers(
    installation,
    firsts.map(({ id }) => id),
    reader,
  )
  const remark = (row: RemarkRow) => asRemark(installation, row, token)
  const last = rows.length > take ? firsts.at(-1) : undefined
  return {
    threads: firsts.map((first) => {
      const { count = 0, answers = [] } = folded.get(first.id) ?? {}
      return { first: remark(first), answers: answers.map(remark), count }
    }),
    next: last ? cursorOf(last) : null,
  }
}

/** The first answers in each of these threads, and how many there are. */
async function firstAnswers(
  here: Pick<Installation, 'db' | 'now'>,
  threads: readonly CommentId[],
  reader: string | null,
): Promise<Map<CommentId, { count: number; answers: RemarkRow[] }>> {
  if (threads.length === 0) return new Map()
  const { rows: places } = await sql<{ thread: CommentId; id: CommentId; count: number }>`
    select t.id as thread, a.id, a.count from unnest(${uuids(threads)}::uuid[]) t (id)
    cross join lateral (
      select a.id, count(*) over () as count, row_number() over (order by a.posted_at, a.id) as place
      from comment a
      where a.thread = t.id and a.id <> t.id and ${visibleTo(reader, 'a')} and a.deleted_at is null
      order by a.posted_at, a.id limit ${mostUnfolded}) a
    where a.count <= ${mostUnfolded} or a.place <= ${whenFolded}`.execute(here.db)
  const rows =
    places.length === 0
      ? []
      : await selectRemarks(here)
          .where(
            'c.id',
            'in',
            places.map(({ id }) => id),
          )
          .orderBy('c.posted_at')
          .orderBy('c.id')
          .execute()
  return new Map(
    threads.map((thread) => [
      thread,
      {
        count: places.find((one) => one.thread === thread)?.count ?? 0,
        answers: rows.filter((row) => row.thread === thread),
      },
    ]),
  )
}

/** How many comments readers see under each publication. */
export async function commentCounts(db: Db, publications: readonly string[]): Promise<Map<string, number>> {
  if (publications.length === 0) return new Map()
  const rows = await db
    .selectFrom('comment')
    .select(['publication', ({ fn }) => fn.countAll<number>().as('count')])
    .where('publication', 'in', [...publications])
    .where('state', '=', 'shown')
    .where('deleted_at', 'is', null)
    .groupBy('publication')
    .execute()
  return new Map(rows.map((row) => [row.publication, row.count]))
}

/** A place in a list by time: the last row that was shown. */
export const cursorOf = (row: { posted_at: Date; id: string }) => `${row.posted_at.getTime()}_${row.id}`

export function readCursor(text: string | null | undefined): { at: Date; id: string } | null {
  const match = /^(\d{1,14})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text ?? '')
  return match?.[1] && match[2] ? { at: new Date(Number(match[1])), id: match[2] } : null
}
