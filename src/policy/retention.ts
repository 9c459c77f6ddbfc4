import { z } from 'zod'

const sentence = z.string().trim().min(1, 'must not be empty')
const identifier = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be small letters, digits and dashes')

/** How long records of a kind are kept, from when, and on whose authority they may be destroyed. */
export interface RetentionSeries {
  id: string
  title: string
  /** Kinds of records ('post.edit'), or the first word of all that are not named themselves ('post'). */
  kinds: readonly string[]
  /** Takes every kind that no series names. Exactly one series does. */
  others: boolean
  keep: 'permanently' | RetentionPeriod
  /** Whether the Supervisor of Records must permit the disposition. */
  permission: boolean
  basis: string
}
export interface RetentionPeriod {
  years: number
  /** 'closing': when the thing was closed, or its last record if that came later. 'last-record': the last record about it. */
  from: 'closing' | 'last-record'
  /** Whether the years begin on that day or at the end of its year. */
  counted: 'end-of-year' | 'day'
}

export const retentionFile = z
  .array(
    z.strictObject({
      id: identifier,
      title: sentence,
      kinds: z.array(
        z
          .string()
          .regex(
            /^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)?$/,
            'must be kinds of records, like "post.edit" or "post"',
          ),
      ),
      others: z.boolean().default(false),
      keep: z.union(
        [
          z.literal('permanently'),
          z.strictObject({
            years: z.int('must be a whole number of years').positive('must be at least one year'),
            from: z.enum(['closing', 'last-record']),
            counted: z.enum(['end-of-year', 'day']),
          }),
        ],
        'must be "permanently", or years (a whole number), from ("closing" or "last-record") and counted ("end-of-year" or "day")',
      ),
      permission: z.boolean('must say whether the Supervisor must permit the disposition'),
      basis: sentence,
    }),
  )
  .refine(
    (all) => all.filter((one) => one.others).length === 1,
    'exactly one series must have "others": true, for the kinds that none names',
  )
  .superRefine((all, context) => {
    const seen = new Map<string, string>()
    for (const { id, kinds } of all)
      for (const kind of kinds) {
        const before = seen.get(kind)
        if (before) context.addIssue(`"${kind}" is in "${before}" and in "${id}"; a record has one series`)
        seen.set(kind, id)
      }
  })

/** The one series that a kind of record belongs to: the one that names it, or its first word, or the one for all others. */
export function seriesOf<Series extends Pick<RetentionSeries, 'kinds' | 'others'>>(
  all: readonly Series[],
  kind: string,
): Series {
  const naming = (pattern: string) => all.find((one) => one.kinds.includes(pattern))
  const found = naming(kind) ?? naming(kind.split('.')[0] ?? '') ?? all.find((one) => one.others)
  if (!found) throw new Error(`No series takes records of the kind ${kind}.`)
  return found
}
