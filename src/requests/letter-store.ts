import { sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import type { Id, PersonId, RequestId } from '../storage/ids.ts'

export type LetterId = Id<'letter'>

interface LetterTable {
  id: LetterId
  request_id: RequestId
  template: string
  recipient: 'requester' | 'supervisor'
  subject: string
  body: string
  by: PersonId
  at: Date
  sent_on: string
}

declare module '../storage/database.ts' {
  interface Tables {
    request_letter: LetterTable
  }
}

export interface Letter {
  id: LetterId
  template: string
  recipient: 'requester' | 'supervisor'
  subject: string
  body: string
  byName: string
  at: Date
  sentOn: string
}

export const insertLetter = (tx: Tx, row: Omit<Letter, 'byName'> & { request: RequestId; by: PersonId }) =>
  tx
    .insertInto('request_letter')
    .values({
      id: row.id,
      request_id: row.request,
      template: row.template,
      recipient: row.recipient,
      subject: row.subject,
      body: row.body,
      by: row.by,
      at: row.at,
      sent_on: row.sentOn,
    })
    .execute()

/** The letters of a request, oldest first. */
export const lettersOf = (db: Db, request: RequestId): Promise<Letter[]> =>
  db
    .selectFrom('request_letter as l')
    .innerJoin('person', 'person.id', 'l.by')
    .select([
      'l.id',
      'l.template',
      'l.recipient',
      'l.subject',
      'l.body',
      'person.name as byName',
      'l.at',
      'l.sent_on as sentOn',
    ])
    .where('request_id', '=', request)
    .orderBy('l.at')
    .orderBy('l.id')
    .execute()

/** What the review withholds, by exemption and reason, the most records first. */
export async function withheldReasons(
  db: Db,
  request: RequestId,
): Promise<{ exemptions: string[]; why: string; records: number }[]> {
  const { rows } = await sql<{ exemptions: string[]; why: string; records: number }>`
    select exemptions, why, count(*) as records from request_review
    where request_id = ${request} and decision <> 'release'
    group by exemptions, why order by count(*) desc, why`.execute(db)
  return rows
}
