import { sql } from 'kysely'
import type { Installation } from '../installation.ts'
import type { Db } from '../storage/database.ts'
import type { CommentId, PageId, PersonId, PostId } from '../storage/ids.ts'
import { cursorOf, readCursor } from './conversation.ts'
import type { QueueFilter } from './queue-filter.ts'
import type { Comment } from './store.ts'
import { type KeptSuggestion, type Look, looksOf } from './suggestion-store.ts'

/** One comment with what a moderator needs to judge it. */
export interface Card {
  id: CommentId
  revision: number
  authorName: string
  authorHandle: string | null
  text: string
  state: Comment['state']
  decided: boolean
  deletedAt: Date | null
  editedAt: Date | null
  postedAt: Date
  url: string | null
  page: { id: PageId; title: string; topic: string }
  post: { id: PostId; text: string }
  parent: { name: string; text: string } | null
  asked: { by: PersonId; byName: string; reason: string; note: string } | null
  last: { decision: string; reason: string | null; byName: string; at: Date } | null
  earlier: { count: number; hidden: number; latest: EarlierComment[] }
  hints: Hints
}
export interface EarlierComment {
  id: CommentId
  text: string
  state: Comment['state']
  decided: boolean
  postedAt: Date
}
/** What speaks for looking closer. Hints, never verdicts. */
export interface Hints {
  /** The surest first; those that criticism holds back are among them and say so. */
  suggestions: Hint[]
  protectedCriticism: boolean
}
export interface Hint {
  category: string
  title: string
  means: string
  /** From 0 to 1. */
  score: number
  /** The author's words that weighed most. */
  words: string[]
  /** What a rule of the policy says about them; empty where only the model spoke. */
  reason: string
  withheld: boolean
}

/** One page of the queue, and how many comments wait altogether. */
export async function readQueue(
  installation: Pick<Installation, 'db' | 'policy'>,
  filter: QueueFilter,
  take = 25,
): Promise<{ cards: Card[]; next: string | null; waiting: number }> {
  const { db } = installation
  let query = db.selectFrom('comment as c')
  if (filter.state === 'waiting')
    query = query.where('c.decided_at', 'is', null).where('c.deleted_at', 'is', null)
  if (filter.state === 'hidden') query = query.where('c.state', '=', 'hidden')
  if (filter.state === 'kept')
    query = query
      .where('c.decided_at', 'is not', null)
      .where('c.state', '=', 'shown')
      .where('c.deleted_at', 'is', null)
  if (filter.page) query = query.where('c.page', '=', filter.page)
  const { suggested } = filter
  if (suggested)
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('comment_suggestion as s')
          .innerJoin('comment_look as l', 'l.comment', 's.comment')
          .select('s.comment')
          .whereRef('s.comment', '=', 'c.id')
          .whereRef('l.version', '=', 'c.version')
          .where('s.category', '=', suggested)
          .where('s.withheld', '=', false),
      ),
    )
  if (filter.words) {
    const pattern = `%${filter.words.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where(({ or, eb }) =>
      or([eb('c.text', 'ilike', pattern), eb('c.author_name', 'ilike', pattern)]),
    )
  }
  const cursor = readCursor(filter.after)
  if (cursor)
    query = query.where(
      filter.order === 'newest'
        ? sql<boolean>`(c.posted_at, c.id) < (${cursor.at}::timestamptz, ${cursor.id}::uuid)`
        : sql<boolean>`(c.posted_at, c.id) > (${cursor.at}::timestamptz, ${cursor.id}::uuid)`,
    )
  const direction = filter.order === 'newest' ? 'desc' : 'asc'
  const rows = await query
    .select(['c.id', 'c.posted_at'])
    .orderBy('c.posted_at', direction)
    .orderBy('c.id', direction)
    .limit(take + 1)
    .execute()
  const shown = rows.slice(0, take)
  const last = rows.length > take ? shown.at(-1) : undefined
  const { count } = await db
    .selectFrom('comment')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('decided_at', 'is', null)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return {
    cards: await cardsOf(
      installation,
      shown.map(({ id }) => id),
    ),
    next: last ? cursorOf(last) : null,
    waiting: count,
  }
}

/** The cards of these comments, in this order. */
export async function cardsOf(
  { db, policy }: Pick<Installation, 'db' | 'policy'>,
  ids: readonly CommentId[],
): Promise<Card[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('comment as c')
    .innerJoin('page', 'page.id', 'c.page')
    .innerJoin('publication', 'publication.id', 'c.publication')
    .innerJoin('post_version', (join) =>
      join
        .onRef('post_version.post', '=', 'publication.post')
        .onRef('post_version.version', '=', 'publication.version'),
    )
    .leftJoin('comment as parent', 'parent.id', 'c.in_reply_to')
    .leftJoin('comment_consultation as asked', (join) =>
      join.onRef('asked.comment', '=', 'c.id').on('asked.ended_at', 'is', null),
    )
    .leftJoin('person as asker', 'asker.id', 'asked.by')
    .leftJoinLateral(
      ({ selectFrom }) =>
        selectFrom('comment_decision as d')
          .innerJoin('person', 'person.id', 'd.by')
          .select(['d.decision', 'd.reason', 'd.at', 'person.name'])
          .whereRef('d.comment', '=', 'c.id')
          .orderBy('d.at', 'desc')
          .orderBy('d.id', 'desc')
          .limit(1)
          .as('last'),
      (join) => join.onTrue(),
    )
    .selectAll('c')
    .select([
      'page.title as pageTitle',
      'page.comment_topic as topic',
      'publication.post',
      'post_version.text as postText',
      'parent.author_name as parentName',
      'parent.text as parentText',
      'asked.by as askedBy',
      'asked.reason as askedReason',
      'asked.note as askedNote',
      'asker.name as askerName',
      'last.decision as lastDecision',
      'last.reason as lastReason',
      'last.at as lastAt',
      'last.name as lastName',
    ])
    .where('c.id', 'in', [...ids])
    .execute()
  const [earlier, looks] = [await earlierComments(db, ids), await looksOf(db, ids)]
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    if (!row) return []
    return [
      {
        id,
        revision: row.revision,
        authorName: row.author_name,
        authorHandle: row.author_handle,
        text: row.text,
        state: row.state,
        decided: row.decided_at !== null,
        deletedAt: row.deleted_at,
        editedAt: row.edited_at,
        postedAt: row.posted_at,
        url: row.url,
        page: { id: row.page, title: row.pageTitle, topic: row.topic },
        post: { id: row.post, text: row.postText },
        parent: row.parentName === null ? null : { name: row.parentName, text: row.parentText ?? '' },
        asked:
          row.askedBy && row.askedReason
            ? {
                by: row.askedBy,
                byName: row.askerName ?? '',
                reason: row.askedReason,
                note: row.askedNote ?? '',
              }
            : null,
        last:
          row.lastDecision && row.lastAt
            ? {
                decision: row.lastDecision,
                reason: row.lastReason,
                byName: row.lastName ?? '',
                at: row.lastAt,
              }
            : null,
        earlier: earlier.get(id) ?? { count: 0, hidden: 0, latest: [] },
        hints: hintsOf(policy, row.text, looks.get(id)),
      },
    ]
  })
}

function hintsOf(policy: Installation['policy'], text: string, look: Look | undefined): Hints {
  const hint = ({ category, score, places, reason, withheld }: KeptSuggestion): Hint[] => {
    const known = policy.suggestions.categories.find(({ id }) => id === category)
    if (!known) return []
    const words = places.flatMap((start, n) => (n % 2 === 0 ? [text.slice(start, places[n + 1])] : []))
    return [{ category, title: known.title, means: known.means, score, words, reason, withheld }]
  }
  return {
    suggestions: look?.suggestions.flatMap(hint) ?? [],
    protectedCriticism: policy.protectedCriticism(text),
  }
}

/** What the authors of these comments wrote before on our pages, and how it was decided. */
async function earlierComments(db: Db, ids: readonly CommentId[]): Promise<Map<CommentId, Card['earlier']>> {
  const { rows } = await sql<EarlierComment & { of: CommentId; count: number; hidden: number }>`
    select c.id as of, e.id, e.text, e.state, e.decided_at is not null as decided, e.posted_at as "postedAt",
      e.count, e.hidden
    from comment c
    cross join lateral (
      select e.id, e.text, e.state, e.decided_at, e.posted_at, count(*) over () as count,
        count(*) filter (where e.state = 'hidden') over () as hidden
      from (
        select * from comment
        where author_remote_id = c.author_remote_id and (posted_at, id) < (c.posted_at, c.id)
        order by posted_at desc limit 200
      ) e
      order by e.posted_at desc limit 3
    ) e
    where c.id = any(${[...ids]}::uuid[])
    order by e.posted_at desc`.execute(db)
  const earlier = new Map<CommentId, Card['earlier']>()
  for (const { of, count, hidden, ...comment } of rows) {
    const entry = earlier.get(of) ?? { count, hidden, latest: [] }
    entry.latest.push(comment)
    earlier.set(of, entry)
  }
  return earlier
}

/** The pages that are not read at the moment, and why. */
export const pollTroubles = (db: Db) =>
  db
    .selectFrom('comment_poll')
    .innerJoin('page', 'page.id', 'comment_poll.page')
    .select(['page.id', 'page.title', 'trouble', 'read_at as readAt'])
    .where('trouble', 'is not', null)
    .orderBy('page.title')
    .execute()
