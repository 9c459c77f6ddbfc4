import type { RecordsLaw } from '../policy/policy.ts'
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
export const appealNotice = ({ appealDays, appealTo }: RecordsLaw): string =>
  `You may appeal this answer within ${appealDays} calendar days to ${appealTo}, and you may go to court.`
