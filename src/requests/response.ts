import { Temporal } from 'temporal-polyfill'
import { append } from '../archive/archive.ts'
import { capital } from '../capital.ts'
import { type Answer, consider, type Person, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Decision, RecordsLaw } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import type { RequestId } from '../storage/ids.ts'
import { standingOrder } from './appeal-order.ts'
import type { BusinessCalendar } from './calendar.ts'
import { type ExtensionBasis, extensionLimit } from './deadline.ts'
import { longDay } from './long-day.ts'
import { officeCalendar, todayHere } from './receipt.ts'
import * as store from './store.ts'

/** A change of a request in progress: who makes it, by which decision, and when. */
export interface Change {
  tx: Tx
  installation: Installation
  person: Person
  decision: Decision
  request: store.RecordsRequest
  /** The local day. */
  today: string
  at: Date
}

/**
 * Runs `work` with an open request locked, for somebody whom the policy lets do this; a refusal is recorded. `about`
 * is what the rules look at beside the request's id.
 */
export async function changing<Value>(
  installation: Installation,
  person: Person,
  id: RequestId,
  action: 'request.enter' | 'request.close' | 'request.publish' | 'request.reopen',
  work: (change: Change) => Promise<Answer<Value>>,
  {
    closedToo = false,
    about = () => ({}),
  }: { closedToo?: boolean; about?: (request: store.RecordsRequest) => Record<string, boolean> } = {},
): Promise<Answer<Value>> {
  const today = await todayHere(installation)
  const at = installation.now()
  return installation.db.transaction().execute(async (tx) => {
    const request = await store.lockRequest(tx, id)
    const what = { type: 'Request', id, ...(request ? about(request) : {}) }
    const decision = await consider(tx, installation, person, action, what)
    if (!decision.allowed) return { denied: decision }
    if (!request) return { problems: unknown }
    if (request.closure && !closedToo) return { problems: { form: closedAlready(request) } }
    return work({ tx, installation, person, decision, request, today, at })
  })
}

/** Appends the record of a change of a request. */
export const recordChange = (
  { tx, person, decision, request, at }: Change,
  kind: `request.${string}`,
  content: object,
  words = '',
) =>
  append(tx, {
    kind,
    subject: { kind: 'request', id: request.id },
    by: whoIs(person),
    decision,
    content: { number: request.number, ...content },
    words: `${request.number} ${words}`.trim(),
    at,
  })

/** Keeps the first written response to a requester. It is due by the response day and opens the way to a fee. */
export const acknowledge = (
  installation: Installation,
  person: Person,
  id: RequestId,
  text: string,
): Promise<Answer<null>> =>
  changing(installation, person, id, 'request.enter', async (change): Promise<Answer<null>> => {
    const { acknowledgement } = change.request
    if (acknowledgement)
      return { problems: { form: `This request was answered on ${longDay(acknowledgement.sentOn)}.` } }
    await keepResponse(change, text)
    return { done: null }
  })

/** Keeps `text` as the first written response, unless there was one. */
export async function keepResponse(change: Change, text: string): Promise<boolean> {
  const { tx, person, request, today, at } = change
  if (request.acknowledgement) return false
  await store.insertAcknowledgement(tx, { request: request.id, text, by: person.id, at, sentOn: today })
  await recordChange(
    change,
    'request.acknowledgement',
    { text, sentOn: today, inTime: today <= request.responseDue },
    text,
  )
  return true
}

export interface WantedExtension {
  basis: ExtensionBasis
  due: string
  reason: string
}

/**
 * Gives the records more time, with the reasons that the requester reads. By the department's own word it is itself
 * a written response, so it counts as the first one when there was none.
 */
export const extend = (
  installation: Installation,
  person: Person,
  id: RequestId,
  wanted: WantedExtension,
): Promise<Answer<null>> =>
  changing(installation, person, id, 'request.enter', (change) => keepExtension(change, wanted))

/** The same inside another change. */
export async function keepExtension(change: Change, wanted: WantedExtension): Promise<Answer<null>> {
  const { tx, installation, person, request, today, at } = change
  const { policy } = installation
  const calendar = await officeCalendar(tx, policy)
  const found = considerExtension(request, wanted, today, calendar, policy.recordsLaw)
  if (found) return { problems: found }
  await store.insertExtension(tx, { request: request.id, ...wanted, by: person.id, at, writtenOn: today })
  const answers = wanted.basis === 'own-word' && (await keepResponse(change, wanted.reason))
  await recordChange(
    change,
    'request.extension',
    { ...wanted, before: request.due, firstResponse: answers },
    wanted.reason,
  )
  return { done: null }
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
          : basis === 'agreed'
            ? 'The requester has agreed to a later day once already.'
            : `${capital(law.supervisor)} can give more time once only, and has done so.`,
    }
  const ordered = standingOrder(request.orders)
  if (basis === 'own-word' && ordered)
    return {
      basis: `${capital(law.supervisor)} ordered it by ${longDay(ordered.due)}, so the department can’t set a later day itself. Agree on one with the requester, or petition ${law.supervisor}.`,
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
          : basis === 'agreed'
            ? `${longDay(due)} is more than a year away. Check the year.`
            : `The latest day ${law.supervisor} can grant is ${longDay(limit)}, ${law.supervisorBusinessDays} business days after the day that stands.`,
    }
  return null
}

export const unknown = { form: 'This request does not exist.' }
export const closedAlready = (request: store.RecordsRequest) =>
  `Request ${request.number} is closed, so nothing about it can change. An order after an appeal opens it again; for anything else enter a new request.`
