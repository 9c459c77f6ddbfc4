/** A passage that is taken out, in UTF-16 units of its text, and the letter of the exemption that allows it. */
export interface Passage {
  start: number
  end: number
  exemption: string
}

/** What stands for something taken out. Always as long, so that it does not tell how much it was. */
const block = '████'

/** The text with each passage replaced by a block and its exemption's letter. Nothing of a passage is left. */
export function blackOut(text: string, passages: readonly Passage[]): string {
  let kept = ''
  let from = 0
  for (const { start, end, exemptions } of merged(text, passages)) {
    kept += `${text.slice(from, start)}${block}${exemptions.map((letter) => `(${letter})`).join('')}`
    from = end
  }
  return kept + text.slice(from)
}

interface Merged {
  start: number
  end: number
  exemptions: string[]
}

/** Passages in order, widened to whole characters as people see them, those that touch made one. */
export function merged(text: string, passages: readonly Passage[]): Merged[] {
  const edges = new Set([0, text.length])
  if (passages.length > 0) for (const { index } of new Intl.Segmenter().segment(text)) edges.add(index)
  const back = (at: number) => {
    let edge = Math.min(Math.max(0, at), text.length)
    while (!edges.has(edge)) edge -= 1
    return edge
  }
  const forth = (at: number) => {
    let edge = Math.min(Math.max(0, at), text.length)
    while (!edges.has(edge)) edge += 1
    return edge
  }
  const whole = passages
    .filter(({ start, end }) => Math.max(0, start) < Math.min(text.length, end))
    .map(({ start, end, exemption }) => ({ start: back(start), end: forth(end), exemptions: [exemption] }))
    .sort((a, b) => a.start - b.start || a.end - b.end)
  const result: Merged[] = []
  for (const one of whole) {
    const last = result.at(-1)
    if (last && one.start <= last.end) {
      last.end = Math.max(last.end, one.end)
      last.exemptions = [...new Set([...last.exemptions, ...one.exemptions])].sort()
    } else result.push(one)
  }
  return result
}

/** A passage of a record: which of its texts it is in, by JSON pointer. */
export interface PlacedPassage extends Passage {
  place: string
}

/**
 * The passages of every text of a record. What is taken out of one text is taken out of all others: where the whole
 * text recurs, at the same place in it; and wherever the words of the passage stand by themselves.
 */
export function spread(
  texts: ReadonlyMap<string, string>,
  passages: readonly PlacedPassage[],
): Map<string, Passage[]> {
  const spreadOver = new Map<string, Passage[]>([...texts.keys()].map((place) => [place, []]))
  const known = passages.filter(({ place }) => texts.has(place))
  for (const { place, start, end, exemption } of known) {
    const source = texts.get(place) ?? ''
    for (const [other, text] of texts)
      for (const at of recurrences(source, text))
        spreadOver.get(other)?.push({ start: at + start, end: at + end, exemption })
  }
  for (const { words, exemption } of removedWords(texts, known))
    for (const [place, text] of texts)
      for (const { start, end } of occurrences(text, words))
        spreadOver.get(place)?.push({ start, end, exemption })
  return spreadOver
}

/** The words of each passage, as far as they are telling enough to look for elsewhere. */
export function removedWords(
  texts: ReadonlyMap<string, string>,
  passages: readonly PlacedPassage[],
): { words: string; exemption: string }[] {
  const found = new Map<string, string>()
  for (const place of new Set(passages.map((one) => one.place))) {
    const text = texts.get(place) ?? ''
    for (const { start, end, exemptions } of merged(
      text,
      passages.filter((one) => one.place === place),
    )) {
      const words = text.slice(start, end).trim().replace(/\s+/g, ' ')
      if (isTelling(words)) found.set(words, exemptions[0] ?? '')
    }
  }
  return [...found].map(([words, exemption]) => ({ words, exemption }))
}

/** Two letters or digits recur by chance; three in a row are worth looking for. */
const isTelling = (words: string) => (words.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= 3

/** Where `words` stand by themselves in `text`, whatever the capitals and the spaces between them. */
export function occurrences(text: string, words: string): { start: number; end: number }[] {
  const letter = '[\\p{L}\\p{N}]'
  const inside = words
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('\\s+')
  if (inside === '') return []
  const begins = /^[\p{L}\p{N}]/u.test(words.trim()) ? `(?<!${letter})` : ''
  const ends = /[\p{L}\p{N}]$/u.test(words.trim()) ? `(?!${letter})` : ''
  return Array.from(text.matchAll(new RegExp(`${begins}${inside}${ends}`, 'giu')), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/** Where a text stands as a whole in another one. A very short text is only itself. */
function recurrences(source: string, text: string): number[] {
  if (source === text) return [0]
  if (!isTelling(source)) return []
  const found: number[] = []
  for (let at = text.indexOf(source); at !== -1; at = text.indexOf(source, at + 1)) found.push(at)
  return found
}
