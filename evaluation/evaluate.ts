/*
 * Measures the suggestions on examples that nothing was learned from, and prints the tables of docs/suggestions.md.
 *
 *   npm run evaluate                          on the tweets and comments held out, on the fresh set, and on the later one of threats and personal data
 *   npm run evaluate -- --tweets FILE.csv     on other tweets, with the columns label (hate, offensive, neither) and text
 *   npm run evaluate -- --part train          on what was learned from, to find what is wrong with the rules
 */
import { parseArgs } from 'node:util'
import type { Score } from '../src/policy/policy.ts'
import { type Part, readTweets } from './examples.ts'
import {
  interval,
  measureCategories,
  measureCriticism,
  measureDisguises,
  measureFairness,
  measureTweets,
} from './measures.ts'
import { figures, table } from './tables.ts'

const { values: asked } = parseArgs({
  options: { tweets: { type: 'string' }, part: { type: 'string' } },
})
if (asked.part !== undefined && !['train', 'held-out', 'fresh', 'harm'].includes(asked.part)) {
  console.error(
    '--part is "train", "held-out", "fresh" or "harm"; without it, all that were kept apart are measured.',
  )
  process.exit(2)
}
const parts = asked.part ? [asked.part as Part] : (['harm', 'fresh', 'held-out'] as const)

for (const part of parts) {
  if (hasTweets(part)) showTweets(part)
  showComments(part)
}

console.log('\nWords bent out of shape')
table(
  ['how', 'texts', 'seen', 'by the library'],
  measureDisguises().map(({ kind, texts, found, library }) => [kind, texts, found, library]),
)
if (asked.part === 'train')
  for (const { missed } of measureDisguises()) for (const text of missed) console.log(`  missed: ${text}`)

function hasTweets(part: Part) {
  return part === 'train' || part === 'held-out'
}

function tweetsOf(part: Part) {
  return readTweets(asked.tweets).filter((tweet) => asked.tweets || tweet.part === part)
}

function showTweets(part: Part) {
  const tweets = tweetsOf(part)
  const measured = measureTweets(
    tweets,
    readTweets().filter((tweet) => tweet.part === 'dev'),
  )
  console.log(`\nOffensive language in ${tweets.length.toLocaleString('en-US')} labelled tweets (${part})`)
  table(
    ['', 'precision', 'recall', 'F1', 'ms a text'],
    [
      ['the library “obscenity”', ...ratios(measured.library), measured.milliseconds.library.toFixed(3)],
      [
        'ours, at equal precision',
        ...ratios(measured.atEqualPrecision),
        measured.milliseconds.ours.toFixed(3),
      ],
      [
        'ours, at the score that gave the library’s precision on the tweets for development',
        ...ratios(measured.chosenBefore),
        '',
      ],
      ['ours, as moderators see it (criticism left alone)', ...ratios(measured.asSuggested), ''],
    ],
  )
}

function showComments(part: Part) {
  console.log(`\nSuggestions on our own comments (${part})`)
  table(
    ['category', 'precision', 'recall', 'F1', 'of'],
    [...measureCategories(part)]
      .filter(([, { found, missed }]) => found + missed > 0)
      .map(([category, score]) => [category, ...ratios(score), score.found + score.missed]),
  )

  console.log(`\nFalse alarms by dialect and language, on texts that nobody may object to (${part})`)
  table(
    ['texts', 'how many', 'false alarms', '95 % interval', 'the library’s'],
    measureFairness(part, hasTweets(part) ? tweetsOf(part) : []).map(({ speech, texts, ours, library }) => [
      speech,
      texts,
      shareOf(ours, texts),
      interval(ours, texts)
        .map((end) => (100 * end).toFixed(0))
        .join(' to '),
      shareOf(library, texts),
    ]),
  )

  const criticism = measureCriticism(part)
  if (criticism.length === 0) return
  console.log(`\nFalse alarms on criticism of police (${part})`)
  table(
    ['tone', 'comments', 'recognized as criticism', 'false alarms', 'the library’s'],
    [
      ...criticism.map((row) => [row.tone, row.comments, row.recognized, row.alarms.length, row.library]),
      [
        'all',
        total(criticism.map(({ comments }) => comments)),
        total(criticism.map(({ recognized }) => recognized)),
        total(criticism.map(({ alarms }) => alarms.length)),
        total(criticism.map(({ library }) => library)),
      ],
    ],
  )
  // What is kept apart stays unread, or the rules would be bent to it.
  if (part === 'train')
    for (const { alarms } of criticism) for (const alarm of alarms) console.log(`  ${alarm}`)
}

function ratios({ precision, recall, f1 }: Score) {
  return figures([precision, recall, f1])
}

function shareOf(part: number, whole: number) {
  return `${part} (${((100 * part) / whole).toFixed(1)} %)`
}

function total(numbers: readonly number[]) {
  return numbers.reduce((all, one) => all + one, 0)
}
