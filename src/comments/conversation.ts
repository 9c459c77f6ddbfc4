import { sql } from 'kysely'
import type { Installation } from '../installation.ts'
import type { Db } from '../storage/database.ts'
import type { CommentId } from '../storage/ids.ts'
import { mayStillEdit, wrote } from './capture.ts'
import { appealPath, openCode } from './notice.ts'
import { type Comment, commentById } from './store.ts'

/** A comment as the public sees it. */
export interface Remark {
  id: CommentId
  authorName: string
  /** Null when it was removed or deleted. */
  text: string | null
  postedAt: Date
  editedAt: Date | null
  standing: 'shown' | 'removed' | 'deleted'
  /** Why it was removed: the reason and the clause that allows it. */
  removal: { reason: string; clause: string } | null
  /** Where its author appeals the removal, in the browser it was written with; null for everybody else. */
  appealAt: string | null
  inReplyTo: { id: CommentId; name: string } | null
  /** Written with this browser; `editable` as long as it may still be changed. */
  mine: boolean
  editable: boolean
}
export interface Conversation {
  threads: { first: Remark; answers: Remark[] }[]
  /** Where the next page begins; null at the end. */
  next: string | null
}

/** The conversation under a post: newest threads first, the answers in a thread as they came. */
export async function conversationUnder(
  installation: Installation,
  publication: string,
  { after, token, take = 25 }: { after?: string | null; token?: string | undefined; take?: number } = {},
): Promise<Conversation> {
  const { db } = installation
  let query = select(db)
    .where('c.publication', '=', publication)
    .whereRef('c.thread', '=', 'c.id')
    .where('c.state', '!=', 'held')
    // A deleted comment stays as a gap only where others answered it.
    .where(({ or, eb, exists, selectFrom }) =>
      or([
        eb('c.deleted_at', 'is', null),
        exists(
          selectFrom('comment as a')
            .select('a.id')
            .whereRef('a.thread', '=', 'c.id')
            .whereRef('a.id', '!=', 'c.id')
            .where('a.deleted_at', 'is', null)
            .where('a.state', '!=', 'held'),
        ),
      ]),
    )
  const cursor = readCursor(after)
  if (cursor)
    query = query.where(sql<boolean>`(c.posted_at, c.id) < (${cursor.at}::timestamptz, ${cursor.id}::uuid)`)
  const rows = await query
    .orderBy('c.posted_at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(take + 1)
    .execute()
  const firsts = rows.slice(0, take)
  const answers =
    firsts.length === 0
      ? []
      : await select(db)
          .where(
            'c.thread',
            'in',
            firsts.map(({ id }) => id),
          )
          .whereRef('c.thread', '!=', 'c.id')
          .where('c.state', '!=', 'held')
          .where('c.deleted_at', 'is', null)
          .orderBy('c.posted_at')
          .orderBy('c.id')
          .execute()
  const remark = (row: Row) => asRemark(installation, row, token)
  const last = rows.length > take ? firsts.at(-1) : undefined
  return {
    threads: firsts.map((first) => ({
      first: remark(first),
      answers: answers.filter(({ thread }) => thread === first.id).map(remark),
    })),
    next: last ? cursorOf(last) : null,
  }
}

/** A comment that this browser wrote and that is still there, for its author; null for everybody else. */
export async function ownRemark(
  installation: Installation,
  id: CommentId,
  token: string | undefined,
): Promise<{ comment: Comment; editable: boolean } | null> {
  const comment = await commentById(installation.db, id)
  if (!comment || comment.deleted_at || !wrote(installation, comment, token)) return null
  return { comment, editable: mayStillEdit(comment, installation.now()) }
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

const select = (db: Db) =>
  db
    .selectFrom('comment as c')
    .leftJoin('comment as parent', 'parent.id', 'c.in_reply_to')
    .leftJoinLateral(
      ({ selectFrom }) =>
        selectFrom('comment_decision as d')
          .leftJoin('comment_notice as n', (join) =>
            join.onRef('n.removal', '=', 'd.id').on('n.about', '=', 'removal'),
          )
          .select(['d.reason', 'd.clause', 'n.code_sealed'])
          .whereRef('d.comment', '=', 'c.id')
          .where('d.decision', '=', 'hide')
          .orderBy('d.at', 'desc')
          .limit(1)
          .as('removal'),
      (join) => join.onTrue(),
    )
    .selectAll('c')
    .select(['parent.author_name as parentName', 'removal.reason', 'removal.clause', 'removal.code_sealed'])

type Row = Comment & {
  parentName: string | null
  reason: string | null
  clause: string | null
  code_sealed: string | null
}

function asRemark(installation: Installation, row: Row, token: string | undefined): Remark {
  const standing = row.deleted_at ? 'deleted' : row.state === 'hidden' ? 'removed' : 'shown'
  const theirs = standing !== 'deleted' && wrote(installation, row, token)
  const mine = standing === 'shown' && theirs
  const reason = installation.policy.removalReasons.find((one) => one.id === row.reason)
  return {
    id: row.id,
    authorName: row.author_name,
    text: standing === 'shown' ? row.text : null,
    postedAt: row.posted_at,
    editedAt: row.edited_at,
    standing,
    removal:
      standing === 'removed' ? { reason: reason?.title ?? row.reason ?? '', clause: row.clause ?? '' } : null,
    appealAt:
      standing === 'removed' && theirs && row.code_sealed
        ? appealPath(openCode(installation, row.code_sealed))
        : null,
    // An answer to the thread's first comment needs no word: it stands below it.
    inReplyTo:
      row.in_reply_to && row.in_reply_to !== row.thread
        ? { id: row.in_reply_to, name: row.parentName ?? '' }
        : null,
    mine,
    editable: mine && mayStillEdit(row, installation.now()),
  }
}

/** A place in a list by time: the last row that was shown. */
export const cursorOf = (row: { posted_at: Date; id: string }) => `${row.posted_at.getTime()}_${row.id}`

/** Where, under a post of the department's own page, the conversation is shown from this thread on. */
export function threadAddress(post: string, first: Pick<Comment, 'posted_at'>): string {
  const address = new URL(post)
  // Behind every comment of the same moment, whatever its id.
  const id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
  address.searchParams.set('after', cursorOf({ posted_at: first.posted_at, id }))
  return address.href
}

export function readCursor(text: string | null | undefined): { at: Date; id: string } | null {
  const match = /^(\d{1,14})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text ?? '')
  return match?.[1] && match[2] ? { at: new Date(Number(match[1])), id: match[2] } : null
}
