import { sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import { newId, type PageId } from '../storage/ids.ts'

interface PollTable {
  page: PageId
  read_at: Date | null
  trouble: string | null
  retry_at: Date | null
  taken_until: Date | null
  taken_by: string | null
}

declare module '../storage/database.ts' {
  interface Tables {
    comment_poll: PollTable
  }
}

/** A process that died in a reading keeps the others away for so long, in milliseconds; one that lives renews it. */
export const leaseFor = 5 * 60_000

/** A page that one process reads, as long as nobody took it over. */
export interface Reading {
  page: PageId
  by: string
}

/** Takes the reading of a page for this process; null while another is at it, or the platform asked to be left alone. */
export async function takePoll(db: Db, page: PageId, now: Date): Promise<Reading | null> {
  const by = newId()
  const taken = { taken_by: by, taken_until: new Date(now.getTime() + leaseFor) }
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('comment_poll')
    .values({ page, read_at: null, trouble: null, retry_at: null, ...taken })
    .onConflict((conflict) =>
      conflict
        .column('page')
        .doUpdateSet(taken)
        .where(sql<boolean>`coalesce(comment_poll.taken_until, '-infinity') <= ${now}
          and coalesce(comment_poll.retry_at, '-infinity') <= ${now}`),
    )
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows ?? 0) > 0 ? { page, by } : null
}

/**
 * Keeps a reading for longer; false when another process has taken the page over. In a transaction it also keeps others
 * from taking it over until that ends.
 */
export async function keepPoll(db: Db | Tx, { page, by }: Reading, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('comment_poll')
    .set({ taken_until: new Date(now.getTime() + leaseFor) })
    .where('page', '=', page)
    .where('taken_by', '=', by)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** When a page was last read to the end, locked until the transaction ends. */
export async function lastReadOf(tx: Tx, page: PageId): Promise<Date | null> {
  const row = await tx
    .selectFrom('comment_poll')
    .select('read_at')
    .where('page', '=', page)
    .forUpdate()
    .executeTakeFirst()
  return row?.read_at ?? null
}

/** Keeps how a reading ended, and gives the page free for the next. */
export const notePoll = (tx: Tx, page: PageId, state: Pick<PollTable, 'trouble' | 'retry_at' | 'read_at'>) =>
  tx
    .updateTable('comment_poll')
    .set({ ...state, taken_by: null, taken_until: null })
    .where('page', '=', page)
    .execute()

/** How many captured comments were written between two moments. */
export async function commentsBetween(tx: Tx, page: PageId, from: Date, until: Date): Promise<number> {
  const { count } = await tx
    .selectFrom('comment')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('page', '=', page)
    .where('posted_at', '>=', from)
    .where('posted_at', '<', until)
    .executeTakeFirstOrThrow()
  return Number(count)
}
