import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { generator } from '../src/demo/chance.ts'
import { loadPolicy } from '../src/policy/policy.ts'
import { buckets, eachFeature, featureKinds } from '../src/suggestions/features.ts'
import { type ModelHeader, weightOf } from '../src/suggestions/model.ts'
import { readWords } from '../src/suggestions/reading.ts'
import { readComments, readCriticism, readThreads, readTown, readTweets } from './examples.ts'

export const categories = [
  'obscenity',
  'personal-attack',
  'threat',
  'personal-data',
  'spam',
  'criticism',
] as const
export type Category = (typeof categories)[number]

export interface Example {
  text: string
  /** Who wrote it, where that is known: a voice is learned from, or judges, as a whole. */
  voice?: string
  /** Yes, no, or not known, category by category. */
  is: Partial<Record<Category, boolean>>
  /** A labelled tweet, written for this project, or a town's talk, which nobody objects to. */
  from: 'tweet' | 'own' | 'town'
  /** Nobody may object to it, and it criticizes nobody. */
  fine?: boolean
}

export interface Learned {
  id: Category
  bias: number
  weights: Float64Array
}

const root = path.join(import.meta.dirname, '..')
const { suggestions: rules } = await loadPolicy(path.join(root, 'policy/4.37'))

/** Everything that may be learned from. */
export function examples(): Example[] {
  return [...tweets(), ...ownComments(), ...readTown().map(plain), ...onTopic().map(plain)]
}

/** What is judged offensive there is a reason to look, for us; who speaks of officials may be criticizing them. */
function tweets(): Example[] {
  return readTweets()
    .filter(({ part }) => part === 'train')
    .map(({ text, label }) => ({
      text,
      from: 'tweet' as const,
      is: {
        obscenity: label !== 'neither',
        ...(label === 'neither'
          ? { 'personal-attack': false, threat: false, 'personal-data': false, spam: false }
          : {}),
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
      from: 'own' as const,
      fine: labels.length === 0,
      is: Object.fromEntries(categories.map((category) => [category, labels.includes(category)])),
    })),
    ...criticism.map(({ text, tone, voice }) => ({
      text,
      voice,
      from: 'own' as const,
      is: {
        criticism: true,
        threat: false,
        'personal-data': false,
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
    ...onTopic(),
  ]
}

const onTopic = () =>
  readThreads().flatMap(({ part, verdict, text }) => (part === 'train' && verdict === 'on' ? [text] : []))

function plain(text: string): Example {
  return {
    text,
    from: 'town',
    is: { obscenity: false, 'personal-attack': false, threat: false, 'personal-data': false, spam: false },
  }
}

/** How the model is learned. `npm run train` chooses each by cross-validation and writes them to chosen.json. */
export interface Settings {
  /** How often all examples are gone through. */
  passes: number
  rate: number
  /** How much a weight is drawn to nothing at each step. */
  shrink: number
  /** How much one of our own examples counts beside a tweet. */
  ownWeight: number
}

/** An example with its features, which stay the same whatever is learned from it. */
export interface Prepared extends Example {
  features: Int32Array
}

const chosenFile = path.join(import.meta.dirname, 'chosen.json')
type Chosen = Settings & ModelHeader['limits']

/** What was chosen last. */
export const readChosen = (): Chosen => JSON.parse(readFileSync(chosenFile, 'utf8'))
export const writeChosen = (chosen: Chosen) =>
  writeFileSync(chosenFile, `${JSON.stringify(chosen, null, 2)}\n`)

/** Reads the features of examples once; `without` leaves a kind of them out, to see what it is worth. */
export function prepare(examples: readonly Example[], without?: (typeof featureKinds)[number]): Prepared[] {
  const left = without ? featureKinds.indexOf(without) : -1
  return examples.map((example) => {
    const features: number[] = []
    eachFeature(readWords(example.text), (bucket, _, kind) => {
      if (kind !== left) features.push(bucket)
    })
    return { ...example, features: Int32Array.from(features) }
  })
}

/** Logistic regression, one a category on the same features, by AdaGrad. The same examples give the same weights. */
export function learn(examples: readonly Prepared[], settings: Settings): Learned[] {
  const chance = generator(437)
  const weightIn = ({ from }: Example) => (from === 'own' ? settings.ownWeight : 1)
  return categories.map((category) => {
    const known = examples.filter(({ is }) => is[category] !== undefined)
    const yes = sum(known.map((one) => (one.is[category] ? weightIn(one) : 0)))
    const no = sum(known.map((one) => (one.is[category] ? 0 : weightIn(one))))
    // The rare side counts more, though not so much that it weighs as much as the other.
    const share = (one: number, other: number) =>
      category === 'obscenity' ? 1 : Math.min(6, Math.max(1, Math.sqrt(other / one)))
    const counts = { yes: share(yes, no), no: share(no, yes) }
    const weights = new Float64Array(buckets)
    const squares = new Float64Array(buckets)
    let bias = 0
    let biasSquares = 0
    for (let pass = 0; pass < settings.passes; pass += 1)
      for (const example of shuffled(known, chance)) {
        const { features, is } = example
        const value = weightOf(features.length)
        let score = bias
        for (let n = 0; n < features.length; n += 1)
          score += (weights[features[n] as number] as number) * value
        const error =
          (1 / (1 + Math.exp(-score)) - (is[category] ? 1 : 0)) *
          weightIn(example) *
          (is[category] ? counts.yes : counts.no)
        biasSquares += error * error
        bias -= (settings.rate * error) / Math.sqrt(biasSquares + 1e-6)
        for (let n = 0; n < features.length; n += 1) {
          const bucket = features[n] as number
          const weight = weights[bucket] as number
          const slope = error * value + settings.shrink * weight
          const square = (squares[bucket] as number) + slope * slope
          squares[bucket] = square
          weights[bucket] = weight - (settings.rate * slope) / Math.sqrt(square + 1e-6)
        }
      }
    return { id: category, bias, weights }
  })
}

/** The limits alone, of whatever holds them beside other settings. */
export const limitsOf = ({
  criticismFrom,
  withoutBadWords,
  atNobody,
}: ModelHeader['limits']): ModelHeader['limits'] => ({ criticismFrom, withoutBadWords, atNobody })

/** Weights become signed bytes: the largest is 127, what rounds to nothing is nothing. */
export function pack(
  models: readonly Learned[],
  limits: ModelHeader['limits'],
): { header: ModelHeader; weights: Int8Array } {
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
  const shipped = limitsOf(limits)
  const version = createHash('sha256')
    .update(JSON.stringify([described, shipped]))
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
    limits: shipped,
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
