import { z } from 'zod'

const sentence = z.string('must be a text').trim().min(1, 'must not be empty')
const count = z.int('must be a whole number').positive('must be more than nothing')
const identifier = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be small letters, digits and dashes')

/** What a notice can speak of. */
const facts = ['department', 'page', 'reason', 'clause', 'address', 'code', 'until', 'days', 'ends'] as const
export type NoticeFact = (typeof facts)[number]

const wording = (needed: readonly NoticeFact[]) =>
  sentence.superRefine((text, context) => {
    const named = Array.from(text.matchAll(/\{(\w*)\}/g), ([, name]) => name ?? '')
    for (const name of named)
      if (!(facts as readonly string[]).includes(name))
        context.addIssue(`may name only ${facts.map((fact) => `{${fact}}`).join(', ')}`)
    for (const name of needed) if (!named.includes(name)) context.addIssue(`must name {${name}}`)
  })

/** The pack's file appeals.json: how a removal is told, how it is appealed, and when somebody is blocked. */
export const appealsFile = z.strictObject({
  basis: sentence,
  clauses: z.array(sentence).min(1),
  fileWithinDays: count,
  decideWithinBusinessDays: count,
  notices: z.strictObject({
    // Without these the author would not know why, or could not appeal.
    removal: wording(['reason', 'clause', 'address', 'code', 'until']),
    block: wording(['reason', 'clause', 'address', 'code', 'until', 'ends']),
    upheld: wording(['address']),
    reversed: wording(['address']),
  }),
  blocks: z.strictObject({
    longestDays: count,
    reasons: z.array(
      z.strictObject({
        id: identifier,
        title: sentence,
        covers: sentence,
        clause: sentence,
        removals: count,
        withinDays: count,
      }),
    ),
  }),
  secondLooks: z.strictObject({ aMonth: z.int().nonnegative() }),
})

/** How removals are told and appealed, and the limits of a block. */
export interface Appeals {
  /** Where the numbers come from. */
  basis: string
  clauses: readonly string[]
  /** Calendar days after a removal in which it can be appealed. */
  fileWithinDays: number
  decideWithinBusinessDays: number
  /** What authors are told, with names in braces for what is filled in. */
  notices: Readonly<Record<'removal' | 'block' | 'upheld' | 'reversed', string>>
  blocks: { longestDays: number; reasons: readonly BlockReason[] }
  /** How many decisions a month a second moderator looks at again, unless the department chose another number. */
  secondLooks: { aMonth: number }
}

/** A ground for blocking an author: so many removals that stand, within so many days. */
export interface BlockReason {
  id: string
  title: string
  covers: string
  clause: string
  removals: number
  withinDays: number
}
