import { z } from 'zod'
import massachusetts from './massachusetts.json' with { type: 'json' }

const count = z.number().int().positive()

/** The numbers and names that the law gives for records requests. */
const requestRules = z.object({
  law: z.string(),
  /** The written response is due by this business day after receipt. */
  responseBusinessDays: count,
  /** The latest business day after receipt that the department's own written word can set. */
  ownWordBusinessDays: count,
  /** How many business days the supervisor can add to the date that stands. */
  supervisorBusinessDays: count,
  /** Calendar days in which the requester may appeal a denial. */
  appealDays: count,
  /** Whom the requester appeals to. */
  appealTo: z.string(),
  /** Who can grant more time on petition. */
  supervisor: z.string(),
  holidays: z.object({
    country: z.string(),
    state: z.string(),
    /** Names of holidays that bind only other counties, as the holiday table calls them. */
    elsewhereOnly: z.array(z.string()),
    names: z.record(z.string(), z.string()).optional(),
  }),
})
export type RequestRules = z.infer<typeof requestRules>

/** The rules that this installation follows: those of a municipality in Massachusetts. */
export const rules: RequestRules = requestRules.parse(massachusetts)
