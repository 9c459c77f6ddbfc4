import type { Answer, Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Db } from '../storage/database.ts'
import type { RequestId } from '../storage/ids.ts'
import { owedCents } from './appeal-order.ts'
import { ordersOf } from './appeal-store.ts'
import { deskSettings } from './desk-settings.ts'
import { considerFee, considerRate, dollars, type Fee, type FeeEntries, feeOf, paidCents } from './fee.ts'
import * as fees from './fee-store.ts'
import { changing, recordChange } from './response.ts'
import { keepWaitEnd } from './waiting-for.ts'

/** Works out and keeps a fee estimate. It is told to the requester by the letter. */
export const estimateFee = (
  installation: Installation,
  person: Person,
  id: RequestId,
  entries: FeeEntries,
): Promise<Answer<Fee>> =>
  changing(installation, person, id, 'request.enter', async (change): Promise<Answer<Fee>> => {
    const { tx, request, today, at } = change
    const late = considerFee(request, today)
    if (late) return { problems: { form: late } }
    const { fees: rules } = installation.policy.recordsLaw
    const dear = considerRate(entries.hourlyRateCents, rules)
    if (dear) return { problems: { hourlyRate: dear } }
    const { population } = await deskSettings(tx)
    const fee = feeOf(entries, population, rules)
    await fees.insertEstimate(tx, id, { entries, fee, by: person.id, at })
    await recordChange(change, 'request.estimate', { entries, fee })
    return { done: fee }
  })

/** Notes a payment, or with cents below zero what was paid back. When all is paid, the request waits for it no longer. */
export const notePayment = (
  installation: Installation,
  person: Person,
  id: RequestId,
  { cents, paidOn, note }: { cents: number; paidOn: string; note: string },
): Promise<Answer<null>> =>
  changing(
    installation,
    person,
    id,
    'request.enter',
    async (change): Promise<Answer<null>> => {
      const { tx, today, at } = change
      const estimate = await fees.latestEstimate(tx, id)
      if (!estimate) return { problems: { form: 'There is no estimate, so there is nothing to pay.' } }
      if (paidOn > today) return { problems: { paidOn: 'A payment can’t lie in the future.' } }
      const before = paidCents(await fees.paymentsOf(tx, id))
      if (before + cents < 0)
        return { problems: { paid: `Only ${dollars(before)} came in, so no more can be paid back.` } }
      await fees.insertPayment(tx, id, { cents, paidOn, note, by: person.id, at })
      await recordChange(change, 'request.payment', { cents, paidOn, note })
      if (await isPaid(tx, id)) await keepWaitEnd(change, 'fee')
      return { done: null }
    },
    { closedToo: cents < 0 },
  )

/** Whether there is an estimate, and nothing of it is owed any more. */
export async function isPaid(db: Db, id: RequestId): Promise<boolean> {
  const [estimate, payments, orders] = await Promise.all([
    fees.latestEstimate(db, id),
    fees.paymentsOf(db, id),
    ordersOf(db, id),
  ])
  return estimate !== null && paidCents(payments) >= owedCents(estimate.fee.totalCents, orders)
}
