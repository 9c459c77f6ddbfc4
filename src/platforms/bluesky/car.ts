import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { CarIndexer } from '@ipld/car/indexer'
import { decode } from '@ipld/dag-cbor'
import { fileStream } from '../archives/streams.ts'
import { ExportRefused } from '../history.ts'

/** A record of a repository, with its place in it. */
export interface RepositoryRecord {
  collection: string
  key: string
  /** The hash that names this version of it. */
  cid: string
  value: unknown
}

interface Cid {
  toString(): string
  multihash: { code: number; digest: Uint8Array }
}
interface Place {
  offset: number
  length: number
}
interface Node {
  l: Cid | null
  e: { p: number; k: Uint8Array; v: Cid; t: Cid | null }[]
}

/** The protocol's own limit for a block is a megabyte; a header is a few dozen bytes. */
const largestBlock = 2_000_000
const largestHeader = 100_000
const mostBlocks = 2_000_000
const deepest = 64
const deepestValue = 100
const sha256 = 0x12

/** An account's repository as `com.atproto.sync.getRepo` gives it: a CAR file (v1) with a Merkle search tree in it. */
export interface Repository {
  did: string
  /** Every record, in the order of collections and keys. Each is read from the disk and checked against its hash. */
  records(): AsyncGenerator<RepositoryRecord>
}

/** Opens a CAR file on this disk. Its index is in memory: about 200 bytes a record. Null when it is no repository. */
export async function openRepository(place: string, path: string): Promise<Repository | null> {
  if (!(await looksLikeCar(place))) return null
  const refuse = (because: string) => new ExportRefused(`“${path}” ${because} Download the export again.`)
  const blocks = new Map<string, Place>()
  const root = await indexed(place, blocks, refuse)
  const file = await open(place)
  try {
    const commit = (await blockOf(file, blocks, root, refuse)) as { did?: unknown; data?: Cid }
    if (typeof commit?.did !== 'string' || !isCid(commit.data)) return null
    return { did: commit.did, records: () => walk(place, blocks, commit.data as Cid, refuse) }
  } finally {
    await file.close()
  }
}

/** A CAR begins with the length of its header, which is a CBOR map that names "roots" and "version". */
async function looksLikeCar(place: string): Promise<boolean> {
  const file = await open(place)
  try {
    const head = Buffer.alloc(4096)
    const { bytesRead } = await file.read(head, 0, head.length, 0)
    const start = head.subarray(0, bytesRead).toString('latin1')
    return (
      start.includes('eroots') &&
      start.includes('gversion') &&
      (head[0] ?? 0) !== 0 &&
      headerLength(head) < largestHeader
    )
  } finally {
    await file.close()
  }
}

function headerLength(head: Buffer): number {
  let length = 0
  for (let n = 0; n < 4; n++) {
    length |= ((head[n] ?? 0) & 0x7f) << (7 * n)
    if (((head[n] ?? 0) & 0x80) === 0) return length
  }
  return Number.POSITIVE_INFINITY
}

type Refuse = (because: string) => ExportRefused

async function indexed(place: string, blocks: Map<string, Place>, refuse: Refuse): Promise<Cid> {
  try {
    const indexer = await CarIndexer.fromIterable(fileStream(place))
    const [root] = await indexer.getRoots()
    if (!root) throw refuse('names no root.')
    for await (const { cid, blockOffset, blockLength } of indexer) {
      if (blocks.size >= mostBlocks)
        throw refuse(`holds more than ${mostBlocks.toLocaleString('en-US')} blocks.`)
      blocks.set(cid.toString(), { offset: blockOffset, length: blockLength })
    }
    return root
  } catch (error) {
    if (error instanceof ExportRefused || (error as NodeJS.ErrnoException).errno) throw error
    throw refuse(`is damaged: ${(error as Error).message.replace(/\.$/, '')}.`)
  }
}

async function blockOf(
  file: FileHandle,
  blocks: ReadonlyMap<string, Place>,
  cid: Cid,
  refuse: Refuse,
): Promise<unknown> {
  const place = blocks.get(cid.toString())
  if (!place) throw refuse(`is incomplete: the block ${cid} is missing.`)
  if (place.length > largestBlock)
    throw refuse(
      `holds a block of ${place.length.toLocaleString('en-US')} bytes, and the protocol allows no such blocks.`,
    )
  const bytes = Buffer.alloc(place.length)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, place.offset)
  if (bytesRead < bytes.length) throw refuse('ends in the middle.')
  // A block is what its name says, or somebody changed it.
  const genuine =
    cid.multihash.code === sha256 &&
    createHash('sha256').update(bytes).digest().equals(Buffer.from(cid.multihash.digest))
  if (!genuine) throw refuse(`was changed: the block ${cid} does not match its hash.`)
  let value: unknown
  try {
    value = decode(bytes)
  } catch (error) {
    throw refuse(`is damaged: the block ${cid} is no DAG-CBOR (${(error as Error).message}).`)
  }
  if (isDeeper(value, deepestValue)) throw refuse(`nests more than ${deepestValue} levels deep.`)
  return value
}

const isDeeper = (value: unknown, levels: number): boolean =>
  value !== null &&
  typeof value === 'object' &&
  !ArrayBuffer.isView(value) &&
  !isCid(value) &&
  (levels === 0 || Object.values(value).some((inside) => isDeeper(inside, levels - 1)))

const isCid = (value: unknown): value is Cid =>
  value !== null && typeof value === 'object' && 'multihash' in value

const isNode = (value: unknown): value is Node => {
  const { l, e } = (value ?? {}) as Partial<Node>
  return (
    (l === null || isCid(l)) &&
    Array.isArray(e) &&
    e.every(
      ({ p, k, v, t }) =>
        typeof p === 'number' && k instanceof Uint8Array && isCid(v) && (t === null || isCid(t)),
    )
  )
}

/** The Merkle search tree (https://atproto.com/specs/repository), from left to right. */
async function* walk(
  place: string,
  blocks: ReadonlyMap<string, Place>,
  root: Cid,
  refuse: Refuse,
): AsyncGenerator<RepositoryRecord> {
  const file = await open(place)
  let last = ''
  try {
    yield* below(root, 0)
  } finally {
    await file.close()
  }

  async function* below(cid: Cid, depth: number): AsyncGenerator<RepositoryRecord> {
    if (depth > deepest) throw refuse('holds a tree deeper than any genuine one.')
    const node = await blockOf(file, blocks, cid, refuse)
    if (!isNode(node)) throw refuse(`is damaged: the block ${cid} is no part of the tree.`)
    if (node.l) yield* below(node.l, depth + 1)
    let key = Buffer.alloc(0)
    for (const { p, k, v, t } of node.e) {
      key = Buffer.concat([key.subarray(0, p), k])
      // Keys only rise. A tree that holds a part of itself again and again would never end.
      const whole = key.toString('latin1')
      if (whole <= last) throw refuse('holds a tree whose keys are not in order.')
      last = whole
      const [collection = '', name = ''] = key.toString('utf8').split('/')
      yield { collection, key: name, cid: v.toString(), value: await blockOf(file, blocks, v, refuse) }
      if (t) yield* below(t, depth + 1)
    }
  }
}
