import { Temporal } from 'temporal-polyfill'
import { type Person, type TodayItem, whoIs } from '../department/department.ts'
import type { Policy } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'
import { timeZoneHere } from './receipt.ts'
import { openByDeadline } from './store.ts'

/** The open requests that wait for this person, oldest deadline first; none for somebody who may not answer them. */
export async function waitingFor(db: Db, person: Person, policy: Policy): Promise<TodayItem[]> {
  const may = policy.decide(whoIs(person), 'request.collect', { type: 'Request', id: 'any' })
  if (!may.allowed) return []
  const timeZone = await timeZoneHere(db)
  return (await openByDeadline(db, 50)).map((request) => {
    const day = request.acknowledgedOn ? request.due : request.responseDue
    return {
      title: request.acknowledgedOn
        ? `Provide the records for request ${request.number}`
        : `Answer request ${request.number} in writing`,
      detail: opening(request.text),
      href: `/console/requests/${request.id}`,
      at: endOf(day, timeZone),
      kind: 'request',
      due: true,
    }
  })
}

const opening = (text: string) => (text.length > 120 ? `${text.slice(0, 117).trimEnd()}…` : text)

const endOf = (day: string, timeZone: string) =>
  new Date(Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds - 1)
