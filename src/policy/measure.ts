import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { PackProblem } from './rules.ts'
import type { Finding, ScreenOptions } from './screening.ts'

/** A post, and the categories that a careful reader finds in it. None means that it may be published as it is. */
export interface LabelledPost {
  id: string
  text: string
  expect: string[]
  audiences?: string[] | undefined
}

const labelledPost = z.strictObject({
  id: z.string().min(1),
  text: z.string().min(1),
  expect: z.array(z.string()),
  audiences: z.array(z.string()).optional(),
})

/**
 * Labelled posts from a file, one a line as JSON. Throws `PackProblem` with the line that is wrong. Of the two files
 * in corpus/, posts.jsonl is what rules are improved on; held-out.jsonl judges them, and nobody tunes a rule on it.
 */
export async function readPosts(file: string): Promise<LabelledPost[]> {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new PackProblem(`${file}: can't be read (${error.code ?? error}).`)
  })
  return text.split('\n').flatMap((line, n) => {
    if (line.trim() === '') return []
    const post = labelledPost.safeParse(parsed(line))
    if (post.success) return [post.data]
    throw new PackProblem(
      `${file}, line ${n + 1}: write {"id":"…","text":"…","expect":["…"]}; expect names the categories, or is [].`,
    )
  })
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** How the screening did: right finds, false finds, and what it missed. Each of the ratios is between 0 and 1. */
export interface Score {
  found: number
  wrong: number
  missed: number
  precision: number
  recall: number
  f1: number
}
export interface Measurement {
  posts: number
  /** Every label of every post, and every category that the screening named. */
  overall: Score
  byCategory: Map<string, Score>
  /** Posts that may be published as they are, and those of them about which the screening said something. */
  clean: number
  falseAlarms: { post: LabelledPost; named: string[] }[]
  /** Clean posts that would have been stopped, not merely questioned. */
  wronglyStopped: number
  mistakes: { post: LabelledPost; missed: string[]; wrong: string[] }[]
}

/** What the screening says of posts, held against what their labels say. Warnings and stops count alike. */
export function measure(
  policy: {
    screen(text: string, options?: ScreenOptions): Finding[]
    screeningCategories: readonly { id: string }[]
  },
  posts: readonly LabelledPost[],
): Measurement {
  const known = new Set(policy.screeningCategories.map(({ id }) => id))
  for (const { id, expect } of posts)
    for (const category of expect)
      if (!known.has(category))
        throw new PackProblem(`The post "${id}" expects "${category}", which is no category of this pack.`)
  const judged = posts.map((post) => {
    const findings = policy.screen(post.text, { audiences: post.audiences ?? [] })
    return {
      post,
      named: [...new Set(findings.map((finding) => finding.category))],
      stopped: findings.some((finding) => finding.severity === 'stop'),
    }
  })
  const count = (category: string) => {
    const says = judged.filter(({ named }) => named.includes(category))
    const found = says.filter(({ post }) => post.expect.includes(category)).length
    const labelled = judged.filter(({ post }) => post.expect.includes(category)).length
    return { found, wrong: says.length - found, missed: labelled - found }
  }
  const counts = [...known].map((id) => [id, count(id)] as const)
  const sum = (key: 'found' | 'wrong' | 'missed') => counts.reduce((total, [, one]) => total + one[key], 0)
  const clean = judged.filter(({ post }) => post.expect.length === 0)
  return {
    posts: posts.length,
    overall: score({ found: sum('found'), wrong: sum('wrong'), missed: sum('missed') }),
    byCategory: new Map(counts.map(([id, one]) => [id, score(one)])),
    clean: clean.length,
    falseAlarms: clean.filter(({ named }) => named.length > 0),
    wronglyStopped: clean.filter(({ stopped }) => stopped).length,
    mistakes: judged
      .map(({ post, named }) => ({
        post,
        missed: post.expect.filter((category) => !named.includes(category)),
        wrong: named.filter((category) => !post.expect.includes(category)),
      }))
      .filter(({ missed, wrong }) => missed.length + wrong.length > 0),
  }
}

/** The ratios of counts: where nothing was said, nothing was said wrongly, and where nothing was to find, nothing was missed. */
export function score({ found, wrong, missed }: Pick<Score, 'found' | 'wrong' | 'missed'>): Score {
  const ratio = (part: number, whole: number) => (whole === 0 ? 1 : part / whole)
  const precision = ratio(found, found + wrong)
  const recall = ratio(found, found + missed)
  return { found, wrong, missed, precision, recall, f1: ratio(2 * found, 2 * found + wrong + missed) }
}

/** Whether there was anything to find or to get wrong. */
const looked = ({ found, wrong, missed }: Score) => found + wrong + missed > 0

/** The measurement as a table for a terminal. */
export function asTable(title: string, { posts, overall, byCategory, clean, ...rest }: Measurement): string {
  const row = (name: string, one: Score) =>
    [
      name.padEnd(18),
      ...[one.precision, one.recall, one.f1].map((ratio) =>
        (looked(one) ? ratio.toFixed(2) : '–').padStart(9),
      ),
      ...[one.found, one.wrong, one.missed].map((amount) => String(amount).padStart(7)),
    ].join('')
  return [
    `${title}: ${posts} posts`,
    `${'category'.padEnd(18)}precision   recall       F1  found  wrong missed`,
    ...[...byCategory].map(([id, one]) => row(id, one)),
    row('overall', overall),
    `false alarms: ${rest.falseAlarms.length} of ${clean} posts that may be published as they are (${rest.wronglyStopped} stopped)`,
  ].join('\n')
}
