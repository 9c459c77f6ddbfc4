import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Finding, Policy } from '../policy/policy.ts'
import { badLanguage, suggestiveWords, swearsAtNobody } from './features.ts'
import { languageOf } from './language.ts'
import { type Model, openModel } from './model.ts'
import { readWords, type Word } from './reading.ts'
import { type Background, farFromTopic, stemsOf, topicOf } from './topic.ts'

/** A comment, and where it was written. */
export interface Remark {
  text: string
  /** What it is under. Without a subject that the page announced, nothing is off topic. */
  under?: { post: string; thread: readonly string[]; subject: string } | undefined
  /** Telephone numbers and addresses that are the department's own. */
  ownContacts?: readonly string[] | undefined
}

/** A passage of the comment as it was written, in UTF-16 units. */
export interface Passage {
  start: number
  end: number
}

/** A hint at one category. A person decides. */
export interface Suggestion {
  category: string
  /** How sure, from 0 to 1. It orders and filters; it is no probability that a removal would be lawful. */
  score: number
  /** The words that weighed most, in the order of the text. */
  because: Passage[]
  /** What a pattern of the policy says about it; empty where only the model spoke. */
  reason: string
}

export interface Suggestions {
  suggestions: Suggestion[]
  /** It may criticize officials or the department. */
  criticism: boolean
  /** It does more likely than not: one person alone does not hide it. */
  likelyCriticism: boolean
  /** What would have been suggested, had it not been criticism. */
  withheld: Suggestion[]
  language: string | null
  /** By which model and rules. */
  version: string
}

export interface Suggester {
  version: string
  suggestionsFor(remark: Remark): Suggestions
  /** The bare scores of the model and the patterns, before any threshold, for measuring. */
  scoresOf(remark: Remark): ReadonlyMap<string, number>
}

type Rules = Pick<Policy, 'suggestions' | 'protectedCriticism'>

/** Opens the model that ships with the program, for the rules of a policy. */
export function openSuggester(policy: Rules, folder: string): Suggester {
  const background = JSON.parse(readFileSync(path.join(folder, 'common-stems.json'), 'utf8')) as Background
  return suggesterOf(policy, openModel(path.join(folder, 'comments.model')), background)
}

/** What swearing at nobody is no reason to suspect. */
const unaimed = new Set(['obscenity', 'personal-attack'])
/** From this score on, it is criticism more likely than not. */
const likelyFrom = 0.5
/** What a pattern of the policy is worth: "stop" is as good as certain, "warn" is worth a look. */
const worth = { stop: 0.95, warn: 0.7 } as const

export function suggesterOf(policy: Rules, model: Model, background: Background): Suggester {
  const rules = policy.suggestions
  const { criticismFrom, withoutBadWords, atNobody } = model.header.limits
  const modelled = model.header.categories.map(({ id }) => id)
  const criticismAt = modelled.indexOf('criticism')
  const version = `${model.header.version}+${rules.version}`

  const seen = new Map<string, readonly string[]>()
  /** The stems of a post or of a comment in its thread: the next comment there asks for them again. */
  function known(text: string): readonly string[] {
    const stems = seen.get(text) ?? stemsOf(readWords(text))
    if (seen.size >= 500) seen.clear()
    seen.set(text, stems)
    return stems
  }

  function look({ text, under, ownContacts }: Remark) {
    const words = readWords(text)
    const { scores: weighed, parts } = model.weigh(words)
    // Without a word, a heart say, the model has only its bias to go by, which would call it a threat.
    const scores = words.length > 0 ? weighed : new Float32Array(modelled.length)
    const found = rules.find(text, ownContacts ? { allow: ownContacts } : undefined)
    const bad = badLanguage(words)
    const suggestive = suggestiveWords(words)
    const broadly = policy.protectedCriticism(text)
    const critical = scores[criticismAt] ?? 0
    const namesOfficials = () => rules.namesOfficials(text)
    // Obscene words that name no official have to be criticism more likely than not: strangers are called whores, too.
    const criticism =
      critical >= (bad === 'obscene' && !namesOfficials() ? likelyFrom : criticismFrom) ||
      (broadly && namesOfficials())
    const language = languageOf(text, words)
    const all = new Map<string, Suggestion>()
    for (const { id } of rules.categories) {
      const at = modelled.indexOf(id)
      const passages = found.filter(({ category }) => category === id)
      const score = at < 0 ? 0 : (scores[at] ?? 0)
      const byModel = id === 'obscenity' && bad === 'none' && !suggestive ? score * withoutBadWords : score
      const byPattern = Math.max(0, ...passages.map(({ severity }) => worth[severity]))
      if (byModel < 0.05 && byPattern === 0) continue
      all.set(id, {
        category: id,
        score: byPattern > 0 ? byPattern + (1 - byPattern) * byModel : byModel,
        because: passages.length > 0 ? passages.map(placeOf) : heaviest(words, parts, at, modelled.length),
        reason: passages[0]?.reason ?? '',
      })
    }
    if (under && under.subject !== '') {
      const topic = topicOf(background, [under.post, under.subject, ...under.thread].map(known))
      const far = farFromTopic(background, words, topic)
      const because = far.words.flatMap((place) => words[place] ?? []).map(placeOf)
      all.set('off-topic', { category: 'off-topic', score: far.score, because: inOrder(because), reason: '' })
    }
    if (language && !rules.languages.includes(language.language))
      all.set('language', { category: 'language', score: language.sure, because: [], reason: '' })
    // Swearing alone, in what may be criticism, is anger.
    const likely = critical >= likelyFrom
    const friendly = bad !== 'none' && swearsAtNobody(words)
    return { all, criticism, likely, angry: bad === 'swearing' && broadly, broadly, friendly, language }
  }

  return {
    version,
    suggestionsFor(remark) {
      const { all, criticism, likely, angry, broadly, friendly, language } = look(remark)
      const suggestions: Suggestion[] = []
      const withheld: Suggestion[] = []
      for (const category of rules.categories) {
        const one = all.get(category.id)
        if (!one || one.score < category.threshold) continue
        if (friendly && unaimed.has(category.id) && one.reason === '' && one.score < atNobody) continue
        if (category.criticismComesFirst && (criticism || (angry && category.id === 'obscenity')))
          withheld.push(one)
        else suggestions.push(one)
      }
      return {
        suggestions,
        criticism: criticism || broadly,
        likelyCriticism: likely || broadly,
        withheld,
        language: language?.language ?? null,
        version,
      }
    },
    scoresOf: (remark) => new Map(Array.from(look(remark).all, ([id, { score }]) => [id, score])),
  }
}

const placeOf = ({ start, end }: Passage | Finding | Word): Passage => ({ start, end })
const inOrder = (passages: Passage[]) => passages.sort((one, other) => one.start - other.start)

/** The few words that spoke most for a category. */
function heaviest(words: readonly Word[], parts: Float32Array, at: number, count: number): Passage[] {
  if (at < 0) return []
  const weights = words.map((word, n) => ({ word, weight: parts[n * count + at] ?? 0 }))
  const most = Math.max(...weights.map(({ weight }) => weight))
  return inOrder(
    weights
      .filter(({ weight }) => weight > 0.3 && weight > most / 4)
      .sort((one, other) => other.weight - one.weight)
      .slice(0, 4)
      .map(({ word }) => placeOf(word)),
  )
}
