import { type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import type { CommentId, PageId, PersonId } from '../storage/ids.ts'

interface BlockTable {
  id: string
  page: PageId
  comment: CommentId
  author_remote_id: string
  reason: string
  clause: string
  days: number
  narrower: string
  client_id: string
  by: PersonId
  at: Date
}
interface EndTable {
  block: string
  cause: 'date' | 'lifted' | 'appeal'
  note: string
  by: PersonId | null
  at: Date
}

declare module '../storage/database.ts' {
  interface Tables {
    comment_block: BlockTable
    comment_block_ground: { block: string; removal: string }
    comment_block_agreement: { block: string; by: PersonId; at: Date; ends_at: Date }
    comment_block_refusal: { block: string; note: string; by: PersonId; at: Date }
    comment_block_end: EndTable
  }
}

/** A block with what became of it: agreed to or refused by a second person, and ended. */
export interface Block {
  id: string
  page: PageId
  pageTitle: string
  comment: CommentId
  author: string
  authorRemoteId: string
  reason: string
  clause: string
  days: number
  narrower: string
  clientId: string
  by: PersonId
  byName: string
  at: Date
  /** How many removals it rests on. */
  grounds: number
  agreement: { by: PersonId; byName: string; at: Date; endsAt: Date } | null
  refusal: { byName: string; note: string; at: Date } | null
  end: { cause: EndTable['cause']; byName: string | null; note: string; at: Date } | null
}

const blocks = (db: Db | Tx) =>
  db
    .selectFrom('comment_block as b')
    .innerJoin('page', 'page.id', 'b.page')
    .innerJoin('comment as c', 'c.id', 'b.comment')
    .innerJoin('person as p', 'p.id', 'b.by')
    .leftJoin('comment_block_agreement as g', 'g.block', 'b.id')
    .leftJoin('person as second', 'second.id', 'g.by')
    .leftJoin('comment_block_refusal as r', 'r.block', 'b.id')
    .leftJoin('person as refuser', 'refuser.id', 'r.by')
    .leftJoin('comment_block_end as e', 'e.block', 'b.id')
    .leftJoin('person as ender', 'ender.id', 'e.by')
    .select([
      'b.id',
      'b.page',
      'page.title as pageTitle',
      'b.comment',
      'c.author_name as author',
      'b.author_remote_id as authorRemoteId',
      'b.reason',
      'b.clause',
      'b.days',
      'b.narrower',
      'b.client_id as clientId',
      'b.by',
      'p.name as byName',
      'b.at',
      'g.by as agreedBy',
      'second.name as agreedName',
      'g.at as agreedAt',
      'g.ends_at as endsAt',
      'refuser.name as refuserName',
      'r.note as refusalNote',
      'r.at as refusedAt',
      'e.cause',
      'ender.name as enderName',
      'e.note as endNote',
      'e.at as endedAt',
    ])
    .select(sql<number>`(select count(*) from comment_block_ground o where o.block = b.id)`.as('grounds'))
type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof blocks>['executeTakeFirst']>>>

function asBlock(row: Row): Block {
  const { agreedBy, agreedName, agreedAt, endsAt, refuserName, refusalNote, refusedAt, ...rest } = row
  const { cause, enderName, endNote, endedAt, ...block } = rest
  return {
    ...block,
    agreement:
      agreedBy && agreedAt && endsAt
        ? { by: agreedBy, byName: agreedName ?? '', at: agreedAt, endsAt }
        : null,
    refusal: refusedAt ? { byName: refuserName ?? '', note: refusalNote ?? '', at: refusedAt } : null,
    end: cause && endedAt ? { cause, byName: enderName, note: endNote ?? '', at: endedAt } : null,
  }
}

export async function blockById(db: Db | Tx, id: string): Promise<Block | null> {
  const row = await blocks(db).where('b.id', '=', id).executeTakeFirst()
  return row ? asBlock(row) : null
}

/** Locks a block until the transaction ends: whoever comes second sees what the first did. */
export async function lockBlock(tx: Tx, id: string): Promise<Block | null> {
  await tx.selectFrom('comment_block').select('id').where('id', '=', id).forUpdate().execute()
  return blockById(tx, id)
}

/** Whether an author is blocked by it now. Its day ends it, even before the job has come by. */
export const isInForce = (block: Pick<Block, 'agreement' | 'end'> | null, now: Date): boolean =>
  block?.agreement != null && block.end === null && block.agreement.endsAt > now

/** The block that keeps an author off a page now, with the code of its notice. */
export const blockOn = (db: Db | Tx, page: PageId, author: string, now: Date) =>
  db
    .selectFrom('comment_block as b')
    .innerJoin('comment_block_agreement as g', 'g.block', 'b.id')
    .leftJoin('comment_block_end as e', 'e.block', 'b.id')
    .leftJoin('comment_notice as n', (join) => join.onRef('n.block', '=', 'b.id').on('n.about', '=', 'block'))
    .select(['b.id', 'b.reason', 'b.clause', 'g.ends_at as endsAt', 'n.code_sealed as codeSealed'])
    .where('b.page', '=', page)
    .where('b.author_remote_id', '=', author)
    .where('e.block', 'is', null)
    .where('g.ends_at', '>', now)
    .executeTakeFirst()

/** A proposal about this author that nobody has answered yet. */
export const openProposal = (tx: Tx, page: PageId, author: string) =>
  tx
    .selectFrom('comment_block as b')
    .innerJoin('person', 'person.id', 'b.by')
    .leftJoin('comment_block_agreement as g', 'g.block', 'b.id')
    .leftJoin('comment_block_refusal as r', 'r.block', 'b.id')
    .select(['b.id', 'person.name as byName'])
    .where('b.page', '=', page)
    .where('b.author_remote_id', '=', author)
    .where('g.block', 'is', null)
    .where('r.block', 'is', null)
    .executeTakeFirst()

/** Two proposals, or two agreements, about one author on one page come one after the other. */
export const lockAuthor = (tx: Tx, page: PageId, author: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${page} ${author}`}, 439))`.execute(tx)

/** The author's removals on a page since a day that stand: not taken back, and not under appeal. */
export const standingRemovals = (db: Db | Tx, page: PageId, author: string, since: Date) =>
  db
    .selectFrom('comment as c')
    .innerJoinLateral(
      ({ selectFrom }) =>
        selectFrom('comment_decision as d')
          .select(['d.id', 'd.at', 'd.reason'])
          .whereRef('d.comment', '=', 'c.id')
          .where('d.decision', '=', 'hide')
          .orderBy('d.at', 'desc')
          .limit(1)
          .as('d'),
      (join) => join.onTrue(),
    )
    .leftJoin('comment_appeal as a', 'a.removal', 'd.id')
    .leftJoin('comment_appeal_decision as v', 'v.appeal', 'a.id')
    .select(['d.id', 'd.at', 'd.reason', 'c.id as comment', 'c.text'])
    .where('c.page', '=', page)
    .where('c.author_remote_id', '=', author)
    .where('c.state', '=', 'hidden')
    .where('d.at', '>=', since)
    .where(({ or, eb }) => or([eb('a.id', 'is', null), eb('v.outcome', '=', 'upheld')]))
    .orderBy('d.at', 'desc')
    .execute()

export async function insertBlock(tx: Tx, block: Selectable<BlockTable>, grounds: readonly string[]) {
  await tx.insertInto('comment_block').values(block).execute()
  if (grounds.length > 0)
    await tx
      .insertInto('comment_block_ground')
      .values(grounds.map((removal) => ({ block: block.id, removal })))
      .execute()
}

export const insertAgreement = (tx: Tx, row: { block: string; by: PersonId; at: Date; ends_at: Date }) =>
  tx.insertInto('comment_block_agreement').values(row).execute()

export const insertRefusal = (tx: Tx, row: { block: string; note: string; by: PersonId; at: Date }) =>
  tx.insertInto('comment_block_refusal').values(row).execute()

export const insertEnd = (tx: Tx, row: Selectable<EndTable>) =>
  tx.insertInto('comment_block_end').values(row).execute()

/** Blocks whose day has come and that nobody has ended. */
export const blocksDue = (db: Db, now: Date, limit: number) =>
  db
    .selectFrom('comment_block_agreement as g')
    .leftJoin('comment_block_end as e', 'e.block', 'g.block')
    .select('g.block as id')
    .where('g.ends_at', '<=', now)
    .where('e.block', 'is', null)
    .orderBy('g.ends_at')
    .limit(limit)
    .execute()

export const blockStates = ['proposed', 'running', 'ended', 'all'] as const
export type BlockState = (typeof blockStates)[number]

/** Blocks, newest first. `author` narrows them to one author on any page. */
export async function listBlocks(
  db: Db,
  {
    state,
    author,
    page = 1,
    take = 25,
  }: { state: BlockState; author?: string; page?: number; take?: number },
): Promise<{ blocks: Block[]; count: number }> {
  let query = blocks(db)
  if (author !== undefined) query = query.where('b.author_remote_id', '=', author)
  if (state === 'proposed') query = query.where('g.block', 'is', null).where('r.block', 'is', null)
  if (state === 'running') query = query.where('g.block', 'is not', null).where('e.block', 'is', null)
  if (state === 'ended')
    query = query.where(({ or, eb }) => or([eb('e.block', 'is not', null), eb('r.block', 'is not', null)]))
  const { count } = await db
    .selectFrom(query.as('one'))
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const rows = await query
    .orderBy('b.at', 'desc')
    .orderBy('b.id', 'desc')
    .limit(take)
    .offset((page - 1) * take)
    .execute()
  return { blocks: rows.map(asBlock), count }
}

/** What an author wrote on our pages, newest first, with what was decided and whether it was appealed. */
export const commentsOf = (db: Db, author: string, limit: number) =>
  db
    .selectFrom('comment as c')
    .innerJoin('page', 'page.id', 'c.page')
    .leftJoinLateral(
      ({ selectFrom }) =>
        selectFrom('comment_decision as d')
          .select(['d.id', 'd.reason'])
          .whereRef('d.comment', '=', 'c.id')
          .where('d.decision', '=', 'hide')
          .orderBy('d.at', 'desc')
          .limit(1)
          .as('d'),
      (join) => join.onTrue(),
    )
    .leftJoin('comment_appeal as a', 'a.removal', 'd.id')
    .leftJoin('comment_appeal_decision as v', 'v.appeal', 'a.id')
    .select([
      'c.id',
      'c.text',
      'c.state',
      'c.deleted_at as deletedAt',
      'c.decided_at as decidedAt',
      'c.posted_at as postedAt',
      'page.title as pageTitle',
      'd.reason',
      'a.id as appeal',
      'v.outcome',
    ])
    .where('c.author_remote_id', '=', author)
    .orderBy('c.posted_at', 'desc')
    .limit(limit)
    .execute()
