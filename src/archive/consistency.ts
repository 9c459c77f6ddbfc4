import type { Db } from '../storage/database.ts'
import { type ConsistencyFile, checkpointOf } from './confirmations.ts'
import { keyText } from './key-text.ts'
import { openCheckpoint } from './keys.ts'
import { type Checkpoint, checkpointAt, consistencyProof, keyHistory, logKeys } from './log.ts'
import type { LogKey } from './note.ts'

export type ProvenConsistency =
  | { older: Checkpoint; newer: Checkpoint; file: ConsistencyFile; problem?: never }
  | { older?: never; newer?: never; file?: never; problem: string }

/** That the state of the log of `older` records is the beginning of the one of `newer`, both as people type them. */
export async function proveConsistency(
  db: Db,
  key: LogKey,
  older: string,
  newer: string,
): Promise<ProvenConsistency> {
  const [first, second] = await Promise.all([signedAt(db, older), signedAt(db, newer)])
  if (!first || !second)
    return {
      problem: `No state of the log with ${first ? newer : older} records was signed. Choose one from the list.`,
    }
  const [before, after] = first.treeSize <= second.treeSize ? [first, second] : [second, first]
  const path = await consistencyProof(db, before.treeSize, after.treeSize)
  return {
    older: before,
    newer: after,
    file: {
      format: 'plainview log consistency v1',
      older: before.note,
      newer: after.note,
      path: path.map((hash) => hash.toString('hex')),
      keys: keyText(await keyHistory(db, key)),
    },
  }
}

const signedAt = async (db: Db, typed: string) =>
  /^[1-9]\d{0,14}$/.test(typed.trim()) ? checkpointAt(db, Number(typed)) : null

/** What became of a checkpoint that somebody kept: the size to compare from, or what is wrong with it. */
export async function recognize(
  db: Db,
  kept: string,
): Promise<{ size: number; problem?: never } | { size?: never; problem: string }> {
  const note = `${kept.replaceAll('\r\n', '\n').trim()}\n`
  const said = checkpointOf(note)
  if (!said)
    return {
      problem:
        'This is no checkpoint. Paste all of it, from the name of the log to the line that begins with a dash.',
    }
  const keys = (await logKeys(db)).map(({ verifier, after }, n, all) => ({
    verifier,
    after,
    upTo: all[n + 1]?.after ?? Number.MAX_SAFE_INTEGER,
  }))
  const opened = openCheckpoint(note, keys)
  if (opened.problem !== undefined) return { problem: `This checkpoint ${opened.problem}` }
  const ours = await checkpointAt(db, said.treeSize)
  if (!ours?.root.equals(said.root))
    return {
      problem:
        'This log signed that checkpoint once, and does not hold it any more. The log was rewritten. Keep what you have, and tell people.',
    }
  return { size: said.treeSize }
}
