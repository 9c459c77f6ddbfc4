import { data, type RouterContextProvider } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { longDay, todayHere } from '../../requests/requests.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { isOverdue, whatOf, whoMayDecide } from '../appeal.ts'
import { appealById, removalById } from '../appeal-store.ts'
import { subjectOf } from './decision-subject.ts'
import { foundComment, mustModerate } from './found-comment.ts'

/** An appeal with the comment, its removal and who may decide; otherwise an error page. */
export async function appealSubject(context: Readonly<RouterContextProvider>, typed: string | undefined) {
  mustModerate(context)
  const here = installation(context)
  const { db, policy } = here
  const id = parseId(typed)
  const appeal = id && (await appealById(db, id))
  const removal = appeal && (await removalById(db, appeal.removal))
  if (!appeal || !removal) throw data('There is no such appeal.', { status: 404 })
  const comment = await foundComment(context, appeal.comment)
  const partIn = [removal.by, ...(removal.secondPerson ? [removal.secondPerson] : [])]
  const [subject, deciders, today] = await Promise.all([
    subjectOf(context, comment.id),
    whoMayDecide(here, partIn),
    todayHere(here),
  ])
  const reason = policy.removalReasons.find((one) => one.id === removal.reason)
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
    removal: {
      at: removal.at,
      by: [removal.secondName, removal.byName].filter(Boolean).join(' and '),
      reason: reason?.title ?? removal.reason,
      clause: removal.clause,
    },
    mayDecide: policy.decide(whoIs(signedIn(context)), 'appeal.decide', whatOf(appeal.id, removal)).allowed,
    deciders: deciders.people.map(({ name, title }) => [title, name].filter(Boolean).join(' ')),
    moderatorsLeft: deciders.moderatorsLeft,
  }
}

export type AppealSubject = Awaited<ReturnType<typeof appealSubject>>
