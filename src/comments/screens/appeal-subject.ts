import { data, type RouterContextProvider } from 'react-router'
import { longDay, todayHere } from '../../requests/requests.ts'
import { parseId } from '../../storage/ids.ts'
import { installation } from '../../web/context.ts'
import { isOpen } from '../../web/open-to.ts'
import { isOverdue, partIn, whatOf, whoMayDecide } from '../appeal.ts'
import { appealById, contested } from '../appeal-store.ts'
import { reasonTitle } from '../notice.ts'
import { subjectOf } from './decision-subject.ts'
import { foundComment, mustModerate } from './found-comment.ts'

/** An appeal with the comment, its removal and who may decide; otherwise an error page. */
export async function appealSubject(context: Readonly<RouterContextProvider>, typed: string | undefined) {
  mustModerate(context)
  const here = installation(context)
  const { db, policy } = here
  const id = parseId(typed)
  const appeal = id && (await appealById(db, id))
  const against = appeal && (await contested(db, appeal))
  if (!appeal || !against) throw data('There is no such appeal.', { status: 404 })
  const comment = await foundComment(context, appeal.comment)
  const [subject, deciders, today] = await Promise.all([
    subjectOf(context, comment.id),
    whoMayDecide(here, partIn(against)),
    todayHere(here),
  ])
  return {
    ...subject,
    appeal: {
      id: appeal.id,
      filedBy: appeal.filedBy,
      text: appeal.text,
      receivedAt: appeal.receivedAt,
      due: longDay(appeal.due),
      overdue: !appeal.decision && isOverdue(appeal, today),
      decision: appeal.decision,
    },
    against: {
      kind: against.kind,
      id: against.id,
      at: against.at,
      by: [against.secondName, against.byName].filter(Boolean).join(' and '),
      reason: reasonTitle(policy, against.reason),
      clause: against.clause,
    },
    mayDecide: isOpen(context, whatOf(appeal.id, against), 'appeal.decide'),
    deciders: deciders.people.map(({ name, title }) => (title ? `${name} (${title})` : name)),
    moderatorsLeft: deciders.moderatorsLeft,
  }
}

export type AppealSubject = Awaited<ReturnType<typeof appealSubject>>
