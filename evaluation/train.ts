/*
 * Trains the model that ships as src/suggestions/models/comments.model, and counts the stems of common-stems.json.
 * The same data gives the same files, byte for byte: `npm run train`.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { readWords } from '../src/suggestions/reading.ts'
import { stemOf } from '../src/suggestions/topic.ts'
import { examples, learn, pack, townTalk } from './learning.ts'

const folder = path.join(import.meta.dirname, '../src/suggestions/models')

writeStems(townTalk())
writeModel(pack(learn(examples())))

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
    `${JSON.stringify({
      about:
        'In how many texts of a town’s talk a stem stands. Made by evaluation/train.ts from evaluation/data/town.tsv and the halves for training of comments.tsv and threads.tsv.',
      texts: ofTown.length,
      counts: Object.fromEntries(listed),
    })}\n`,
  )
  console.log(`${listed.length} stems of ${ofTown.length} texts`)
}
