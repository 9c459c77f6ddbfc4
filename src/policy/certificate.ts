import { z } from 'zod'

/** What a certificate can say, by the names under which the pack's wording asks for it. */
const certificateFacts = [
  'custodian',
  'title',
  'department',
  'records',
  'redacted',
  'withheld',
  'produced',
  'request',
  'production',
  'version',
  'origin',
  'size',
  'root',
  'signed',
  'key',
  'timestamp',
  'file',
  'bytes',
  'sha256',
] as const

/** When a paragraph is left out, because what it tells of is not so. */
const conditions = ['redacted', 'withheld', 'timestamped', 'untimestamped'] as const

const known: readonly string[] = certificateFacts
const wording = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .refine((text) => [...text.matchAll(/\{([^}]*)\}/g)].every(([, name = '']) => known.includes(name)), {
    error: `may name in braces only ${certificateFacts.join(', ')}`,
  })

/** The pack's file certificate.json: the words in which a production is certified for a court. */
export const certificateFile = z.strictObject({
  title: wording,
  under: wording,
  sections: z
    .array(
      z.strictObject({
        heading: wording,
        paragraphs: z.array(
          z.union([
            z.strictObject({ text: wording, when: z.enum(conditions).optional() }),
            /** Set apart, in a type in which each sign can be told from another. */
            z.strictObject({ code: wording }),
            /** For the custodian to tick, if it is so. */
            z.strictObject({ choice: wording }),
          ]),
        ),
      }),
    )
    .min(1),
})

/** How a production is certified. */
export type CertificateWording = z.infer<typeof certificateFile>
