import type { HolidayRules } from './calendar.ts'
import massachusetts from './massachusetts.json' with { type: 'json' }

/** The numbers and names that the law gives for records requests. */
export interface RequestRules {
  /** Where they come from, as a lawyer cites it. */
  law: string
  /** The written response is due by this business day after receipt. */
  responseBusinessDays: number
  /** The latest business day after receipt that the department's own written word can set. */
  ownWordBusinessDays: number
  /** A petition to the supervisor must be there by this business day after receipt. */
  petitionBusinessDays: number
  /** How many business days the supervisor can add to the date that stands. */
  supervisorBusinessDays: number
  /** Calendar days in which the requester may appeal a denial. */
  appealDays: number
  /** Whom the requester appeals to. */
  appealTo: string
  /** Who can grant more time on petition. */
  supervisor: string
  holidays: HolidayRules
}

/** The rules that this installation follows: those of a municipality in Massachusetts. */
export const rules: RequestRules = massachusetts
