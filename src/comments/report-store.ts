import { type Selectable, sql } from 'kysely'
import { uuids } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { CommentId } from '../storage/ids.ts'
import type { Comment } from './store.ts'

interface ReportTable {
  id: string
  comment: CommentId
  version: number
  reason: string
  explanation: string
  at: Date
  fresh: boolean
}

declare module '../storage/database.ts' {
  interface Tables {
    comment_report: ReportTable
    comment_reporter: { comment: CommentId; digest: string; until: Date }
  }
}

export type Report = Selectable<ReportTable>

export const insertReport = (tx: Tx, report: Report) =>
  tx.insertInto('comment_report').values(report).execute()

/** Whether one of these digests stands for a reporter of the comment. */
export const reportedBy = async (
  db: Db | Tx,
  comment: CommentId,
  digests: readonly string[],
  at: Date,
): Promise<boolean> =>
  digests.length > 0 &&
  (await db
    .selectFrom('comment_reporter')
    .select('digest')
    .where('comment', '=', comment)
    .where('digest', 'in', [...digests])
    .where('until', '>', at)
    .executeTakeFirst()) !== undefined

export const insertReporters = (
  tx: Tx,
  comment: CommentId,
  reporters: readonly { digest: string; until: Date }[],
) =>
  tx
    .insertInto('comment_reporter')
    .values(reporters.map((one) => ({ comment, ...one })))
    // What stands there is over: otherwise there would have been no second report.
    .onConflict((already) =>
      already.columns(['comment', 'digest']).doUpdateSet(({ ref }) => ({ until: ref('excluded.until') })),
    )
    .execute()

export const forgetReporters = (db: Db, at: Date) =>
  db.deleteFrom('comment_reporter').where('until', '<=', at).execute()

export async function countReports(db: Db | Tx, comment: CommentId): Promise<number> {
  const { count } = await db
    .selectFrom('comment_report')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('comment', '=', comment)
    .executeTakeFirstOrThrow()
  return count
}

/** When somebody last reported what nobody had considered. */
export const lastFreshReport = (db: Db | Tx, comment: CommentId): Promise<Report | undefined> =>
  db
    .selectFrom('comment_report')
    .selectAll()
    .where('comment', '=', comment)
    .where('fresh', '=', true)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

/**
 * What a comment's present version was considered for: reasons for a removal that a decision or a wish named, or that were
 * suggested to the moderators; and the reasons of earlier reports, by their own names.
 */
export async function reasonsConsidered(
  tx: Tx,
  { id, version }: Pick<Comment, 'id' | 'version'>,
): Promise<{ removals: string[]; categories: string[]; reports: string[] }> {
  const { rows } = await sql<{ kind: 'removals' | 'categories' | 'reports'; name: string }>`
    select 'removals' as kind, reason as name from comment_decision
      where comment = ${id} and version = ${version} and reason is not null
    union select 'removals', reason from comment_consultation where comment = ${id} and version = ${version}
    union select 'categories', s.category from comment_suggestion s join comment_look l on l.comment = s.comment
      where s.comment = ${id} and l.version = ${version}
    union select 'reports', reason from comment_report where comment = ${id} and version = ${version}`.execute(
    tx,
  )
  const of = (kind: (typeof rows)[number]['kind']) =>
    rows.filter((row) => row.kind === kind).map(({ name }) => name)
  return { removals: of('removals'), categories: of('categories'), reports: of('reports') }
}

/** What was reported about comments, for their cards: by reason, with the newest explanations. */
export interface ReportsOn {
  count: number
  /** How many were about a version that its author has changed since. */
  older: number
  reasons: { reason: string; count: number }[]
  words: { reason: string; explanation: string; at: Date }[]
  /** The newest that named what nobody had considered yet. */
  fresh: { reason: string; at: Date } | null
}

const mostWords = 3

export async function reportsOn(db: Db, ids: readonly CommentId[]): Promise<Map<CommentId, ReportsOn>> {
  const of = uuids(ids)
  const [{ rows: reasons }, { rows: words }, { rows: fresh }] = await Promise.all([
    sql<{ comment: CommentId; reason: string; count: number; older: number }>`
      select r.comment, r.reason, count(*) as count, count(*) filter (where r.version <> c.version) as older
      from comment_report r join comment c on c.id = r.comment
      where r.comment = any(${of}::uuid[]) group by r.comment, r.reason order by count desc, r.reason`.execute(
      db,
    ),
    sql<{ comment: CommentId; reason: string; explanation: string; at: Date }>`
      select w.* from unnest(${of}::uuid[]) c (id) cross join lateral (
        select comment, reason, explanation, at from comment_report
        where comment = c.id and explanation <> '' order by at desc, id desc limit ${mostWords}) w`.execute(
      db,
    ),
    sql<{ comment: CommentId; reason: string; at: Date }>`
      select distinct on (comment) comment, reason, at from comment_report
      where comment = any(${of}::uuid[]) and fresh order by comment, at desc, id desc`.execute(db),
  ])
  const reports = new Map<CommentId, ReportsOn>()
  for (const { comment, reason, count, older } of reasons) {
    const entry = reports.get(comment) ?? { count: 0, older: 0, reasons: [], words: [], fresh: null }
    entry.count += count
    entry.older += older
    entry.reasons.push({ reason, count })
    reports.set(comment, entry)
  }
  for (const { comment, ...one } of words) reports.get(comment)?.words.push(one)
  for (const { comment, ...one } of fresh) {
    const entry = reports.get(comment)
    if (entry) entry.fresh = one
  }
  return reports
}

/** Reports of one comment, the newest first. */
export const reportsOf = (db: Db, comment: CommentId, take: number): Promise<Report[]> =>
  db
    .selectFrom('comment_report')
    .selectAll()
    .where('comment', '=', comment)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(take)
    .execute()
