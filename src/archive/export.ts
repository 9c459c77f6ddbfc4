import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Db } from '../storage/database.ts'
import { attestedSizes, withCosignatures } from './attestation-store.ts'
import { attestedAt } from './attested.ts'
import { keyText } from './key-text.ts'
import { keyHistory, latestCheckpoint, publicEntries, publicTile } from './log.ts'
import type { LogKey } from './note.ts'
import { tilePath, tileWidth } from './tiles.ts'

/**
 * Writes the whole log into a new folder, as C2SP tlog-tiles lays it out: checkpoint, tiles and entries, so that any
 * web server can publish it and `verifyExport` or any tlog client check it; with it the keys and what others
 * confirmed. No record's content is in it. Answers with its size, or null when the log is empty.
 */
export async function exportLog(
  db: Db,
  key: LogKey | null,
  folder: string,
  onProgress?: (done: number, all: number) => void,
): Promise<number | null> {
  const checkpoint = await latestCheckpoint(db)
  if (!checkpoint) return null
  const { treeSize } = checkpoint
  await mkdir(folder, { recursive: true })
  if ((await readdir(folder)).length > 0) throw new Error(`${folder} is not empty. Choose a new folder.`)
  const write = async (name: string, content: string | Uint8Array) => {
    const place = path.join(folder, ...name.split('/'))
    await mkdir(path.dirname(place), { recursive: true })
    await writeFile(place, content)
  }
  for (let level = 0, size = treeSize; size > 0; level++, size = Math.floor(size / tileWidth))
    for (let index = 0; index * tileWidth < size; index++) {
      const width = Math.min(tileWidth, size - index * tileWidth)
      await write(
        `tile/${tilePath(level, index, width)}`,
        (await publicTile(db, level, index, width)) ?? gone(),
      )
      if (level > 0) continue
      await write(
        `tile/${tilePath('entries', index, width)}`,
        (await publicEntries(db, index, width)) ?? gone(),
      )
      onProgress?.(index * tileWidth + width, treeSize)
    }
  const attested = []
  for (const size of [...(await attestedSizes(db))].sort((a, b) => a - b))
    if (size <= treeSize) attested.push(await attestedAt(db, size, treeSize))
  await write('attested.json', `${JSON.stringify(attested, null, 1)}\n`)
  await write('key.txt', keyText(await keyHistory(db, key)))
  // Last, so that a folder without it is seen to be unfinished.
  await write('checkpoint', await withCosignatures(db, checkpoint))
  return treeSize
}

function gone(): never {
  throw new Error('The log shrank while it was written out. Check it: plainview log verify')
}
