import type { AppealOutcome } from '../appeal.ts'

/** How an appeal ends, as the desk says it. */
export const appealOutcomes: Record<AppealOutcome, string> = {
  upheld: 'The department’s answer stands',
  overturned: 'The records have to be provided',
  'overturned-in-part': 'Some of the records have to be provided',
  closed: 'Closed without a decision',
}
