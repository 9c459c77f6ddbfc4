import { hashPair, largestPowerBelow, nodeHash, type RangeHash } from './merkle.ts'

/** The Merkle tree in tiles of 256 hashes (C2SP tlog-tiles): what is stored, and what is public. */

export const tileWidth = 256
const hashBytes = 32

/** The hashes of one tile, one after the other; as many as there are. */
export type TileReader = (level: number, index: number) => Promise<Buffer>

export interface Tile {
  level: number
  index: number
  hashes: Buffer
}

/** The tiles that change when `leaves` are added to a tree of `size`, each with its hashes from the first on. */
export async function extend(read: TileReader, size: number, leaves: readonly Buffer[]): Promise<Tile[]> {
  const changed: Tile[] = []
  let [level, first, adding] = [0, size, leaves]
  while (adding.length > 0) {
    const complete: Buffer[] = []
    for (let done = 0; done < adding.length; ) {
      const place = first + done
      const index = Math.floor(place / tileWidth)
      const before = place % tileWidth
      const add = adding.slice(done, done + tileWidth - before)
      const kept = before > 0 ? (await read(level, index)).subarray(0, before * hashBytes) : Buffer.alloc(0)
      const hashes = Buffer.concat([kept, ...add])
      changed.push({ level, index, hashes })
      if (before + add.length === tileWidth) complete.push(subtreesOf(hashes)(0, tileWidth))
      done += add.length
    }
    first = Math.floor(first / tileWidth)
    adding = complete
    level += 1
  }
  return changed
}

/** The hashes of a tile, each by itself. */
export const splitTile = (hashes: Buffer): Buffer[] =>
  Array.from({ length: hashes.length / hashBytes }, (_, n) =>
    hashes.subarray(n * hashBytes, (n + 1) * hashBytes),
  )

/**
 * The hash over any run of leaves that the tree's own proofs ask for, from as few tiles as hold it. It remembers what
 * it read and hashed, so that many proofs from one neighbourhood cost little more than one.
 */
export function rangeHash(read: TileReader): RangeHash {
  const tiles = new Map<string, Promise<(start: number, width: number) => Buffer>>()
  const edges = new Map<string, Promise<Buffer>>()
  const tile = (level: number, index: number) =>
    remembered(tiles, `${level}/${index}`, async () => subtreesOf(await read(level, index)))

  const range: RangeHash = async (from, to) => {
    const count = to - from
    if (count > 1 && (!isPower(count) || from % count !== 0))
      return remembered(edges, `${from}-${to}`, async () => {
        const middle = from + largestPowerBelow(count)
        // Both are asked for before either is waited for, so that their tiles can be read together.
        const [left, right] = await Promise.all([range(from, middle), range(middle, to)])
        return nodeHash(left, right)
      })
    const height = Math.round(Math.log2(count))
    const level = Math.floor(height / 8)
    const width = 2 ** (height % 8)
    const first = from / 2 ** (level * 8)
    const subtree = await tile(level, Math.floor(first / tileWidth))
    return subtree(first % tileWidth, width)
  }
  return range
}

function remembered<Value>(known: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>) {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

/** The roots of a tile's complete subtrees, each hashed once: `width` hashes from `start` on, a multiple of it. */
function subtreesOf(hashes: Buffer): (start: number, width: number) => Buffer {
  // Numbered as in a heap: 1 is the root of the whole tile, the hashes themselves follow from 256 on.
  const nodes = Buffer.alloc(2 * tileWidth * hashBytes)
  hashes.copy(nodes, tileWidth * hashBytes)
  const known = new Uint8Array(tileWidth)
  const make = (n: number) => {
    if (n >= tileWidth || known[n]) return
    make(2 * n)
    make(2 * n + 1)
    hashPair(nodes, 2 * n * hashBytes, n * hashBytes)
    known[n] = 1
  }
  return (start, width) => {
    if (hashes.length < (start + width) * hashBytes)
      throw new Error(`A tile of the log is too short: it holds ${hashes.length / hashBytes} hashes.`)
    const n = (tileWidth + start) / width
    make(n)
    return nodes.subarray(n * hashBytes, (n + 1) * hashBytes)
  }
}

const isPower = (n: number) => 2 ** Math.round(Math.log2(n)) === n

/** The address of a tile below /log/tile/: the inverse of `parseTilePath`. */
export function tilePath(level: number | 'entries', index: number, width: number): string {
  const groups: string[] = []
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`${groups.length > 0 ? 'x' : ''}${String(rest % 1000).padStart(3, '0')}`)
  return `${level}/${groups.join('/')}${width < tileWidth ? `.p/${width}` : ''}`
}

/** Which tile an address below /log/tile/ names; null when it names none (C2SP tlog-tiles, "Merkle Tree"). */
export function parseTilePath(
  path: string,
): { level: number | 'entries'; index: number; width: number } | null {
  const match = /^(entries|\d|[1-5]\d|6[0-3])\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path)
  if (!match) return null
  const [, level = '', number = '', partial] = match
  const width = partial ? Number(partial) : tileWidth
  if (partial && width >= tileWidth) return null
  const groups = number.split('/').map((group) => group.replace('x', ''))
  // A number has one spelling: no leading group of zeros.
  if (groups.length > 1 && groups[0] === '000') return null
  const index = Number(groups.join(''))
  if (!Number.isSafeInteger(index)) return null
  return { level: level === 'entries' ? level : Number(level), index, width }
}
