import type { Db, Tx } from '../storage/database.ts'
import { type Id, newId, type PersonId, type RequestId } from '../storage/ids.ts'
import type { Fee, FeeEntries } from './fee.ts'

declare module '../storage/database.ts' {
  interface Tables {
    request_estimate: {
      id: Id<'estimate'>
      request_id: RequestId
      entries: { entries: FeeEntries; fee: Fee }
      total_cents: number
      by: PersonId
      at: Date
    }
    request_payment: {
      id: Id<'payment'>
      request_id: RequestId
      cents: number
      paid_on: string
      note: string
      by: PersonId
      at: Date
    }
  }
}

export interface Estimate {
  entries: FeeEntries
  fee: Fee
  at: Date
}

export async function latestEstimate(db: Db, request: RequestId): Promise<Estimate | null> {
  const row = await db
    .selectFrom('request_estimate')
    .select(['entries', 'at'])
    .where('request_id', '=', request)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row ? { ...row.entries, at: row.at } : null
}

export const insertEstimate = (
  tx: Tx,
  request: RequestId,
  { entries, fee, by, at }: Estimate & { by: PersonId },
) =>
  tx
    .insertInto('request_estimate')
    .values({
      id: newId<'estimate'>(),
      request_id: request,
      entries: JSON.stringify({ entries, fee }) as never,
      total_cents: fee.totalCents,
      by,
      at,
    })
    .execute()

export const paymentsOf = (db: Db, request: RequestId) =>
  db
    .selectFrom('request_payment')
    .select(['id', 'cents', 'paid_on as paidOn', 'note'])
    .where('request_id', '=', request)
    .orderBy('at')
    .execute()

export const insertPayment = (
  tx: Tx,
  request: RequestId,
  row: { cents: number; paidOn: string; note: string; by: PersonId; at: Date },
) =>
  tx
    .insertInto('request_payment')
    .values({
      id: newId<'payment'>(),
      request_id: request,
      cents: row.cents,
      paid_on: row.paidOn,
      note: row.note,
      by: row.by,
      at: row.at,
    })
    .execute()
