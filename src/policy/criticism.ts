import { fold } from './folding.ts'

/** Words that show criticism of the department or of officials, which the law protects. */
export interface CriticismWords {
  /** Who is meant: "chief", "this department" … */
  targets: readonly string[]
  /** What is said of them: "should resign", "useless" … A word that ends in * stands for all that begin so. */
  judgements: readonly string[]
  /** Criticism by themselves: "do your job". */
  phrases: readonly string[]
}

/**
 * Says whether a comment criticises officials or the department. It errs on the side of yes: a yes costs a second
 * moderator's minute, a wrong no can cost a visitor's right to speak.
 */
export function criticismDetector(words: CriticismWords): (text: string) => boolean {
  const target = anyOf(words.targets)
  const judgement = anyOf(words.judgements)
  const phrase = anyOf(words.phrases)
  return (text) => {
    const { lower } = fold(text)
    return phrase.test(lower) || (target.test(lower) && judgement.test(lower))
  }
}

/** Says whether a text holds one of the words. */
export function wordsDetector(words: readonly string[]): (text: string) => boolean {
  const any = anyOf(words)
  return (text) => any.test(fold(text).lower)
}

const anyOf = (words: readonly string[]) => new RegExp(`(?<![a-z0-9])(?:${words.map(asPattern).join('|')})`)

const asPattern = (word: string) => {
  const letters = word.toLowerCase().replace(/\*$/, '')
  const escaped = letters.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return word.endsWith('*') ? escaped : `${escaped}(?![a-z0-9])`
}
