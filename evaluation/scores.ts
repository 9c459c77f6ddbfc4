import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from 'obscenity'
import { type Score, score } from '../src/policy/policy.ts'

/** The list of words to compare with: the npm package “obscenity”, as it recommends itself. */
export const library = new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers })

/** Signs of African-American English in writing (Blodgett et al. 2016 describe them); a rough sieve, no judgement about a speaker. */
export const africanAmerican =
  /\b(?:ain'?t|finna|tryna|gon|dat|dis|dem|dey|wit|yall|y'all|bruh|fam|homie|lawd|sho|nah|naw|imma|ima|ion|talmbout|errbody|turnt|mane|shawty|been knew|stay \w+in)\b|\b(?:he|she|they|we|it) (?:be|been|gone) \w+in'?\b/i

interface Judged {
  is: boolean
}

/** How often `says` is right about whether something `is`. */
export function scoreOf<Item extends Judged>(items: readonly Item[], says: (item: Item) => boolean): Score {
  let found = 0
  let wrong = 0
  let missed = 0
  for (const item of items) {
    const yes = says(item)
    if (yes && item.is) found += 1
    if (yes && !item.is) wrong += 1
    if (!yes && item.is) missed += 1
  }
  return score({ found, wrong, missed })
}

/** How right it is to say yes from `least` on. */
export const above = (items: readonly (Judged & { score: number })[], least: number) =>
  scoreOf(items, ({ score }) => score >= least)

/** The lowest score at which at least `precision` of what lies above is right. */
export function lowestScoreFor(items: readonly (Judged & { score: number })[], precision: number): number {
  const sorted = [...items].sort((a, b) => b.score - a.score)
  let right = 0
  let best = Number.POSITIVE_INFINITY
  for (const [n, { is, score }] of sorted.entries()) {
    if (is) right += 1
    if (sorted[n + 1]?.score !== score && right / (n + 1) >= precision) best = score
  }
  return best
}
