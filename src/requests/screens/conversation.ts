import type { Db } from '../../storage/database.ts'
import { lettersOf } from '../letter-store.ts'
import { longDay } from '../long-day.ts'
import { messagesOf } from '../message.ts'
import { outcomes } from '../outcomes.ts'
import type { RecordsRequest } from '../store.ts'

/** Something that was said about a request: a letter or a message. */
export interface SaidThing {
  id: string
  title: string
  text: string
  at: Date
}

/** Letters and messages in order, with answers that were kept without a letter. */
export async function conversationOf(db: Db, request: RecordsRequest): Promise<SaidThing[]> {
  const [letters, messages] = await Promise.all([lettersOf(db, request.id), messagesOf(db, request.id)])
  const said = new Set(letters.map((one) => one.body))
  const { acknowledgement, extensions, closure } = request
  return [
    ...letters.map((one) => ({
      id: one.id,
      title: one.recipient === 'supervisor' ? `Copy for you: ${one.subject}` : one.subject,
      text: one.body,
      at: one.at,
    })),
    ...messages.map((one) => ({
      id: one.id,
      title: one.byName === null ? 'From the requester' : `From ${one.byName}`,
      text: one.text,
      at: one.at,
    })),
    ...(acknowledgement && !said.has(acknowledgement.text)
      ? [
          {
            id: 'response',
            title: 'First written answer',
            text: acknowledgement.text,
            at: acknowledgement.at,
          },
        ]
      : []),
    ...extensions
      .filter((one) => !said.has(one.reason) && one.reason !== acknowledgement?.text)
      .map((one) => ({
        id: one.basis,
        title: `More time, until ${longDay(one.due)}`,
        text: one.reason,
        at: one.at,
      })),
    ...(closure && !said.has(closure.answer) && closure.answer !== acknowledgement?.text
      ? [{ id: 'closure', title: outcomes[closure.outcome], text: closure.answer, at: closure.at }]
      : []),
  ].sort((a, b) => a.at.getTime() - b.at.getTime())
}
