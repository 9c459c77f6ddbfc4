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
  })
  .refine(
    ({ slowing }) => slowing.minutes <= slowing.longestMinutes,
    'slows for longer than its longest time by itself',
  )

export type Incidents = z.output<typeof incidentsFile>
