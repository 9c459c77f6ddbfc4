import { sql } from 'kysely'
import type { Db } from '../storage/database.ts'
import type { RecordId } from '../storage/ids.ts'
import { attestedSizes, cosignaturesAt, timestampsAt } from './attestation-store.ts'
import { cosignedAt } from './cosignature.ts'
import { type BelievedKey, believedKeys, openCheckpoint } from './keys.ts'
import { type Checkpoint, checkpoints, latestCheckpoint, logKeys, tilesIn } from './log.ts'
import { leafHash, type RangeHash } from './merkle.ts'
import { fromRanges } from './positions.ts'
import { commitmentTo, type RecordText } from './record.ts'
import { extend, rangeHash, type Tile, tileWidth } from './tiles.ts'
import { verifyTimestamp } from './timestamp.ts'

export type LogVerdict =
  | {
      genuine: true
      records: number
      waiting: number
      /** Records whose content was disposed of; their leaves say nothing. */
      disposed: number
      /** Those of them that no certificate names yet: a run under way, or something to look into. */
      uncertified: number
    }
  | { genuine: false; problem: string }

/**
 * Checks the whole log against the records in the database: each record's text and salt against its entry, the
 * entries against the tiles, these against every checkpoint that was ever signed, the newest against the key, the
 * others against the keys of their time; what others have confirmed; and that no record is neither in the log nor on
 * its way there. A record that was disposed of has an entry and nothing to compare with it; the certificate of the run
 * that destroyed it, itself a record in this log, must name its position.
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
  if (!checkpoint) return { genuine: true, records: 0, waiting, disposed: 0, uncertified: 0 }
  const rotations = (await logKeys(db)).flatMap(({ rotation }) => rotation ?? [])
  const believed = believedKeys(verifier, rotations)
  if (believed.problem !== undefined) return wrong(believed.problem)
  const said = openCheckpoint(checkpoint.note, believed.keys)
  if (said.problem !== undefined) return wrong(`The newest checkpoint ${said.problem}`)

  const built = new Map<string, Tile>()
  const inMemory = async (level: number, index: number) => {
    const tile = built.get(`${level}/${index}`)
    if (!tile) throw new Error(`No tile ${level}/${index} was built.`)
    return tile.hashes
  }
  const stored = tilesIn(db)
  const certified = await certificates(db)
  let disposed = 0
  let uncertified = 0
  let size = 0
  while (size < checkpoint.treeSize) {
    const rows = await entries(db, size, Math.min(checkpoint.treeSize, size + tileWidth * 16))
    const leaves: Buffer[] = []
    for (const [n, row] of rows.entries()) {
      if (row.position !== size + n) return wrong(`The log has no entry at position ${size + n}.`)
      if (row.disposition !== null) {
        const positions = certified.get(row.disposition)
        if (positions && !positions.has(row.position))
          return wrong(
            `The record ${row.id} at position ${row.position} is gone, and the certificate of ${row.disposition} does not name it.`,
          )
        disposed += 1
        if (!positions) uncertified += 1
      } else if (!row.json || !row.salt || !commitmentTo(row.json, row.salt).equals(row.commitment))
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
  const flaw = await checkpointFlaw(db, believed.listed, rangeHash(inMemory))
  return flaw === null ? { genuine: true, records: size, waiting, disposed, uncertified } : wrong(flaw)
}

/** The first thing that is wrong with the checkpoints, or with what others said of them. */
async function checkpointFlaw(
  db: Db,
  keys: readonly BelievedKey[],
  hashOf: RangeHash,
): Promise<string | null> {
  const attestedAt = await attestedSizes(db)
  let below: number | undefined
  for (;;) {
    const page = await checkpoints(db, 500, below)
    for (const checkpoint of page) {
      const name = `The checkpoint of ${checkpoint.treeSize} records`
      const { checkpoint: said, problem } = openCheckpoint(checkpoint.note, keys)
      if (!said) return `${name} ${problem}`
      if (said.treeSize !== checkpoint.treeSize || !said.root.equals(checkpoint.root))
        return `${name} says something else than was signed.`
      if (!(await hashOf(0, said.treeSize)).equals(said.root))
        return `${name}: the entries do not lead to the root that was signed.`
      const attested = attestedAt.has(said.treeSize) ? await attestationFlaw(db, checkpoint) : null
      if (attested !== null) return `${name}: ${attested}`
    }
    below = page.at(-1)?.treeSize
    if (below === undefined) return null
  }
}

async function attestationFlaw(db: Db, { treeSize, note }: Checkpoint): Promise<string | null> {
  for (const { token, authority } of await timestampsAt(db, treeSize)) {
    const { problem } = await verifyTimestamp(token, Buffer.from(note))
    if (problem !== undefined) return `the timestamp of ${authority} is not good. ${problem}`
  }
  for (const { line, verifier, url } of await cosignaturesAt(db, treeSize))
    if (!cosignedAt(note + line, verifier)) return `the cosignature of ${url} is not good.`
  return null
}

async function entries(db: Db, from: number, to: number) {
  const { rows } = await sql<{
    id: RecordId
    position: number
    json: string | null
    salt: Buffer | null
    disposition: string | null
    commitment: Buffer
  }>`
    select r.id, e.position, r.json, r.salt, r.disposition, e.commitment from log_entry e join record r on r.id = e.record_id
    where e.position >= ${from} and e.position < ${to} order by e.position`.execute(db)
  return rows
}

/** For each run of disposition that has its certificate, the positions that it says were destroyed. */
async function certificates(db: Db): Promise<Map<string, Set<number>>> {
  const rows = await db
    .selectFrom('record')
    .select(['subject_id', 'json'])
    .where('kind', '=', 'retention.disposition')
    .execute()
  return new Map(
    rows.map(({ subject_id, json }) => {
      const { content } = JSON.parse(json ?? '{"content":{}}') as Pick<RecordText, 'content'>
      return [subject_id, fromRanges(String(content.positions ?? ''))]
    }),
  )
}
