import { fold, spelledWords } from '../policy/policy.ts'
import dialect from './dialect.json' with { type: 'json' }
import lexicon from './lexicon.json' with { type: 'json' }

/** A word of a text as it is meant, and where it stands in the text as it was written. */
export interface Word {
  /** Lower case, without accents, look-alikes, invisible signs and disguise. */
  text: string
  start: number
  end: number
  /** It was not written in the open: f.u.c.k, sh1t, a$$. */
  disguised: boolean
}

const strong = new Set<string>(lexicon.disguised)
const beginnings = lexicon.disguised.filter((word) => word.length > 3)
/** Short words of everyday English and of its dialects; two of them side by side ("fo da") are never one word cut in two. */
const everyday = new Set<string>([...lexicon.everyday, ...dialect.words])

const piece = /https?:\/\/\S+|www\.\S+|@[\w.]+|[\p{L}\p{N}@$!*#%+'|€£&-]+|[🔫🔪🗡💣🧨⚰]+/gu
const weapons = /^[🔫🔪🗡💣🧨⚰]/u

/**
 * Cuts a text into its words, whatever they were dressed up as: look-alikes, invisible signs, digits for letters,
 * l e t t e r s apart, stars in the middle, drawn-out leeetters, a word cut in two. Links, names of accounts and pictures of weapons become one word each.
 */
export function readWords(text: string): Word[] {
  const { lower, origin } = fold(text)
  /** Behind the last sign of a word; one sign can read as several letters. */
  const behind = (folded: number) => {
    const last = origin(folded - 1)
    return last + ((text.codePointAt(last) ?? 0) > 0xffff ? 2 : 1)
  }
  const spelled = spelledWords(lower)
  const words: Word[] = []
  let last: Word | undefined
  let nextSpelled = 0
  for (const match of lower.matchAll(piece)) {
    const start = match.index
    const end = start + match[0].length
    while (nextSpelled < spelled.length && (spelled[nextSpelled]?.end ?? 0) <= start) nextSpelled += 1
    const apart = spelled[nextSpelled]
    if (apart && start >= apart.start && start < apart.end) {
      if (start === apart.start) {
        for (const meant of strongWithin(apart.word)) {
          last = { text: meant, start: origin(apart.start), end: behind(apart.end), disguised: true }
          words.push(last)
        }
      }
      continue
    }
    const sign = match[0]
    if (sign.startsWith('http') || sign.startsWith('www.')) {
      last = { text: '<link>', start: origin(start), end: behind(end), disguised: false }
      words.push(last)
      continue
    }
    if (weapons.test(sign)) {
      last = { text: '<weapon>', start: origin(start), end: behind(end), disguised: false }
      words.push(last)
      continue
    }
    if (sign.charCodeAt(0) === 64 && !strongBehind(sign)) {
      last = { text: '<name>', start: origin(start), end: behind(end), disguised: false }
      words.push(last)
      continue
    }
    for (const part of parts(sign)) {
      const from = start + part.at
      const word: Word = {
        ...meaning(part.text),
        start: origin(from),
        end: behind(from + part.text.length),
      }
      const joined =
        last && last.end <= word.start && word.start - last.end <= 2 ? together(last, word) : null
      if (joined && last) {
        last.text = joined
        last.end = word.end
        last.disguised = true
      } else {
        words.push(word)
        last = word
      }
    }
  }
  return words
}

/** The strong words among letters set apart, with a stray "a" or "I" before or behind them; else all of them as one. */
function strongWithin(letters: string): string[] {
  for (const run of [letters, letters.slice(1), letters.slice(0, -1), letters.slice(1, -1)]) {
    const meant = strong.has(run) ? run : undisguised(run)
    if (meant !== null) return [meant]
    for (let cut = 3; cut <= run.length - 3; cut += 1)
      if (strong.has(run.slice(0, cut)) && strong.has(run.slice(cut)))
        return [run.slice(0, cut), run.slice(cut)]
  }
  return [letters]
}

/** "@sshole" is no account. */
const strongBehind = (sign: string) => undisguised(sign) !== null

/** Dashes and quotation marks divide words, unless what is between them is a disguise. */
function parts(sign: string): { text: string; at: number }[] {
  if (/^[a-z']+$/.test(sign)) return [{ text: sign, at: 0 }]
  if (/[@$!*#%+|€£&\d-]/.test(sign) && undisguised(sign) !== null) return [{ text: sign, at: 0 }]
  return Array.from(sign.matchAll(/[\p{L}\p{N}'*@$]+/gu), (match) => ({ text: match[0], at: match.index }))
}

function meaning(written: string): { text: string; disguised: boolean } {
  const open = written.replace(/^['*]+|['*]+$/g, '') || written
  if (strong.has(open)) return { text: open, disguised: false }
  const meant = undisguised(written)
  if (meant !== null) return { text: meant, disguised: true }
  return { text: drawnTogether(open, 2), disguised: false }
}

const lettersOf: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  8: 'b',
  9: 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'i',
  '+': 't',
  '€': 'e',
  '£': 'l',
  '&': 'a',
}

/** The strong word behind a disguise, or null. */
function undisguised(written: string): string | null {
  if (written.length < 2 || written.length > 40) return null
  const plain = /^[a-z]+$/.test(written)
  const read = plain ? written : written.replace(/[\d@$!|+€£&]/g, (sign) => lettersOf[sign] ?? sign)
  if (!plain && strong.has(read)) return read
  if (/(.)\1/.test(read)) {
    for (const most of [2, 1]) {
      const short = drawnTogether(read, most, most === 1 ? 2 : 3)
      if (short !== written && strong.has(short)) return short
    }
  }
  if (plain) return null
  const bare = read.replace(/[^a-z*#%]/g, '')
  if (bare !== written && strong.has(bare)) return bare
  if (/[*#%]/.test(bare)) {
    const letters = bare.replace(/[*#%]/g, '').length
    if (letters < 1 || bare.length < 3 || !/^[a-z]/.test(bare)) return null
    const whole = new RegExp(
      `^${bare.replace(/[*#%]+/g, (gap) => `[a-z]{${gap.length},${gap.length + 1}}`)}$`,
    )
    // f*** could be anything with an f; it is read as the commonest.
    return beginnings.find((word) => whole.test(word)) ?? null
  }
  return null
}

/** Letters repeated at least `from` times, at most `most` times. */
const drawnTogether = (word: string, most: number, from = 3) =>
  word.replace(/([a-z])\1+/g, (run, letter: string) => (run.length >= from ? letter.repeat(most) : run))

/** The strong word that two neighbouring pieces make, as in "fu ck", or null. */
function together(one: Word, other: Word): string | null {
  if (one.text.length > 4 || other.text.length > 4 || one.text.length + other.text.length < 4) return null
  if (everyday.has(one.text) || everyday.has(other.text)) return null
  const joined = one.text + other.text
  return joined.length > 3 && strong.has(joined) && !strong.has(one.text) && !strong.has(other.text)
    ? joined
    : null
}
