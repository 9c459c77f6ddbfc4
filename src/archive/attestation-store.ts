import { sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import { type Id, newId } from '../storage/ids.ts'
import type { Checkpoint } from './log.ts'

export type AuthorityId = Id<'timestamp-authority'>
export type WitnessId = Id<'witness'>

declare module '../storage/database.ts' {
  interface Tables {
    timestamp_authority: {
      id: AuthorityId
      url: string
      ca: string
      every_hours: number
      added_at: Date
      ended_at: Date | null
    }
    log_witness: { id: WitnessId; url: string; verifier: string; added_at: Date; ended_at: Date | null }
    checkpoint_timestamp: {
      id: Id<'timestamp'>
      tree_size: number
      authority: AuthorityId
      token: Buffer
      said_at: Date
      signer: string
      trusted: boolean
    }
    cosignature: { tree_size: number; witness: WitnessId; line: string; said_at: Date }
    proof_trouble: { source: AuthorityId | WitnessId; since: Date; last_at: Date; problem: string }
  }
}

export interface Trouble {
  since: Date
  lastAt: Date
  problem: string
}
interface Attestor {
  url: string
  /** The newest state of the log that it confirmed, and when; null before the first. */
  newest: { treeSize: number; at: Date } | null
  trouble: Trouble | null
}
export interface Authority extends Attestor {
  id: AuthorityId
  ca: string
  everyHours: number
}
export interface LogWitness extends Attestor {
  id: WitnessId
  verifier: string
}

interface AttestorRow {
  url: string
  tree_size: number | null
  said_at: Date | null
  since: Date | null
  last_at: Date | null
  problem: string | null
}
const attestor = (row: AttestorRow): Attestor => ({
  url: row.url,
  newest: row.tree_size !== null && row.said_at ? { treeSize: row.tree_size, at: row.said_at } : null,
  trouble:
    row.since && row.last_at && row.problem
      ? { since: row.since, lastAt: row.last_at, problem: row.problem }
      : null,
})

/** The authorities that are asked now. */
export async function authorities(db: Db): Promise<Authority[]> {
  const { rows } = await sql<AttestorRow & { id: AuthorityId; ca: string; every_hours: number }>`
    select a.id, a.url, a.ca, a.every_hours, n.tree_size, n.said_at, t.since, t.last_at, t.problem
    from timestamp_authority a
      left join proof_trouble t on t.source = a.id
      left join lateral (select tree_size, said_at from checkpoint_timestamp
        where authority = a.id order by tree_size desc limit 1) n on true
    where a.ended_at is null order by a.added_at`.execute(db)
  return rows.map((row) => ({ ...attestor(row), id: row.id, ca: row.ca, everyHours: row.every_hours }))
}

/** The witnesses that are asked now. */
export async function witnesses(db: Db): Promise<LogWitness[]> {
  const { rows } = await sql<AttestorRow & { id: WitnessId; verifier: string }>`
    select w.id, w.url, w.verifier, n.tree_size, n.said_at, t.since, t.last_at, t.problem
    from log_witness w
      left join proof_trouble t on t.source = w.id
      left join lateral (select tree_size, said_at from cosignature
        where witness = w.id order by tree_size desc limit 1) n on true
    where w.ended_at is null order by w.added_at`.execute(db)
  return rows.map((row) => ({ ...attestor(row), id: row.id, verifier: row.verifier }))
}

/** False when this address is asked already. */
export async function insertAuthority(
  tx: Tx,
  row: { id: AuthorityId; url: string; ca: string; everyHours: number; at: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('timestamp_authority')
    .values({
      id: row.id,
      url: row.url,
      ca: row.ca,
      every_hours: row.everyHours,
      added_at: row.at,
      ended_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) > 0
}

/** False when this witness is asked already. */
export async function insertWitness(
  tx: Tx,
  row: { id: WitnessId; url: string; verifier: string; at: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('log_witness')
    .values({ id: row.id, url: row.url, verifier: row.verifier, added_at: row.at, ended_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) > 0
}

/** Ends one that is asked now, and answers with its address; null when there is none. */
export async function endAttestor(
  tx: Tx,
  table: 'timestamp_authority' | 'log_witness',
  id: string,
  at: Date,
): Promise<string | null> {
  await tx
    .deleteFrom('proof_trouble')
    .where('source', '=', id as AuthorityId)
    .execute()
  const row = await tx
    .updateTable(table)
    .set({ ended_at: at })
    .where('id', '=', id as never)
    .where('ended_at', 'is', null)
    .returning('url')
    .executeTakeFirst()
  return row?.url ?? null
}

/** Keeps a timestamp, and forgets what was wrong before it. */
export async function keepTimestamp(
  tx: Tx,
  row: {
    treeSize: number
    authority: AuthorityId
    token: Buffer
    at: Date
    signer: string
    trusted: boolean
  },
) {
  await tx
    .insertInto('checkpoint_timestamp')
    .values({
      id: newId<'timestamp'>(),
      tree_size: row.treeSize,
      authority: row.authority,
      token: row.token,
      said_at: row.at,
      signer: row.signer,
      trusted: row.trusted,
    })
    // Another process was faster; one is enough.
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await tx.deleteFrom('proof_trouble').where('source', '=', row.authority).execute()
}

/** Keeps a cosignature, and forgets what was wrong before it. */
export async function keepCosignature(
  tx: Tx,
  row: { treeSize: number; witness: WitnessId; line: string; at: Date },
) {
  await tx
    .insertInto('cosignature')
    .values({ tree_size: row.treeSize, witness: row.witness, line: row.line, said_at: row.at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await tx.deleteFrom('proof_trouble').where('source', '=', row.witness).execute()
}

/** Notes that one fails, and keeps since when. */
export async function noteTrouble(db: Db, source: AuthorityId | WitnessId, problem: string, at: Date) {
  await db
    .insertInto('proof_trouble')
    .values({ source, since: at, last_at: at, problem })
    .onConflict((conflict) => conflict.column('source').doUpdateSet({ last_at: at, problem }))
    .execute()
}

/** A timestamp of a checkpoint, as it is kept. */
export interface KeptTimestamp {
  id: Id<'timestamp'>
  treeSize: number
  token: Buffer
  at: Date
  signer: string
  trusted: boolean
  authority: string
}

const timestamps = (db: Db | Tx) =>
  db
    .selectFrom('checkpoint_timestamp as t')
    .innerJoin('timestamp_authority as a', 'a.id', 't.authority')
    .select(['t.id', 't.tree_size', 't.token', 't.said_at', 't.signer', 't.trusted', 'a.url'])

type TimestampRow = Awaited<ReturnType<ReturnType<typeof timestamps>['execute']>>[number]
const asTimestamp = (row: TimestampRow): KeptTimestamp => ({
  id: row.id,
  treeSize: row.tree_size,
  token: row.token,
  at: row.said_at,
  signer: row.signer,
  trusted: row.trusted,
  authority: row.url,
})

export async function timestampById(db: Db, id: Id<'timestamp'>): Promise<KeptTimestamp | null> {
  const row = await timestamps(db).where('t.id', '=', id).executeTakeFirst()
  return row ? asTimestamp(row) : null
}

/** The newest timestamps, of every authority that ever was asked. */
export async function newestTimestamps(db: Db, limit: number): Promise<KeptTimestamp[]> {
  const rows = await timestamps(db).orderBy('t.said_at', 'desc').limit(limit).execute()
  return rows.map(asTimestamp)
}

export const timestampsAt = async (db: Db | Tx, treeSize: number): Promise<KeptTimestamp[]> =>
  (await timestamps(db).where('t.tree_size', '=', treeSize).orderBy('t.said_at').execute()).map(asTimestamp)

export async function cosignaturesAt(db: Db | Tx, treeSize: number) {
  const rows = await db
    .selectFrom('cosignature as c')
    .innerJoin('log_witness as w', 'w.id', 'c.witness')
    .select(['c.line', 'c.said_at', 'w.verifier', 'w.url'])
    .where('c.tree_size', '=', treeSize)
    .orderBy('c.said_at')
    .execute()
  return rows.map((row) => ({ line: row.line, at: row.said_at, verifier: row.verifier, url: row.url }))
}

/** The checkpoint with the cosignatures that it has, as C2SP has them published. */
export async function withCosignatures(db: Db | Tx, checkpoint: Checkpoint): Promise<string> {
  const lines = await cosignaturesAt(db, checkpoint.treeSize)
  return checkpoint.note + lines.map(({ line }) => line).join('')
}

/** The sizes of all checkpoints that somebody outside confirmed. */
export async function attestedSizes(db: Db): Promise<Set<number>> {
  const { rows } = await sql<{ tree_size: number }>`
    select tree_size from checkpoint_timestamp union select tree_size from cosignature`.execute(db)
  return new Set(rows.map((row) => row.tree_size))
}

/** The sizes of all checkpoints that an authority timestamped, smallest first. */
export async function timestampedSizes(db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom('checkpoint_timestamp')
    .select('tree_size')
    .distinct()
    .orderBy('tree_size')
    .execute()
  return rows.map((row) => row.tree_size)
}

/** Attestors in trouble, longest first. */
export async function troubles(db: Db): Promise<(Trouble & { what: 'timestamp' | 'witness' })[]> {
  const { rows } = await sql<{ since: Date; last_at: Date; problem: string; what: 'timestamp' | 'witness' }>`
    select since, last_at, problem,
      case when exists (select from log_witness w where w.id = source) then 'witness' else 'timestamp' end as what
    from proof_trouble order by since`.execute(db)
  return rows.map((row) => ({ since: row.since, lastAt: row.last_at, problem: row.problem, what: row.what }))
}
