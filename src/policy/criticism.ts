import { fold } from './folding.ts'

/** Words that show criticism of the department or of officials, which the law protects. */
export interface CriticismWords {
  /** Who is meant: "chief", "this department" … */
  targets: readonly string[]
  /** "You", "they": mostly the department, under its own post, but a neighbor just as well. */
  addresses: readonly string[]
  /** What is said of them: "should resign", "useless" … A word that ends in * stands for all that begin so. */
  judgements: readonly string[]
  /** Criticism by themselves: "do your job". */
  phrases: readonly string[]
  /** Shows that "you" is a private person: given names, and whose kin is spoken of; and the suggestions' categories that find abuse. */
  private: { names: readonly string[]; kin: readonly string[]; abuse: readonly string[] }
  /** How a question begins that asks for nothing but an answer: "when does". */
  questions: readonly string[]
}

/** "unclear": the words alone don't say. */
export type CriticismRead = 'found' | 'none' | 'unclear'

/**
 * A reader of whether a text criticizes officials or the department. `people` are the full names of those who work there:
 * their surnames name officials. Without them nobody who is addressed by name is taken for a private person.
 */
export type CriticismReader = (people?: readonly string[]) => (text: string) => CriticismRead

/**
 * Reads criticism by words. It errs on the side of "found": that costs a second moderator's minute, a wrong "none" can
 * cost a visitor's right to speak. So "none" takes certainty: a private person, addressed by name or kin and abused
 * (`abuses`), and no official named; or a question that judges nobody.
 */
export function criticismReader(words: CriticismWords, abuses: (text: string) => boolean): CriticismReader {
  const [target, address, judgement, phrase] = (
    ['targets', 'addresses', 'judgements', 'phrases'] as const
  ).map((which) => anyOf(words[which])) as [RegExp, RegExp, RegExp, RegExp]
  const kin = anyOf(words.private.kin)
  const question = anyOf(words.questions)
  const addressed = nameAddressed(words.private.names)

  const isPrivate = (cased: string, lower: string, theirs: ReadonlySet<string>) =>
    kin.test(lower) || addressed(cased).some((name) => !theirs.has(name.toLowerCase()))
  const asksOnly = (lower: string) =>
    sentencesOf(lower).every(
      (sentence) => question.exec(sentence)?.index === 0 && sentence.endsWith('?') && isShort(sentence),
    )

  return (people) => {
    const names = people?.map(wordsOf) ?? []
    const theirs = new Set(names.flat())
    const surnames = new Set(names.map((words) => words.at(-1)))
    return (text) => {
      const { cased, lower } = fold(text)
      const official = target.test(lower) || wordsOf(lower).some((word) => surnames.has(word))
      const judges = judgement.test(lower)
      if (phrase.test(lower) || (official && judges)) return 'found'
      if (!official && people && isPrivate(cased, lower, theirs) && abuses(text)) return 'none'
      if (address.test(lower) && judges) return 'found'
      return !official && !judges && !address.test(lower) && asksOnly(lower) ? 'none' : 'unclear'
    }
  }
}

/** Says whether a text holds one of the words. */
export function wordsDetector(words: readonly string[]): (text: string) => boolean {
  const any = anyOf(words)
  return (text) => any.test(fold(text).lower)
}

/** Finds who is spoken to by a given name: "Denise, you …", "… you, Denise!". Not who is only spoken of. */
function nameAddressed(names: readonly string[]) {
  const name = `(${names.join('|')})`
  const first = new RegExp(`(?:^|[.!?] )${name},? (?:you|your|u|ya)(?![a-z0-9])`, 'g')
  const last = new RegExp(
    `(?<![A-Za-z0-9])(?:[Yy]ou|u)(?: |(?![a-z0-9])[^.!?]{0,60}, )${name}(?=[,.!?]|$)`,
    'g',
  )
  return (cased: string): string[] =>
    [first, last].flatMap((pattern) => [...cased.matchAll(pattern)].map((found) => found[1] ?? ''))
}

const sentencesOf = (text: string) => text.trim().split(/(?<=[.!?])\s+/)

/** Mockery that is dressed as a question takes more words than a question. */
const isShort = (sentence: string) => sentence.split(' ').length <= 12

const wordsOf = (text: string) => text.toLowerCase().match(/\p{L}{2,}/gu) ?? []

const anyOf = (words: readonly string[]) => new RegExp(`(?<![a-z0-9])(?:${words.map(asPattern).join('|')})`)

const asPattern = (word: string) => {
  const letters = word.toLowerCase().replace(/\*$/, '')
  const escaped = letters.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return word.endsWith('*') ? escaped : `${escaped}(?![a-z0-9])`
}
