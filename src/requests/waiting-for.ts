import { Temporal } from 'temporal-polyfill'
import type { Answer, Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { RequestId } from '../storage/ids.ts'
import { dueAfterPause } from './deadline.ts'
import { officeCalendar } from './receipt.ts'
import { type Change, changing, keepExtension, recordChange } from './response.ts'
import { wait } from './send-letter.ts'
import * as waits from './wait-store.ts'

/** Notes that a request waits for something. Answers that it was noted; which clock stops, the pack says. */
export const beginWait = (
  installation: Installation,
  person: Person,
  id: RequestId,
  reason: string,
): Promise<Answer<null>> =>
  changing(installation, person, id, 'request.enter', async (change): Promise<Answer<null>> => {
    if (change.request.waits.some((one) => one.reason === reason && one.endedOn === null))
      return { problems: { reason: 'The request waits for this already.' } }
    const found = await wait(change, reason)
    return found ? { problems: found } : { done: null }
  })

/** What a request waited for has come. The records are due as many business days later as their clock stood still. */
export const endWait = (
  installation: Installation,
  person: Person,
  id: RequestId,
  reason: string,
): Promise<Answer<null>> =>
  changing(
    installation,
    person,
    id,
    'request.enter',
    async (change): Promise<Answer<null>> =>
      (await keepWaitEnd(change, reason))
        ? { done: null }
        : { problems: { form: 'The request does not wait for this any more.' } },
  )

/** The same inside another change; false when it did not wait for this. `dayStands` leaves the day where it is. */
export async function keepWaitEnd(
  change: Change,
  reason: string,
  { dayStands = false } = {},
): Promise<boolean> {
  const { tx, installation, request, today } = change
  const open = request.waits.find((one) => one.reason === reason && one.endedOn === null)
  if (!open) return false
  const calendar = await officeCalendar(tx, installation.policy)
  const due =
    open.stops === 'records' && !dayStands
      ? dueAfterPause(
          request.due,
          Temporal.PlainDate.from(open.beganOn),
          Temporal.PlainDate.from(today),
          calendar,
        ).toString()
      : null
  await waits.endWait(tx, open.id, today, due)
  await recordChange(change, 'request.wait-end', { reason, endedOn: today, before: request.due, due })
  return true
}

/** Enters what the supervisor decided about the petition for more time. */
export const determinePetition = (
  installation: Installation,
  person: Person,
  id: RequestId,
  wanted: { granted: boolean; due: string; note: string },
): Promise<Answer<null>> =>
  changing(installation, person, id, 'request.enter', async (change): Promise<Answer<null>> => {
    const { tx, request, today, at } = change
    const petition = await waits.petitionOf(tx, id)
    if (!petition) return { problems: { form: 'No petition was filed. Send it first.' } }
    if (petition.granted !== null) return { problems: { form: 'The determination was entered already.' } }
    if (wanted.granted) {
      const reason = wanted.note || 'The supervisor of records granted the petition.'
      const answer = await keepExtension(change, { basis: 'supervisor', due: wanted.due, reason })
      if (!('done' in answer)) return answer
    }
    await waits.insertDetermination(tx, {
      request: request.id,
      granted: wanted.granted,
      determinedOn: today,
      note: wanted.note,
      by: person.id,
      at,
    })
    await recordChange(change, 'request.determination', {
      granted: wanted.granted,
      due: wanted.granted ? wanted.due : null,
      note: wanted.note,
    })
    await keepWaitEnd(change, 'petition')
    return { done: null }
  })
