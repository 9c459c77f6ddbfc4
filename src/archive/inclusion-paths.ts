import type { Db } from '../storage/database.ts'
import { leafTiles, tilesIn } from './log.ts'
import { largestPowerBelow, nodeHash, pathAbove } from './merkle.ts'
import { rangeHash, splitTile, tileWidth } from './tiles.ts'

/** Answers with the inclusion path of a position as JSON: an array of hashes in hex. */
export type PathOf = (position: number) => string

/**
 * Proofs for many records at one state of the log. The leaves of a batch are read in one query; what lies above a tile
 * of 256 leaves is the same for all of them, and each node inside is hashed once. Tiles are remembered until the next
 * batch, which often begins in the last of them, and no longer: memory does not grow with the number of batches.
 */
export function inclusionPaths(db: Db, treeSize: number): (positions: readonly number[]) => Promise<PathOf> {
  const above = rangeHash(tilesIn(db))
  let known = new Map<number, string[]>()

  async function pathsIn(tile: number, hashes: Buffer): Promise<string[]> {
    const first = tile * tileWidth
    // The tile may have grown since the state that is proven.
    const leaves = splitTile(hashes).slice(0, treeSize - first)
    return pathTexts(leaves, await pathAbove(first, treeSize, tileWidth, above))
  }

  return async (positions) => {
    const tiles = new Set(positions.map((one) => Math.floor(one / tileWidth)))
    const paths = new Map([...known].filter(([tile]) => tiles.has(tile)))
    const missing = [...tiles].filter((tile) => !paths.has(tile))
    for (const [tile, hashes] of await leafTiles(db, missing)) paths.set(tile, await pathsIn(tile, hashes))
    known = paths
    return (position) => {
      const path = paths.get(Math.floor(position / tileWidth))?.[position % tileWidth]
      if (path === undefined) throw new RangeError(`No leaf ${position} in a tree of ${treeSize}.`)
      return path
    }
  }
}

/**
 * The inclusion paths of all leaves of a small tree, each as JSON; `above` is what follows in each of them. A node is
 * hashed once, and the end of a path is one text for all leaves below it.
 */
export function pathTexts(leaves: readonly Buffer[], above: readonly Buffer[]): string[] {
  const paths: string[] = []
  const subtree = (from: number, to: number): Subtree => {
    if (to - from === 1) return { hash: leaves[from] as Buffer, below: null }
    const split = from + largestPowerBelow(to - from)
    const [left, right] = [subtree(from, split), subtree(split, to)]
    return { hash: nodeHash(left.hash, right.hash), below: [left, right] }
  }
  // Leaves come in their order. What stands next to a leaf is first in its path.
  const write = ({ below }: Subtree, path: string) => {
    if (!below) return paths.push(`[${path}]`)
    const [left, right] = below
    const end = path && `,${path}`
    write(left, quoted(right.hash) + end)
    write(right, quoted(left.hash) + end)
  }
  if (leaves.length > 0) write(subtree(0, leaves.length), above.map(quoted).join())
  return paths
}

interface Subtree {
  hash: Buffer
  below: [Subtree, Subtree] | null
}

const quoted = (hash: Buffer) => `"${hash.toString('hex')}"`
