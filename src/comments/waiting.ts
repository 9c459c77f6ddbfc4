import type { TodayItem } from '../department/department.ts'
import { type Person, whoIs } from '../department/department.ts'
import { opening } from '../opening.ts'
import type { Policy } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'
import { unapprovedFor } from './answer-approval.ts'
import { reviewDue } from './automatic.ts'
import { reviewsInAll } from './automatic-store.ts'
import { escalationsFor } from './escalation-store.ts'
import { questionsFor } from './question-store.ts'

const most = 20

/** What waits for this person: comments nobody decided about, wishes to hide and questions they are asked about, what was hidden automatically, what was passed on to them, and answers that nobody approved. */
export async function waitingFor(db: Db, person: Person, policy: Policy): Promise<TodayItem[]> {
  const always = [
    ...(await unapprovedFor(db, person, policy)),
    ...(await escalationItems(db, person, policy)),
  ]
  if (!policy.decide(whoIs(person), 'comment.keep', { type: 'Comment', id: 'any' }).allowed) return always
  return [
    ...always,
    ...(await wishItems(db, person)),
    ...(await questionItems(db, person)),
    ...(await automaticItems(db, policy)),
    ...(await waitingItems(db)),
  ]
}

async function escalationItems(db: Db, person: Person, policy: Policy): Promise<TodayItem[]> {
  const open = await escalationsFor(db, person.roles, { state: 'open', kind: null, skip: 0, take: most })
  return open.map((one) => ({
    kind: 'comment.escalation',
    title: `${titleOf(policy, one.kind)}: a comment of ${one.author}`,
    detail: `“${opening(one.text, 90)}” ${one.acknowledgedByName ? `${one.acknowledgedByName} has taken it up.` : `${one.byName} passed it on. Take it up.`}`,
    href: `/console/escalations/${one.id}`,
    at: one.due_at,
    due: true,
  }))
}

const titleOf = (policy: Policy, kind: string) =>
  policy.escalationKinds.find(({ id }) => id === kind)?.title ?? kind

/** Criticism that a colleague wants to hide. */
async function wishItems(db: Db, person: Person): Promise<TodayItem[]> {
  const asked = await db
    .selectFrom('comment_consultation')
    .innerJoin('comment', 'comment.id', 'comment_consultation.comment')
    .innerJoin('person', 'person.id', 'comment_consultation.by')
    .select(['comment.id', 'comment.author_name', 'comment_consultation.at', 'person.name'])
    .where('comment_consultation.ended_at', 'is', null)
    .where('comment_consultation.by', '!=', person.id)
    .where('comment.deleted_at', 'is', null)
    .orderBy('comment_consultation.at')
    .limit(most)
    .execute()
  return asked.map((one) => ({
    kind: 'comment.consultation',
    title: `A comment of ${one.author_name}`,
    detail: `${one.name} wants to hide it and asks a second person.`,
    href: `/console/comments/${one.id}`,
    at: one.at,
  }))
}

async function questionItems(db: Db, person: Person): Promise<TodayItem[]> {
  return (await questionsFor(db, person.id, most)).map((one) => ({
    kind: 'comment.question',
    title: `A comment of ${one.author}`,
    detail: one.advice
      ? `${one.advisedByName} answered: “${one.advice}” Now decide.`
      : `${one.byName} asks ${one.asked ? 'you' : 'anybody'} for advice.${one.note ? ` “${one.note}”` : ''}`,
    href: `/console/comments/${one.comment}`,
    at: one.advised_at ?? one.at,
  }))
}

/** What was hidden without a person, and now has to be looked at by one. */
async function automaticItems(db: Db, policy: Policy): Promise<TodayItem[]> {
  const { count, since } = await reviewsInAll(db)
  if (!since) return []
  return [
    {
      kind: 'comment.automatic-review',
      title: `${count.toLocaleString('en-US')} ${count === 1 ? 'comment was' : 'comments were'} hidden without a person`,
      detail: 'Look at the sample: it stays hidden, or it is shown again.',
      href: '/console/automatic-hiding',
      at: reviewDue({ policy }, since),
      due: true,
    },
  ]
}

async function waitingItems(db: Db): Promise<TodayItem[]> {
  const waiting = await db
    .selectFrom('comment')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('posted_at').as('since')])
    .where('decided_at', 'is', null)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  if (!waiting.since) return []
  return [
    {
      kind: 'comment.waiting',
      title: `${waiting.count.toLocaleString('en-US')} ${waiting.count === 1 ? 'comment waits' : 'comments wait'}`,
      detail: 'Keep them, or hide those that the policy lets you hide.',
      href: '/console/comments',
      at: waiting.since,
    },
  ]
}
