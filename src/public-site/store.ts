import { type SqlBool, sql } from 'kysely'
import type { OwnImage } from '../platforms/own/own.ts'
import type { Db } from '../storage/database.ts'
import type { PageId } from '../storage/ids.ts'

/** One of the department's own pages as the public sees it: its introduction is the one that was approved last. */
export interface PublicPage {
  id: PageId
  slug: string
  title: string
  introduction: string
  commentPolicy: 'open' | 'off'
  commentTopic: string
}
export interface PublicPost {
  clientId: string
  /** What its comments are under. */
  publication: string
  text: string
  link: string | null
  images: OwnImage[]
  publishedAt: Date
  editedAt: Date | null
}

/** The own pages that were approved, first registered first. A page that waits for another approval stays as it was. */
export async function publicPages(db: Db): Promise<PublicPage[]> {
  const rows = await db
    .selectFrom('page')
    .leftJoin('own_profile', 'own_profile.page', 'page.id')
    .select([
      'page.id',
      'page.slug',
      'page.title',
      'page.disclosures',
      'page.comment_policy as commentPolicy',
      'page.comment_topic as commentTopic',
      'display_name',
      'description',
    ])
    .where('slug', 'is not', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('page_approval').select('page_approval.id').whereRef('page_approval.page', '=', 'page.id'),
      ),
    )
    .orderBy('registered_at')
    .orderBy('page.id')
    .execute()
  return rows.flatMap(({ slug, title, disclosures, display_name, description, ...page }) =>
    slug === null
      ? []
      : [{ ...page, slug, title: display_name || title, introduction: description || disclosures }],
  )
}

/** What is on a page now, newest first, `take` posts from `before` on. */
export async function postsOn(
  db: Db,
  page: PageId,
  { before, take = 10 }: { before?: string | null; take?: number } = {},
): Promise<{ posts: PublicPost[]; next: string | null }> {
  const cursor = /^(\d{1,14})_([\w:.-]{1,200})$/.exec(before ?? '')
  let query = select(db).where('own_post.page', '=', page)
  if (cursor)
    query = query.where(
      sql<SqlBool>`(own_post.published_at, own_post.client_id) < (${new Date(Number(cursor[1]))}::timestamptz, ${cursor[2]})`,
    )
  const rows = await query
    .orderBy('own_post.published_at', 'desc')
    .orderBy('own_post.client_id', 'desc')
    .limit(take + 1)
    .execute()
  const posts = rows.slice(0, take)
  const last = rows.length > take ? posts.at(-1) : undefined
  return { posts, next: last ? `${last.publishedAt.getTime()}_${last.clientId}` : null }
}

export const postOn = (db: Db, page: PageId, clientId: string): Promise<PublicPost | undefined> =>
  select(db).where('own_post.page', '=', page).where('own_post.client_id', '=', clientId).executeTakeFirst()

/** What kind of image this is, when a post on a page shows it; null when none does. */
export async function imageShown(db: Db, sha256: string): Promise<string | null> {
  const row = await db
    .selectFrom('own_post')
    .select(sql<OwnImage[]>`images`.as('images'))
    .where('deleted_at', 'is', null)
    .where(sql<SqlBool>`images @> ${JSON.stringify([{ blob: sha256 }])}::jsonb`)
    .limit(1)
    .executeTakeFirst()
  return row?.images.find(({ blob }) => blob === sha256)?.media_type ?? null
}

const select = (db: Db) =>
  db
    .selectFrom('own_post')
    .innerJoin('publication', (join) =>
      join.onRef('publication.client_id', '=', 'own_post.client_id').on('publication.gone_at', 'is', null),
    )
    .select([
      'own_post.client_id as clientId',
      'publication.id as publication',
      'own_post.text',
      'own_post.link',
      'own_post.published_at as publishedAt',
      'own_post.edited_at as editedAt',
    ])
    .select(sql<OwnImage[]>`own_post.images`.as('images'))
    .where('own_post.deleted_at', 'is', null)
    .where('publication.done_at', 'is not', null)
