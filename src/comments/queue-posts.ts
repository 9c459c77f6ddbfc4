import { sql } from 'kysely'
import type { Installation } from '../installation.ts'
import { uuids } from '../storage/arrays.ts'
import type { Db } from '../storage/database.ts'
import type { CommentId, PageId, PostId } from '../storage/ids.ts'
import { whyFirst } from './harm.ts'
import { waits } from './queue-conditions.ts'
import { looksOf } from './suggestion-store.ts'

export const postOrders = ['harm', 'most', 'oldest'] as const
export type PostOrder = (typeof postOrders)[number]

/** What waits under one post. */
export interface WaitingPost {
  id: PostId
  text: string
  pages: string[]
  waiting: number
  oldest: Date
  /** Why its most harmful comment is read before others; '' when nothing speaks for it. */
  first: string
  /** The threads in which most waits, the fullest first. */
  threads: { id: CommentId; name: string; text: string; waiting: number }[]
}

/** So few waiting in a thread are found without it. */
const leastInThread = 3
const mostThreads = 3

/** The posts under which comments wait, a page of them at a time. */
export async function waitingByPost(
  { db, policy }: Pick<Installation, 'db' | 'policy'>,
  { page, order, skip, take }: { page: PageId | null; order: PostOrder; skip: number; take: number },
): Promise<{ posts: WaitingPost[]; count: number }> {
  const by = {
    harm: sql`max(c.harm) desc, count(*) desc`,
    most: sql`count(*) desc, max(c.harm) desc`,
    oldest: sql`min(c.posted_at)`,
  }[order]
  const { rows } = await sql<
    Omit<WaitingPost, 'first' | 'threads'> & { worst: CommentId; harm: number; all: number }
  >`
    with waiting as (
      select p.post as id, count(*) as waiting, min(c.posted_at) as oldest, max(c.harm) as harm, max(p.version) as version,
        array_agg(distinct c.page) as on, (array_agg(c.id order by c.harm desc, c.posted_at, c.id))[1] as worst,
        count(*) over () as all, row_number() over (order by ${by}, p.post) as place
      from comment c join publication p on p.id = c.publication
      where ${waits('c')} ${page ? sql`and c.page = ${page}` : sql``}
      group by p.post
    )
    select w.id, w.waiting, w.oldest, w.worst, w.harm, w.all, v.text,
      array(select title from page where id = any(w.on) order by title) as pages
    from waiting w join post_version v on v.post = w.id and v.version = w.version
    where w.place > ${skip} and w.place <= ${skip + take} order by w.place`.execute(db)
  const [looks, threads] = await Promise.all([
    looksOf(
      db,
      rows.map(({ worst }) => worst),
    ),
    fullestThreads(
      db,
      rows.map(({ id }) => id),
      page,
    ),
  ])
  return {
    count: rows[0]?.all ?? 0,
    posts: rows.map(({ worst, harm, all: _, ...post }) => ({
      ...post,
      // Where nothing is suggested, only reports can have moved it up.
      first:
        whyFirst(
          looks.get(worst)?.suggestions.filter(({ withheld }) => !withheld) ?? [],
          policy.suggestions.categories,
        ) || (harm > 0 ? 'Read before others: visitors reported it.' : ''),
      threads: threads.flatMap(({ post: of, ...thread }) => (of === post.id ? [thread] : [])),
    })),
  }
}

async function fullestThreads(db: Db, posts: readonly PostId[], page: PageId | null) {
  const { rows } = await sql<WaitingPost['threads'][number] & { post: PostId }>`
    select t.post, t.id, t.waiting, f.author_name as name, f.text from (
      select p.post, c.thread as id, count(*) as waiting,
        row_number() over (partition by p.post order by count(*) desc, c.thread) as place
      from comment c join publication p on p.id = c.publication
      where ${waits('c')} and p.post = any(${uuids(posts)}::uuid[]) ${page ? sql`and c.page = ${page}` : sql``}
      group by p.post, c.thread having count(*) >= ${leastInThread}
    ) t join comment f on f.id = t.id where t.place <= ${mostThreads} order by t.place`.execute(db)
  return rows
}
