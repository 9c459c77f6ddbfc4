import { capital } from '../capital.ts'
import { fold, spelledWords, withoutDisguise } from './folding.ts'
import { checks } from './numbers.ts'

/** A passage that the policy has something to say about. */
export interface Finding {
  /** The pack's rule that found it. */
  rule: string
  category: string
  clause: string[]
  reason: string
  /** Where it stands in the text, in UTF-16 units: `text.slice(start, end) === excerpt`. */
  start: number
  end: number
  excerpt: string
  /** Words that fit the policy, to put in the excerpt's place. */
  suggestion?: string
  /** 'stop' keeps the text from being published, 'warn' asks the author to look again. */
  severity: 'stop' | 'warn'
}

export interface ScreenOptions {
  /** For whom the text is meant: some rules hold only for, say, young people. */
  audiences?: readonly string[]
  /** Telephone numbers and addresses that are the department's own and public. */
  allow?: readonly string[]
}

/** A screening rule as the pack's author writes it. */
export interface ScreeningRule {
  id: string
  category: string
  clauses: readonly string[]
  severity: 'stop' | 'warn'
  reason: string
  /** Words that read on in the passage's place; `$<name>` is what the pattern's group of that name found. */
  suggestion?: string | undefined
  patterns: readonly string[]
  /** The finding falls away when the sentence around it holds one of these. */
  unless?: readonly string[] | undefined
  /** The finding stands only when the whole text holds one of these. */
  needs?: readonly string[] | undefined
  /** The finding falls away when the whole text holds one of these. */
  unlessText?: readonly string[] | undefined
  /** The patterns tell capital letters from small ones; the conditions never do. */
  cased?: boolean | undefined
  /** Also look through digits that stand for letters, and words spelled letter by letter. */
  disguised?: boolean | undefined
  check?: keyof typeof checks | undefined
  audiences?: readonly string[] | undefined
}

export interface ScreeningSource {
  lists: Readonly<Record<string, readonly string[]>>
  parts: Readonly<Record<string, string>>
  rules: readonly ScreeningRule[]
  /** Words that end in a full stop without ending their sentence, in small letters: "no", "st". */
  abbreviations: readonly string[]
}

interface Compiled {
  rule: ScreeningRule
  find: RegExp
  /** The same, telling where the groups are that the patterns name; null when they name none. */
  place: RegExp | null
  /** The patterns without the borders of words: letters spelled one by one run on into the next word. */
  runOn: RegExp | null
  unless: RegExp | null
  needs: RegExp | null
  unlessText: RegExp | null
}

/** Compiles the pack's rules once. Throws an Error whose message names the rule and what is wrong with its pattern. */
export function screener(source: ScreeningSource): (text: string, options?: ScreenOptions) => Finding[] {
  const compiled = source.rules.map((rule) => compile(rule, source))
  const passagesIn = passageFinder(new Set(source.abbreviations))

  return (text, options = {}) => {
    const folded = fold(text)
    const plainly = withoutDisguise(folded.lower)
    const spelled = spelledWords(folded.lower)
    const findings: Finding[] = []
    const asTyped = (from: number, to: number): [start: number, end: number] => {
      const start = folded.origin(from)
      return [start, to > from ? endOf(text, folded.origin(to - 1)) : start]
    }
    const wordsOf = (group: [number, number] | undefined) => (group ? text.slice(...asTyped(...group)) : '')

    for (const one of compiled) {
      const { rule } = one
      if (rule.audiences && !rule.audiences.some((audience) => options.audiences?.includes(audience)))
        continue
      const passages = passagesIn(rule.cased ? folded.cased : folded.lower, one, options)
      if (rule.disguised) {
        if (plainly) passages.push(...passagesIn(plainly, one, options))
        for (const { word, start, end } of spelled)
          if (one.runOn?.test(word)) passages.push({ from: start, to: end })
      }
      for (const { from, to, groups } of passages) {
        const [start, end] = asTyped(from, to)
        const excerpt = text.slice(start, end)
        findings.push({
          rule: rule.id,
          category: rule.category,
          clause: [...rule.clauses],
          reason: rule.reason,
          start,
          end,
          excerpt,
          severity: rule.severity,
          ...(rule.suggestion === undefined
            ? {}
            : { suggestion: inPlaceOf(excerpt, rule.suggestion, (name) => wordsOf(groups?.[name])) }),
        })
      }
    }
    return withoutRepeats(findings)
  }
}

/** The suggestion with the author's own words in it, and a capital letter where the excerpt has one. */
function inPlaceOf(excerpt: string, suggestion: string, wordsOf: (group: string) => string): string {
  const words = suggestion.replace(/\$<(\w+)>/g, (_whole, group: string) => wordsOf(group)).trim()
  return /^\p{Lu}/u.test(excerpt) ? capital(words) : words
}

interface Passage {
  from: number
  to: number
  /** Where the pattern's named groups are. */
  groups?: Record<string, [from: number, to: number] | undefined> | undefined
}

const passageFinder =
  (abbreviations: ReadonlySet<string>) =>
  (text: string, one: Compiled, options: ScreenOptions): Passage[] => {
    const passages: Passage[] = []
    one.find.lastIndex = 0
    for (let match = one.find.exec(text); match; match = one.find.exec(text)) {
      if (match[0] === '') {
        one.find.lastIndex += 1
        continue
      }
      if (passages.length === 0) {
        if (one.needs && !one.needs.test(text)) return []
        if (one.unlessText?.test(text)) return []
      }
      const passage = placeOf(one, text, match)
      const check = one.rule.check && checks[one.rule.check]
      if (check && !check(text.slice(passage.from, passage.to), options.allow ?? [])) continue
      if (one.unless?.test(sentenceAround(text, passage, abbreviations))) continue
      passages.push(passage)
      if (passages.length === 50) break
    }
    return passages
  }

/** The passage is what the group `at` found, or all of the match. */
function placeOf(one: Compiled, text: string, match: RegExpExecArray): Passage {
  const whole = { from: match.index, to: match.index + match[0].length }
  if (!one.place) return whole
  one.place.lastIndex = match.index
  const found = one.place.exec(text)
  const at = found?.indices?.groups?.at
  return { ...(at ? { from: at[0], to: at[1] } : whole), groups: found?.indices?.groups }
}

/** From the stop before the passage to the stop after it. A full stop inside a number or an abbreviation is none. */
function sentenceAround(text: string, { from, to }: Passage, abbreviations: ReadonlySet<string>): string {
  let start = from
  while (start > 0 && from - start < 400 && !endsSentence(text, start - 1, abbreviations)) start -= 1
  let end = to
  while (end < text.length && end - to < 400 && !endsSentence(text, end, abbreviations)) end += 1
  return text.slice(start, end)
}

function endsSentence(text: string, at: number, abbreviations: ReadonlySet<string>): boolean {
  const sign = text.charAt(at)
  if (sign === '\n') return true
  if (sign !== '.' && sign !== '!' && sign !== '?') return false
  const next = text.charAt(at + 1)
  if (next !== '' && next !== ' ' && next !== '\n') return false
  return sign !== '.' || !abbreviations.has(wordBefore(text, at))
}

function wordBefore(text: string, at: number): string {
  let start = at
  while (start > 0 && at - start < 12 && /[a-z.]/i.test(text.charAt(start - 1))) start -= 1
  return text.slice(start, at).toLowerCase()
}

/** A character outside the basic plane takes two units; a passage never ends in its middle. */
const endOf = (text: string, last: number) => last + ((text.codePointAt(last) ?? 0) > 0xffff ? 2 : 1)

/** One passage, one finding a category: the widest, and of two alike the stricter. */
function withoutRepeats(findings: Finding[]): Finding[] {
  if (findings.length < 2) return findings
  const strict = (finding: Finding) => (finding.severity === 'stop' ? 0 : 1)
  const sorted = findings.sort(
    (a, b) => strict(a) - strict(b) || b.end - b.start - (a.end - a.start) || a.start - b.start,
  )
  const kept: Finding[] = []
  for (const finding of sorted)
    if (
      !kept.some(
        (other) =>
          other.category === finding.category && other.start < finding.end && finding.start < other.end,
      )
    )
      kept.push(finding)
  return kept.sort((a, b) => a.start - b.start)
}

function compile(rule: ScreeningRule, source: ScreeningSource): Compiled {
  const joined = (patterns: readonly string[] | undefined, field: string) =>
    patterns && patterns.length > 0
      ? patterns.map((pattern) => `(?:${safePattern(pattern, source, rule, field)})`).join('|')
      : null
  const condition = (text: string | null) => (text === null ? null : new RegExp(text, 'i'))
  const patterns = joined(rule.patterns, 'patterns')
  if (patterns === null) throw new Error(`the rule "${rule.id}" needs at least one pattern.`)
  return {
    rule,
    // The text is in lower case already, so the patterns need not look twice.
    find: new RegExp(patterns, 'g'),
    place: /\(\?<[a-z]/.test(patterns) ? new RegExp(patterns, 'dy') : null,
    runOn: rule.disguised ? new RegExp(patterns.replaceAll('\\b', '')) : null,
    unless: condition(joined(rule.unless, 'unless')),
    needs: condition(joined(rule.needs, 'needs')),
    unlessText: condition(joined(rule.unlessText, 'unlessText')),
  }
}

const literally = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Puts the lists and parts that a pattern names in braces into it, and refuses what could take for ever to match. */
function safePattern(pattern: string, source: ScreeningSource, rule: ScreeningRule, field: string): string {
  const wrong = (what: string) =>
    new Error(`the rule "${rule.id}", ${field}: ${what} The pattern is: ${pattern}`)
  const expand = (text: string, depth: number): string =>
    text.replace(/\{([a-z][A-Za-z]*)\}/g, (_whole, name: string) => {
      if (depth > 5) throw wrong(`{${name}} contains itself.`)
      const list = source.lists[name]
      if (list) return `(?:${list.map(literally).join('|')})`
      const part = source.parts[name]
      if (part === undefined) throw wrong(`there is no list and no part called {${name}}.`)
      return `(?:${expand(part, depth + 1)})`
    })
  const expanded = expand(pattern, 0)
  const bare = expanded.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  if (/[*+]|\{\d+,\}/.test(bare))
    throw wrong('repeat at most so many times: write {0,40} where * or + stands.')
  let ways = 1
  for (const [, least, most] of bare.matchAll(/\{(\d+)(?:,(\d+))?\}/g))
    ways *= 1 + Number(most ?? least) - Number(least)
  if (ways > 200_000) throw wrong('it has too many open lengths and could take very long on some texts.')
  if (/\)\{\d+(?:,(?:[6-9]|\d\d+))\}/.test(bare)) throw wrong('a group may be repeated at most five times.')
  try {
    new RegExp(expanded, 'd')
  } catch (error) {
    throw wrong(`${error instanceof Error ? error.message : error}.`)
  }
  return expanded
}
