import { createHash } from 'node:crypto'
import path from 'node:path'
import { generator } from '../src/demo/chance.ts'
import { loadPolicy } from '../src/policy/policy.ts'
import { buckets, eachFeature } from '../src/suggestions/features.ts'
import { type ModelHeader, weightOf } from '../src/suggestions/model.ts'
import { readWords } from '../src/suggestions/reading.ts'
import { readComments, readCriticism, readThreads, readTown, readTweets } from './examples.ts'

export const categories = ['obscenity', 'personal-attack', 'threat', 'spam', 'criticism'] as const
export type Category = (typeof categories)[number]

export interface Example {
  text: string
  /** Who wrote it, where that is known: a voice is learned from, or judges, as a whole. */
  voice?: string
  /** Yes, no, or not known, category by category. */
  is: Partial<Record<Category, boolean>>
  /** How much it counts beside a tweet. */
  weight: number
}

export interface Learned {
  id: Category
  bias: number
  weights: Float64Array
}

const root = path.join(import.meta.dirname, '..')
const passes = 10
const rate = 0.1
const { suggestions: rules } = await loadPolicy(path.join(root, 'policy/4.37'))

/** Everything that may be learned from. */
export function examples(): Example[] {
  return [...tweets(), ...ownComments(), ...townTalk().map(plain)]
}

/** What is judged offensive there is a reason to look, for us; who speaks of officials may be criticizing them. */
function tweets(): Example[] {
  return readTweets()
    .filter(({ part }) => part === 'train')
    .map(({ text, label }) => ({
      text,
      weight: 1,
      is: {
        obscenity: label !== 'neither',
        ...(label === 'neither' ? { 'personal-attack': false, threat: false, spam: false } : {}),
        ...(label === 'hate' ? { 'personal-attack': true } : {}),
        ...(rules.namesOfficials(text) ? {} : { criticism: false }),
      },
    }))
}

function ownComments(): Example[] {
  const comments = readComments().filter(({ part }) => part === 'train')
  const criticism = readCriticism().filter(({ part }) => part === 'train')
  return [
    ...comments.map(({ text, labels, voice }) => ({
      text,
      voice,
      weight: 8,
      is: Object.fromEntries(categories.map((category) => [category, labels.includes(category)])),
    })),
    ...criticism.map(({ text, tone, voice }) => ({
      text,
      voice,
      weight: 8,
      is: {
        criticism: true,
        threat: false,
        spam: false,
        'personal-attack': false,
        // Whether a swear word is obscene is not for criticism to say.
        ...(tone.includes('profane') ? {} : { obscenity: false }),
      },
    })),
  ]
}

/** What a town talks about, without anything to object to: a department's posts, and visitors' comments under them. */
export function townTalk(): string[] {
  return [
    ...readTown(),
    ...readComments().flatMap(({ part, labels, text }) =>
      part === 'train' && labels.length === 0 ? [text] : [],
    ),
    ...readThreads().flatMap(({ part, verdict, text }) =>
      part === 'train' && verdict === 'on' ? [text] : [],
    ),
  ]
}

function plain(text: string): Example {
  return {
    text,
    weight: 1,
    is: { obscenity: false, 'personal-attack': false, threat: false, spam: false },
  }
}

/** Logistic regression, one a category on the same features, by AdaGrad. The same examples give the same weights. */
export function learn(examples: readonly Example[]): Learned[] {
  const chance = generator(437)
  const prepared = examples.map(({ text, is, weight }) => {
    const features: number[] = []
    eachFeature(readWords(text), (bucket) => features.push(bucket))
    return { features, is, weight, value: weightOf(features.length) }
  })
  const shares = categories.map((category) => {
    const yes = sum(prepared.map(({ is, weight }) => (is[category] === true ? weight : 0)))
    const no = sum(prepared.map(({ is, weight }) => (is[category] === false ? weight : 0)))
    // The rare side counts more, though not so much that it weighs as much as the other.
    return {
      yes: Math.min(6, Math.max(1, Math.sqrt(no / yes))),
      no: Math.min(6, Math.max(1, Math.sqrt(yes / no))),
    }
  })
  return categories.map((category, n) => {
    const weights = new Float64Array(buckets)
    const squares = new Float64Array(buckets)
    let bias = 0
    let biasSquares = 0
    const known = prepared.filter(({ is }) => is[category] !== undefined)
    for (let pass = 0; pass < passes; pass += 1)
      for (const { features, is, weight, value } of shuffled(known, chance)) {
        let sum = bias
        for (const bucket of features) sum += (weights[bucket] as number) * value
        const share = shares[n]?.[is[category] ? 'yes' : 'no'] ?? 1
        const error =
          (1 / (1 + Math.exp(-sum)) - (is[category] ? 1 : 0)) *
          weight *
          (category === 'obscenity' ? 1 : share)
        biasSquares += error * error
        bias -= (rate * error) / Math.sqrt(biasSquares + 1e-6)
        for (const bucket of features) {
          const slope = error * value + 3e-6 * (weights[bucket] as number)
          squares[bucket] = (squares[bucket] as number) + slope * slope
          weights[bucket] =
            (weights[bucket] as number) - (rate * slope) / Math.sqrt((squares[bucket] as number) + 1e-6)
        }
      }
    return { id: category, bias, weights }
  })
}

/** Weights become signed bytes: the largest is 127, what rounds to nothing is nothing. */
export function pack(models: readonly Learned[]): { header: ModelHeader; weights: Int8Array } {
  const bytes = new Int8Array(buckets * models.length)
  const described = models.map(({ id, bias, weights }, n) => {
    const sizes = Float64Array.from(weights, Math.abs).sort()
    // A few outliers would leave no room for the rest.
    const scale = (sizes[Math.floor(sizes.length * 0.9998)] ?? 1) / 127
    for (let bucket = 0; bucket < buckets; bucket += 1)
      bytes[bucket * models.length + n] = Math.max(
        -127,
        Math.min(127, Math.round((weights[bucket] ?? 0) / scale)),
      )
    return { id, bias: Number(bias.toFixed(5)), scale: Number(scale.toPrecision(6)) }
  })
  const version = createHash('sha256')
    .update(JSON.stringify(described))
    .update(bytes)
    .digest('hex')
    .slice(0, 12)
  const header: ModelHeader = {
    version,
    trainedBy: 'evaluation/train.ts',
    trainedOn: [
      'evaluation/data/tweets.csv.gz, the tweets for training (Davidson et al. 2017, MIT)',
      'evaluation/data/comments.tsv, criticism.tsv and threads.tsv, the halves for training',
      'evaluation/data/town.tsv, a department’s posts and what visitors say about them',
    ],
    categories: described,
    buckets,
  }
  return { header, weights: bytes }
}

function shuffled<Item>(items: Item[], chance: () => number): Item[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(chance() * (last + 1))
    const item = items[last] as Item
    items[last] = items[other] as Item
    items[other] = item
  }
  return items
}

function sum(numbers: readonly number[]) {
  return numbers.reduce((all, one) => all + one, 0)
}
