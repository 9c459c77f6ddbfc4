import type { Db, Tx } from '../storage/database.ts'
import type { Id, PersonId, RequestId } from '../storage/ids.ts'
import type { AppealOutcome } from './appeal-order.ts'

export type AppealId = Id<'appeal'>

interface AppealTable {
  id: AppealId
  request_id: RequestId
  received_on: string
  due: string
  reason: string
  by: PersonId
  at: Date
  determined_on: string | null
  determined_at: Date | null
  outcome: AppealOutcome | null
  note: string
}

declare module '../storage/database.ts' {
  interface Tables {
    request_appeal: AppealTable
    request_appeal_order: {
      appeal_id: AppealId
      request_id: RequestId
      due: string | null
      fee_cents: number | null
      by: PersonId
      at: Date
    }
  }
}

export interface Appeal {
  id: AppealId
  receivedOn: string
  /** The day by which the supervisor determines it. */
  due: string
  reason: string
  determinedOn: string | null
  /** When the determination was entered here. */
  determinedAt: Date | null
  outcome: AppealOutcome | null
  note: string
  /** The day by which the department has to do what was ordered. */
  orderDue: string | null
  feeCents: number | null
}

/** What the supervisor ordered in an appeal. */
export interface AppealOrder {
  appeal: AppealId
  outcome: AppealOutcome
  determinedOn: string
  /** The day by which it has to be done; null when only the fee is ordered. */
  due: string | null
  /** The most that may be charged, in cents; null when the order says nothing about the fee. */
  feeCents: number | null
  at: Date
}

/** The appeals about a request, oldest first. */
export const appealsOf = (db: Db, request: RequestId): Promise<Appeal[]> =>
  db
    .selectFrom('request_appeal as a')
    .leftJoin('request_appeal_order as o', 'o.appeal_id', 'a.id')
    .select([
      'a.id',
      'a.received_on as receivedOn',
      'a.due',
      'a.reason',
      'a.determined_on as determinedOn',
      'a.determined_at as determinedAt',
      'a.outcome',
      'a.note',
      'o.due as orderDue',
      'o.fee_cents as feeCents',
    ])
    .where('a.request_id', '=', request)
    .orderBy('a.at')
    .orderBy('a.id')
    .execute()

/** What was ordered about a request, oldest first. */
export const ordersOf = (db: Db, request: RequestId): Promise<AppealOrder[]> =>
  db
    .selectFrom('request_appeal_order as o')
    .innerJoin('request_appeal as a', 'a.id', 'o.appeal_id')
    .select(['o.appeal_id as appeal', 'o.due', 'o.fee_cents as feeCents', 'o.at'])
    .select((e) => [
      e.ref('a.outcome').$notNull().as('outcome'),
      e.ref('a.determined_on').$notNull().as('determinedOn'),
    ])
    .where('o.request_id', '=', request)
    .orderBy('o.at')
    .orderBy('o.appeal_id')
    .execute()

export const insertAppeal = (
  tx: Tx,
  row: {
    id: AppealId
    request: RequestId
    receivedOn: string
    due: string
    reason: string
    by: PersonId
    at: Date
  },
) =>
  tx
    .insertInto('request_appeal')
    .values({
      id: row.id,
      request_id: row.request,
      received_on: row.receivedOn,
      due: row.due,
      reason: row.reason,
      by: row.by,
      at: row.at,
      determined_on: null,
      determined_at: null,
      outcome: null,
      note: '',
    })
    .execute()

export const endAppeal = (
  tx: Tx,
  id: AppealId,
  {
    outcome,
    determinedOn,
    note,
    at,
  }: { outcome: AppealOutcome; determinedOn: string; note: string; at: Date },
) =>
  tx
    .updateTable('request_appeal')
    .set({ determined_on: determinedOn, determined_at: at, outcome, note })
    .where('id', '=', id)
    .execute()

export const insertOrder = (
  tx: Tx,
  row: {
    appeal: AppealId
    request: RequestId
    due: string | null
    feeCents: number | null
    by: PersonId
    at: Date
  },
) =>
  tx
    .insertInto('request_appeal_order')
    .values({
      appeal_id: row.appeal,
      request_id: row.request,
      due: row.due,
      fee_cents: row.feeCents,
      by: row.by,
      at: row.at,
    })
    .execute()

/** Opens the final answer that stands, if one does, and answers whether it did. The answer stays as it was sent. */
export async function reopen(tx: Tx, request: RequestId, order: AppealId): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('request_final_answer')
    .set({ reopened_by: order })
    .where('request_id', '=', request)
    .where('reopened_by', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}
