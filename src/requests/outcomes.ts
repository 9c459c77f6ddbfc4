import { rules } from './rules.ts'
import type { Outcome } from './store.ts'

/** How a request can end. */
export const outcomes: Record<Outcome, string> = {
  provided: 'All records provided',
  'provided-in-part': 'Provided in part, the rest withheld',
  'no-records': 'No such records',
  denied: 'Denied',
  withdrawn: 'Withdrawn by the requester',
}

/** How to appeal, as a refusal has to say. */
export const appealNotice = `You may appeal this answer within ${rules.appealDays} calendar days to ${rules.appealTo}, and you may go to court.`
