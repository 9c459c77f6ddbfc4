import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { buckets, eachFeature } from './features.ts'
import type { Word } from './reading.ts'

/** What a model file says about itself in its first line. */
const headerOf = z.object({
  /** Names this model: suggestions are kept with it, and made anew when it changes. */
  version: z.string(),
  trainedBy: z.string(),
  trainedOn: z.array(z.string()),
  categories: z.array(z.object({ id: z.string(), bias: z.number(), scale: z.number() })).min(1),
  buckets: z.literal(buckets),
  /** What cross-validation found best, between 0 and 1. */
  limits: z.object({
    /** From this score on, a text is taken for criticism of officials. */
    criticismFrom: z.number(),
    /** What the score for obscenity is worth in a text without a single bad word. */
    withoutBadWords: z.number(),
    /** From this score on, a text that swears at nobody is suggested as obscene or as an attack. */
    atNobody: z.number(),
  }),
})
export type ModelHeader = z.infer<typeof headerOf>

export interface Model {
  header: ModelHeader
  /** The score of each category between 0 and 1, in the header's order, and each word's part in it (log odds, category by category). */
  weigh(words: readonly Word[]): { scores: Float64Array; parts: Float32Array }
}

/**
 * Opens a model file: a line of JSON, then one signed byte a bucket and category, all compressed with gzip.
 * Throws when it is not such a file: it is part of the program, and a program without it is broken.
 */
export function openModel(file: string | URL): Model {
  const content = gunzipSync(readFileSync(file))
  const end = content.indexOf(10)
  const header = headerOf.parse(JSON.parse(content.subarray(0, end).toString()))
  const weights = new Int8Array(content.buffer, content.byteOffset + end + 1, content.length - end - 1)
  return modelOf(header, weights)
}

/** A model of a header and its weights: `weights[bucket * categories + category]`, in units of the category's scale. */
export function modelOf(header: ModelHeader, weights: Int8Array): Model {
  const count = header.categories.length
  if (weights.length !== buckets * count)
    throw new Error(
      `The model ${header.version} has ${weights.length} weights instead of ${buckets * count}.`,
    )
  const scales = Float64Array.from(header.categories, ({ scale }) => scale)
  const biases = Float64Array.from(header.categories, ({ bias }) => bias)
  return {
    header,
    weigh(words) {
      const parts = new Float32Array(words.length * count)
      let features = 0
      eachFeature(words, (bucket, word) => {
        features += 1
        const from = bucket * count
        const to = word * count
        for (let k = 0; k < count; k += 1)
          parts[to + k] = (parts[to + k] as number) + (weights[from + k] as number)
      })
      const share = weightOf(features)
      const scores = Float64Array.from(biases)
      for (let at = 0; at < parts.length; at += count)
        for (let k = 0; k < count; k += 1) {
          const part = (parts[at + k] as number) * (scales[k] as number) * share
          parts[at + k] = part
          scores[k] = (scores[k] as number) + part
        }
      for (let k = 0; k < count; k += 1) scores[k] = 1 / (1 + Math.exp(-(scores[k] as number)))
      return { scores, parts }
    },
  }
}

/** How much one feature counts in a text that has so many: a long text does not become suspect by its length. */
export const weightOf = (features: number) => 4 / Math.sqrt(Math.max(features, 40))
