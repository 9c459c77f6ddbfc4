import dialect from './dialect.json' with { type: 'json' }
import lexicon from './lexicon.json' with { type: 'json' }
import type { Word } from './reading.ts'

/** How many buckets the features of a text are hashed into: 2 ^ 17. */
export const buckets = 1 << 17
const mask = buckets - 1

/**
 * Words that tell who speaks and not what is said. No model sees them: in the tweets they stand beside words judged
 * offensive, and a model would learn to suspect the speaker (Sap et al. 2019, "The Risk of Racial Bias in Hate Speech Detection").
 */
const unseen = new Set<string>(dialect.words)

const kinds = Object.keys(lexicon.kinds)
const kindsOf = new Map<string, number>()
for (const [n, words] of Object.values(lexicon.kinds).entries())
  for (const word of words) kindsOf.set(word, (kindsOf.get(word) ?? 0) | (1 << n))
const bit = (kind: keyof typeof lexicon.kinds) => 1 << kinds.indexOf(kind)
const obscene = bit('obscene')
const swearing = bit('swearing')
const sexual = bit('sexual')
const aimed = obscene | swearing | sexual | bit('insult')

const longBad = [...kindsOf].filter(([word, its]) => word.length > 3 && its & (obscene | swearing))

/** What bad language a text holds: words that are obscene, or only swear words, or neither. */
export function badLanguage(words: readonly Word[]): 'obscene' | 'swearing' | 'none' {
  let all = 0
  for (const { text } of words) all |= (kindsOf.get(text) ?? 0) | badWithin(text)
  return all & obscene ? 'obscene' : all & swearing ? 'swearing' : 'none'
}

/** The kinds of bad words within many words written as one; the model, which sees parts of words, has to agree. */
function badWithin(text: string): number {
  let all = 0
  if (text.length >= 12) for (const [word, its] of longBad) if (text.includes(word)) all |= its
  return all
}

const harmlessAlone = new Set<string>(lexicon.harmlessAlone)
const address = new Set<string>(lexicon.address)

/**
 * Whether a text swears at nobody: it addresses and insults no one, and its bad words are only those that people give
 * force with ("long-ass line") or have reclaimed for each other. Friends talk so, above all in African-American English,
 * and it is neither obscene nor an attack in the policy's sense.
 */
export const swearsAtNobody = (words: readonly Word[]): boolean =>
  words.every(({ text }) => {
    const its = kindsOf.get(text) ?? 0
    return harmlessAlone.has(text) || (!address.has(text) && ((its | badWithin(text)) & aimed) === 0)
  })

/** Whether a text holds words that are sexual in one company and harmless in another: naked, lap, wet. */
export const suggestiveWords = (words: readonly Word[]): boolean =>
  words.some(({ text }) => ((kindsOf.get(text) ?? 0) & sexual) !== 0)

/** What kinds of features there are, so that training can tell what each is worth. */
export const featureKinds = ['word', 'pair', 'disguise', 'part', 'kind', 'meeting'] as const
const [word, pair, disguise, part, kindOfWord, meeting] = [0, 1, 2, 3, 4, 5]

/**
 * Calls `take` with each feature of the text: its bucket, the place of the word that it comes from, and which of
 * `featureKinds` it is.
 */
export function eachFeature(
  words: readonly Word[],
  take: (bucket: number, word: number, kind: number) => void,
): void {
  let before = 0x2545f491
  let all = 0
  let first = 0
  for (let n = 0; n < words.length; n += 1) {
    const { text, disguised } = words[n] as Word
    const its = kindsOf.get(text)
    if (its !== undefined) {
      if (all === 0) first = n
      // Told apart from the words themselves, so that a rare insult counts like a common one.
      for (let kind = 0; kind < kinds.length; kind += 1)
        if (its & (1 << kind)) take(spread(0x7f4a7c15 + kind), n, kindOfWord)
      all |= its
    }
    if (unseen.has(text)) continue
    const hash = hashOf(text, 0x811c9dc5)
    take(spread(hash), n, word)
    take(spread(Math.imul(before, 0x01000193) ^ hash), n, pair)
    if (disguised) take(spread(0x5bd1e995), n, disguise)
    // House numbers, plates and telephones are alike in their shape alone.
    if (numeral.test(text)) take(spread(hashOf(shapeOf(text), 0x1b873593)), n, word)
    const { length } = text
    // Prefixes, suffixes and middles: what a word shares with others that are spelled or bent differently.
    if (length > 3 && text.charCodeAt(0) !== 60) {
      const most = Math.min(length, 24)
      for (let at = 0; at + 3 <= most; at += 1) {
        const three =
          (Math.imul(text.charCodeAt(at) * 31 + text.charCodeAt(at + 1), 0x9e3779b1) ^
            Math.imul(text.charCodeAt(at + 2), 0x85ebca6b)) +
          (at === 0 ? 0x51ed : at + 3 === length ? 0xa3c1 : 0)
        take(spread(three), n, part)
        if (at + 4 <= most) take(spread(Math.imul(three, 0x01000193) ^ text.charCodeAt(at + 3)), n, part)
      }
    }
    before = hash
  }
  // Which kinds meet: an insult for an official is another thing than one for a neighbor.
  for (let one = 0; one < kinds.length; one += 1) {
    if (all & (1 << one))
      for (let other = one + 1; other < kinds.length; other += 1)
        if (all & (1 << other)) take(spread(0x3c6ef372 + one * 32 + other), first, meeting)
  }
}

const numeral = /\d/
const shapeOf = (text: string) => text.replace(/\d/g, '0').replace(/[a-z]/g, 'a')

function hashOf(text: string, seed: number): number {
  let hash = seed
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

const spread = (hash: number) => {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 13)) & mask
}
