import { sql } from 'kysely'
import type { Db } from '../storage/database.ts'
import type { RecordId } from '../storage/ids.ts'
import { latestCheckpoint, tilesIn } from './log.ts'
import { leafHash } from './merkle.ts'
import { openNote, readCheckpoint } from './note.ts'
import { commitmentTo } from './record.ts'
import { extend, rangeHash, type Tile, tileWidth } from './tiles.ts'

export type LogVerdict =
  | { genuine: true; records: number; waiting: number }
  | { genuine: false; problem: string }

/**
 * Checks the whole log against the records in the database: each record's text and salt against its entry, the
 * entries against the tiles, the tiles against the newest checkpoint, that against the key; and that no record
 * is neither in the log nor on its way there.
 */
export async function verifyLog(db: Db, verifier: string): Promise<LogVerdict> {
  const wrong = (problem: string): LogVerdict => ({ genuine: false, problem })
  const { rows: stray } = await sql<{ id: string }>`
    select id from record r where not exists (select from log_entry e where e.record_id = r.id)
      and not exists (select from record_to_log q where q.record_id = r.id) limit 1`.execute(db)
  if (stray[0]) return wrong(`The record ${stray[0].id} is neither in the log nor waiting for it.`)
  const { waiting } = await db
    .selectFrom('record_to_log')
    .select(({ fn }) => fn.countAll<number>().as('waiting'))
    .executeTakeFirstOrThrow()
  const checkpoint = await latestCheckpoint(db)
  if (!checkpoint) return { genuine: true, records: 0, waiting }
  const text = openNote(checkpoint.note, verifier)
  const said = text === null ? null : readCheckpoint(text)
  if (!said) return wrong('The newest checkpoint is not signed with the key of this log.')
  if (said.treeSize !== checkpoint.treeSize || !said.root.equals(checkpoint.root))
    return wrong('The newest checkpoint says something else than was signed.')

  const built = new Map<string, Tile>()
  const inMemory = async (level: number, index: number) => {
    const tile = built.get(`${level}/${index}`)
    if (!tile) throw new Error(`No tile ${level}/${index} was built.`)
    return tile.hashes
  }
  const stored = tilesIn(db)
  let size = 0
  while (size < checkpoint.treeSize) {
    const rows = await entries(db, size, Math.min(checkpoint.treeSize, size + tileWidth * 16))
    const leaves: Buffer[] = []
    for (const [n, row] of rows.entries()) {
      if (row.position !== size + n) return wrong(`The log has no entry at position ${size + n}.`)
      if (!commitmentTo(row.json, row.salt).equals(row.commitment))
        return wrong(`The record ${row.id} is not what the log holds at position ${row.position}.`)
      leaves.push(leafHash(row.commitment))
    }
    if (leaves.length === 0) return wrong(`The log ends at position ${size}, before its checkpoint.`)
    for (const tile of await extend(inMemory, size, leaves)) {
      built.set(`${tile.level}/${tile.index}`, tile)
      const kept = await stored(tile.level, tile.index)
      if (!kept.subarray(0, tile.hashes.length).equals(tile.hashes))
        return wrong(`The tile ${tile.level}/${tile.index} does not belong to the log's entries.`)
    }
    size += leaves.length
  }
  if (!(await rangeHash(inMemory)(0, size)).equals(checkpoint.root))
    return wrong('The entries do not lead to the root that was signed.')
  return { genuine: true, records: size, waiting }
}

async function entries(db: Db, from: number, to: number) {
  const { rows } = await sql<{
    id: RecordId
    position: number
    json: string
    salt: Buffer
    commitment: Buffer
  }>`
    select r.id, e.position, r.json, r.salt, e.commitment from log_entry e join record r on r.id = e.record_id
    where e.position >= ${from} and e.position < ${to} order by e.position`.execute(db)
  return rows
}
