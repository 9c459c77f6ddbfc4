import { type ConsistencyFile, checkpointOf, consistencyFile, openLog, type Trust } from './confirmations.ts'
import { Flaw, orFlaw, parseJson } from './flaw.ts'
import { readKeyText } from './key-text.ts'
import { openCheckpoint } from './keys.ts'
import { isConsistent } from './merkle.ts'

export type ConsistencyVerdict =
  | { genuine: true; origin: string; from: number; to: number }
  | { genuine: false; problem: string }

/**
 * Checks that the newer of two signed states of a log only added to the older. `kept`, if given, is the older state as
 * the reader has kept it: it has to be the one in the file.
 */
export const verifyConsistency = (
  text: string,
  trust: Trust,
  { name = 'The file', kept }: { name?: string; kept?: string } = {},
): Promise<ConsistencyVerdict> =>
  orFlaw(async () => {
    const read = consistencyFile.safeParse(parseJson(name, text))
    if (!read.success) throw new Flaw(`${name} is no proof of consistency.`)
    const { older, newer, path, keys }: ConsistencyFile = read.data
    const sent = readKeyText(keys)
    if (!sent) throw new Flaw(`${name} names no key of its log.`)
    const log = openLog('The newer checkpoint', newer, sent.rotations, trust)
    const opened = openCheckpoint(older, log.keys)
    if (opened.problem !== undefined) throw new Flaw(`The older checkpoint ${opened.problem}`)
    const before = opened.checkpoint
    if (kept !== undefined) sameState(kept, before)
    const { treeSize, root, origin } = log.checkpoint
    const hashes = path.map((hash) => Buffer.from(hash, 'hex'))
    if (!isConsistent(before.treeSize, before.root, treeSize, root, hashes))
      throw new Flaw(
        `The log of ${before.treeSize} records is not the beginning of the log of ${treeSize}: records were changed or taken out in between, or the proof is wrong.`,
      )
    return { genuine: true, origin, from: before.treeSize, to: treeSize }
  })

function sameState(kept: string, { treeSize, root }: { treeSize: number; root: Buffer }) {
  const ours = checkpointOf(kept)
  if (!ours) throw new Flaw('The checkpoint that you kept is none.')
  if (ours.treeSize !== treeSize)
    throw new Flaw(
      `The checkpoint that you kept is of ${ours.treeSize} records, and this one of ${treeSize}.`,
    )
  if (!ours.root.equals(root))
    throw new Flaw(
      `The checkpoint that you kept has another root. The log was rewritten since, or you kept another log's.`,
    )
}
