import type { TodayItem } from '../department/department.ts'
import { type Person, whoIs } from '../department/department.ts'
import type { Policy } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'

/** The comments that wait for this person: those nobody decided about, and those about which they are asked as the second. */
export async function waitingFor(db: Db, person: Person, policy: Policy): Promise<TodayItem[]> {
  if (!policy.decide(whoIs(person), 'comment.keep', { type: 'Comment', id: 'any' }).allowed) return []
  const waiting = await db
    .selectFrom('comment')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('posted_at').as('since')])
    .where('decided_at', 'is', null)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  const asked = await db
    .selectFrom('comment_consultation')
    .innerJoin('comment', 'comment.id', 'comment_consultation.comment')
    .innerJoin('person', 'person.id', 'comment_consultation.by')
    .select(['comment.id', 'comment.author_name', 'comment_consultation.at', 'person.name'])
    .where('comment_consultation.ended_at', 'is', null)
    .where('comment_consultation.by', '!=', person.id)
    .where('comment.deleted_at', 'is', null)
    .orderBy('comment_consultation.at')
    .limit(20)
    .execute()
  return [
    ...asked.map((one) => ({
      kind: 'comment.consultation',
      title: `A comment of ${one.author_name}`,
      detail: `${one.name} wants to hide it and asks a second person.`,
      href: `/console/comments/${one.id}`,
      at: one.at,
    })),
    ...(waiting.since
      ? [
          {
            kind: 'comment.waiting',
            title: `${waiting.count.toLocaleString('en-US')} ${waiting.count === 1 ? 'comment waits' : 'comments wait'}`,
            detail: 'Keep them, or hide those that the policy lets you hide.',
            href: '/console/comments',
            at: waiting.since,
          },
        ]
      : []),
  ]
}
