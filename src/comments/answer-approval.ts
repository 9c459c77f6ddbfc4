import { sql } from 'kysely'
import { append } from '../archive/archive.ts'
import {
  type Answer,
  consider,
  type Person,
  problem,
  type TodayItem,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { opening } from '../opening.ts'
import type { Policy } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'
import type { CommentId, PersonId } from '../storage/ids.ts'
import { lockComment } from './store.ts'

declare module '../storage/database.ts' {
  interface Tables {
    comment_answer_approval: { comment: CommentId; version: number; by: PersonId; at: Date }
  }
}

/**
 * Approves, afterwards, an answer of the department that was given on a platform: by who may answer for the department, and
 * only what screening would have let through (policy IV.A.2.i, IV.A.3.i). `revision` is what the approver has read.
 */
export function approveAnswer(
  installation: Installation,
  person: Person,
  id: CommentId,
  { revision, note }: { revision: number; note: string },
): Promise<Answer<CommentId>> {
  const { db, policy } = installation
  return db.transaction().execute<Answer<CommentId>>(async (tx) => {
    const comment = await lockComment(tx, id)
    if (!comment?.official || comment.answered_by)
      return problem('Only an answer that was given on a platform is approved afterwards.')
    if (comment.deleted_at) return problem('This answer is gone. There is nothing to approve.')
    if (comment.revision !== revision) return problem('This answer changed while you read it. Read it again.')
    const findings = policy.screen(comment.text).filter(({ severity }) => severity === 'stop')
    const what = { type: 'Comment', id, blockingFindings: findings.length }
    const decision = await consider(tx, installation, person, 'comment.answer', what, comment.page)
    if (!decision.allowed) return { denied: decision }
    const at = installation.now()
    const approval = { comment: id, version: comment.version, by: person.id, at }
    const added = await tx
      .insertInto('comment_answer_approval')
      .values(approval)
      .onConflict((conflict) => conflict.doNothing())
      .returning('comment')
      .executeTakeFirst()
    if (!added) return problem('This answer was approved already.')
    await append(tx, {
      kind: 'comment.answer-approval',
      subject: { kind: 'comment', id },
      page: comment.page,
      by: whoIs(person),
      decision,
      content: { text: comment.text, version: comment.version, note: note.trim() },
      words: `${note.trim()}\n${comment.text}`.trim(),
      at,
    })
    return { done: id }
  })
}

/** Whether the comment `c` of a query is an answer that was given on a platform and that nobody approved. */
export const unapproved = sql<boolean>`(c.official and c.answered_by is null and c.deleted_at is null
  and not exists (select from comment_answer_approval a where a.comment = c.id and a.version = c.version))`

/** Answers on platforms that nobody approved: for the pages' administrators, and for those who may approve them. */
export async function unapprovedFor(db: Db, person: Person, policy: Policy): Promise<TodayItem[]> {
  const may = policy.decide(whoIs(person), 'comment.answer', {
    type: 'Comment',
    id: 'any',
    blockingFindings: 0,
  }).allowed
  const { rows } = await sql<{ id: CommentId; title: string; text: string; at: Date }>`
    select c.id, page.title, c.text, coalesce(c.edited_at, c.captured_at) as at
    from comment c join page on page.id = c.page
    where ${unapproved} and (${may} or exists (
      select from page_administrator p where p.page = c.page and p.person = ${person.id}))
    order by c.posted_at, c.id limit 20`.execute(db)
  return rows.map(({ id, title, text, at }) => ({
    kind: 'comment.unapproved-answer',
    title: `An answer on “${title}” that nobody approved here`,
    detail: `“${opening(text, 90)}” ${
      may
        ? 'Approve it, or have it deleted on the platform.'
        : 'It was given with the page’s account. Ask the chief executive or a designee to approve it, or delete it there.'
    }`,
    href: `/console/comments/${id}`,
    at,
  }))
}
