import { type ColumnType, type Generated, type Selectable, sql } from 'kysely'
import type { Installation } from '../installation.ts'
import type { Page } from '../pages/pages.ts'
import type { CallColumns } from '../platforms/call.ts'
import type { Finding } from '../policy/policy.ts'
import { type Db, kept, type Tx } from '../storage/database.ts'
import type { PageId, PersonId, PostId } from '../storage/ids.ts'

interface PostTable {
  id: PostId
  author: PersonId
  text: Generated<string>
  link: string | null
  version: Generated<number>
  created_at: Date
  updated_at: Date
}
interface ImageTable {
  id: string
  post: PostId
  blob: string
  media_type: string
  bytes: number
  width: number
  height: number
  alt: Generated<string>
  position: number
}
export interface VersionImage {
  blob: string
  media_type: string
  bytes: number
  width: number
  height: number
  alt: string
}
interface VersionTable {
  post: PostId
  version: number
  text: string
  link: string | null
  pages: PageId[]
  images: ColumnType<VersionImage[], string, never>
  saved_by: PersonId
  saved_at: Date
}
interface VerdictTable {
  id: string
  post: PostId
  version: number
  author: PersonId
  at: Date
}
interface ScheduleTable extends VerdictTable {
  set_at: Date
  cancelled_at: Date | null
  done_at: Date | null
  refused_because: string | null
}
interface PublicationTable extends CallColumns {
  post: PostId
  page: PageId
  version: number
  client_id: string
  ordered_by: PersonId
  remote_id: string | null
  remote_version: string | null
  url: string | null
  gone_at: Date | null
}
interface EditTable extends CallColumns {
  publication: string
  version: number
  ordered_by: PersonId
}
interface PublicationDeletionTable extends CallColumns {
  publication: string
}

/** Where the newest version of a post stands. */
export type PostState =
  | 'draft'
  | 'submitted'
  | 'returned'
  | 'approved'
  | 'scheduled'
  | 'publishing'
  | 'published'
  | 'refused'
  | 'deleted'

declare module '../storage/database.ts' {
  interface Tables {
    post: PostTable
    post_page: { post: PostId; page: PageId }
    post_image: ImageTable
    post_editor: { post: PostId; person: PersonId; at: Generated<Date> }
    post_version: VersionTable
    submission: VerdictTable
    approval: VerdictTable
    post_return: VerdictTable & { comments: string }
    schedule: ScheduleTable
    publication: PublicationTable
    post_edit: EditTable
    post_deletion: { post: PostId; ordered_by: PersonId; reason: string; ordered_at: Date }
    publication_deletion: PublicationDeletionTable
    post_state: { post: PostId; state: PostState }
  }
}

export type Image = Selectable<ImageTable>
export type Publication = Selectable<PublicationTable>

/** A post in its newest version, with what is attached to it. */
export interface Post {
  id: PostId
  author: PersonId
  authorName: string
  authorTitle: string
  text: string
  link: string | null
  version: number
  createdAt: Date
  updatedAt: Date
  state: PostState
  /** Somebody approved its newest version. */
  approved: boolean
  pages: PageId[]
  images: Image[]
  publications: Publication[]
  editors: PersonId[]
  lastEditor: string | null
}

export async function postById(db: Db | Tx, id: PostId): Promise<Post | null> {
  const row = await db
    .selectFrom('post')
    .innerJoin('person', 'person.id', 'post.author')
    .select(['post.id', 'author', 'text', 'link', 'version'])
    .select(['created_at as createdAt', 'updated_at as updatedAt'])
    .select(['person.name as authorName', 'person.title as authorTitle'])
    .select([
      sql<PostState>`post_state_of(post.id)`.as('state'),
      sql<boolean>`exists (select from approval where post = post.id and approval.version = post.version)`.as(
        'approved',
      ),
      sql<PageId[]>`array(select page from post_page where post = post.id order by page)`.as('pages'),
      sql<PersonId[]>`array(select person from post_editor where post = post.id order by at desc)`.as(
        'editors',
      ),
      sql<string | null>`(select e.name from post_editor join person e on e.id = post_editor.person
        where post = post.id order by at desc limit 1)`.as('lastEditor'),
      sql<Image[]>`(select coalesce(json_agg(i order by position), '[]')
        from post_image i where post = post.id)`.as('images'),
      sql<InJson<Publication>[]>`(select coalesce(json_agg(p order by intent_at), '[]')
        from publication p where post = post.id)`.as('publications'),
    ])
    .where('post.id', '=', id)
    .modifyEnd(kept)
    .executeTakeFirst()
  return row ? { ...row, publications: row.publications.map(publicationOf) } : null
}

/** A row as JSON carries it: times are text. */
type InJson<Row> = { [Column in keyof Row]: Row[Column] extends Date | null ? string | null : Row[Column] }

function publicationOf(row: InJson<Publication>): Publication {
  const time = (text: string | null) => (text === null ? null : new Date(text))
  return {
    ...row,
    intent_at: new Date(row.intent_at as string),
    attempted_at: time(row.attempted_at),
    done_at: time(row.done_at),
    retry_at: time(row.retry_at),
    refused_at: time(row.refused_at),
    gone_at: time(row.gone_at),
  }
}

/** Locks a post until the transaction ends: whoever comes second sees what the first did. */
export async function lockPost(tx: Tx, id: PostId): Promise<Post | null> {
  await tx.selectFrom('post').select('id').where('id', '=', id).forUpdate().modifyEnd(kept).execute()
  return postById(tx, id)
}

/** What screening finds in the words of a post, the descriptions of its images included. */
export function findingsIn(
  { policy }: Pick<Installation, 'policy'>,
  post: { text: string; link: string | null; images: readonly { alt: string }[] },
  audiences: readonly string[] = [],
): Finding[] {
  const texts = [post.text, ...post.images.map((image) => image.alt), post.link ?? ''].filter(Boolean)
  return texts.flatMap((text) => policy.screen(text, { audiences: [...audiences] }))
}

/** A post as the policy's rules see it; `pages` are those of the department. */
export function whatOf(installation: Pick<Installation, 'policy'>, post: Post, pages: readonly Page[]) {
  const chosen = pages.filter((page) => page.state === 'approved' && post.pages.includes(page.id))
  const audiences = [...new Set(chosen.flatMap((page) => page.audiences))]
  const findings = findingsIn(installation, post, audiences)
  return {
    type: 'Post',
    id: post.id,
    authorId: post.author,
    editorIds: post.editors,
    pagesApproved: chosen.length === post.pages.length,
    approved: post.approved,
    blockingFindings: findings.filter((finding) => finding.severity === 'stop').length,
    imagesWithoutAlt: post.images.filter((image) => !image.alt.trim()).length,
  }
}

/** A post as the rules would see it once its text fits and it is approved: what then decides is who somebody is. */
export const onceItFits = (post: { id: PostId; author: PersonId; editors: readonly PersonId[] }) => ({
  type: 'Post',
  id: post.id,
  authorId: post.author,
  editorIds: [...post.editors],
  pagesApproved: true,
  approved: true,
  blockingFindings: 0,
  imagesWithoutAlt: 0,
})

/** The version as it was submitted: this is what was approved and is published. */
export const versionOf = (db: Db | Tx, post: PostId, version: number) =>
  db
    .selectFrom('post_version')
    .select(['text', 'link', 'pages', 'images'])
    .where('post', '=', post)
    .where('version', '=', version)
    .modifyEnd(kept)
    .executeTakeFirst()

/** One page of the list of posts, last changed first. */
export async function listPosts(
  db: Db,
  {
    state,
    page,
    words,
    skip,
    take,
  }: { state?: PostState; page?: PageId; words?: string; skip: number; take: number },
) {
  let query = db
    .selectFrom('post')
    .innerJoin('post_state', 'post_state.post', 'post.id')
    .innerJoin('person', 'person.id', 'post.author')
  if (state) query = query.where('state', '=', state)
  if (words) query = query.where('text', 'ilike', `%${words.replace(/[\\%_]/g, '\\$&')}%`)
  if (page)
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('post_page')
          .select('post_page.page')
          .whereRef('post_page.post', '=', 'post.id')
          .where('post_page.page', '=', page),
      ),
    )
  const { count } = await query
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const posts = await query
    .select(['post.id', 'text', 'state', 'updated_at as updatedAt', 'person.name as authorName'])
    .orderBy('updated_at', 'desc')
    .orderBy('post.id')
    .limit(take)
    .offset(skip)
    .execute()
  return { count, posts }
}

/** What is on a page now, newest first. */
export const livePublications = (db: Db | Tx, page: PageId, take = 100) =>
  db
    .selectFrom('publication')
    .selectAll()
    .where('page', '=', page)
    .where('done_at', 'is not', null)
    .where('gone_at', 'is', null)
    .orderBy('done_at', 'desc')
    .limit(take)
    .execute()
