import { Temporal } from 'temporal-polyfill'
import { append } from '../archive/archive.ts'
import { type Person, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { RecordsLaw } from '../policy/policy.ts'
import type { RequestId } from '../storage/ids.ts'
import { type Answer, consider, denied, done, problems } from './answer.ts'
import type { BusinessCalendar } from './calendar.ts'
import { type ExtensionBasis, extensionLimit } from './deadline.ts'
import { longDay } from './long-day.ts'
import { officeCalendar, todayHere } from './receipt.ts'
import * as store from './store.ts'

/** Keeps the first written response to a requester. It is due by the response day and opens the way to a fee. */
export async function acknowledge(
  installation: Installation,
  person: Person,
  id: RequestId,
  text: string,
): Promise<Answer> {
  const decision = await consider(installation, whoIs(person), 'request.enter', id)
  if (!decision.allowed) return denied(decision)
  const sentOn = await todayHere(installation)
  const at = installation.now()
  return installation.db.transaction().execute(async (tx) => {
    const request = await store.lockRequest(tx, id)
    if (!request) return problems(unknown)
    if (request.closure) return problems({ form: closedAlready(request) })
    if (request.acknowledgement)
      return problems({ form: `This request was answered on ${longDay(request.acknowledgement.sentOn)}.` })
    await store.insertAcknowledgement(tx, { request: id, text, by: person.id, at, sentOn })
    await append(tx, {
      kind: 'request.acknowledgement',
      subject: { kind: 'request', id },
      by: whoIs(person),
      decision,
      content: { number: request.number, text, sentOn, inTime: sentOn <= request.responseDue },
      words: `${request.number} ${text}`,
      at,
    })
    return done(null)
  })
}

/**
 * Gives the records more time, with the reasons that the requester reads. By the department's own word it is itself
 * a written response, so it counts as the first one when there was none.
 */
export async function extend(
  installation: Installation,
  person: Person,
  id: RequestId,
  wanted: { basis: ExtensionBasis; due: string; reason: string },
): Promise<Answer> {
  const decision = await consider(installation, whoIs(person), 'request.enter', id)
  if (!decision.allowed) return denied(decision)
  const today = await todayHere(installation)
  const at = installation.now()
  return installation.db.transaction().execute(async (tx) => {
    const request = await store.lockRequest(tx, id)
    if (!request) return problems(unknown)
    const { policy } = installation
    const calendar = await officeCalendar(tx, policy)
    const found = considerExtension(request, wanted, today, calendar, policy.recordsLaw)
    if (found) return problems(found)
    await store.insertExtension(tx, { request: id, ...wanted, by: person.id, at, writtenOn: today })
    const answers = !request.acknowledgement && wanted.basis === 'own-word'
    if (answers)
      await store.insertAcknowledgement(tx, {
        request: id,
        text: wanted.reason,
        by: person.id,
        at,
        sentOn: today,
      })
    await append(tx, {
      kind: 'request.extension',
      subject: { kind: 'request', id },
      by: whoIs(person),
      decision,
      content: { number: request.number, ...wanted, before: request.due, firstResponse: answers },
      words: `${request.number} ${wanted.reason}`,
      at,
    })
    return done(null)
  })
}

/** What stands against more time for a request, a sentence a field; null when it is lawful. */
export function considerExtension(
  request: store.RecordsRequest,
  wanted: { basis: ExtensionBasis; due: string },
  today: string,
  calendar: BusinessCalendar,
  law: RecordsLaw,
): Record<string, string> | null {
  const { basis, due } = wanted
  if (request.closure) return { form: closedAlready(request) }
  if (request.extensions.some((one) => one.basis === basis))
    return {
      basis:
        basis === 'own-word'
          ? `The department has set a later day once. For more time, petition ${law.supervisor}.`
          : `${capital(law.supervisor)} can give more time once only, and has done so.`,
    }
  if (basis === 'own-word' && today > request.responseDue)
    return {
      basis: `The first written response was due on ${longDay(request.responseDue)}, and only there could the department set a later day itself. For more time, petition ${law.supervisor}.`,
    }
  if (due <= today) return { due: `${longDay(due)} isn't in the future. Choose a day after today.` }
  if (due <= request.due)
    return { due: `The records are due on ${longDay(request.due)} already. Choose a later day.` }
  const free = calendar.whyFree(Temporal.PlainDate.from(due))
  if (free) return { due: `${longDay(due)} is no business day (${free}). Choose another day.` }
  const limit = extensionLimit(basis, request, calendar, law).toString()
  if (due > limit)
    return {
      due:
        basis === 'own-word'
          ? `The latest day the department can set itself is ${longDay(limit)}, business day ${law.ownWordBusinessDays} after receipt.`
          : `The latest day ${law.supervisor} can grant is ${longDay(limit)}, ${law.supervisorBusinessDays} business days after the day that stands.`,
    }
  return null
}

export const unknown = { form: 'This request does not exist.' }
export const closedAlready = (request: store.RecordsRequest) =>
  `Request ${request.number} is closed, so nothing about it can change. Enter a new request if there is more to answer.`

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
