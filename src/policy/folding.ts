/** A text as the screening reads it, and where each of its characters stands in the text as it was written. */
export interface Folded {
  /** Without invisible characters and look-alikes, white space evened out. */
  cased: string
  /** The same in lower case, character for character. */
  lower: string
  /** The place in the original of the folded character at `index`; `cased.length` gives the original's end. */
  origin(index: number): number
}

const invisible = /\p{Cf}|\p{Mn}|[\u115f\u1160\u3164]/u
const plain = /^[\x21-\x7e]*(?: [\x21-\x7e]+)* ?$/

/** Letters of other alphabets that pass for Latin ones, and the signs that typographers put for plain ones. */
const lookAlike = new Map(
  Object.entries({
    а: 'a',
    е: 'e',
    о: 'o',
    р: 'p',
    с: 'c',
    у: 'y',
    х: 'x',
    і: 'i',
    ј: 'j',
    ѕ: 's',
    һ: 'h',
    ԁ: 'd',
    ո: 'n',
    ս: 'u',
    օ: 'o',
    ց: 'g',
    ʃ: 's',
    ɑ: 'a',
    ԛ: 'q',
    ԝ: 'w',
    к: 'k',
    м: 'm',
    т: 't',
    в: 'b',
    А: 'A',
    В: 'B',
    Е: 'E',
    К: 'K',
    М: 'M',
    Н: 'H',
    О: 'O',
    Р: 'P',
    С: 'C',
    Т: 'T',
    У: 'Y',
    Х: 'X',
    І: 'I',
    Ј: 'J',
    Ѕ: 'S',
    α: 'a',
    ε: 'e',
    ι: 'i',
    κ: 'k',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    τ: 't',
    υ: 'u',
    χ: 'x',
    Α: 'A',
    Β: 'B',
    Ε: 'E',
    Ζ: 'Z',
    Η: 'H',
    Ι: 'I',
    Κ: 'K',
    Μ: 'M',
    Ν: 'N',
    Ο: 'O',
    Ρ: 'P',
    Τ: 'T',
    Υ: 'Y',
    Χ: 'X',
    ı: 'i',
    ɡ: 'g',
    ʟ: 'l',
    ſ: 's',
    '‘': "'",
    '’': "'",
    ʼ: "'",
    '‛': "'",
    '“': '"',
    '”': '"',
    '‐': '-',
    '‑': '-',
    '‒': '-',
    '–': '-',
    '—': '-',
    '−': '-',
    '…': '.',
    '·': '.',
    '•': '.',
  }),
)

export function fold(text: string): Folded {
  if (plain.test(text)) return { cased: text, lower: text.toLowerCase(), origin: (index) => index }

  const origins: number[] = []
  let cased = ''
  let lower = ''
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code > 0x20 && code < 0x7f) {
      const sign = text.charAt(at)
      cased += sign
      lower += code > 0x40 && code < 0x5b ? sign.toLowerCase() : sign
      origins.push(at)
      at += 1
      continue
    }
    const sign = String.fromCodePoint(text.codePointAt(at) ?? 0)
    // U+FEFF counts as white space for a pattern, but nobody sees it.
    if (/[^\S\ufeff]/.test(sign)) {
      const run = /^[^\S\ufeff]+/.exec(text.slice(at, at + 200))?.[0] ?? sign
      // A line break inside a paragraph is a space; an empty line ends the sentence.
      const blank = (run.match(/\n/g)?.length ?? 0) > 1 ? '\n' : ' '
      cased += blank
      lower += blank
      origins.push(at)
      at += run.length
      continue
    }
    if (!invisible.test(sign))
      for (const letter of lookAlike.get(sign) ?? sign.normalize('NFKD')) {
        if (invisible.test(letter)) continue
        const latin = lookAlike.get(letter) ?? letter
        const small = latin.toLowerCase()
        cased += latin
        lower += small.length === latin.length ? small : latin
        for (let unit = 0; unit < latin.length; unit += 1) origins.push(at)
      }
    at += sign.length
  }
  return { cased, lower, origin: (index) => origins[index] ?? text.length }
}

const digitForLetter = /(?<=[a-z])[0134578@$!]{1,3}(?=[a-z])|(?<![a-z0-9])[0134578@$!](?=[a-z]{2})/
const everyDigitForLetter = new RegExp(digitForLetter, 'g')
const meant: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  8: 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** The lower-case text with digits and signs read as the letters that they stand for, or null when there are none. */
export const withoutDisguise = (lower: string): string | null =>
  digitForLetter.test(lower)
    ? lower.replace(everyDigitForLetter, (signs) => Array.from(signs, (sign) => meant[sign] ?? sign).join(''))
    : null

const spelledOut = /(?<![a-z0-9'])[a-z](?:[ .*_-]{1,2}[a-z]){3,30}(?![a-z0-9])/g

/** Words written as l e t t e r s, each with its place in the lower-case text. */
export const spelledWords = (lower: string): { word: string; start: number; end: number }[] =>
  Array.from(lower.matchAll(spelledOut), (match) => ({
    word: match[0].replace(/[^a-z]/g, ''),
    start: match.index,
    end: match.index + match[0].length,
  }))
