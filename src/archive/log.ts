import { sql } from 'kysely'
import { type Db, emptied, kept, type Tx } from '../storage/database.ts'
import { madeAt, type RecordId } from '../storage/ids.ts'
import { consistencyPath, emptyRoot, inclusionPath, leafHash, type RangeHash } from './merkle.ts'
import { checkpointText, type LogKey, openNote, signNote } from './note.ts'
import { extend, rangeHash, type TileReader, tileWidth } from './tiles.ts'

declare module '../storage/database.ts' {
  interface Tables {
    log_entry: { position: number; record_id: RecordId; commitment: Buffer }
    log_tile: { level: number; index: number; hashes: Buffer }
    checkpoint: { tree_size: number; root: Buffer; note: string; signed_at: Date }
    log_key: { verifier: string; after_size: number; rotation: string | null; since: Date }
  }
}

/** A state of the log that was signed. */
export interface Checkpoint {
  treeSize: number
  root: Buffer
  /** The signed note, as it is published. */
  note: string
  signedAt: Date
}

// One sequencer at a time, however many processes run.
const lock = 4_370_002
/** As many leaves as one transaction takes: a second's work, so that a crash repeats little. */
const batch = 20_000

/**
 * Puts every waiting record into the log and signs a checkpoint over it. One transaction a batch takes the records
 * out of the queue, writes entries and tiles, and signs: after a crash they are all done or all still waiting.
 * Answers with the newest checkpoint, or null while there is no record at all.
 */
export async function sequence(db: Db, key: LogKey): Promise<Checkpoint | null> {
  for (;;) {
    const added = await db.transaction().execute((tx) => sequenceBatch(tx, key))
    if (added < batch) return latestCheckpoint(db)
  }
}

async function sequenceBatch(tx: Tx, key: LogKey): Promise<number> {
  await lockLog(tx)
  const signer = await signerOf(tx, key)
  const size = (await latestCheckpoint(tx))?.treeSize ?? 0
  const { rows } = await sql<{ commitment: Buffer }>`
    with waiting as (
      delete from record_to_log
      where record_id in (select record_id from record_to_log order by record_id limit ${batch})
      returning record_id, commitment),
    logged as (
      insert into log_entry (position, record_id, commitment)
      select ${size}::bigint + row_number() over (order by record_id) - 1, record_id, commitment from waiting
      returning position, commitment)
    select commitment from logged order by position`.execute(tx)
  if (rows.length === 0) return 0
  const stored = tilesIn(tx)
  const tiles = await extend(
    stored,
    size,
    rows.map(({ commitment }) => leafHash(commitment)),
  )
  await sql`
    insert into log_tile (level, index, hashes)
    select * from unnest(
      ${tiles.map((tile) => tile.level)}::int[],
      ${tiles.map((tile) => tile.index)}::bigint[],
      ${tiles.map((tile) => tile.hashes)}::bytea[])
    on conflict (level, index) do update set hashes = excluded.hashes`.execute(tx)
  const treeSize = size + rows.length
  const root = await rangeHash(stored)(0, treeSize)
  await tx
    .insertInto('checkpoint')
    .values({
      tree_size: treeSize,
      root,
      note: signNote(checkpointText({ origin: signer.name, treeSize, root }), signer),
      signed_at: new Date(),
    })
    .execute()
  return rows.length
}

/** Nobody else adds to the log, signs it or changes its key until the transaction ends. */
export const lockLog = (tx: Tx) => sql`select pg_advisory_xact_lock(${lock})`.execute(tx)

/**
 * The key that signs now: `key`, or the one that took its place. The first key that signs is noted, so that a process
 * with another one, or one that made itself a new key because its file was lost, can't sign.
 */
async function signerOf(tx: Tx, key: LogKey): Promise<LogKey> {
  const newest = (await logKeys(tx)).at(-1)
  if (newest) {
    const signer = newest.verifier === key.verifier ? key : await key.successor?.(newest.verifier)
    if (signer) return signer
  }
  const latest = newest ? null : await latestCheckpoint(tx)
  if (newest || (latest && openNote(latest.note, key.verifier) === null))
    throw new Error(
      `The log is signed with the key ${newest?.verifier ?? 'of its checkpoints'}, which is not here. Put the file with that key back into the data folder; if it is lost, run: plainview log rotate-key --reason lost`,
    )
  await tx
    .insertInto('log_key')
    .values({ verifier: key.verifier, after_size: 0, rotation: null, since: new Date() })
    .execute()
  return key
}

/** A key that signs, or signed, the log. */
export interface KeptKey {
  verifier: string
  /** It signs checkpoints of more records than this. */
  after: number
  /** The signed note by which it took over (keys.ts); the first key has none. */
  rotation: string | null
  since: Date
}

/** The keys of the log, oldest first. Empty while nothing was signed. */
export async function logKeys(db: Db | Tx): Promise<KeptKey[]> {
  const rows = await db.selectFrom('log_key').selectAll().orderBy('after_size').execute()
  return rows.map(({ after_size, ...row }) => ({ ...row, after: after_size }))
}

/** The key that signed the state of the log with so many records. */
export const keyAt = async (db: Db | Tx, treeSize: number): Promise<string | null> =>
  (await logKeys(db)).findLast(({ after }) => after < treeSize)?.verifier ?? null

/** The notes by which one key handed over to the next, oldest first, and the key that signs now. */
export async function keyHistory(
  db: Db | Tx,
  key: LogKey | null,
): Promise<{ current: string; rotations: string[] }> {
  const keys = await logKeys(db)
  return {
    current: keys.at(-1)?.verifier ?? key?.verifier ?? '',
    rotations: keys.flatMap(({ rotation }) => rotation ?? []),
  }
}

/** How long the oldest record that is not in the log yet has been waiting, in seconds. */
export async function secondsUnlogged(db: Db): Promise<number> {
  const oldest = await db
    .selectFrom('record_to_log')
    .select('record_id')
    .orderBy('record_id')
    .limit(1)
    .executeTakeFirst()
  return oldest ? (Date.now() - madeAt(oldest.record_id).getTime()) / 1000 : 0
}

export async function latestCheckpoint(db: Db | Tx): Promise<Checkpoint | null> {
  const row = await db
    .selectFrom('checkpoint')
    .selectAll()
    .orderBy('tree_size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? asCheckpoint(row) : null
}

/** The state of the log at exactly this size, or null when none was signed there. */
export async function checkpointAt(db: Db | Tx, treeSize: number): Promise<Checkpoint | null> {
  const row = await db
    .selectFrom('checkpoint')
    .selectAll()
    .where('tree_size', '=', treeSize)
    .executeTakeFirst()
  return row ? asCheckpoint(row) : null
}

/** Signed states, newest first, of fewer records than `below`. */
export async function checkpoints(
  db: Db,
  limit: number,
  below = Number.MAX_SAFE_INTEGER,
): Promise<Checkpoint[]> {
  const rows = await db
    .selectFrom('checkpoint')
    .selectAll()
    .where('tree_size', '<', below)
    .orderBy('tree_size', 'desc')
    .limit(limit)
    .execute()
  return rows.map(asCheckpoint)
}

const asCheckpoint = (row: {
  tree_size: number
  root: Buffer
  note: string
  signed_at: Date
}): Checkpoint => ({
  treeSize: row.tree_size,
  root: row.root,
  note: row.note,
  signedAt: row.signed_at,
})

/** The checkpoint of a log without entries, signed now over the empty tree. */
export const emptyCheckpoint = (key: LogKey): string =>
  signNote(checkpointText({ origin: key.name, treeSize: 0, root: emptyRoot }), key)

/** That the log of `old` records is the beginning of the log of `size` records. */
export const consistencyProof = (db: Db | Tx, old: number, size: number): Promise<Buffer[]> =>
  consistencyPath(old, size, rangeHash(tilesIn(db)))

/** Reads tiles; those that are asked for in one go, before anything else is awaited, in one journey to the database. */
export function tilesIn(db: Db | Tx): TileReader {
  let asked: { level: number; index: number; answer(hashes: Buffer): void; fail(error: unknown): void }[] = []
  const read = async () => {
    const together = asked
    asked = []
    try {
      const { rows } = await sql<{ level: number; index: number; hashes: Buffer }>`
        select level, index, hashes
        from unnest(${together.map(({ level }) => level)}::int[], ${together.map(({ index }) => index)}::bigint[])
          as asked (level, index) join log_tile using (level, index) ${kept}`.execute(db)
      const found = new Map(rows.map(({ level, index, hashes }) => [`${level}/${index}`, hashes]))
      for (const { level, index, answer, fail } of together) {
        const hashes = found.get(`${level}/${index}`)
        if (hashes) answer(hashes)
        else fail(new Error(`The log has no tile ${level}/${index}.`))
      }
    } catch (error) {
      for (const { fail } of together) fail(error)
    }
  }
  return (level, index) =>
    new Promise((answer, fail) => {
      if (asked.length === 0) queueMicrotask(read)
      asked.push({ level, index, answer, fail })
    })
}

/** The lowest tiles, which hold the leaves, by their index: many in one query. */
export async function leafTiles(db: Db | Tx, indexes: readonly number[]): Promise<Map<number, Buffer>> {
  const { rows } = await sql<{ index: number; hashes: Buffer }>`
    select index, hashes from log_tile where level = 0 and index = any(${indexes}::bigint[])`.execute(db)
  return new Map(emptied(rows).map(({ index, hashes }) => [index, hashes]))
}

/** That the log of a checkpoint holds a record: what a stranger needs besides the record and its salt. */
export interface InclusionProof {
  position: number
  treeSize: number
  path: Buffer[]
}

/** The proof for one record at a checkpoint of `treeSize` leaves, or null while the record is not in it. */
export async function inclusionProof(
  db: Db,
  record: RecordId,
  treeSize: number,
  hashes: RangeHash = rangeHash(tilesIn(db)),
): Promise<InclusionProof | null> {
  const entry = await db
    .selectFrom('log_entry')
    .select('position')
    .where('record_id', '=', record)
    .executeTakeFirst()
  if (!entry || entry.position >= treeSize) return null
  return {
    position: entry.position,
    treeSize,
    path: await inclusionPath(entry.position, treeSize, hashes),
  }
}

/** A public tile of `width` hashes, or null when the signed log is not that wide there. */
export async function publicTile(
  db: Db,
  level: number,
  index: number,
  width: number,
): Promise<Buffer | null> {
  const size = (await latestCheckpoint(db))?.treeSize ?? 0
  const signed = Math.floor(size / tileWidth ** level)
  if (index * tileWidth + width > signed) return null
  return (await tilesIn(db)(level, index)).subarray(0, width * 32)
}

/** The entries under a tile of level 0, each behind its length in two bytes (C2SP tlog-tiles, "Log Entries"). */
export async function publicEntries(db: Db, index: number, width: number): Promise<Buffer | null> {
  const size = (await latestCheckpoint(db))?.treeSize ?? 0
  const first = index * tileWidth
  if (first + width > size) return null
  const rows = await db
    .selectFrom('log_entry')
    .select('commitment')
    .where('position', '>=', first)
    .where('position', '<', first + width)
    .orderBy('position')
    .execute()
  return Buffer.concat(rows.flatMap(({ commitment }) => [Buffer.of(0, commitment.length), commitment]))
}
