/** The policy spine's public face. */
export type { Decision, Allowed, Denied, Who, What } from './decision.ts'
