import { z } from 'zod'

const sentence = z.string().trim().min(1, 'must not be empty')
const part = z.enum(['exemption', 'why', 'appeal', 'court', 'day', 'factors'])

/** The pack's file letters.json: a template for each letter of the law on public records. */
export const lettersFile = z.strictObject({
  parts: z.record(part, sentence),
  letters: z.array(
    z.strictObject({
      id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be small letters, digits and dashes'),
      title: sentence,
      use: sentence,
      does: z.enum(['inform', 'respond', 'extend', 'agree', 'petition', 'ask', 'estimate', 'close']),
      outcome: z.enum(['provided', 'provided-in-part', 'no-records', 'denied', 'withdrawn']).optional(),
      /** Only once the supervisor has ordered something by a day. */
      when: z.literal('ordered').optional(),
      needs: z.array(part),
      subject: sentence,
      body: sentence,
    }),
  ),
  appeal: sentence,
})

/** Something that a letter must not be sent without. */
export type LetterPart = z.infer<typeof part>

/** A letter as the pack words it, with {places} that are filled from the request. */
export type LetterTemplate = Readonly<z.infer<typeof lettersFile>['letters'][number]>

export interface Letters {
  templates: readonly LetterTemplate[]
  /** What is missing, said to whoever writes the letter, a sentence a part. */
  parts: Readonly<Record<LetterPart, string>>
  /** How a requester can appeal, with places. */
  appeal: string
}
