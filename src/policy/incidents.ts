import { z } from 'zod'

const sentence = z.string('must be a text').trim().min(1, 'must not be empty')
const count = z.int('must be a whole number').positive('must be more than nothing')

/** The pack's file incidents.json: when an incident is suggested, and the limits of what is done in one. */
export const incidentsFile = z
  .strictObject({
    /** Where the numbers come from. */
    basis: sentence,
    /** So many comments within so many minutes, and it is suggested to declare an incident. */
    suggest: z.strictObject({ comments: count, withinMinutes: count }),
    longestHours: count,
    /** A new author may comment once in `minutes`, unless somebody chooses another number up to the longest. */
    slowing: z.strictObject({ minutes: count, longestMinutes: count }),
    /** Whether a page's comments may be held for review, and how narrowly; null where the law does not allow it. */
    holding: z
      .strictObject({
        basis: sentence,
        /** What a form proposes, and the most. */
        hours: count,
        longestHours: count,
        /** So many hours after the end of a hold, a page's comments may be held again. */
        againAfterHours: count,
        reasons: z
          .array(
            z.strictObject({
              id: sentence,
              title: sentence,
              /** What belongs to it, for the person who chooses it. */
              covers: sentence,
              /** How visitors are told, after "because". */
              told: sentence,
              clause: sentence,
            }),
          )
          .min(1, 'must hold at least one reason'),
      })
      .refine(({ hours, longestHours }) => hours <= longestHours, 'proposes more than its longest time')
      .nullable(),
  })
  .refine(
    ({ slowing }) => slowing.minutes <= slowing.longestMinutes,
    'slows for longer than its longest time by itself',
  )

export type Incidents = z.output<typeof incidentsFile>
