import { z } from 'zod'

const days = z.int('must be a whole number of days').positive('must be a whole number of days')
const sentence = z.string('must be a text').trim().min(1, 'must not be empty')
const cents = z.int('must be a whole number of cents').nonnegative('must be a whole number of cents')
const identifier = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be small letters, digits and dashes')

/** The pack's file records-law.json: what the law on public records says in numbers and names. */
export const recordsLawFile = z.strictObject({
  law: sentence,
  responseBusinessDays: days,
  ownWordBusinessDays: days,
  petitionBusinessDays: days,
  supervisorBusinessDays: days,
  appealDays: days,
  petitionAfterDeterminationBusinessDays: days,
  appealBusinessDays: days,
  petitionFactors: z.array(z.strictObject({ id: identifier, title: sentence })).min(1),
  pauses: z.array(
    z.strictObject({
      id: identifier,
      title: sentence,
      stops: z.enum(['records', 'nothing']),
      basis: sentence,
      unchecked: sentence.optional(),
    }),
  ),
  petitionFactorsUnchecked: sentence.optional(),
  reportUnchecked: sentence.optional(),
  fees: z.strictObject({
    hourlyCapCents: cents,
    freeHours: z.array(
      z.strictObject({ populationOver: z.int().nonnegative(), hours: z.number().positive() }),
    ),
    pageCents: cents,
    redaction: sentence,
    basis: sentence,
  }),
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
  /** After a determination that a record is public, a petition must be there by this business day. */
  petitionAfterDeterminationBusinessDays: number
  /** An appeal is determined by this business day after it arrived. */
  appealBusinessDays: number
  /** What a petition for more time has to speak about. */
  petitionFactors: readonly { id: string; title: string }[]
  /** Said beside the factors when their wording was not compared with the law's text; the same for the report. */
  petitionFactorsUnchecked?: string | undefined
  reportUnchecked?: string | undefined
  /** What a request can wait for, and which clock that stops. The first written response is never stopped. */
  pauses: readonly Pause[]
  fees: FeeRules
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

export interface Pause {
  id: string
  title: string
  stops: 'records' | 'nothing'
  /** Where that follows from, for whoever reads the clock. */
  basis: string
  /** What of that was not compared with the law's text. */
  unchecked?: string | undefined
}

/** What may be charged for records. Money is in cents. */
export interface FeeRules {
  hourlyCapCents: number
  /** Hours that are free in a municipality of more people than so many; the largest that applies counts. */
  freeHours: readonly { populationOver: number; hours: number }[]
  /** A black-and-white page on paper. */
  pageCents: number
  /** When time for redaction may be charged. */
  redaction: string
  basis: string
}
