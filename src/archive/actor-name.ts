import type { Who } from '../policy/policy.ts'

/** Who did something, as people call them. */
export const actorName = (by: { kind: Who['kind']; name?: string | null | undefined }): string =>
  by.name || (by.kind === 'visitor' ? 'A visitor' : 'Plainview')
