import type { Word } from './reading.ts'

/** How rare each word stem is in a town's talk: what models/common-stems.json lists. */
export interface Background {
  texts: number
  /** In how many of the texts a stem stands; what is not listed stands in none. */
  counts: Readonly<Record<string, number>>
}

const empty = new Set(
  'the and is are was were you your that this of to in for it on with have has had not be been they them what my we our so just who all at but from do does did how why when where will would can could should out about no there their if an as or me he she his her him its by up one get got go going know like think want need say said see make take come came now then than too very much more most some any only even also still back over after before off again these those because into down day today time people good here well really please thanks thank yes ok let put something anything nothing everyone anyone someone never always'.split(
    ' ',
  ),
)

/** The stem of an English word, near enough to match "plowed" with "plow". */
export function stemOf(word: string): string {
  if (word.length < 4) return word
  return word
    .replace(/'s?$/, '')
    .replace(/(?<=.{3})(?:ing|ed|ers?|es|s|ly)$/, '')
    .replace(/([b-df-hj-np-tv-z])\1$/, '$1')
    .replace(/(?<=.{3})[ey]$/, '')
}

/** The stems of the words that say what a text is about. */
export const stemsOf = (words: readonly Word[]): readonly string[] =>
  words.flatMap(({ text }) =>
    text.length < 3 || text.startsWith('<') || empty.has(text) ? [] : [stemOf(text)],
  )

/** What a page's talk is about, to compare comments with: the stems of the post, its thread, and the announced subject. */
export function topicOf(background: Background, texts: readonly (readonly string[])[]): ReadonlySet<string> {
  const all = new Set<string>()
  for (const stems of texts)
    for (const stem of stems) if ((background.counts[stem] ?? 0) < background.texts / 8) all.add(stem)
  return all
}

/**
 * How far a comment is from the topic, between 0 and 1, with the places of the words that are farthest. A comment
 * that is short, asks, thanks, or says what a town says under any post is near. It sees words, not sense.
 */
export function farFromTopic(
  background: Background,
  words: readonly Word[],
  topic: ReadonlySet<string>,
): { score: number; words: number[] } {
  let near = 0
  let foreign = 0
  let mass = 0
  const far: [place: number, weight: number][] = []
  const seen = new Set<string>()
  for (const [place, { text }] of words.entries()) {
    if (text.length < 3 || text.startsWith('<') || empty.has(text)) continue
    const stem = stemOf(text)
    if (seen.has(stem)) continue
    seen.add(stem)
    const count = background.counts[stem] ?? 0
    const weight = Math.log((background.texts + 1) / (count + 1))
    mass += weight
    if (topic.has(stem)) near += weight
    else if (count < background.texts / 400) {
      foreign += weight
      far.push([place, weight])
    }
  }
  if (seen.size < 4) return { score: 0, words: [] }
  const score =
    1 / (1 + Math.exp(-(-3.2 + (5.2 * foreign) / mass - (14 * near) / mass + 0.12 * Math.min(seen.size, 12))))
  far.sort((one, other) => other[1] - one[1])
  return { score, words: far.slice(0, 4).map(([place]) => place) }
}
