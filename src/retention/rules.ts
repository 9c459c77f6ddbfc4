/** Where a run stands. It goes down this list, or leaves it by being refused or cancelled. */
export type RunState = 'proposed' | 'approved' | 'ordered' | 'running' | 'finished' | 'refused' | 'cancelled'

/** How many people have to agree to a run, none of them its proposer. */
export const approvalsNeeded = 2

/** What has happened to a run, as far as its state follows from it. */
export interface RunFacts {
  proposedBy: string
  approvals: readonly { person: string }[]
  refused: boolean
  cancelled: boolean
  ordered: boolean
  begun: boolean
  certified: boolean
}

export function stateOf(run: RunFacts): RunState {
  if (run.certified) return 'finished'
  if (run.refused) return 'refused'
  if (run.cancelled) return 'cancelled'
  if (run.begun) return 'running'
  if (run.ordered) return 'ordered'
  return approvers(run).length >= approvalsNeeded ? 'approved' : 'proposed'
}

/** The different people whose approval counts. */
export const approvers = ({ proposedBy, approvals }: Pick<RunFacts, 'proposedBy' | 'approvals'>): string[] =>
  [...new Set(approvals.map((one) => one.person))].filter((person) => person !== proposedBy)

/** What a step needs the run to be; null when it may be taken, else a sentence. */
export function considerStep(
  step: 'except' | 'permit' | 'approve' | 'refuse' | 'order' | 'cancel',
  state: RunState,
): string | null {
  if (allowedIn[step].includes(state)) return null
  switch (state) {
    case 'finished':
      return 'This run is finished. Its certificate says what was destroyed.'
    case 'refused':
      return 'This run was refused. Propose another.'
    case 'cancelled':
      return 'This run was cancelled. Propose another.'
    case 'running':
      return 'This run has begun and goes to its end.'
    case 'ordered':
      return 'This run is about to begin. Cancel it first, if something has to change.'
    case 'approved':
      return 'Two people have approved this run already. It can be carried out.'
    case 'proposed':
      return 'Two people have to approve this run first.'
  }
}

const allowedIn: Record<Parameters<typeof considerStep>[0], readonly RunState[]> = {
  except: ['proposed', 'approved'],
  permit: ['proposed', 'approved'],
  approve: ['proposed'],
  refuse: ['proposed', 'approved'],
  order: ['approved'],
  cancel: ['proposed', 'approved', 'ordered'],
}

/** What the database answers when something must be kept (`file_hindrance`), for people. */
export const hindrances: Readonly<Record<string, string>> = {
  'no-series': 'Its series is no longer in the policy.',
  permanent: 'Records of this series are kept permanently.',
  'copies-unknown': 'Plainview does not know how to destroy every copy of it.',
  'nothing-left': 'Nothing is left of it.',
  held: 'It is on legal hold.',
  'in-open-request': 'An open records request needs it.',
  'in-unreleased-production': 'It is in a production that was not released yet.',
  'not-in-log': 'It is not in the log yet.',
  'in-use': 'It is still in use: a post on a page, a comment under it, or an open request.',
  'not-due': 'Its period is not over.',
}

export const hindranceSentence = (word: string): string =>
  hindrances[word] ?? `The database keeps it: ${word}.`
