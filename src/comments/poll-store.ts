import { sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import type { PageId } from '../storage/ids.ts'

interface PollTable {
  page: PageId
  read_at: Date | null
  trouble: string | null
  retry_at: Date | null
  taken_until: Date | null
}

declare module '../storage/database.ts' {
  interface Tables {
    comment_poll: PollTable
  }
}

/** Longer than any reading takes: a process that died in one keeps the others away for no longer. */
const leaseFor = 5 * 60_000

/** Takes the reading of a page for this process; false while another is at it, or the platform asked to be left alone. */
export async function takePoll(db: Db, page: PageId, now: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('comment_poll')
    .values({
      page,
      read_at: null,
      trouble: null,
      retry_at: null,
      taken_until: new Date(now.getTime() + leaseFor),
    })
    .onConflict((conflict) =>
      conflict
        .column('page')
        .doUpdateSet({ taken_until: new Date(now.getTime() + leaseFor) })
        .where(sql<boolean>`coalesce(comment_poll.taken_until, '-infinity') <= ${now}
          and coalesce(comment_poll.retry_at, '-infinity') <= ${now}`),
    )
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows ?? 0) > 0
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
    .set({ ...state, taken_until: null })
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
