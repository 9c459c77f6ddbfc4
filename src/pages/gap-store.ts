import { type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import type { PageId } from '../storage/ids.ts'

interface GapTable {
  id: string
  page: PageId
  since: Date
  because: string
  noticed_at: Date
  ended_at: Date | null
}

declare module '../storage/database.ts' {
  interface Tables {
    capture_gap: GapTable
  }
}

/** The gap of a page that lasts, locked until the transaction ends. */
export const lockOpenGap = (tx: Tx, page: PageId) =>
  tx
    .selectFrom('capture_gap')
    .select(['id', 'since', 'because'])
    .where('page', '=', page)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()

export const insertGap = (tx: Tx, gap: Selectable<GapTable>) =>
  tx.insertInto('capture_gap').values(gap).execute()

export const endGap = (tx: Tx, id: string, at: Date) =>
  tx.updateTable('capture_gap').set({ ended_at: at }).where('id', '=', id).execute()

export const openGaps = (db: Db) =>
  db
    .selectFrom('capture_gap')
    .innerJoin('page', 'page.id', 'capture_gap.page')
    .select(['capture_gap.page', 'page.title', 'because', 'since'])
    .where('ended_at', 'is', null)
    .orderBy('since')
    .execute()

export const gapsOf = (db: Db, page: PageId, most: number) =>
  db
    .selectFrom('capture_gap')
    .select(['id', 'since', 'because', 'ended_at as endedAt'])
    .where('page', '=', page)
    .orderBy('since', 'desc')
    .limit(most)
    .execute()

/** The gaps of several pages that lasted at any time between two moments, as they began. */
export const gapsBetween = (db: Db, pages: readonly PageId[], from: Date, until: Date) =>
  db
    .selectFrom('capture_gap')
    .innerJoin('page', 'page.id', 'capture_gap.page')
    .select(['page.title', 'since', 'ended_at as endedAt'])
    .where(sql<boolean>`capture_gap.page = any(${pages}::uuid[])`)
    .where('since', '<=', until)
    .where((e) => e.or([e('ended_at', 'is', null), e('ended_at', '>=', from)]))
    .orderBy('since')
    .orderBy('page.title')
    .execute()
