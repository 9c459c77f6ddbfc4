import { z } from 'zod'

const days = z.int('must be a whole number of days').positive('must be a whole number of days')
const sentence = z.string('must be a text').trim().min(1, 'must not be empty')

/** The pack's file records-law.json: what the law on public records says in numbers and names. */
export const recordsLawFile = z.strictObject({
  law: sentence,
  responseBusinessDays: days,
  ownWordBusinessDays: days,
  petitionBusinessDays: days,
  supervisorBusinessDays: days,
  appealDays: days,
  appealTo: sentence,
  supervisor: sentence,
  holidays: z.strictObject({
    country: z.string().regex(/^[A-Z]{2}$/, 'must be a country in two letters, like US'),
    state: sentence,
    elsewhereOnly: z.array(sentence),
    names: z.record(z.string(), sentence).optional(),
  }),
})

/** The numbers and names that the law gives for records requests. */
export interface RecordsLaw {
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

/** Which holidays a department keeps. */
export interface HolidayRules {
  country: string
  state: string
  /** Names of holidays that bind only other counties, as the holiday table calls them. */
  elsewhereOnly: readonly string[]
  /** What people here call a holiday, where the holiday table spells it otherwise. */
  names?: Readonly<Record<string, string>> | undefined
}
