import { createHash } from 'node:crypto'
import { z } from 'zod'
import { wordsDetector } from './criticism.ts'
import { checkNames } from './numbers.ts'
import { type Finding, type ScreenOptions, screener } from './screening.ts'

const sentence = z.string().trim().min(1, 'must not be empty')
const identifier = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be small letters, digits and dashes')
const share = z.number().min(0, 'must be between 0 and 1').max(1, 'must be between 0 and 1')
const patterns = z.array(z.string().min(1)).min(1)

const category = z
  .strictObject({
    id: identifier,
    title: sentence,
    means: sentence,
    /** The removal reason that it speaks for; without one it is only a notice. */
    reason: identifier.optional(),
    /** From this score on, moderators see it. */
    threshold: share,
    /** How soon moderators read it where they read by harm; without one, it is no harm. */
    harm: z.enum(['urgent', 'usual'], 'must be "urgent" or "usual"').optional(),
    /** Not suggested about a comment that criticizes officials: the law protects that first. */
    criticismComesFirst: z.boolean(),
    /** The least threshold at which the department may have comments hidden automatically. */
    automatic: z.strictObject({ least: share }).optional(),
    /** Why that can't be switched on at all. */
    never: sentence.optional(),
  })
  .refine(
    (one) => (one.automatic === undefined) !== (one.never === undefined),
    'needs either "automatic" or "never"',
  )
  .refine(
    (one) => one.automatic === undefined || one.reason !== undefined,
    'needs a "reason" that comments are hidden for',
  )

/** The pack's file suggestions.json: what moderators are told about comments, and when. */
export const suggestionsFile = z.strictObject({
  categories: z.array(category),
  /** By when a person looks at what was hidden automatically, and over how many days a threshold is tried out. */
  automaticReview: z.strictObject({
    withinHours: z.int('must be a whole number').min(1, 'must be at least 1'),
    days: z.int('must be a whole number').min(1, 'must be at least 1'),
  }),
  /** Languages that every moderator reads, as ISO 639-1 codes. */
  languages: z.array(sentence).min(1),
  officials: z.array(sentence).min(1),
  screening: z.strictObject({
    abbreviations: z.array(sentence),
    lists: z.record(z.string(), z.array(z.string().min(1)).min(1)),
    parts: z.record(z.string(), z.string()),
    rules: z.array(
      z.strictObject({
        id: identifier,
        category: identifier,
        severity: z.enum(['stop', 'warn'], 'must be "stop" or "warn"'),
        reason: sentence,
        patterns,
        unless: patterns.optional(),
        needs: patterns.optional(),
        unlessText: patterns.optional(),
        disguised: z.boolean().optional(),
        check: z.enum(checkNames, `must be one of ${checkNames.join(', ')}`).optional(),
      }),
    ),
  }),
})

export type SuggestionCategory = z.output<typeof category>

/** What a pack says about suggestions. */
export interface SuggestionRules {
  categories: readonly SuggestionCategory[]
  automaticReview: { withinHours: number; days: number }
  languages: readonly string[]
  /** Whether the text names an official or the department. */
  namesOfficials(text: string): boolean
  /** Passages that by themselves speak for a category. */
  find(text: string, options?: ScreenOptions): Finding[]
  /** Changes when anything in the file changes. */
  version: string
}

/** Compiles suggestions.json. Throws an Error whose message says what is wrong in it. */
export function suggestionRules(
  file: z.output<typeof suggestionsFile>,
  removalReasons: readonly { id: string; clause: string }[],
): SuggestionRules {
  const reasons = new Map(removalReasons.map(({ id, clause }) => [id, clause]))
  const clauses = new Map(
    file.categories.map(({ id, reason }) => [id, reason ? [reasons.get(reason) ?? ''] : []]),
  )
  for (const { id, reason } of file.categories)
    if (reason && !reasons.has(reason))
      throw new Error(`the category "${id}" names the reason "${reason}", which removals.json does not list.`)
  for (const { id, category } of file.screening.rules)
    if (!clauses.has(category))
      throw new Error(`the rule "${id}" is of the category "${category}", which categories does not list.`)
  return {
    categories: file.categories,
    automaticReview: file.automaticReview,
    languages: file.languages,
    namesOfficials: wordsDetector(file.officials),
    find: screener({
      ...file.screening,
      rules: file.screening.rules.map((rule) => ({ ...rule, clauses: clauses.get(rule.category) ?? [] })),
    }),
    version: createHash('sha256').update(JSON.stringify(file)).digest('hex').slice(0, 8),
  }
}
