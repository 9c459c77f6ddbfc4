import type { ColumnType, Generated } from 'kysely'
import { sql } from 'kysely'
import { type Db, kept, type Tx } from '../storage/database.ts'
import type { PageId, PersonId } from '../storage/ids.ts'

interface PageTable {
  id: PageId
  platform: string
  title: string
  address: string
  slug: string | null
  purpose: string
  scope: string
  audiences: string[]
  website: string
  contact: string
  comment_policy: 'open' | 'off'
  comment_topic: Generated<string>
  author_line: AuthorLine
  disclosures: string
  left_out: Generated<string[]>
  revision: Generated<number>
  registered_by: PersonId
  registered_at: Date
}
interface VerdictTable {
  id: string
  page: PageId
  revision: number
  author: PersonId
  at: Date
  reasons: string
}
interface ConnectionTable {
  page: PageId
  fields: ColumnType<Record<string, string>, string, string>
  saved_by: PersonId
  saved_at: Date
}
interface IntroductionTable {
  id: string
  page: PageId
  revision: number
  ordered_at: Date
  done_at: Date | null
  refused_because: string | null
  trouble: string | null
}

declare module '../storage/database.ts' {
  interface Tables {
    page: PageTable
    page_administrator: { page: PageId; person: PersonId }
    page_approval: VerdictTable
    page_refusal: VerdictTable
    page_connection: ConnectionTable
    page_introduction: IntroductionTable
  }
}

/** How a page names the author of a post (policy IV.A.3.i.2). */
export type AuthorLine = 'department' | 'name-and-title' | 'initials' | 'none'
export type PageState = 'waiting' | 'approved' | 'refused'

export interface Page {
  id: PageId
  platform: string
  title: string
  address: string
  /** The own page's part of the public address; null on other platforms. */
  slug: string | null
  purpose: string
  scope: string
  audiences: string[]
  website: string
  contact: string
  commentPolicy: 'open' | 'off'
  /** What comments must be about; empty when the page invites comments on anything. */
  commentTopic: string
  authorLine: AuthorLine
  disclosures: string
  leftOut: string[]
  revision: number
  registeredBy: PersonId
  registeredAt: Date
  state: PageState
}

export async function pageById(db: Db | Tx, id: PageId): Promise<Page | null> {
  return (await select(db).where('page.id', '=', id).modifyEnd(kept).executeTakeFirst()) ?? null
}

/** Every page, by title. */
export const allPages = (db: Db | Tx): Promise<Page[]> =>
  select(db).orderBy('page.title').modifyEnd(kept).execute()

/** The pages whose newest revision is approved: only these may be posted to (policy IV.A.2.i). */
export const approvedPages = (db: Db | Tx): Promise<Page[]> =>
  select(db)
    .where(({ exists, selectFrom }) => exists(approvalOf(selectFrom)))
    .orderBy('page.title')
    .execute()

// biome-ignore lint/suspicious/noExplicitAny: Kysely's type of selectFrom depends on the outer query
const approvalOf = (selectFrom: any) =>
  selectFrom('page_approval')
    .select('page_approval.id')
    .whereRef('page_approval.page', '=', 'page.id')
    .whereRef('page_approval.revision', '=', 'page.revision')

const select = (db: Db | Tx) =>
  db
    .selectFrom('page')
    .select([
      'page.id',
      'platform',
      'title',
      'address',
      'slug',
      'purpose',
      'scope',
      'audiences',
      'website',
      'contact',
      'comment_policy as commentPolicy',
      'comment_topic as commentTopic',
      'author_line as authorLine',
      'disclosures',
      'left_out as leftOut',
      'revision',
      'registered_by as registeredBy',
      'registered_at as registeredAt',
    ])
    .select(
      sql<PageState>`case
        when exists (select from page_approval a where a.page = page.id and a.revision = page.revision) then 'approved'
        when exists (select from page_refusal r where r.page = page.id and r.revision = page.revision) then 'refused'
        else 'waiting' end`.as('state'),
    )

/** Locks a page until the transaction ends, so that two people decide one after the other. */
export async function lockPage(tx: Tx, id: PageId): Promise<Page | null> {
  await tx.selectFrom('page').select('id').where('id', '=', id).forUpdate().execute()
  return pageById(tx, id)
}

/** Who looks after a page and still works here, by name. */
export const administratorsOf = (db: Db | Tx, page: PageId): Promise<{ id: PersonId; name: string }[]> =>
  db
    .selectFrom('page_administrator')
    .innerJoin('person', 'person.id', 'page_administrator.person')
    .select(['person.id', 'person.name'])
    .where('page_administrator.page', '=', page)
    .where('person.ended_at', 'is', null)
    .orderBy('person.name')
    .execute()

/** The sealed fields of a page's connection, by name. */
export async function connectionOf(db: Db | Tx, page: PageId): Promise<Record<string, string> | null> {
  const row = await db
    .selectFrom('page_connection')
    .select('fields')
    .where('page', '=', page)
    .modifyEnd(kept)
    .executeTakeFirst()
  return row?.fields ?? null
}
