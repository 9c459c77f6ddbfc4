import type { Db } from '../storage/database.ts'
import { leafTiles, tilesIn } from './log.ts'
import { allPaths, pathAbove } from './merkle.ts'
import { rangeHash, splitTile, tileWidth } from './tiles.ts'

/** Answers with the inclusion path of a position, each hash in hex. */
export type PathOf = (position: number) => readonly string[]

/**
 * Proofs for many records at one state of the log. The leaves of a batch are read in one query; what lies above a tile
 * of 256 leaves is the same for all of them, and each node inside is hashed once. A batch's answer holds its own tiles
 * only, so memory does not grow with the number of batches.
 */
export function inclusionPaths(db: Db, treeSize: number): (positions: readonly number[]) => Promise<PathOf> {
  const above = rangeHash(tilesIn(db))

  async function pathsIn(tile: number, hashes: Buffer): Promise<string[][]> {
    const first = tile * tileWidth
    // The tile may have grown since the state that is proven.
    const leaves = splitTile(hashes).slice(0, treeSize - first)
    const shared = (await pathAbove(first, treeSize, tileWidth, above)).map(hex)
    // A node is in the paths of many leaves: its text is made once.
    const texts = new Map<Buffer, string>()
    const textOf = (node: Buffer) => {
      const text = texts.get(node) ?? hex(node)
      texts.set(node, text)
      return text
    }
    return allPaths(leaves).map((path) => [...path.map(textOf), ...shared])
  }

  return async (positions) => {
    const tiles = await leafTiles(db, [...new Set(positions.map((one) => Math.floor(one / tileWidth)))])
    const paths = new Map<number, string[][]>()
    for (const [tile, hashes] of tiles) paths.set(tile, await pathsIn(tile, hashes))
    return (position) => {
      const path = paths.get(Math.floor(position / tileWidth))?.[position % tileWidth]
      if (!path) throw new RangeError(`No leaf ${position} in a tree of ${treeSize}.`)
      return path
    }
  }
}

const hex = (hash: Buffer) => hash.toString('hex')
