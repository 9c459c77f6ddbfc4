import type { Decision, Who } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'
import { type RotationReason, signRotation } from './keys.ts'
import { latestCheckpoint, lockLog, logKeys, sequence } from './log.ts'
import { generateLogKey, type LogKey } from './note.ts'
import { append } from './record.ts'

/** Where the private keys are kept (key-file.ts). */
export interface KeyFiles {
  /** The key that signs, as far as this machine knows; null when its file is lost. */
  current: LogKey | null
  /** Keeps a key that may become the current one, so that it survives whatever happens next. */
  prepare(key: LogKey): Promise<void>
  /** Puts a prepared key in the old one's place; again and again, if need be. */
  settle(verifier: string): Promise<LogKey | null>
}

export type RotationAnswer =
  | { key: LogKey; treeSize: number; problem?: never }
  | { key?: never; problem: string }

/**
 * Gives the log a new key from its present state on. The order is what makes a crash harmless: before the commit the
 * prepared file names a key that nobody knows; after it, every signer finds the new key's file by its name, and the
 * old one's file goes when the new one takes its place.
 */
export async function rotateKey(
  db: Db,
  files: KeyFiles,
  { reason, by, decision, now }: { reason: RotationReason; by: Who; decision: Decision; now: Date },
): Promise<RotationAnswer> {
  const newest = (await logKeys(db)).at(-1)
  if (!newest)
    return { problem: 'The log holds no record yet. Its key can be replaced once it has signed something.' }
  const known =
    files.current?.verifier === newest.verifier ? files.current : await files.settle(newest.verifier)
  if (!known && reason !== 'lost')
    return {
      problem: 'The key that signs the log is not on this machine. If it is lost, say so: --reason lost',
    }
  const old = reason === 'lost' ? null : known
  // What waits is still signed by the old key, so that the new one begins with the record of its own beginning.
  if (old) await sequence(db, old)
  const key = generateLogKey(newest.verifier.split('+')[0] ?? '')
  await files.prepare(key)
  const treeSize = await db.transaction().execute(async (tx) => {
    await lockLog(tx)
    const checkpoint = await latestCheckpoint(tx)
    const current = (await logKeys(tx)).at(-1)
    if (!checkpoint || current?.verifier !== newest.verifier) return null
    const rotation = signRotation(
      {
        origin: key.name,
        treeSize: checkpoint.treeSize,
        root: checkpoint.root,
        from: newest.verifier,
        to: key.verifier,
        reason,
        at: now,
      },
      old,
      key,
    )
    await tx
      .insertInto('log_key')
      .values({ verifier: key.verifier, after_size: checkpoint.treeSize, rotation, since: now })
      .execute()
    await append(tx, {
      kind: 'log.rotation',
      subject: { kind: 'log', id: key.name },
      by,
      decision,
      content: { from: newest.verifier, to: key.verifier, treeSize: checkpoint.treeSize, reason, rotation },
      words: `New key of the log: ${key.verifier}`,
      at: now,
    })
    return checkpoint.treeSize
  })
  if (treeSize === null)
    return {
      problem: 'Somebody else replaced the key at the same moment. Look at it with: plainview log key',
    }
  await files.settle(key.verifier)
  await sequence(db, key)
  return { key, treeSize }
}
