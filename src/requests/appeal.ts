import { Temporal } from 'temporal-polyfill'
import type { Answer, Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { newId, type RequestId } from '../storage/ids.ts'
import { considerDetermination, type Determination, ordersNothing } from './appeal-order.ts'
import { type AppealId, appealsOf, endAppeal, insertAppeal, insertOrder, reopen } from './appeal-store.ts'
import { isPaid } from './charging.ts'
import { longDay } from './long-day.ts'
import { officeCalendar } from './receipt.ts'
import { type Change, changing, recordChange } from './response.ts'
import { keepWaitEnd } from './waiting-for.ts'

/** The last day on which a requester can appeal an answer given on `answered`. */
export const appealLimit = (answered: string, days: number): string =>
  Temporal.PlainDate.from(answered).add({ days }).toString()

/** Notes an appeal that the department learnt of. It is about the answer, so a closed request has one too. */
export const noteAppeal = (
  installation: Installation,
  person: Person,
  id: RequestId,
  { receivedOn, reason }: { receivedOn: string; reason: string },
): Promise<Answer<null>> =>
  changing(
    installation,
    person,
    id,
    'request.enter',
    async (change): Promise<Answer<null>> => {
      const { tx, request, today, at } = change
      const { policy } = installation
      if (receivedOn > today) return { problems: { receivedOn: 'An appeal can’t lie in the future.' } }
      if (receivedOn < request.receivedOn)
        return {
          problems: { receivedOn: `The request itself was received on ${longDay(request.receivedOn)}.` },
        }
      if (!reason.trim()) return { problems: { reason: 'Say what the requester appeals.' } }
      if ((await appealsOf(tx, id)).some((one) => one.determinedOn === null))
        return { problems: { form: 'An appeal about this request is running already.' } }
      const calendar = await officeCalendar(tx, policy)
      const received = calendar.receivedOn(Temporal.PlainDate.from(receivedOn))
      const due = calendar.businessDayAfter(received, policy.recordsLaw.appealBusinessDays).toString()
      const answered = request.closure?.closedOn ?? request.acknowledgement?.sentOn
      const late = answered ? receivedOn > appealLimit(answered, policy.recordsLaw.appealDays) : false
      await insertAppeal(tx, {
        id: newId<'appeal'>(),
        request: id,
        receivedOn,
        due,
        reason: reason.trim(),
        by: person.id,
        at,
      })
      await recordChange(change, 'request.appeal', { receivedOn, due, reason, late }, reason)
      return { done: null }
    },
    { closedToo: true },
  )

/**
 * Enters what the supervisor of records determined. An order with a day gives the request a new clock until that day,
 * and opens it again when it was answered; an order about the fee is the most that may be charged from then on.
 */
export const determineAppeal = (
  installation: Installation,
  person: Person,
  id: RequestId,
  determination: Determination,
): Promise<Answer<null>> => {
  const opens = determination.due !== null && !ordersNothing(determination.outcome)
  return changing(
    installation,
    person,
    id,
    opens ? 'request.reopen' : 'request.enter',
    async (change): Promise<Answer<null>> => {
      const { tx, today, at } = change
      const appeal = (await appealsOf(tx, id)).find((one) => one.determinedOn === null)
      if (!appeal) return { problems: { form: 'No appeal about this request is running.' } }
      const wanted = { ...determination, note: determination.note.trim() }
      const found = considerDetermination(appeal, wanted, today)
      if (found) return { problems: found }
      await endAppeal(tx, appeal.id, { ...wanted, at })
      const { outcome, determinedOn, due, feeCents, note } = wanted
      await recordChange(change, 'request.appeal-end', { outcome, determinedOn, due, feeCents, note }, note)
      if (due !== null || feeCents !== null) await order(change, appeal.id, wanted)
      return { done: null }
    },
    { closedToo: true, about: () => ({ ordered: opens }) },
  )
}

async function order(
  change: Change,
  appeal: AppealId,
  { outcome, determinedOn, due, feeCents }: Determination,
): Promise<void> {
  const { tx, request, person, at } = change
  const { id } = request
  await insertOrder(tx, { appeal, request: id, due, feeCents, by: person.id, at })
  if (due === null) {
    if (await isPaid(tx, id)) await keepWaitEnd(change, 'fee')
    return
  }
  const answered = request.closure?.closedOn ?? null
  const reopened = await reopen(tx, id, appeal)
  await recordChange(change, reopened ? 'request.reopening' : 'request.new-day', {
    ...{ outcome, determinedOn, before: request.due, due, feeCents, answered },
  })
  // The order's day stands whatever the request waited for.
  for (const one of request.waits)
    if (one.endedOn === null && one.stops === 'records')
      await keepWaitEnd(change, one.reason, { dayStands: true })
}
