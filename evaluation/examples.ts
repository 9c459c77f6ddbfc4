import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'

/** What is learned from, what a threshold may be chosen on, and what only judges. */
export type Half = 'train' | 'dev' | 'held-out'

export interface Tweet {
  half: Half
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
    .map((row) => ({ ...row, half: halfOf(row.text) }))
}

/** By the letters alone, so that a tweet and its retweet are never on two sides: 70 % train, 10 % dev, 20 % held out. */
function halfOf(text: string): Half {
  const letters = text.toLowerCase().replace(/rt @\w+|[^a-z]/g, '')
  const tenth = (createHash('sha256').update(letters).digest()[0] ?? 0) % 10
  return tenth < 7 ? 'train' : tenth === 7 ? 'dev' : 'held-out'
}

const half = z.enum(['train', 'held-out'])

/** Comments as a police page gets them, written for this project. One voice is never in both halves. */
export const readComments = () =>
  table(
    'comments.tsv',
    z.object({
      half,
      voice: z.string(),
      language: z.string(),
      /** The categories that a careful reader sees in it; "-" is none. */
      labels: z.string().transform((labels) => (labels === '-' ? [] : labels.split(','))),
      text: z.string(),
    }),
  )

/** Criticism of police, which nothing may be suggested about, written for this project in many voices. */
export const readCriticism = () =>
  table(
    'criticism.tsv',
    z.object({ half, voice: z.string(), tone: z.string(), language: z.string(), text: z.string() }),
  )

/** Comments under posts of a page with a subject, and whether they have anything to do with them. */
export const readThreads = () =>
  table(
    'threads.tsv',
    z.object({
      half,
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

function table<Row>(file: string, row: z.ZodType<Row>): Row[] {
  const rows = parse(readFileSync(path.join(data, file)), {
    columns: true,
    delimiter: '\t',
    quote: false,
    relax_column_count: false,
  })
  return z.array(row).parse(rows)
}
