import { z } from 'zod'

const exemption = z.string().regex(/^[a-z]{1,2}$/)
const file = z.int().nonnegative()
const share = z.number().min(0).max(1)
const seconds = z.number().nonnegative()

const mark = z.discriminatedUnion('kind', [
  /** Words, in one of the record's texts (a JSON pointer). */
  z.strictObject({
    kind: z.literal('text'),
    place: z.string(),
    start: z.int().nonnegative(),
    end: z.int().positive(),
    exemption,
  }),
  /** An area of an image or video, as shares of its width and height; of a video from second to second. */
  z.strictObject({
    kind: z.literal('area'),
    file,
    left: share,
    top: share,
    width: share,
    height: share,
    from: seconds.optional(),
    to: seconds.optional(),
    exemption,
  }),
  /** Sound, of a video or by itself, from second to second. */
  z.strictObject({ kind: z.literal('silence'), file, from: seconds, to: seconds, exemption }),
  /** A whole file. */
  z.strictObject({ kind: z.literal('file'), file, exemption }),
])

/** Something that is taken out of a record. `file` counts the record's files from 0. */
export type Mark = z.infer<typeof mark>
export type TextMark = Extract<Mark, { kind: 'text' }>
export type AreaMark = Extract<Mark, { kind: 'area' }>
export type SilenceMark = Extract<Mark, { kind: 'silence' }>

/** The letters of all exemptions that the marks cite, once each. */
export const exemptionsOf = (marks: readonly Mark[]): string[] =>
  [...new Set(marks.map((one) => one.exemption))].sort()
