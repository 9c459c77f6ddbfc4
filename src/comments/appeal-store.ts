import { type Generated, type Selectable, sql } from 'kysely'
import type { CallColumns } from '../platforms/call.ts'
import { uuids } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { CommentId, PageId, PersonId } from '../storage/ids.ts'

interface NoticeTable {
  id: string
  comment: CommentId
  /** What it tells of: a removal, or a block. */
  removal: string | null
  block: string | null
  about: 'removal' | 'block' | 'upheld' | 'reversed'
  way: 'page' | 'platform' | 'none'
  why_none: string | null
  code_digest: string | null
  code_sealed: string | null
  appeal_until: string | null
  at: Date
}
interface CallTable extends CallColumns {
  effect: Generated<'tell' | 'block' | 'unblock'>
  notice: string | null
  block: string | null
  comment: CommentId
}
interface AppealTable {
  id: string
  comment: CommentId
  removal: string | null
  block: string | null
  filed_by: 'code' | 'address'
  text: string
  code_digest: string
  code_sealed: string
  received_at: Date
  received_on: string
  due: string
}
interface AppealDecisionTable {
  appeal: string
  outcome: 'upheld' | 'reversed'
  reasons: string
  by: PersonId
  at: Date
}

declare module '../storage/database.ts' {
  interface Tables {
    comment_notice: NoticeTable
    comment_call: CallTable
    comment_appeal: AppealTable
    comment_appeal_decision: AppealDecisionTable
  }
}

export type Call = Selectable<CallTable>
export type Outcome = AppealDecisionTable['outcome']

/** What an appeal is against: a removal or a block, why, and who had a part in it. */
export interface Contested {
  kind: 'removal' | 'block'
  id: string
  comment: CommentId
  page: PageId
  pageTitle: string
  /** The reason's id: one of the removal reasons, or of those for a block. */
  reason: string
  clause: string
  at: Date
  by: PersonId
  byName: string
  secondPerson: PersonId | null
  secondName: string | null
}
/** Names a removal or a block, as an appeal and a notice do. */
export interface Against {
  removal: string | null
  block: string | null
}
/** An appeal with what was decided about it, if it was. */
export interface Appeal {
  id: string
  comment: CommentId
  filedBy: 'code' | 'address'
  text: string
  codeSealed: string
  receivedAt: Date
  receivedOn: string
  due: string
  decision: { outcome: Outcome; reasons: string; by: PersonId; byName: string; at: Date } | null
}

/** Adds notices; answers with the ids of those that were not told, or about to be told, already. */
export async function insertNotices(
  tx: Tx,
  notices: readonly Selectable<NoticeTable>[],
): Promise<Set<string>> {
  const added = new Set<string>()
  for (let done = 0; done < notices.length; done += noticesAtOnce) {
    const rows = await tx
      .insertInto('comment_notice')
      .values(notices.slice(done, done + noticesAtOnce))
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .execute()
    for (const { id } of rows) added.add(id)
  }
  return added
}
/** A statement takes 65,535 parameters at most. */
const noticesAtOnce = 2_000

export const insertCall = (
  tx: Tx,
  call: Pick<Call, 'id' | 'effect' | 'notice' | 'block' | 'comment' | 'intent_at' | 'retry_at'>,
) =>
  tx
    .insertInto('comment_call')
    .values({
      ...call,
      attempted_at: null,
      done_at: null,
      trouble: null,
      refused_at: null,
      refused_because: null,
    })
    .execute()

/** Removals that nobody has been told of, the oldest first. */
export const removalsWithoutNotice = (db: Db, limit: number) =>
  db
    .selectFrom('comment_decision as d')
    .innerJoin('comment as c', 'c.id', 'd.comment')
    .select(['d.id', 'd.comment', 'd.at', 'c.page'])
    .where('d.decision', '=', 'hide')
    .where('c.state', '=', 'hidden')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('comment_notice as n')
            .select('n.id')
            .whereRef('n.removal', '=', 'd.id')
            .where('n.about', '=', 'removal'),
        ),
      ),
    )
    .orderBy('d.at')
    .limit(limit)
    .execute()

/** A notice with what its words speak of. The answer to an appeal names the appeal's code. */
export const noticeById = (db: Db | Tx, id: string) =>
  db
    .selectFrom('comment_notice as n')
    .leftJoin('comment_decision as d', 'd.id', 'n.removal')
    .leftJoin('comment_block as b', 'b.id', 'n.block')
    .leftJoin('comment_block_agreement as g', 'g.block', 'n.block')
    .innerJoin('comment as c', 'c.id', 'n.comment')
    .innerJoin('page', 'page.id', 'c.page')
    .leftJoin('comment_appeal as a', (join) =>
      join.on(sql<boolean>`a.removal = n.removal or a.block = n.block`),
    )
    .select([
      'n.id',
      'n.about',
      'n.removal',
      'n.block',
      'n.comment',
      'n.appeal_until',
      'g.ends_at',
      'c.page',
      'page.title as page_title',
      'c.state',
      'c.remote_id',
      'c.author_remote_id',
      'c.deleted_at',
    ])
    .select(sql<string>`coalesce(d.reason, b.reason)`.as('reason'))
    .select(sql<string>`coalesce(d.clause, b.clause)`.as('clause'))
    .select(sql<string>`coalesce(n.code_sealed, a.code_sealed)`.as('code_sealed'))
    .where('n.id', '=', id)
    .executeTakeFirst()

export const noticesOn = (db: Db, comment: CommentId) =>
  db
    .selectFrom('comment_notice as n')
    .leftJoin('comment_call as k', 'k.notice', 'n.id')
    .select([
      'n.id',
      'n.about',
      'n.way',
      'n.why_none as whyNone',
      'n.at',
      'k.done_at as doneAt',
      'k.refused_because as refusedBecause',
      'k.trouble',
    ])
    .where('n.comment', '=', comment)
    .orderBy('n.at', 'desc')
    .orderBy('n.id', 'desc')
    .execute()

/** Since when an author is being told of their block, if that has not ended yet. */
export const beingToldSince = async (tx: Tx, block: string): Promise<Date | null> =>
  (
    await tx
      .selectFrom('comment_call as k')
      .innerJoin('comment_notice as n', 'n.id', 'k.notice')
      .select('k.intent_at')
      .where('n.block', '=', block)
      .where('n.about', '=', 'block')
      .where('k.done_at', 'is', null)
      .where('k.refused_at', 'is', null)
      .executeTakeFirst()
  )?.intent_at ?? null

/** Why the authors of these comments could not be told of the last removal, by comment. */
export async function notToldOf(db: Db, ids: readonly CommentId[]): Promise<Map<CommentId, string>> {
  const { rows } = await sql<{ comment: CommentId; because: string | null }>`
    select distinct on (n.comment) n.comment, coalesce(n.why_none, k.refused_because) as because
    from comment_notice n left join comment_call k on k.notice = n.id
    where n.comment = any(${uuids(ids)}::uuid[]) and n.about = 'removal'
    order by n.comment, n.at desc, n.id desc`.execute(db)
  return new Map(rows.flatMap(({ comment, because }) => (because ? [[comment, because]] : [])))
}

const removals = (db: Db | Tx) =>
  db
    .selectFrom('comment_decision as d')
    .innerJoin('comment as c', 'c.id', 'd.comment')
    .innerJoin('page', 'page.id', 'c.page')
    .innerJoin('person', 'person.id', 'd.by')
    .leftJoin('person as second', 'second.id', 'd.second_person')
    .select([
      sql<'removal'>`'removal'`.as('kind'),
      'd.id',
      'd.comment',
      'c.page',
      'page.title as pageTitle',
      'd.at',
      'd.by',
      'person.name as byName',
      'd.second_person as secondPerson',
      'second.name as secondName',
    ])
    .select(sql<string>`d.reason`.as('reason'))
    .select(sql<string>`d.clause`.as('clause'))
    .where('d.decision', '=', 'hide')

const blocks = (db: Db | Tx) =>
  db
    .selectFrom('comment_block as b')
    .innerJoin('comment_block_agreement as g', 'g.block', 'b.id')
    .innerJoin('page', 'page.id', 'b.page')
    .innerJoin('person', 'person.id', 'g.by')
    .innerJoin('person as second', 'second.id', 'b.by')
    .select([
      sql<'block'>`'block'`.as('kind'),
      'b.id',
      'b.comment',
      'b.page',
      'page.title as pageTitle',
      'g.at',
      'g.by',
      'person.name as byName',
      'b.by as secondPerson',
      'second.name as secondName',
      'b.reason',
      'b.clause',
    ])

/** The removal or block that something is against. */
export const contested = async (db: Db | Tx, { removal, block }: Against): Promise<Contested | undefined> =>
  removal
    ? removals(db).where('d.id', '=', removal).executeTakeFirst()
    : block
      ? blocks(db).where('b.id', '=', block).executeTakeFirst()
      : undefined

/** The newest removal of a comment that is still hidden, with how its author was told. */
export const standingRemoval = (db: Db | Tx, comment: CommentId) =>
  removals(db)
    .innerJoin('comment_notice as n', (join) =>
      join.onRef('n.removal', '=', 'd.id').on('n.about', '=', 'removal'),
    )
    .leftJoin('comment_call as k', 'k.notice', 'n.id')
    .select(['n.way', 'k.refused_at as refusedAt', 'n.appeal_until as until'])
    .where('d.comment', '=', comment)
    .where('c.state', '=', 'hidden')
    .orderBy('d.at', 'desc')
    .limit(1)
    .executeTakeFirst()

/** A comment by its address on the web. */
export const commentByUrl = (db: Db, url: string) =>
  db
    .selectFrom('comment')
    .select(['id', 'author_handle', 'author_name'])
    .where('url', '=', url)
    .executeTakeFirst()

/** What a code opens: what the notice was about, or what was appealed without one. */
export async function foundByCode(
  db: Db,
  digest: string,
): Promise<(Against & { until: string | null; byNotice: boolean }) | null> {
  const notice = await db
    .selectFrom('comment_notice')
    .select(['removal', 'block', 'appeal_until as until'])
    .where('code_digest', '=', digest)
    .executeTakeFirst()
  if (notice) return { ...notice, byNotice: true }
  const appeal = await db
    .selectFrom('comment_appeal')
    .select(['removal', 'block'])
    .where('code_digest', '=', digest)
    .executeTakeFirst()
  return appeal ? { ...appeal, until: null, byNotice: false } : null
}

/** False when this was appealed already. */
export async function insertAppeal(tx: Tx, appeal: Selectable<AppealTable>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('comment_appeal')
    .values(appeal)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows ?? 0) > 0
}

const appeals = (db: Db | Tx) =>
  db
    .selectFrom('comment_appeal as a')
    .leftJoin('comment_appeal_decision as v', 'v.appeal', 'a.id')
    .leftJoin('person as judge', 'judge.id', 'v.by')
    .select([
      'a.id',
      'a.comment',
      'a.removal',
      'a.block',
      'a.filed_by as filedBy',
      'a.text',
      'a.code_sealed as codeSealed',
      'a.received_at as receivedAt',
      'a.received_on as receivedOn',
      'a.due',
      'v.outcome',
      'v.reasons',
      'v.by as judgeId',
      'judge.name as judgeName',
      'v.at as decidedAt',
    ])
type AppealRow = NonNullable<Awaited<ReturnType<ReturnType<typeof appeals>['executeTakeFirst']>>>

const asAppeal = ({ outcome, reasons, judgeId, judgeName, decidedAt, ...row }: AppealRow) => ({
  ...row,
  decision:
    outcome && judgeId && decidedAt
      ? { outcome, reasons: reasons ?? '', by: judgeId, byName: judgeName ?? '', at: decidedAt }
      : null,
})

export async function appealById(db: Db | Tx, id: string): Promise<(Appeal & Against) | null> {
  const row = await appeals(db).where('a.id', '=', id).executeTakeFirst()
  return row ? asAppeal(row) : null
}

export async function appealAgainst(
  db: Db | Tx,
  { kind, id }: Pick<Contested, 'kind' | 'id'>,
): Promise<Appeal | null> {
  const row = await appeals(db).where(`a.${kind}`, '=', id).executeTakeFirst()
  return row ? asAppeal(row) : null
}

/** Locks an appeal until the transaction ends: whoever comes second sees what the first decided. */
export const lockAppeal = (tx: Tx, id: string) =>
  tx.selectFrom('comment_appeal').select('id').where('id', '=', id).forUpdate().executeTakeFirst()

export const insertAppealDecision = (tx: Tx, decision: Selectable<AppealDecisionTable>) =>
  tx.insertInto('comment_appeal_decision').values(decision).execute()

export interface AppealLine {
  id: string
  due: string
  receivedOn: string
  text: string
  pageTitle: string
  kind: Contested['kind']
  reason: string
  author: string
  outcome: Outcome | null
  partIn: PersonId[]
}

/** Appeals with what a list of them shows: open ones by deadline, decided ones newest first. */
export async function listAppeals(
  db: Db,
  { state, page = 1, take = 25 }: { state: 'open' | 'decided' | 'all'; page?: number; take?: number },
): Promise<{ lines: AppealLine[]; count: number }> {
  let query = db
    .selectFrom('comment_appeal as a')
    .leftJoin('comment_decision as d', 'd.id', 'a.removal')
    .leftJoin('comment_block as b', 'b.id', 'a.block')
    .leftJoin('comment_block_agreement as g', 'g.block', 'a.block')
    .innerJoin('comment as c', 'c.id', 'a.comment')
    .innerJoin('page', 'page.id', 'c.page')
    .leftJoin('comment_appeal_decision as v', 'v.appeal', 'a.id')
  if (state === 'open') query = query.where('v.appeal', 'is', null)
  if (state === 'decided') query = query.where('v.appeal', 'is not', null)
  const { count } = await query
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const direction = state === 'open' ? 'asc' : 'desc'
  const lines = await query
    .select([
      'a.id',
      'a.due',
      'a.received_on as receivedOn',
      'a.text',
      'page.title as pageTitle',
      'c.author_name as author',
      'v.outcome',
    ])
    .select(sql<Contested['kind']>`case when a.block is null then 'removal' else 'block' end`.as('kind'))
    .select(sql<string>`coalesce(d.reason, b.reason)`.as('reason'))
    .select(sql<PersonId[]>`array_remove(array[d.by, d.second_person, b.by, g.by], null)`.as('partIn'))
    .orderBy('a.due', direction)
    .orderBy('a.id', direction)
    .limit(take)
    .offset((page - 1) * take)
    .execute()
  return { lines, count }
}

export const callById = (db: Db | Tx, id: string): Promise<Call | undefined> =>
  db.selectFrom('comment_call').selectAll().where('id', '=', id).executeTakeFirst()

/** Puts a call off until something else has happened; it ran into no trouble. */
export const postponeCall = (tx: Tx, id: string, until: Date) =>
  tx.updateTable('comment_call').set({ retry_at: until }).where('id', '=', id).execute()

/** The newest appeal about a comment. */
export const appealOn = (db: Db, comment: CommentId) =>
  db
    .selectFrom('comment_appeal')
    .select('id')
    .where('comment', '=', comment)
    .orderBy('received_at', 'desc')
    .limit(1)
    .executeTakeFirst()
