import { z } from 'zod'

const sentence = z.string('must be a text').trim().min(1, 'must not be empty')
const identifier = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be small letters, digits and dashes')
/** In hundredths of a sure suggestion; what is urgent begins at 1000, and no number of reports reaches it. */
const weight = z.int('must be a whole number').min(0, 'must not be negative').max(500, 'must be 500 at most')

/** The pack's file reports.json: why a visitor may report a comment, what they are told, and what a report weighs. */
export const reportsFile = z
  .strictObject({
    clauses: z.array(sentence).min(1, 'must cite at least one clause'),
    /** What the visitor reads before they send it. */
    notice: sentence,
    reasons: z
      .array(
        z.strictObject({
          id: identifier,
          title: sentence,
          means: sentence,
          /** The reason for a removal that it speaks of; none for "something else". */
          removal: identifier.optional(),
        }),
      )
      .min(1, 'must hold at least one reason'),
    /** What the first report and each more add to a comment's place in the order of harm, and the most that all do. */
    order: z.strictObject({ first: weight, more: weight, most: weight }),
  })
  .refine(({ order }) => order.first <= order.most, 'weighs one report more than all of them')

export type Reports = z.output<typeof reportsFile>
export type ReportReason = Reports['reasons'][number]
