import type { RecordsLaw } from '../policy/policy.ts'
import type { AppealOutcome } from './appeal-order.ts'
import type { Outcome } from './store.ts'

/** How a request can end. */
export const outcomes: Record<Outcome, string> = {
  provided: 'All records provided',
  'provided-in-part': 'Provided in part, the rest withheld',
  'no-records': 'No such records',
  denied: 'Denied',
  withdrawn: 'Withdrawn by the requester',
}

/** How an appeal to the supervisor of records can end. */
export const appealOutcomes: Record<AppealOutcome, string> = {
  overturned: 'The records have to be provided',
  'overturned-in-part': 'Some of the records have to be provided',
  response: 'A new written answer has to be given',
  fee: 'The fee is reduced or waived',
  upheld: 'The department’s answer stands',
  withdrawn: 'The requester withdrew the appeal',
  closed: 'Closed without a decision',
}

/** How to appeal, as a refusal has to say. */
export const appealNotice = ({ appealDays, appealTo }: RecordsLaw): string =>
  `You may appeal this answer within ${appealDays} calendar days to ${appealTo}, and you may go to court.`
