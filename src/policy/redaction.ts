import { z } from 'zod'
import type { Finding } from './screening.ts'

const sentence = z.string().trim().min(1, 'must not be empty')
const letter = z.string().regex(/^[a-z]{1,2}$/, 'must be a letter')

/** The pack's file redaction.json: what is worth a look before a record goes out, and by which exemption. */
export const redactionFile = z.strictObject({
  /** Categories of the screening whose findings are suggested. */
  categories: z.array(z.strictObject({ category: sentence, exemption: letter })),
  patterns: z.array(
    z.strictObject({
      title: sentence,
      pattern: sentence.refine(isPattern, 'must be a regular expression'),
      exemption: letter,
    }),
  ),
})

/** A passage that may have to be taken out of a record before it is released. */
export interface RedactionSuggestion {
  start: number
  end: number
  excerpt: string
  reason: string
  exemption: string
}

/** Finds what may have to be taken out; whoever redacts decides. */
export function redactionSuggester(
  { categories, patterns }: z.output<typeof redactionFile>,
  screen: (text: string) => Finding[],
): (text: string) => RedactionSuggestion[] {
  const exemptionOf = new Map(categories.map(({ category, exemption }) => [category, exemption]))
  const compiled = patterns.map((one) => ({ ...one, find: new RegExp(one.pattern, 'giu') }))
  return (text) => {
    const found: RedactionSuggestion[] = screen(text).flatMap(({ category, start, end, excerpt, reason }) => {
      const exemption = exemptionOf.get(category)
      return exemption === undefined ? [] : [{ start, end, excerpt, reason, exemption }]
    })
    for (const { find, title, exemption } of compiled)
      for (const match of text.matchAll(find)) {
        const [start, end] = [match.index, match.index + match[0].length]
        if (found.some((one) => one.start < end && start < one.end)) continue
        found.push({ start, end, excerpt: match[0], reason: title, exemption })
      }
    return found.sort((a, b) => a.start - b.start)
  }
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'giu')
    return true
  } catch {
    return false
  }
}
