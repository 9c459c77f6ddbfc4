import { append } from '../archive/archive.ts'
import { type Answer, type Person, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Who } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'
import { type Id, newId, type PersonId, type RequestId } from '../storage/ids.ts'
import { considerRequest } from './consideration.ts'
import { requestByCode } from './receipt.ts'
import { unknown } from './response.ts'
import * as store from './store.ts'

interface MessageTable {
  id: Id<'message'>
  request_id: RequestId
  text: string
  by: PersonId | null
  at: Date
}

declare module '../storage/database.ts' {
  interface Tables {
    request_message: MessageTable
    request_message_reading: { request_id: RequestId; read_at: Date }
  }
}

export interface Message {
  id: string
  text: string
  /** Who of the department wrote it; null for the requester. */
  byName: string | null
  at: Date
}

const longest = 10_000
const messagesAnHour = 10

/** A message that the requester writes with their code. `address` is the network address it came from. */
export async function writeByCode(
  installation: Installation,
  code: string,
  text: string,
  address: string,
): Promise<Answer<null>> {
  const request = await requestByCode(installation, code)
  if (!request) return { problems: { form: 'No request has this code.' } }
  const found = considerText(text)
  if (found) return { problems: found }
  const at = installation.now()
  const digest = installation.secrets.digest(address, 'request.form')
  const hourAgo = new Date(at.getTime() - 3_600_000)
  const uses = await installation.db
    .transaction()
    .execute((tx) => store.noteFormUse(tx, `message ${digest}`, at, hourAgo))
  if (uses > messagesAnHour)
    return {
      problems: {
        form: 'Many messages came from your connection in the last hour. Nothing you typed is lost: send it again in an hour.',
      },
    }
  const who: Who = { kind: 'visitor', ...(request.requesterName ? { name: request.requesterName } : {}) }
  return keep(installation, request.id, who, null, text, at)
}

/** A message from the desk. The requester reads it with their code. */
export async function writeToRequester(
  installation: Installation,
  person: Person,
  id: RequestId,
  text: string,
): Promise<Answer<null>> {
  const found = considerText(text)
  if (found) return { problems: found }
  return keep(installation, id, whoIs(person), person.id, text, installation.now())
}

function considerText(text: string): { text: string } | null {
  if (!text.trim()) return { text: 'Write your message.' }
  if (text.length > longest)
    return {
      text: `A message can have ${longest.toLocaleString('en-US')} characters. Shorten it, or write two.`,
    }
  if (text.includes('\0')) return { text: 'There is a character in it that can’t be kept. Type it again.' }
  return null
}

async function keep(
  installation: Installation,
  id: RequestId,
  who: Who,
  by: PersonId | null,
  text: string,
  at: Date,
): Promise<Answer<null>> {
  const decision = await considerRequest(installation, who, 'request.message', id)
  if (!decision.allowed) return { denied: decision }
  return installation.db.transaction().execute(async (tx) => {
    // A closed request still takes messages: that is how somebody asks what an answer means.
    const request = await store.lockRequest(tx, id)
    if (!request) return { problems: unknown }
    await tx
      .insertInto('request_message')
      .values({ id: newId<'message'>(), request_id: id, text: text.trim(), by, at })
      .execute()
    await append(tx, {
      kind: 'request.message',
      subject: { kind: 'request', id },
      by: who,
      decision,
      content: { number: request.number, text: text.trim(), fromRequester: by === null },
      words: `${request.number} ${text.trim()}`,
      at,
    })
    return { done: null }
  })
}

/** What was written about a request, oldest first. */
export const messagesOf = (db: Db, request: RequestId): Promise<Message[]> =>
  db
    .selectFrom('request_message as m')
    .leftJoin('person', 'person.id', 'm.by')
    .select(['m.id', 'm.text', 'person.name as byName', 'm.at'])
    .where('m.request_id', '=', request)
    .orderBy('m.at')
    .orderBy('m.id')
    .execute()

/** Somebody at the desk has read what the requester wrote until now. */
export const markRead = (db: Db, request: RequestId, at: Date) =>
  db
    .insertInto('request_message_reading')
    .values({ request_id: request, read_at: at })
    .onConflict((conflict) => conflict.column('request_id').doUpdateSet({ read_at: at }))
    .execute()

/** Requests whose requester wrote something that nobody at the desk has read, the oldest message first. */
export const unreadRequests = (db: Db) =>
  db
    .selectFrom('request_message as m')
    .innerJoin('request', 'request.id', 'm.request_id')
    .leftJoin('request_message_reading as r', 'r.request_id', 'm.request_id')
    .select(['request.id', 'request.number'])
    .select((e) => [e.fn.min('m.at').as('since'), e.fn.max('m.text').as('text')])
    .where('m.by', 'is', null)
    .where((e) => e.or([e('r.read_at', 'is', null), e('m.at', '>', e.ref('r.read_at'))]))
    .groupBy(['request.id', 'request.number'])
    .orderBy('since')
    .limit(50)
    .execute()
