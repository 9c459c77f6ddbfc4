import { folderFiles } from './bag-files.ts'
import {
  type Confirmation,
  checkpointOf,
  confirmationsOf,
  openLog,
  readAttested,
  type Trust,
} from './confirmations.ts'
import { Flaw, orFlaw } from './flaw.ts'
import { readKeyText } from './key-text.ts'
import { leafHash } from './merkle.ts'
import { extend, parseTilePath, rangeHash, type Tile, tilePath, tileWidth } from './tiles.ts'

export type ExportVerdict =
  | { genuine: true; origin: string; treeSize: number; confirmations: Confirmation[] }
  | { genuine: false; problem: string }

/**
 * Checks a whole log in a folder (C2SP tlog-tiles): the entries against the tiles, these against the checkpoint, that
 * against the reader's key, what others confirmed, and, if `kept` is given, a checkpoint that the reader kept.
 */
export const verifyExport = (folder: string, trust: Trust, kept?: string): Promise<ExportVerdict> =>
  orFlaw(async () => {
    const files = folderFiles(folder)
    const text = async (name: string) => (await files.read(name)).toString()
    const sent = readKeyText(await text('key.txt'))
    if (!sent) throw new Flaw('key.txt holds no key.')
    const log = openLog('checkpoint', await text('checkpoint'), sent.rotations, trust)
    const { treeSize, root, origin } = log.checkpoint

    const built = new Map<string, Tile>()
    const inMemory = async (level: number, index: number) => {
      const tile = built.get(`${level}/${index}`)
      if (!tile) throw new Flaw(`There is no tile ${level}/${index} in a log of ${treeSize} records.`)
      return tile.hashes
    }
    for (let index = 0; index * tileWidth < treeSize; index++) {
      const width = Math.min(tileWidth, treeSize - index * tileWidth)
      const name = `tile/${tilePath('entries', index, width)}`
      const leaves = readEntries(name, await files.read(name), width).map(leafHash)
      for (const tile of await extend(inMemory, index * tileWidth, leaves))
        built.set(`${tile.level}/${tile.index}`, tile)
    }
    const expected = new Set(['checkpoint', 'key.txt', 'attested.json'])
    for (const { level, index, hashes } of built.values()) {
      const width = hashes.length / 32
      const name = `tile/${tilePath(level, index, width)}`
      if (!(await files.read(name)).equals(hashes))
        throw new Flaw(`${name} does not belong to the log's entries.`)
      expected.add(name)
      if (level === 0) expected.add(`tile/${tilePath('entries', index, width)}`)
    }
    if (treeSize > 0 && !(await rangeHash(inMemory)(0, treeSize)).equals(root))
      throw new Flaw('The entries do not lead to the root that was signed.')
    for (const name of await files.names())
      if (!expected.has(name) && !olderTile(name, treeSize))
        throw new Flaw(`${name} does not belong to this log.`)

    const attested = (await files.names()).includes('attested.json')
      ? readAttested('attested.json', await text('attested.json'))
      : []
    if (kept !== undefined) {
      const ours = checkpointOf(kept)
      if (!ours) throw new Flaw('The checkpoint that you kept is none.')
      if (ours.origin !== origin)
        throw new Flaw(`The checkpoint that you kept is of another log: ${ours.origin}`)
      if (ours.treeSize > treeSize)
        throw new Flaw(
          `You kept a checkpoint of ${ours.treeSize} records, and there are only ${treeSize} left.`,
        )
      if (ours.treeSize > 0 && !(await rangeHash(inMemory)(0, ours.treeSize)).equals(ours.root))
        throw new Flaw(`The first ${ours.treeSize} records are not those of the checkpoint that you kept.`)
    }
    return {
      genuine: true,
      origin,
      treeSize,
      confirmations: await confirmationsOf('attested.json', attested, log, trust),
    }
  })

/** A web server that published the log may still have the partial tiles of earlier states. */
function olderTile(name: string, treeSize: number): boolean {
  const tile = name.startsWith('tile/') ? parseTilePath(name.slice('tile/'.length)) : null
  if (!tile || tile.width === tileWidth) return false
  const signed = Math.floor(treeSize / tileWidth ** (tile.level === 'entries' ? 0 : tile.level))
  return tile.index * tileWidth + tile.width <= signed
}

/** The entries of one file: each behind its length in two bytes. */
function readEntries(name: string, content: Buffer, count: number): Buffer[] {
  const entries: Buffer[] = []
  for (let at = 0; at < content.length; ) {
    const length = at + 2 <= content.length ? content.readUInt16BE(at) : -1
    if (length < 0 || at + 2 + length > content.length) throw new Flaw(`${name} is cut off.`)
    entries.push(content.subarray(at + 2, at + 2 + length))
    at += 2 + length
  }
  if (entries.length !== count) throw new Flaw(`${name} holds ${entries.length} entries instead of ${count}.`)
  return entries
}
