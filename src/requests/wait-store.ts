import type { Db, Tx } from '../storage/database.ts'
import type { Id, PersonId, RequestId } from '../storage/ids.ts'

type WaitId = Id<'pause'>

declare module '../storage/database.ts' {
  interface Tables {
    request_pause: {
      id: WaitId
      request_id: RequestId
      reason: string
      stops: 'records' | 'nothing'
      began_on: string
      ended_on: string | null
      due: string | null
      by: PersonId
      at: Date
    }
    request_petition: {
      request_id: RequestId
      letter_id: string
      factors: string[]
      filed_on: string
      by: PersonId
    }
    request_petition_determination: {
      request_id: RequestId
      granted: boolean
      determined_on: string
      note: string
      by: PersonId
      at: Date
    }
  }
}

/** Something that a request waits for. */
export interface Wait {
  id: string
  reason: string
  stops: 'records' | 'nothing'
  beganOn: string
  endedOn: string | null
  /** The day by which the records are due since it ended, when it stopped their clock. */
  due: string | null
}

export const waitsOf = (db: Db, request: RequestId): Promise<Wait[]> =>
  db
    .selectFrom('request_pause')
    .select(['id', 'reason', 'stops', 'began_on as beganOn', 'ended_on as endedOn', 'due'])
    .where('request_id', '=', request)
    .orderBy('at')
    .execute()

export const insertWait = (
  tx: Tx,
  row: Omit<Wait, 'endedOn' | 'due'> & { request: RequestId; by: PersonId; at: Date },
) =>
  tx
    .insertInto('request_pause')
    .values({
      id: row.id as WaitId,
      request_id: row.request,
      reason: row.reason,
      stops: row.stops,
      began_on: row.beganOn,
      ended_on: null,
      due: null,
      by: row.by,
      at: row.at,
    })
    .execute()

export const endWait = (tx: Tx, id: string, endedOn: string, due: string | null) =>
  tx
    .updateTable('request_pause')
    .set({ ended_on: endedOn, due })
    .where('id', '=', id as WaitId)
    .execute()

export interface Petition {
  factors: string[]
  filedOn: string
  granted: boolean | null
  determinedOn: string | null
  note: string
}

export async function petitionOf(db: Db, request: RequestId): Promise<Petition | null> {
  const row = await db
    .selectFrom('request_petition as p')
    .leftJoin('request_petition_determination as d', 'd.request_id', 'p.request_id')
    .select(['p.factors', 'p.filed_on as filedOn', 'd.granted', 'd.determined_on as determinedOn', 'd.note'])
    .where('p.request_id', '=', request)
    .executeTakeFirst()
  return row ? { ...row, note: row.note ?? '' } : null
}

export const insertPetition = (
  tx: Tx,
  row: { request: RequestId; letter: string; factors: string[]; filedOn: string; by: PersonId },
) =>
  tx
    .insertInto('request_petition')
    .values({
      request_id: row.request,
      letter_id: row.letter,
      factors: row.factors,
      filed_on: row.filedOn,
      by: row.by,
    })
    .execute()

export const insertDetermination = (
  tx: Tx,
  row: { request: RequestId; granted: boolean; determinedOn: string; note: string; by: PersonId; at: Date },
) =>
  tx
    .insertInto('request_petition_determination')
    .values({
      request_id: row.request,
      granted: row.granted,
      determined_on: row.determinedOn,
      note: row.note,
      by: row.by,
      at: row.at,
    })
    .execute()
