import type { Db } from '../storage/database.ts'
import { attestedSizes, timestampedSizes, timestampsAt, withCosignatures } from './attestation-store.ts'
import type { Attested } from './confirmations.ts'
import { checkpointAt, consistencyProof } from './log.ts'

/**
 * Collects, while records are written out, the oldest states of the log that an authority timestamped and that hold
 * them, so that each record can be shown to have been there by then. For records that no timestamp covers, the oldest
 * state with all of them that a witness signed; and what was said of the state itself that they are sent with.
 */
export async function attestedCollector(db: Db, treeSize: number) {
  const stamped = (await timestampedSizes(db)).filter((size) => size <= treeSize)
  const signed = [...(await attestedSizes(db))].filter((size) => size <= treeSize).sort((a, b) => a - b)
  const wanted = new Set<number>(signed.includes(treeSize) ? [treeSize] : [])
  let last = -1
  return {
    /** A record at this position is among those that are sent. */
    add(position: number) {
      const size = firstAbove(stamped, position)
      if (size !== undefined) wanted.add(size)
      else last = Math.max(last, position)
    },
    async list(): Promise<Attested[]> {
      const size = last < 0 ? undefined : firstAbove(signed, last)
      if (size !== undefined) wanted.add(size)
      const list: Attested[] = []
      for (const one of [...wanted].sort((a, b) => a - b)) list.push(await attestedAt(db, one, treeSize))
      return list
    },
  }
}

/** What was said of one state of the log, and that it is the beginning of the state of `treeSize`. */
export async function attestedAt(db: Db, size: number, treeSize: number): Promise<Attested> {
  const checkpoint = await checkpointAt(db, size)
  if (!checkpoint) throw new Error(`There is no checkpoint of ${size} records.`)
  return {
    checkpoint: await withCosignatures(db, checkpoint),
    timestamps: (await timestampsAt(db, size)).map(({ token }) => token.toString('base64')),
    consistency: (await consistencyProof(db, size, treeSize)).map((hash) => hash.toString('hex')),
  }
}

/** The smallest of some sorted sizes that holds this position. */
function firstAbove(sizes: readonly number[], position: number): number | undefined {
  let [low, high] = [0, sizes.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sizes[middle] ?? 0) > position) high = middle
    else low = middle + 1
  }
  return sizes[low]
}
