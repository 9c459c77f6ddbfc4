import type { EscalationKind } from '../../policy/policy.ts'

/** By whom it reaches: i for investigations, s for the supervisor; else the first letter of its title. */
export const escalationKey = ({ id, title }: Pick<EscalationKind, 'id' | 'title'>): string =>
  ({ tip: 'i', threat: 's' })[id] ?? title.charAt(0).toLowerCase()
