/*
 * Chooses settings by cross-validation on the examples for training, trains the model that ships as
 * src/suggestions/models/comments.model, and counts the stems of common-stems.json. The same data gives the same files, byte
 * for byte.
 *
 *   npm run train
 *   npm run train -- --mistakes   also lists what goes wrong in cross-validation, to find what is wrong with the rules
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { readWords } from '../src/suggestions/reading.ts'
import { stemOf } from '../src/suggestions/topic.ts'
import { type Candidate, choose, type Figures, type Threshold } from './crossvalidation.ts'
import { examples, learn, pack, prepare, townTalk, writeChosen } from './learning.ts'
import { figures, table } from './tables.ts'

const folder = path.join(import.meta.dirname, '../src/suggestions/models')
const all = examples()

const { values: asked } = parseArgs({ options: { mistakes: { type: 'boolean', default: false } } })

const { chosen, candidates, thresholds, without, mistakes } = choose(all)
showCandidates(candidates)
showKinds(without)
showThresholds(thresholds)
if (asked.mistakes)
  for (const { text, wrong, missed } of mistakes)
    console.log([...wrong.map((id) => `wrong ${id}`), ...missed.map((id) => `missed ${id}`), text].join('\t'))
writeChosen(chosen)
writeStems(townTalk())
writeModel(pack(learn(prepare(all), chosen), chosen))

function showCandidates(candidates: readonly Candidate[]) {
  console.log('\nWhat was chosen, by five-fold cross-validation on the examples for training')
  const rows = candidates.map(({ what, figures, chosen }) => [
    what,
    ...cells(figures),
    chosen ? 'chosen' : '',
  ])
  table([...head('setting'), ''], rows)
}

function showKinds(without: readonly [kind: string, figures: Figures][]) {
  console.log('\nWhat each kind of features is worth: the same with it left out')
  table(
    head('left out'),
    without.map(([kind, figures]) => [kind, ...cells(figures)]),
  )
}

function showThresholds(thresholds: readonly Threshold[]) {
  console.log('\nThresholds: the pack’s, and the one with the highest F1')
  table(
    ['category', 'threshold', 'precision', 'recall', 'F1', ''],
    thresholds
      .filter(({ shipped, best }) => shipped || best)
      .map(({ category, threshold, precision, recall, f1, shipped, best }) => [
        category,
        threshold,
        ...figures([precision, recall, f1]),
        [shipped ? 'the pack’s' : [], best ? 'highest' : []].flat().join(', '),
      ]),
  )
}

function head(first: string) {
  return [
    first,
    'F1 obscenity',
    'attack',
    'threat',
    'personal data',
    'spam',
    'tweets found',
    'tweets seen',
    'alarms on criticism',
    'on friendly',
    'on dialect in tweets',
    'worth',
  ]
}

function cells({ f1, tweets, seen, criticism, friendly, dialect, worth }: Figures) {
  return figures([...f1, tweets, seen, criticism, friendly, dialect, worth])
}

function writeModel({ header, weights }: ReturnType<typeof pack>) {
  const file = path.join(folder, 'comments.model')
  const packed = gzipSync(
    Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.from(weights.buffer)]),
    { level: 9 },
  )
  // The operating system that packed it, which gzip notes, is nobody's business.
  packed[9] = 255
  writeFileSync(file, packed)
  console.log(`${file}: version ${header.version}, ${packed.length.toLocaleString('en-US')} bytes`)
}

/** In how many texts a stem stands. Rare ones are left out: a name is nothing that a town talks about. */
function writeStems(ofTown: readonly string[]) {
  const counts = new Map<string, number>()
  const add = (text: string) => {
    for (const stem of new Set(readWords(text).map(({ text: word }) => stemOf(word))))
      if (stem.length > 2 && !stem.startsWith('<')) counts.set(stem, (counts.get(stem) ?? 0) + 1)
  }
  for (const text of ofTown) add(text)
  const listed = [...counts].filter(([, count]) => count > 1).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(
    path.join(folder, 'common-stems.json'),
    `${JSON.stringify(
      {
        about:
          'In how many texts of a town’s talk a stem stands. Made by evaluation/train.ts from evaluation/data/town.tsv and the halves for training of comments.tsv and threads.tsv.',
        texts: ofTown.length,
        counts: Object.fromEntries(listed),
      },
      null,
      2,
    )}\n`,
  )
  console.log(`${listed.length} stems of ${ofTown.length} texts`)
}
