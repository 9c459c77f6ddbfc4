import type { Policy, Reports, SuggestionCategory } from '../policy/policy.ts'
import type { Suggestion } from '../suggestions/suggestions.ts'

/** What a category's word on a comment is worth for the order of reading. */
type Weighed = Pick<Suggestion, 'category' | 'score'>

/**
 * How soon a moderator should look at a comment; 0 when nothing speaks for hurry. What the pack calls urgent (a threat,
 * personal data) comes before anything else, and then the surer suggestion. Suggestions that criticism holds back don't
 * belong here, and criticism itself is no harm (policy IV.A.2.iv.1). The order is all that it decides.
 */
export function harmOf(suggestions: readonly Weighed[], categories: readonly SuggestionCategory[]): number {
  return Math.max(0, ...harmful(suggestions, categories).map(({ weight }) => weight))
}

/**
 * What reports add to that: the first most, all together no more than the pack's limit, so that many who report
 * together (brigading) move a comment no further than a few do. For criticism, which is protected, nothing.
 */
export function weightOfReports(count: number, protectedCriticism: boolean, order: Reports['order']): number {
  if (count === 0 || protectedCriticism) return 0
  return Math.min(order.most, order.first + (count - 1) * order.more)
}

/** A comment's place in the order of reading: by what is suggested about it, and by what visitors reported. */
export const harmWith = (
  { suggestions: { categories }, reports: { order } }: Pick<Policy, 'suggestions' | 'reports'>,
  suggestions: readonly Weighed[],
  { reports, protectedCriticism }: { reports: number; protectedCriticism: boolean },
): number => harmOf(suggestions, categories) + weightOfReports(reports, protectedCriticism, order)

/** Why a comment stands where it does among the harmful first, in a sentence; '' for one without harm. */
export function whyFirst(suggestions: readonly Weighed[], categories: readonly SuggestionCategory[]): string {
  const [most] = harmful(suggestions, categories).sort((one, other) => other.weight - one.weight)
  if (!most) return ''
  const { title, harm } = most.category
  const surety = `${Math.round(most.score * 100)} of 100`
  return harm === 'urgent'
    ? `Read before others: “${title}” is urgent (${surety}).`
    : `Read before others: “${title}” is suggested (${surety}).`
}

function harmful(suggestions: readonly Weighed[], categories: readonly SuggestionCategory[]) {
  return suggestions.flatMap(({ category: id, score }) => {
    const category = categories.find((one) => one.id === id)
    if (!category?.harm) return []
    // A score has 100 steps, so that nothing usual reaches what is urgent.
    return [{ category, score, weight: (category.harm === 'urgent' ? 1000 : 1) + Math.round(score * 100) }]
  })
}
