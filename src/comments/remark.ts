import { type RawBuilder, sql } from 'kysely'
import type { Installation } from '../installation.ts'
import type { CommentId } from '../storage/ids.ts'
import { editableUntil, isFrozen, mayStillEdit, wrote } from './capture.ts'
import { holdOn, pageHeld } from './hold-store.ts'
import { appealPath, openCode } from './notice.ts'
import { type Comment, commentById } from './store.ts'

/** A comment as the public sees it. */
export interface Remark {
  id: CommentId
  authorName: string
  /** Null when it was removed, deleted, or is held and somebody else's. */
  text: string | null
  postedAt: Date
  editedAt: Date | null
  /** 'held' for review: its author sees the words all the same. */
  standing: 'shown' | 'removed' | 'deleted' | 'held'
  /** Why it was removed: the reason and the clause that allows it. */
  removal: { reason: string; clause: string } | null
  /** Where its author appeals the removal, in the browser it was written with; null for everybody else. */
  appealAt: string | null
  /** Whom it answers; without a name where that comment is not shown. */
  inReplyTo: { id: CommentId; name: string | null } | null
  /** The department wrote it itself. */
  official: boolean
  /** Written with this browser; `editable` as long as it may still be changed. */
  mine: boolean
  editable: boolean
  /** It could be changed, if the page's comments were not held for review just now. */
  frozen: boolean
}
/** A comment that this browser wrote and that is still there, and how long it may be changed; null for everybody else. */
export async function ownRemark(
  installation: Installation,
  id: CommentId,
  token: string | undefined,
): Promise<{
  comment: Comment
  editable: boolean
  frozen: boolean
  until: Date
  minutesLeft: number
} | null> {
  const comment = await commentById(installation.db, id)
  if (!comment || comment.deleted_at || !wrote(installation, comment, token)) return null
  const [now, until] = [installation.now(), editableUntil(comment)]
  const held = (await holdOn(installation.db, comment.page, now)) !== undefined
  return {
    comment,
    ...changes(installation, comment, held),
    until,
    minutesLeft: Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 60_000)),
  }
}

/** Comments with what their readers see of them: whom they answer, and why they were removed. */
export const selectRemarks = ({ db, now }: Pick<Installation, 'db' | 'now'>) =>
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
    .select(['removal.reason', 'removal.clause', 'removal.code_sealed'])
    .select(
      sql<
        string | null
      >`case when parent.state = 'shown' and parent.deleted_at is null then parent.author_name end`.as(
        'parentName',
      ),
    )
    .select(pageHeld(db, now()).as('pageHeld'))

/** What is held for review is only its author's to see. */
export const visibleTo = (author: string | null, alias: 'a' | 'c'): RawBuilder<boolean> =>
  sql`(${sql.ref(`${alias}.state`)} <> 'held' or ${sql.ref(`${alias}.author_remote_id`)} = ${author})`

export type RemarkRow = Comment & {
  parentName: string | null
  reason: string | null
  clause: string | null
  code_sealed: string | null
  pageHeld: boolean
}

/** What readers see of a comment; its author, known by the token, sees more. */
export function asRemark(installation: Installation, row: RemarkRow, token: string | undefined): Remark {
  const standing = row.deleted_at ? 'deleted' : row.state === 'hidden' ? 'removed' : row.state
  const theirs = standing !== 'deleted' && wrote(installation, row, token)
  const mine = standing !== 'removed' && theirs
  const reason = installation.policy.removalReasons.find((one) => one.id === row.reason)
  return {
    id: row.id,
    authorName: row.author_name,
    text: standing === 'shown' || (standing === 'held' && mine) ? row.text : null,
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
        ? { id: row.in_reply_to, name: row.parentName }
        : null,
    official: row.official,
    mine,
    ...(mine ? changes(installation, row, row.pageHeld) : { editable: false, frozen: false }),
  }
}

/** What becomes of its author's wish to change a comment. */
function changes(installation: Installation, comment: Comment, held: boolean) {
  const inTime = mayStillEdit(comment, installation.now())
  const frozen = inTime && isFrozen(installation, comment, held)
  return { editable: inTime && !frozen, frozen }
}
