import { sql } from 'kysely'
import { type Db, kept, type Tables, type Tx } from '../storage/database.ts'
import type { Jobs } from '../storage/jobs.ts'
import type { Outcome } from './contract.ts'

/*
 * What all rows have in common that stand for something to be done on a platform. The intent is committed with the decision,
 * the attempt by itself before the call, the end with its record: docs/ARCHITECTURE.md, "Exactly once".
 */

/** The columns of such a row. It is under way as long as it is neither done nor refused. */
export interface CallColumns {
  id: string
  intent_at: Date
  attempted_at: Date | null
  done_at: Date | null
  /** What the last attempt ran into. */
  trouble: string | null
  /** When it is tried again, or was put back into the queue last. */
  retry_at: Date | null
  refused_at: Date | null
  refused_because: string | null
}

type CallTable = { [Name in keyof Tables]: Tables[Name] extends CallColumns ? Name : never }[keyof Tables]

/** One kind of call: where its rows are, and the job that makes it, given a row's id under `name`. */
export interface CallKind {
  table: CallTable
  queue: string
  name: string
}

type Here = { db: Db; jobs: Pick<Jobs, 'enqueue'>; now(): Date }

/**
 * Whether the transaction may work on `what`; no when another one does. The database lets go of it when the transaction
 * ends, and also when our process dies.
 */
export async function takeTurn(tx: Tx, what: string): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${what}, 437)) as mine ${kept}`.execute(tx)
  return rows[0]?.mine ?? false
}

/** Notes, committed by itself, that the platform is called next: whoever dies after that has to look before a retry. */
export const noteAttempt = ({ db, now }: Omit<Here, 'jobs'>, { table }: CallKind, id: string) =>
  sql`update ${sql.table(table)} set attempted_at = ${now()} where id = ${id} ${kept}`.execute(db)

/** Seconds without a word from the platform when to come back; the queue's own, shorter pauses come before. */
const usualPause = 900

/**
 * Writes down how a call ended, beside its record. What is to be tried again at the platform's own time is queued for it;
 * otherwise the answer is why, to be thrown after the commit, so that the queue tries again with growing pauses. Null when
 * nothing is left to do.
 */
export async function endCall(
  tx: Tx,
  { jobs, now }: Omit<Here, 'db'>,
  { table, queue, name }: CallKind,
  id: string,
  outcome: Outcome<unknown>,
): Promise<string | null> {
  const at = now()
  const set = (columns: ReturnType<typeof sql>) =>
    sql`update ${sql.table(table)} set ${columns} where id = ${id} ${kept}`.execute(tx)
  if (outcome.outcome === 'done') {
    await set(sql`done_at = ${at}, trouble = null`)
    return null
  }
  const { because } = outcome
  if (outcome.outcome === 'refused') {
    await set(sql`refused_at = ${at}, refused_because = ${because}, trouble = null`)
    return null
  }
  const again = new Date(at.getTime() + (outcome.retryAfterSeconds ?? usualPause) * 1000)
  await set(sql`trouble = ${because}, retry_at = ${again}`)
  if (!outcome.retryAfterSeconds) return because
  await jobs.enqueue(tx, queue, { [name]: id }, { startAfter: again, key: id })
  return null
}

/** Milliseconds after a call's last sign of life; its job is taken for lost then. A job too many does no harm. */
const quietFor = 10 * 60_000

/** Puts calls back into the queue that have no job any more. */
export async function queueLostCalls(
  { db, jobs, now }: Here,
  { table, queue, name }: CallKind,
): Promise<void> {
  const at = now()
  const quiet = new Date(at.getTime() - quietFor)
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      update ${sql.table(table)} set retry_at = ${at} where id in (
        select id from ${sql.table(table)} where done_at is null and refused_at is null
          and greatest(intent_at, attempted_at, retry_at) < ${quiet} limit 100 for update skip locked)
      returning id`.execute(tx)
    for (const { id } of rows) await jobs.enqueue(tx, queue, { [name]: id }, { key: id })
  })
}
