import { Temporal } from 'temporal-polyfill'
import { append } from '../archive/archive.ts'
import { type Answer, type Person, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { considerRequest } from './consideration.ts'
import { deadlines } from './deadline.ts'
import { longDay } from './long-day.ts'
import { officeCalendar } from './receipt.ts'
import * as store from './store.ts'

/** Notes a day on which the office is closed and counts the days of every open request anew. */
export async function closeOffice(
  installation: Installation,
  person: Person,
  { day, reason }: { day: string; reason: string },
): Promise<Answer<number>> {
  const { db, policy } = installation
  const decision = await considerRequest(installation, whoIs(person), 'request.enter', day)
  if (!decision.allowed) return { denied: decision }
  const at = installation.now()
  return db.transaction().execute(async (tx) => {
    const free = (await officeCalendar(tx, policy)).whyFree(Temporal.PlainDate.from(day))
    if (free) return { problems: { day: `${longDay(day)} is not counted anyway (${free}).` } }
    if (!(await store.insertClosedDay(tx, { day, reason, by: person.id, at })))
      return { problems: { day: 'Somebody has just noted this day.' } }
    const calendar = await officeCalendar(tx, policy)
    const moved: { request: string; responseDue: string }[] = []
    for (const request of await store.lockRunning(tx)) {
      const { receivedOn, responseDue } = deadlines(
        Temporal.PlainDate.from(request.arrived_on),
        calendar,
        policy.recordsLaw,
      )
      if (responseDue.toString() === request.response_due && receivedOn.toString() === request.received_on)
        continue
      await store.moveDays(tx, request.id, receivedOn.toString(), responseDue.toString())
      moved.push({ request: request.id, responseDue: responseDue.toString() })
    }
    await append(tx, {
      kind: 'request.calendar',
      subject: { kind: 'closed-day', id: day },
      by: whoIs(person),
      decision,
      content: { day, reason, moved },
      words: reason,
      at,
    })
    return { done: moved.length }
  })
}
