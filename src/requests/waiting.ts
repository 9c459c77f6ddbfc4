import { Temporal } from 'temporal-polyfill'
import { type Person, type TodayItem, timeZoneHere, whoIs } from '../department/department.ts'
import { opening } from '../opening.ts'
import type { Policy } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'
import { unreadRequests } from './message.ts'
import { openByDeadline } from './store.ts'
import { openTasksOf } from './task.ts'

/** What waits for this person: tasks for requests, and for those who may answer them the open requests by deadline. */
export async function waitingFor(db: Db, person: Person, policy: Policy): Promise<TodayItem[]> {
  const timeZone = await timeZoneHere(db)
  const tasks = (await openTasksOf(db, person.id)).map(
    (task): TodayItem => ({
      title: `Task for request ${task.number}`,
      detail: opening(task.title, 120),
      href: `/console/requests/tasks/${task.id}`,
      at: endOf(task.due, timeZone),
      kind: 'request',
      due: true,
    }),
  )
  const may = policy.decide(whoIs(person), 'request.collect', { type: 'Request', id: 'any' })
  if (!may.allowed) return tasks
  const requests = (await openByDeadline(db, 50)).map((request): TodayItem => {
    const day = request.acknowledgedOn || request.orderedOn ? request.due : request.responseDue
    return {
      title: request.orderedOn
        ? `Do what was ordered about request ${request.number}`
        : request.acknowledgedOn
          ? `Provide the records for request ${request.number}`
          : `Answer request ${request.number} in writing`,
      detail: opening(request.text, 120),
      href: `/console/requests/${request.id}`,
      at: endOf(day, timeZone),
      kind: 'request',
      due: true,
    }
  })
  const messages = (await unreadRequests(db)).map(
    (one): TodayItem => ({
      title: `Read a message about request ${one.number}`,
      detail: opening(one.text ?? '', 120),
      href: `/console/requests/${one.id}/messages`,
      at: one.since ?? new Date(0),
      // Among requests with deadlines it would be folded away.
      kind: 'message',
    }),
  )
  return [...tasks, ...requests, ...messages].sort((a, b) => a.at.getTime() - b.at.getTime())
}

const endOf = (day: string, timeZone: string) =>
  new Date(Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds - 1)
