import { Temporal } from 'temporal-polyfill'
import type { Answer, Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Db } from '../storage/database.ts'
import { type Id, newId, type PersonId, type RequestId } from '../storage/ids.ts'
import { longDay } from './long-day.ts'
import { officeCalendar } from './receipt.ts'
import { changing, recordChange } from './response.ts'

export type AppealOutcome = 'upheld' | 'overturned' | 'overturned-in-part' | 'closed'

interface AppealTable {
  id: Id<'appeal'>
  request_id: RequestId
  received_on: string
  due: string
  reason: string
  by: PersonId
  at: Date
  determined_on: string | null
  outcome: AppealOutcome | null
  note: string
}

declare module '../storage/database.ts' {
  interface Tables {
    request_appeal: AppealTable
  }
}

export interface Appeal {
  id: string
  receivedOn: string
  /** The day by which the supervisor determines it. */
  due: string
  reason: string
  determinedOn: string | null
  outcome: AppealOutcome | null
  note: string
}

/** The last day on which a requester can appeal an answer given on `answered`. */
export const appealLimit = (answered: string, days: number): string =>
  Temporal.PlainDate.from(answered).add({ days }).toString()

/** Notes an appeal that the department learnt of. It is about the answer, so a closed request has one too. */
export const noteAppeal = (
  installation: Installation,
  person: Person,
  id: RequestId,
  { receivedOn, reason }: { receivedOn: string; reason: string },
): Promise<Answer<null>> =>
  changing(
    installation,
    person,
    id,
    'request.enter',
    async (change): Promise<Answer<null>> => {
      const { tx, request, today, at } = change
      const { policy } = installation
      if (receivedOn > today) return { problems: { receivedOn: 'An appeal can’t lie in the future.' } }
      if (receivedOn < request.receivedOn)
        return {
          problems: { receivedOn: `The request itself was received on ${longDay(request.receivedOn)}.` },
        }
      if (!reason.trim()) return { problems: { reason: 'Say what the requester appeals.' } }
      if ((await appealsOf(tx, id)).some((one) => one.determinedOn === null))
        return { problems: { form: 'An appeal about this request is running already.' } }
      const calendar = await officeCalendar(tx, policy)
      const received = calendar.receivedOn(Temporal.PlainDate.from(receivedOn))
      const due = calendar.businessDayAfter(received, policy.recordsLaw.appealBusinessDays).toString()
      const answered = request.closure?.closedOn ?? request.acknowledgement?.sentOn
      const late = answered ? receivedOn > appealLimit(answered, policy.recordsLaw.appealDays) : false
      await tx
        .insertInto('request_appeal')
        .values({
          id: newId<'appeal'>(),
          request_id: id,
          received_on: receivedOn,
          due,
          reason: reason.trim(),
          by: person.id,
          at,
          determined_on: null,
          outcome: null,
          note: '',
        })
        .execute()
      await recordChange(change, 'request.appeal', { receivedOn, due, reason, late }, reason)
      return { done: null }
    },
    { closedToo: true },
  )

/** Enters what the supervisor determined. */
export const determineAppeal = (
  installation: Installation,
  person: Person,
  id: RequestId,
  { outcome, note }: { outcome: AppealOutcome; note: string },
): Promise<Answer<null>> =>
  changing(
    installation,
    person,
    id,
    'request.enter',
    async (change): Promise<Answer<null>> => {
      const { tx, today } = change
      const { numUpdatedRows } = await tx
        .updateTable('request_appeal')
        .set({ determined_on: today, outcome, note: note.trim() })
        .where('request_id', '=', id)
        .where('determined_on', 'is', null)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) return { problems: { form: 'No appeal about this request is running.' } }
      await recordChange(change, 'request.appeal-end', { outcome, note, determinedOn: today }, note)
      return { done: null }
    },
    { closedToo: true },
  )

/** The appeals about a request, oldest first. */
export const appealsOf = (db: Db, request: RequestId): Promise<Appeal[]> =>
  db
    .selectFrom('request_appeal')
    .select([
      'id',
      'received_on as receivedOn',
      'due',
      'reason',
      'determined_on as determinedOn',
      'outcome',
      'note',
    ])
    .where('request_id', '=', request)
    .orderBy('at')
    .execute()
