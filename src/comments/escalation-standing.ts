export const escalationStates = ['open', 'closed', 'all'] as const
export type EscalationState = (typeof escalationStates)[number]

/** Where an escalation stands, in words. */
export function standingOf({
  withdrawn_at,
  closed_at,
  acknowledged_at,
}: {
  withdrawn_at: Date | null
  closed_at: Date | null
  acknowledged_at: Date | null
}): string {
  if (withdrawn_at) return 'Taken back'
  if (closed_at) return 'Closed'
  return acknowledged_at ? 'Taken up' : 'Nobody has taken it up'
}
