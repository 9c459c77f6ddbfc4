import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'

/**
 * What is learned from, what a threshold for tweets may be chosen on, and what only judges. The fresh part was written
 * and committed before any model saw it, and so was that of threats and personal data (`harm`), later; the one held out has
 * been measured many times.
 */
export type Part = 'train' | 'dev' | 'held-out' | 'fresh' | 'harm'

export interface Tweet {
  part: Part
  label: 'hate' | 'offensive' | 'neither'
  text: string
}
const tweet = z.object({ label: z.enum(['hate', 'offensive', 'neither']), text: z.string() })

const data = path.join(import.meta.dirname, 'data')

/** The labelled tweets (Davidson et al. 2017) from a CSV file with the columns label and text, also compressed (.gz). */
export function readTweets(file = path.join(data, 'tweets.csv.gz')): Tweet[] {
  const content = readFileSync(file)
  const rows = parse(file.endsWith('.gz') ? gunzipSync(content) : content, { columns: true })
  return z
    .array(tweet)
    .parse(rows)
    .map((row) => ({ ...row, part: partOf(row.text) }))
}

/** By the letters alone, so that a tweet and its retweet are never on two sides: 70 % train, 10 % dev, 20 % held out. */
function partOf(text: string): Part {
  const tenth = chanceOf(lettersOf(text), 0) % 10
  return tenth < 7 ? 'train' : tenth === 7 ? 'dev' : 'held-out'
}

/** What a tweet shares with its retweets. */
export const lettersOf = (text: string) => text.toLowerCase().replace(/rt @\w+|[^a-z]/g, '')

/** A number from 0 to 255 that depends on the text alone; another `byte` is another number. */
export const chanceOf = (text: string, byte: number): number =>
  createHash('sha256').update(text).digest().readUInt8(byte)

/** Comments as a police page gets them, written for this project. One voice is never in two parts. */
export const readComments = () => [
  ...written('comments.tsv', comment),
  ...table('harm/comments.tsv', comment).map((one) => ({ ...one, part: 'harm' as const })),
]
const comment = z.object({
  voice: z.string(),
  language: z.string(),
  /** The categories that a careful reader sees in it; "-" is none. */
  labels: z.string().transform((labels) => (labels === '-' ? [] : labels.split(','))),
  text: z.string(),
})

/** Criticism of police, which nothing may be suggested about, written for this project in many voices. */
export const readCriticism = () =>
  written(
    'criticism.tsv',
    z.object({ voice: z.string(), tone: z.string(), language: z.string(), text: z.string() }),
  )

/** Comments under posts of a page with a subject, and whether they have anything to do with them. */
export const readThreads = () =>
  written(
    'threads.tsv',
    z.object({
      post: z.string(),
      subject: z.string(),
      verdict: z.enum(['on', 'off']),
      text: z.string(),
    }),
  )

/** A department's posts and what visitors say about them, from the demonstration and the policy's own examples. */
export const readTown = () => table('town.tsv', z.object({ text: z.string() })).map(({ text }) => text)

/** Words in the open, and the same bent out of shape; `kind` says how. */
export const readDisguises = () =>
  table('disguises.tsv', z.object({ kind: z.string(), category: z.string(), text: z.string() }))

/** The rows of a file that is divided by a column, and those of its namesake in the fresh set. */
function written<Row extends object>(file: string, row: z.ZodType<Row>): (Row & { part: Part })[] {
  const divided = z.intersection(z.object({ part: z.enum(['train', 'held-out']) }), row)
  return [
    ...table(file, divided),
    ...table(path.join('fresh', file), row).map((one) => ({ ...one, part: 'fresh' as const })),
  ]
}

function table<Row>(file: string, row: z.ZodType<Row>): Row[] {
  const rows = parse(readFileSync(path.join(data, file)), {
    columns: true,
    delimiter: '\t',
    quote: false,
    relax_column_count: false,
  })
  return z.array(row).parse(rows)
}
