import { capital } from '../../capital.ts'
import type { Db } from '../../storage/database.ts'
import { type Appeal, appealsOf } from '../appeal-store.ts'
import { dollars } from '../fee.ts'
import { lettersOf } from '../letter-store.ts'
import { longDay } from '../long-day.ts'
import { messagesOf } from '../message.ts'
import { appealOutcomes, outcomes } from '../outcomes.ts'
import type { RecordsRequest } from '../store.ts'

/** Something that was said about a request: a letter, a message, or what the supervisor determined. */
export interface SaidThing {
  id: string
  title: string
  text: string
  at: Date
}

/** Letters and messages in order, with answers that were kept without a letter, and how appeals ended. */
export async function conversationOf(
  db: Db,
  request: RecordsRequest,
  supervisor: string,
): Promise<SaidThing[]> {
  const [letters, messages, appeals] = await Promise.all([
    lettersOf(db, request.id),
    messagesOf(db, request.id),
    appealsOf(db, request.id),
  ])
  const said = new Set(letters.map((one) => one.body))
  const { acknowledgement, extensions, closure, reopened } = request
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
    ...[...reopened, ...(closure ? [closure] : [])]
      .filter((one) => !said.has(one.answer) && one.answer !== acknowledgement?.text)
      .map((one) => ({
        id: `answer-${one.at.toISOString()}`,
        title: outcomes[one.outcome],
        text: one.answer,
        at: one.at,
      })),
    ...appeals.flatMap((one) => determination(one, supervisor) ?? []),
  ].sort((a, b) => a.at.getTime() - b.at.getTime())
}

/** How an appeal ended, for whoever appealed; null while it runs. */
function determination(
  { id, outcome, determinedOn, determinedAt, orderDue, feeCents }: Appeal,
  supervisor: string,
): SaidThing | null {
  if (!outcome || !determinedOn || !determinedAt) return null
  const text = [
    `${appealOutcomes[outcome]}.`,
    orderDue && `We have to do what was ordered by ${longDay(orderDue)}.`,
    feeCents !== null &&
      (feeCents === 0 ? 'We may charge no fee.' : `We may charge a fee of ${dollars(feeCents)} at most.`),
  ]
  return {
    id,
    title: `${capital(supervisor)} decided on ${longDay(determinedOn)}`,
    text: text.filter(Boolean).join(' '),
    at: determinedAt,
  }
}
