import path from 'node:path'
import { loadPolicy } from '../src/policy/policy.ts'
import { featureKinds } from '../src/suggestions/features.ts'
import { type Model, type ModelHeader, modelOf } from '../src/suggestions/model.ts'
import { suggesterOf } from '../src/suggestions/suggester.ts'
import type { Background } from '../src/suggestions/topic.ts'
import { chanceOf, lettersOf } from './examples.ts'
import {
  type Category,
  type Example,
  learn,
  limitsOf,
  type Prepared,
  pack,
  prepare,
  readChosen,
  type Settings,
} from './learning.ts'
import { above, africanAmerican, library, lowestScoreFor, scoreOf } from './scores.ts'

/** All that is chosen by cross-validation. */
export type Choice = Settings & ModelHeader['limits']

/** What a choice is worth on examples that its models did not learn from. */
export interface Figures {
  /** The F1 of obscenity, personal attack, threat, personal data and spam on our own comments, at the pack's thresholds. */
  f1: number[]
  /** The share of offensive tweets found, at the precision of the library. */
  tweets: number
  /** The share of offensive tweets that moderators would see as obscene. */
  seen: number
  /** False alarms, as shares: on our own criticism, on our own friendly comments, and on tweets with signs of African-American English. */
  criticism: number
  friendly: number
  dialect: number
  /** What is to be highest: the mean F1 and both shares of tweets, less the false alarms on criticism and on friendly comments. */
  worth: number
}

export interface Candidate {
  what: string
  figures: Figures
  chosen: boolean
}

export interface Threshold {
  category: string
  threshold: number
  precision: number
  recall: number
  f1: number
  /** Whether the pack has it, and whether its F1 is the highest. */
  shipped: boolean
  best: boolean
}

const folds = 5
const suggested = [
  'obscenity',
  'personal-attack',
  'threat',
  'personal-data',
  'spam',
] as const satisfies readonly Category[]
/** By how much another setting has to be worth more than what ships: less is chance, and would change it at every new example. */
const better = 0.02
/** What is tried in turn, each beside what is chosen by then. */
const tried: { [Key in keyof Choice]: readonly Choice[Key][] } = {
  passes: [6, 10, 16],
  rate: [0.05, 0.1],
  shrink: [0, 3e-6],
  ownWeight: [4, 8],
  criticismFrom: [0.1, 0.2, 0.35],
  withoutBadWords: [0.3, 0.5, 0.8],
  atNobody: [0.5, 0.9, 0.95, 0.98],
}
const root = path.join(import.meta.dirname, '..')
const policy = await loadPolicy(path.join(root, 'policy/4.37'))
const thresholds = new Map(policy.suggestions.categories.map(({ id, threshold }) => [id, threshold]))
/** Everything above nothing is told, to be cut at any threshold afterwards. */
const unlimited = {
  ...policy,
  suggestions: {
    ...policy.suggestions,
    categories: policy.suggestions.categories.map((category) => ({ ...category, threshold: 0 })),
  },
}
/** Off-topic, which alone looks at it, is not learned here. */
const nowhere: Background = { texts: 0, counts: {} }

/**
 * Looks at each setting in turn beside what ships, and takes another where it is clearly worth more, in five folds of the examples for training: a voice is
 * never on both sides, nor is a tweet and its retweet. The same examples give the same choice.
 */
export function choose(all: readonly Example[]) {
  const prepared = inFolds(prepare(all))
  const precision = scoreOf(
    all.filter(isTweet).map(({ text, is }) => ({ text, is: is.obscenity === true })),
    ({ text }) => library.hasMatch(text),
  ).precision
  const look = (choice: Choice, models = modelsOf(prepared, choice)) => {
    const judged = judge(prepared, models, limitsOf(choice))
    return { choice, models, judged, figures: figuresOf(judged, precision) }
  }
  let best = look(readChosen())
  const candidates: Candidate[] = []
  for (const [key, values] of Object.entries(tried) as [keyof Choice, number[]][]) {
    const looks = values.map((value) => {
      if (value === best.choice[key]) return best
      const choice = { ...best.choice, [key]: value }
      return key in limitsOf(choice) ? look(choice, best.models) : look(choice)
    })
    const highest = looks.reduce((one, other) => (other.figures.worth > one.figures.worth ? other : one))
    if (highest.figures.worth > best.figures.worth + better) best = highest
    for (const one of looks)
      candidates.push({ what: `${key} ${one.choice[key]}`, figures: one.figures, chosen: one === best })
  }
  return {
    chosen: best.choice,
    candidates,
    thresholds: thresholdsOf(best.judged),
    without: withoutEach(all, best.choice, precision),
    mistakes: best.judged.flatMap(mistakesIn),
  }
}

/** What is lost when a kind of features is left out. */
function withoutEach(
  all: readonly Example[],
  choice: Choice,
  precision: number,
): [kind: string, figures: Figures][] {
  return featureKinds.map((kind) => {
    const prepared = inFolds(prepare(all, kind))
    return [kind, figuresOf(judge(prepared, modelsOf(prepared, choice), limitsOf(choice)), precision)]
  })
}

type InFold = Prepared & { fold: number }

const inFolds = (examples: Prepared[]): InFold[] =>
  examples.map((example) => ({
    ...example,
    fold: chanceOf(example.voice ?? lettersOf(example.text), 1) % folds,
  }))

/** One model a fold, learned from all the others. */
function modelsOf(examples: readonly InFold[], choice: Choice): Model[] {
  return Array.from({ length: folds }, (_, fold) => {
    const { header, weights } = pack(
      learn(
        examples.filter((example) => example.fold !== fold),
        choice,
      ),
      limitsOf(choice),
    )
    return modelOf(header, weights)
  })
}

interface Judged extends Example {
  /** The score of what would be suggested at any threshold; nothing that is withheld from criticism. */
  suggested: Map<string, number>
  /** The bare score for obscenity of a tweet. */
  obscenity: number
}

function judge(
  examples: readonly InFold[],
  models: readonly Model[],
  limits: ModelHeader['limits'],
): Judged[] {
  const suggesters = models.map((model) =>
    suggesterOf(unlimited, { ...model, header: { ...model.header, limits } }, nowhere),
  )
  return examples.flatMap((example) => {
    const { text, fold } = example
    const suggester = suggesters[fold]
    if (!suggester) return []
    const { suggestions } = suggester.suggestionsFor({ text })
    const told = new Map(suggestions.map(({ category, score }) => [category, score]))
    const bare = () => (isTweet(example) ? suggester.scoresOf({ text }).get('obscenity') : undefined)
    return { ...example, suggested: told, obscenity: told.get('obscenity') ?? bare() ?? 0 }
  })
}

const isTweet = ({ from }: Example) => from === 'tweet'
const isOwn = ({ from }: Example) => from === 'own'
const isCriticism = (one: Example) => isOwn(one) && one.is.criticism === true
const says = (one: Judged, category: string) =>
  (one.suggested.get(category) ?? 0) >= (thresholds.get(category) ?? 1)
const alarms = (all: readonly Judged[]) =>
  all.length === 0
    ? 0
    : all.filter((one) => [...one.suggested.keys()].some((id) => id !== 'language' && says(one, id))).length /
      all.length

function figuresOf(judged: readonly Judged[], precision: number): Figures {
  const own = judged.filter(isOwn)
  const tweets = judged
    .filter(isTweet)
    .map((one) => ({ is: one.is.obscenity === true, score: one.obscenity }))
  const f1 = suggested.map(
    (category) =>
      scoreOf(
        own.map((one) => ({ ...one, is: one.is[category] === true, judged: one })),
        (one) => says(one.judged, category),
      ).f1,
  )
  const found = above(tweets, lowestScoreFor(tweets, precision)).recall
  const offensive = judged.filter((one) => isTweet(one) && one.is.obscenity === true)
  const seen = offensive.filter((one) => says(one, 'obscenity')).length / offensive.length
  const friendly = own.filter((one) => one.fine)
  const criticism = alarms(own.filter(isCriticism))
  const dialect = alarms(
    judged.filter((one) => isTweet(one) && one.is.obscenity === false && africanAmerican.test(one.text)),
  )
  const mean = f1.reduce((sum, one) => sum + one, 0) / f1.length
  return {
    f1,
    tweets: found,
    seen,
    criticism,
    friendly: alarms(friendly),
    dialect,
    worth: mean + found + seen - criticism - alarms(friendly),
  }
}

/** What is wrongly suggested about one of our own comments or a tweet that nobody minded, and what is missed in our own. */
function mistakesIn(one: Judged): { text: string; wrong: string[]; missed: string[] }[] {
  const wrong = [...one.suggested.keys()].filter(
    (id) => id !== 'language' && says(one, id) && one.is[id as Category] === false,
  )
  const missed = isOwn(one) ? suggested.filter((id) => one.is[id] && !says(one, id)) : []
  return wrong.length + missed.length > 0 ? [{ text: one.text, wrong, missed }] : []
}

/** Each threshold in steps of a twentieth, on our own comments. */
function thresholdsOf(judged: readonly Judged[]): Threshold[] {
  const own = judged.filter(isOwn)
  return suggested.flatMap((category) => {
    const steps = Array.from({ length: 13 }, (_, n) => Number((0.3 + n * 0.05).toFixed(2)))
    const rows = steps.map((threshold) => {
      const { precision, recall, f1 } = above(
        own.map((one) => ({ is: one.is[category] === true, score: one.suggested.get(category) ?? 0 })),
        threshold,
      )
      return { category, threshold, precision, recall, f1 }
    })
    const most = Math.max(...rows.map(({ f1 }) => f1))
    return rows.map((row) => ({
      ...row,
      shipped: row.threshold === thresholds.get(category),
      best: row.f1 === most,
    }))
  })
}
