import { francAll } from 'franc'

/** Fewer letters say too little: "OK, thanks!" could be anything. */
const fewestLetters = 20
/** The beginning of a long text tells its language, and costs less. */
const longestRead = 1_000
/** The second best lies so close that the best is a guess. */
const closest = 0.99

/**
 * The language of a text (ISO 639-3), of those that are likely here; null when it can't be told. Names, addresses and tags
 * are no language and are left out.
 */
export function languageOf(text: string, likely: readonly string[]): string | null {
  if (likely.length === 0) return null
  const read = text
    .slice(0, longestRead)
    .replaceAll(/https?:\/\/\S+|[@#][\p{L}\p{N}_.]+|\S+@\S+/gu, ' ')
    .trim()
  // Scripts in which a sign is a word need fewer.
  const letters = read.match(/\p{L}/gu)?.length ?? 0
  const signs = read.match(/[\p{sc=Han}\p{sc=Kana}\p{sc=Hangul}]/gu)?.length ?? 0
  if (letters + 3 * signs < fewestLetters) return null
  const [best, second] = francAll(read, { only: [...likely], minLength: 1 })
  if (!best || best[0] === 'und' || (second && second[1] > closest)) return null
  return best[0]
}
