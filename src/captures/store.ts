import { type ColumnType, type Generated, sql } from 'kysely'
import type { Decision } from '../policy/policy.ts'
import { texts } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { CaptureId, CommentId, PageId, PersonId, PostId, RecordId } from '../storage/ids.ts'

interface CaptureTable {
  id: CaptureId
  address: string
  reason: string
  page: PageId | null
  post: PostId | null
  comment: CommentId | null
  asked_by: PersonId | null
  asked_at: Date
  decision: ColumnType<Decision, string, string>
  begun_at: Generated<Date | null>
  begun: Generated<number>
  failed_at: Generated<Date | null>
  failed_because: Generated<string | null>
  done_at: Generated<Date | null>
  title: Generated<string>
  record: Generated<RecordId | null>
}

declare module '../storage/database.ts' {
  interface Tables {
    capture: CaptureTable
  }
}

export type CaptureState = 'waiting' | 'running' | 'failed' | 'done'

/** What a capture shows: an official page, a post or comment on one, or (null) any other address. */
export interface Shown {
  page: PageId | null
  post: PostId | null
  comment: CommentId | null
}
export interface Capture extends Shown {
  id: CaptureId
  address: string
  reason: string
  /** Null on the command line. */
  askedBy: PersonId | null
  askedByName: string
  askedAt: Date
  state: CaptureState
  endedAt: Date | null
  failedBecause: string | null
  title: string
  record: RecordId | null
}

const stateOf = sql<CaptureState>`case
  when capture.done_at is not null then 'done'
  when capture.failed_at is not null then 'failed'
  when capture.begun_at is not null then 'running'
  else 'waiting' end`

const select = (db: Db | Tx) =>
  db
    .selectFrom('capture')
    .leftJoin('person', 'person.id', 'capture.asked_by')
    .select([
      'capture.id',
      'capture.address',
      'capture.reason',
      'capture.page',
      'capture.post',
      'capture.comment',
      'capture.asked_by as askedBy',
      'capture.asked_at as askedAt',
      'capture.failed_because as failedBecause',
      'capture.title',
      'capture.record',
    ])
    .select([
      stateOf.as('state'),
      sql<string>`coalesce(person.name, 'The command line')`.as('askedByName'),
      sql<Date | null>`coalesce(done_at, failed_at)`.as('endedAt'),
    ])

export async function captureById(db: Db | Tx, id: CaptureId): Promise<Capture | null> {
  return (await select(db).where('capture.id', '=', id).executeTakeFirst()) ?? null
}

/** Locks a capture until the transaction ends. */
export async function lockCapture(tx: Tx, id: CaptureId): Promise<Capture | null> {
  await tx.selectFrom('capture').select('id').where('id', '=', id).forUpdate().execute()
  return captureById(tx, id)
}

/** Until the transaction ends nobody else asks for this address; answers with the capture of it that is open already. */
export async function openCaptureOf(tx: Tx, address: string): Promise<CaptureId | null> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`capture ${address}`}, 0))`.execute(tx)
  const found = await tx
    .selectFrom('capture')
    .select('id')
    .where('address', '=', address)
    .where('done_at', 'is', null)
    .where('failed_at', 'is', null)
    .executeTakeFirst()
  return found?.id ?? null
}

export async function insertCapture(
  tx: Tx,
  {
    shown,
    by,
    at,
    decision,
    ...row
  }: {
    id: CaptureId
    address: string
    reason: string
    shown: Shown
    by: PersonId | null
    at: Date
    decision: Decision
  },
) {
  await tx
    .insertInto('capture')
    .values({ ...row, ...shown, asked_by: by, asked_at: at, decision: JSON.stringify(decision) })
    .execute()
}

/** Makes a failed capture wait again, now for this person. */
export async function askAgain(tx: Tx, id: CaptureId, by: PersonId, at: Date, decision: Decision) {
  await tx
    .updateTable('capture')
    .set({
      asked_by: by,
      asked_at: at,
      decision: JSON.stringify(decision),
      begun_at: null,
      begun: 0,
      failed_at: null,
      failed_because: null,
    })
    .where('id', '=', id)
    .execute()
}

/** Notes that a process begins an open capture; how often one has now, or null when it has ended. */
export async function beginCapture(db: Db, id: CaptureId, at: Date): Promise<number | null> {
  const row = await db
    .updateTable('capture')
    .set({ begun_at: at, begun: sql`begun + 1` })
    .where('id', '=', id)
    .where('done_at', 'is', null)
    .where('failed_at', 'is', null)
    .returning('begun')
    .executeTakeFirst()
  return row?.begun ?? null
}

export const failCapture = (tx: Tx, id: CaptureId, at: Date, because: string) =>
  tx.updateTable('capture').set({ failed_at: at, failed_because: because }).where('id', '=', id).execute()

export const finishCapture = (
  tx: Tx,
  id: CaptureId,
  { at, title, record }: { at: Date; title: string; record: RecordId },
) => tx.updateTable('capture').set({ done_at: at, title, record }).where('id', '=', id).execute()

/** Captures newest first, a page of the list at a time. */
export async function listCaptures(
  db: Db,
  {
    state,
    shown,
    from,
    limit,
  }: { state: CaptureState | null; shown: Partial<Shown>; from: number; limit: number },
): Promise<{ captures: Capture[]; total: number }> {
  const conditions = [
    ...(state ? [sql<boolean>`${stateOf} = ${state}`] : []),
    ...Object.entries(shown).flatMap(([name, id]) =>
      id ? [sql<boolean>`${sql.ref(`capture.${name}`)} = ${id}`] : [],
    ),
  ]
  const [captures, { count }] = await Promise.all([
    select(db)
      .where(({ and }) => and(conditions))
      .orderBy('capture.asked_at', 'desc')
      .orderBy('capture.id')
      .limit(limit)
      .offset(from)
      .execute(),
    db
      .selectFrom('capture')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where(({ and }) => and(conditions))
      .executeTakeFirstOrThrow(),
  ])
  return { captures, total: Number(count) }
}

/** What the command line asked for and nobody has begun. */
export const askedOnMachine = async (db: Db | Tx): Promise<CaptureId[]> =>
  (
    await db
      .selectFrom('capture')
      .select('id')
      .where('asked_by', 'is', null)
      .where('begun_at', 'is', null)
      .where('failed_at', 'is', null)
      .execute()
  ).map(({ id }) => id)

/** What official can be seen at an address: a comment, a post, or a page of the register. */
export async function shownAt(db: Db | Tx, address: string): Promise<Shown> {
  // As it was typed into the register, with or without the slash that a whole address ends with.
  const written = texts([address, address.replace(/\/$/, '')])
  const { rows } = await sql<Shown>`
    select u.page, u.post, c.id as comment from comment c join publication u on u.id = c.publication
      where c.url = any (${written}::text[])
    union all select page, post, null from publication where url = any (${written}::text[]) and done_at is not null
    union all select id, null, null from page where address = any (${written}::text[])
    limit 1`.execute(db)
  return rows[0] ?? { page: null, post: null, comment: null }
}

/** An address at which something official can be seen, and the page that it is on. */
export interface Place {
  address: string
  page: PageId
  title: string
}

/** Where a post can be seen at present. */
export const placesOfPost = async (db: Db | Tx, post: PostId): Promise<Place[]> =>
  seen(await published(db).select('u.url as address').where('u.post', '=', post).execute())

/** Where a comment can be seen, with the thread that it stands in. */
export const placesOfComment = async (db: Db | Tx, comment: CommentId): Promise<Place[]> =>
  seen(
    await published(db)
      .innerJoin('comment as c', 'c.publication', 'u.id')
      .select(({ fn }) => fn.coalesce('c.url', 'u.url').as('address'))
      .where('c.id', '=', comment)
      .execute(),
  )

const published = (db: Db | Tx) =>
  db
    .selectFrom('publication as u')
    .innerJoin('page', 'page.id', 'u.page')
    .select(['u.page', 'page.title'])
    .where('u.done_at', 'is not', null)
    .where('u.gone_at', 'is', null)
    .orderBy('u.done_at', 'desc')

const seen = (rows: { address: string | null; page: PageId; title: string }[]): Place[] =>
  rows.flatMap(({ address, ...rest }) => (address ? [{ address, ...rest }] : []))
