import path from 'node:path'
import { loadPolicy, type Score } from '../src/policy/policy.ts'
import { openSuggester, type Suggester } from '../src/suggestions/suggestions.ts'
import { type Part, readComments, readCriticism, readDisguises, readThreads, type Tweet } from './examples.ts'
import { above, africanAmerican, library, lowestScoreFor, scoreOf } from './scores.ts'

const root = path.join(import.meta.dirname, '..')
const { suggestions: rules, ...policy } = await loadPolicy(path.join(root, 'policy/4.37'))
const suggester: Suggester = openSuggester(
  { ...policy, suggestions: rules },
  path.join(root, 'src/suggestions/models'),
)

const obscenityIn = (text: string) => suggester.scoresOf({ text }).get('obscenity') ?? 0
const suggestedFor = (text: string) =>
  suggester.suggestionsFor({ text }).suggestions.map(({ category }) => category)

export interface TweetMeasures {
  tweets: number
  library: Score
  /** Ours at the score where its precision is the library's, found on these very tweets. */
  atEqualPrecision: Score
  /** Ours at a score chosen on the tweets for development. */
  chosenBefore: Score
  /** Ours as moderators see it: at the pack's threshold, and nothing suggested about criticism. */
  asSuggested: Score
  milliseconds: { ours: number; library: number }
}

/** Offensive and hateful tweets against the others, which is what this data can tell; it is not what the law calls obscene. */
export function measureTweets(tweets: readonly Tweet[], development: readonly Tweet[]): TweetMeasures {
  const judged = tweets.map(({ text, label }) => ({
    text,
    is: label !== 'neither',
    score: obscenityIn(text),
  }))
  const byLibrary = scoreOf(judged, ({ text }) => library.hasMatch(text))
  const tuned = development.map(({ text, label }) => ({
    text,
    is: label !== 'neither',
    score: obscenityIn(text),
  }))
  const precisionThere = scoreOf(tuned, ({ text }) => library.hasMatch(text)).precision
  const chosen = lowestScoreFor(tuned, precisionThere)
  const asSuggested = scoreOf(judged, ({ text }) => suggestedFor(text).includes('obscenity'))
  return {
    tweets: tweets.length,
    library: byLibrary,
    atEqualPrecision: above(judged, lowestScoreFor(judged, byLibrary.precision)),
    chosenBefore: above(judged, chosen),
    asSuggested,
    milliseconds: {
      ours: timeOf(tweets, (text) => suggester.suggestionsFor({ text })),
      library: timeOf(tweets, (text) => library.hasMatch(text)),
    },
  }
}

/** How our own voices speak, where that is not the English of the schools: by the beginning of the voice's or tone's name. */
const speeches: Readonly<Record<string, readonly string[]>> = {
  'African-American English': ['aae-', 'porch-folk', 'stoop-talk', 'dialect-aae'],
  'Appalachian and Southern English': ['southern-', 'dialect-appalachian', 'dialect-southern'],
  'the English of Boston': ['southie-', 'dialect-boston'],
  'Caribbean English and Scots': ['dialect-caribbean', 'dialect-scots'],
  'Spanish and English mixed': ['bilingual-', 'dialect-spanglish'],
  'a learner’s English': ['esl'],
  Spanish: ['es'],
  Portuguese: ['pt'],
  'Haitian Creole': ['ht'],
}

/** What may be said of a way to speak: how many of the texts that nobody may object to are suspected. */
export interface Fairness {
  speech: string
  texts: number
  ours: number
  library: number
}

/**
 * False alarms by dialect and language: on our own friendly comments, on criticism of police, and on those of `tweets` that
 * nobody found offensive. A notice of the language is no alarm.
 */
export function measureFairness(part: Part, tweets: readonly Tweet[] = []): Fairness[] {
  const groups = new Map<string, string[]>()
  const add = (speech: string, text: string) => groups.set(speech, [...(groups.get(speech) ?? []), text])
  for (const { text, label } of tweets)
    if (label === 'neither')
      add(`tweets ${africanAmerican.test(text) ? 'with' : 'without'} signs of African-American English`, text)
  for (const { text, voice, language, labels, ...one } of readComments())
    if (one.part === part && labels.length === 0) add(`friendly, in ${speechOf(voice, language)}`, text)
  for (const { text, tone, language, ...one } of readCriticism())
    if (one.part === part) add(`criticism, in ${speechOf(tone, language)}`, text)
  return Array.from(groups, ([speech, texts]) => ({
    speech,
    texts: texts.length,
    ours: texts.filter((text) => suggestedFor(text).some((one) => one !== 'language')).length,
    library: texts.filter((text) => library.hasMatch(text)).length,
  })).sort((one, other) => (one.speech < other.speech ? -1 : 1))
}

function speechOf(voiceOrTone: string, language: string): string {
  const named = Object.entries(speeches).find(([, beginnings]) =>
    beginnings.some((begin) => (begin.length === 2 ? language === begin : voiceOrTone.startsWith(begin))),
  )
  return named?.[0] ?? (language === 'en' ? 'other English' : 'other languages')
}

/** The interval that holds the true share of a sample with 95 % confidence (Wilson 1927), which is good for few as well. */
export function interval(part: number, whole: number): [from: number, to: number] {
  const z = 1.96
  const share = part / whole
  const middle = share + z ** 2 / (2 * whole)
  const reach = z * Math.sqrt((share * (1 - share)) / whole + z ** 2 / (4 * whole ** 2))
  const scale = 1 + z ** 2 / whole
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)]
}

/** Each category on our own comments; criticism counts as comments without any of them. */
export function measureCategories(part: Part): Map<string, Score> {
  const comments = [
    ...readComments().filter((one) => one.part === part),
    ...readCriticism()
      .filter((one) => one.part === part)
      .map((one) => ({ ...one, labels: [] as string[] })),
  ].map((one) => ({ ...one, suggested: suggestedFor(one.text) }))
  const scores = new Map<string, Score>()
  for (const category of ['obscenity', 'personal-attack', 'threat', 'personal-data', 'spam'])
    scores.set(
      category,
      scoreOf(
        comments.map((one) => ({ ...one, is: one.labels.includes(category) })),
        ({ suggested }) => suggested.includes(category),
      ),
    )
  scores.set(
    'off-topic',
    scoreOf(
      readThreads()
        .filter((one) => one.part === part)
        .map((one) => ({ ...one, is: one.verdict === 'off' })),
      ({ text, post, subject }) =>
        suggester
          .suggestionsFor({ text, under: { post, subject, thread: [] } })
          .suggestions.some(({ category }) => category === 'off-topic'),
    ),
  )
  scores.set(
    'language',
    scoreOf(
      comments.map((one) => ({ ...one, is: !rules.languages.includes(one.language) })),
      ({ suggested }) => suggested.includes('language'),
    ),
  )
  return scores
}

export interface FalseAlarms {
  tone: string
  comments: number
  /** Seen as criticism, so that a moderator is told that it is protected. */
  recognized: number
  /** Something was suggested that a comment may be hidden for. */
  alarms: string[]
  /** How many the library would have found. */
  library: number
}

/** What is suggested about criticism of police, tone by tone. All of it is wrong. */
export function measureCriticism(part: Part): FalseAlarms[] {
  const tones = new Map<string, FalseAlarms>()
  for (const { tone, text, part: its } of readCriticism()) {
    if (its !== part) continue
    const row = tones.get(tone) ?? { tone, comments: 0, recognized: 0, alarms: [], library: 0 }
    const { suggestions, criticism } = suggester.suggestionsFor({ text })
    row.comments += 1
    if (criticism) row.recognized += 1
    const wrong = suggestions.filter(({ category }) => category !== 'language')
    if (wrong.length > 0) row.alarms.push(`${wrong.map(({ category }) => category).join(', ')}: ${text}`)
    if (library.hasMatch(text)) row.library += 1
    tones.set(tone, row)
  }
  return [...tones.values()].sort((a, b) => (a.tone < b.tone ? -1 : 1))
}

/** Words bent out of shape: how many are seen for what they are. */
export function measureDisguises() {
  const kinds = new Map<
    string,
    { kind: string; texts: number; found: number; library: number; missed: string[] }
  >()
  for (const { kind, category, text } of readDisguises()) {
    const row = kinds.get(kind) ?? { kind, texts: 0, found: 0, library: 0, missed: [] }
    row.texts += 1
    if (suggestedFor(text).includes(category)) row.found += 1
    else row.missed.push(text)
    if (library.hasMatch(text)) row.library += 1
    kinds.set(kind, row)
  }
  return [...kinds.values()]
}

/** Milliseconds a text on average, in the quickest of five passes. */
function timeOf(texts: readonly { text: string }[], look: (text: string) => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now()
    for (const { text } of texts) look(text)
    return (performance.now() - began) / texts.length
  })
  return Math.min(...times)
}
