import { Temporal } from 'temporal-polyfill'
import { append, reversed } from '../archive/archive.ts'
import { type Answer, type Person, timeZoneHere, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Policy, Who } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'
import { newId, type PersonId, type RequestId } from '../storage/ids.ts'
import { businessCalendar } from './calendar.ts'
import { newCode, readCode } from './code.ts'
import { considerRequest } from './consideration.ts'
import { deadlines, localDay } from './deadline.ts'
import { longDay } from './long-day.ts'
import * as store from './store.ts'

export interface Contact {
  email?: string | undefined
  phone?: string | undefined
  address?: string | undefined
}
export interface Arrival {
  text: string
  name?: string | undefined
  contact: Contact
  aboutFrom?: string | undefined
  aboutTo?: string | undefined
  format?: string | undefined
}
export interface Received {
  id: RequestId
  number: string
  code: string
}

const formsAnHour = 5

/** A request that a visitor sends through the public form. `address` is the network address it came from. */
export async function receiveByForm(
  installation: Installation,
  arrival: Arrival,
  address: string,
): Promise<Answer<Received>> {
  const who: Who = { kind: 'visitor', ...(arrival.name ? { name: arrival.name } : {}) }
  const today = await todayHere(installation)
  const found = considerRange(arrival, today)
  if (found) return { problems: found }
  const at = installation.now()
  const hourAgo = new Date(at.getTime() - 3_600_000)
  const digest = installation.secrets.digest(address, 'request.form')
  const uses = await installation.db.transaction().execute((tx) => store.noteFormUse(tx, digest, at, hourAgo))
  if (uses > formsAnHour)
    return {
      problems: {
        form: 'Many requests came from your connection in the last hour. Nothing you typed is lost: send it again in an hour, or call, write or visit us.',
      },
    }
  return receive(installation, who, 'request.submit', {
    ...arrival,
    channel: 'form',
    arrivedOn: today,
    by: null,
  })
}

/** A request that reached the department on another way, entered by the records access officer. */
export async function enterRequest(
  installation: Installation,
  person: Person,
  arrival: Arrival & { channel: Exclude<store.Channel, 'form'>; arrivedOn: string },
): Promise<Answer<Received>> {
  const today = await todayHere(installation)
  const found = { ...considerArrival(arrival.arrivedOn, today), ...considerRange(arrival, today) }
  if (Object.keys(found).length > 0) return { problems: found }
  return receive(installation, whoIs(person), 'request.enter', { ...arrival, by: person.id })
}

/** What is wrong with the day on which a request is said to have arrived. */
export function considerArrival(arrivedOn: string, today: string): { arrivedOn: string } | null {
  if (arrivedOn > today)
    return {
      arrivedOn: `A request can't have arrived after today, ${longDay(today)}. Enter the day it reached you.`,
    }
  const yearAgo = Temporal.PlainDate.from(today).subtract({ years: 1 }).toString()
  if (arrivedOn < yearAgo)
    return {
      arrivedOn: `${longDay(arrivedOn)} is more than a year ago. Check the year; enter an older request as one that arrived today and say so in its text.`,
    }
  return null
}

function considerRange(
  { aboutFrom, aboutTo }: Arrival,
  today: string,
): { aboutFrom: string } | { aboutTo: string } | null {
  if (aboutFrom && aboutFrom > today)
    return { aboutFrom: `There are no records from the future. Choose ${longDay(today)} or an earlier day.` }
  const backwards = reversed(aboutFrom, aboutTo)
  return backwards ? { aboutTo: backwards } : null
}

async function receive(
  installation: Installation,
  who: Who,
  action: 'request.submit' | 'request.enter',
  arrival: Arrival & { channel: store.Channel; arrivedOn: string; by: PersonId | null },
): Promise<Answer<Received>> {
  const { db, policy, secrets } = installation
  const id = newId<'request'>()
  const decision = await considerRequest(installation, who, action, id)
  if (!decision.allowed) return { denied: decision }
  const code = newCode()
  const sealedContact = sealContact(installation, arrival.contact)
  const at = installation.now()
  const number = await db.transaction().execute(async (tx) => {
    const calendar = await officeCalendar(tx, policy)
    const arrivedOn = Temporal.PlainDate.from(arrival.arrivedOn)
    const { receivedOn, responseDue } = deadlines(arrivedOn, calendar, policy.recordsLaw)
    const number = await store.nextNumber(tx, arrivedOn.year)
    const row = {
      id,
      number,
      text: arrival.text,
      about_from: arrival.aboutFrom ?? null,
      about_to: arrival.aboutTo ?? null,
      format: arrival.format ?? null,
      channel: arrival.channel,
      requester_name: arrival.name ?? null,
      arrived_on: arrival.arrivedOn,
      received_on: receivedOn.toString(),
      response_due: responseDue.toString(),
      entered_by: arrival.by,
      entered_at: at,
    }
    const sealed = {
      digest: secrets.digest(code, 'request.code'),
      sealed: secrets.seal(code, 'request.code'),
    }
    await store.insertRequest(tx, row, sealed, sealedContact)
    await append(tx, {
      kind: 'request.receipt',
      subject: { kind: 'request', id },
      by: who,
      decision,
      // Where the requester can be reached stays out: records are searched and copied, the contact is neither.
      content: {
        number,
        text: row.text,
        about: { from: row.about_from, to: row.about_to },
        format: row.format,
        channel: row.channel,
        requester: row.requester_name,
        arrivedOn: row.arrived_on,
        receivedOn: row.received_on,
        responseDue: row.response_due,
      },
      words: `${number} ${row.text}`,
      at,
    })
    return number
  })
  return { done: { id, number, code } }
}

/** The local day in the department's time zone, as YYYY-MM-DD. */
export const todayHere = async ({ db, now }: Pick<Installation, 'db' | 'now'>): Promise<string> =>
  localDay(now(), await timeZoneHere(db)).toString()

/** Weekends, legal holidays and the days on which this office is closed. */
export const officeCalendar = async (db: Db, { recordsLaw }: Policy) =>
  businessCalendar(recordsLaw.holidays, await store.closedDays(db))

function sealContact({ secrets }: Installation, contact: Contact): string | null {
  const given = Object.entries(contact).filter(([, value]) => value)
  return given.length === 0
    ? null
    : secrets.seal(JSON.stringify(Object.fromEntries(given)), 'request.contact')
}

/** Where the requester can be reached; empty when they left nothing. */
export async function contactOf(installation: Installation, id: RequestId): Promise<Contact> {
  const sealed = await store.sealedContactOf(installation.db, id)
  return sealed ? JSON.parse(installation.secrets.open(sealed, 'request.contact')) : {}
}

/** The code with which the requester follows this request. */
export const codeOf = async ({ db, secrets }: Installation, id: RequestId): Promise<string> =>
  secrets.open(await store.sealedCodeOf(db, id), 'request.code')

/** The request that a typed code belongs to, or null. */
export async function requestByCode(
  { db, secrets }: Installation,
  typed: string,
): Promise<store.RecordsRequest | null> {
  const code = readCode(typed)
  const id = code && (await store.requestIdByCode(db, secrets.digest(code, 'request.code')))
  return id ? store.requestById(db, id) : null
}
