import { capital } from '../capital.ts'
import { standingOrder } from './appeal-order.ts'
import { longDay } from './long-day.ts'
import type { RecordsRequest } from './store.ts'

/** Where a request stands, in a sentence for whoever asked. */
export function standing(
  request: RecordsRequest,
  {
    reviewed,
    ready,
    today,
    supervisor,
  }: { reviewed: number; ready: number; today: string; supervisor: string },
): string {
  if (request.closure) return 'We have answered it. Our answer stands below.'
  const waits = request.waits.find((one) => one.endedOn === null)
  if (waits?.reason === 'fee') return 'We wait for your payment. The estimate stands below.'
  if (waits?.reason === 'clarification') return 'We have a question. Please answer it below.'
  const order = standingOrder(request.orders)
  if (order)
    return `${capital(supervisor)} ordered us to act on your request. ${
      today > request.due
        ? `We are late: it was to be done by ${longDay(request.due)}.`
        : `We do so by ${longDay(request.due)}.`
    }`
  if (ready > 0) return 'The first records are ready. You can download them below.'
  if (!request.acknowledgement)
    return today > request.responseDue
      ? `We are late: you should have had our written response by ${longDay(request.responseDue)}. You may appeal; how is said below.`
      : `We have it, and answer in writing by ${longDay(request.responseDue)}.`
  const step =
    reviewed > 0
      ? 'We are reviewing the records.'
      : request.collected > 0
        ? 'We have found records and will review them.'
        : 'We are searching for the records.'
  return today > request.due
    ? `${step} We are late: they were due on ${longDay(request.due)}. You may appeal; how is said below.`
    : `${step} You get them by ${longDay(request.due)}.`
}
