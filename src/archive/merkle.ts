import { hash } from 'node:crypto'

/** The Merkle tree of RFC 6962 § 2.1 as plain functions over hashes of 32 bytes. */

// One call a hash, without an object that is updated: trees are made of millions of them.
const sha256 = (...parts: Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer')
const leafPrefix = Buffer.of(0)
const nodePrefix = Buffer.of(1)

export const leafHash = (entry: Uint8Array): Buffer => sha256(leafPrefix, entry)
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(nodePrefix, left, right)

/**
 * The hash of a node whose two children stand beside each other in `nodes`, at `from`, is written to `to` (in bytes). For
 * whole tiles: a third of what a buffer for each hash costs, and no garbage.
 */
export function hashPair(nodes: Buffer, from: number, to: number) {
  nodes.copy(pair, 1, from, from + 64)
  nodes.write(hash('sha256', pair, 'binary'), to, 'latin1')
}
const pair = Buffer.alloc(65)
pair[0] = 1

/** The root of the tree without leaves. */
export const emptyRoot: Buffer = sha256()

/** The root over leaf hashes (or over the roots of equally high, complete subtrees). */
export function rootOf(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return emptyRoot
  if (hashes.length === 1) return hashes[0] as Buffer
  const split = largestPowerBelow(hashes.length)
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)))
}

/** The largest power of two smaller than n (n ≥ 2). Beyond 2^31, so without bit operators. */
export function largestPowerBelow(n: number): number {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}

/** Answers with the hash over the leaves from `from` to `to` (exclusive). */
export type RangeHash = (from: number, to: number) => Promise<Buffer>

/** PATH(m, D[n]) of RFC 6962 § 2.1.1: what to hash a leaf with, from the leaf up, to come to the root. */
export const inclusionPath = (index: number, size: number, hashOf: RangeHash): Promise<Buffer[]> =>
  pathAbove(index, size, 1, hashOf)

/** The end of an inclusion path that all leaves share which are in one subtree of at most `width` leaves with `index`. */
export async function pathAbove(
  index: number,
  size: number,
  width: number,
  hashOf: RangeHash,
): Promise<Buffer[]> {
  if (!(index >= 0 && index < size)) throw new RangeError(`No leaf ${index} in a tree of ${size}.`)
  const siblings: [from: number, to: number][] = []
  let [from, to] = [0, size]
  while (to - from > width) {
    const split = from + largestPowerBelow(to - from)
    const left = index < split
    siblings.unshift(left ? [split, to] : [from, split])
    if (left) to = split
    else from = split
  }
  // All at once: where hashes are read from a database, one wait instead of one a level.
  return Promise.all(siblings.map(([from, to]) => hashOf(from, to)))
}

/** PROOF(m, D[n]) of RFC 6962 § 2.1.2: that the tree of `old` leaves is the beginning of the tree of `size`. */
export async function consistencyPath(old: number, size: number, hashOf: RangeHash): Promise<Buffer[]> {
  if (!(old > 0 && old <= size)) throw new RangeError(`No tree of ${old} leaves within one of ${size}.`)
  const path: Buffer[] = []
  let [from, to, whole] = [0, size, true]
  while (old !== to) {
    const split = from + largestPowerBelow(to - from)
    if (old <= split) {
      path.unshift(await hashOf(split, to))
      to = split
    } else {
      path.unshift(await hashOf(from, split))
      from = split
      whole = false
    }
  }
  if (!whole) path.unshift(await hashOf(from, to))
  return path
}

/** Whether `path` leads from a leaf's hash to `root` (RFC 9162 § 2.1.3.2, the same tree). */
export function includes(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
  root: Buffer,
): boolean {
  if (!(index >= 0 && index < size)) return false
  let [node, last, hash] = [index, size - 1, leaf]
  for (const sibling of path) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash)
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else hash = nodeHash(hash, sibling)
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && hash.equals(root)
}

/** Whether `path` proves that the tree of `old` leaves became the tree of `size` by adding only (RFC 9162 § 2.1.4.2). */
export function isConsistent(
  old: number,
  oldRoot: Buffer,
  size: number,
  root: Buffer,
  path: readonly Buffer[],
): boolean {
  if (!(old > 0 && old <= size)) return false
  if (old === size) return path.length === 0 && oldRoot.equals(root)
  const isPower = Number.isInteger(Math.log2(old)) && 2 ** Math.round(Math.log2(old)) === old
  const [first, ...rest] = isPower ? [oldRoot, ...path] : path
  if (!first) return false
  let [node, last] = [old - 1, size - 1]
  while (node % 2 === 1) {
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  let [before, after] = [first, first]
  for (const hash of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      before = nodeHash(hash, before)
      after = nodeHash(hash, after)
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else after = nodeHash(after, hash)
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && before.equals(oldRoot) && after.equals(root)
}
