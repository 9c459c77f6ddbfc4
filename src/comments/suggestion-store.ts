import { sql } from 'kysely'
import { uuids } from '../storage/arrays.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { CommentId } from '../storage/ids.ts'
import type { Suggestions } from '../suggestions/suggestions.ts'

declare module '../storage/database.ts' {
  interface Tables {
    comment_look: {
      comment: CommentId
      version: number
      model: string
      criticism: boolean
      language: string | null
      at: Date
    }
    comment_suggestion: {
      comment: CommentId
      category: string
      score: number
      places: number[]
      reason: string
      withheld: boolean
    }
  }
}

/** A suggestion as it is kept: places in the comment's words, none of the words. */
export interface KeptSuggestion {
  category: string
  score: number
  places: number[]
  reason: string
  withheld: boolean
}
export interface Look {
  criticism: boolean
  language: string | null
  suggestions: KeptSuggestion[]
}

/** A comment with its surroundings, as suggestions are made from them. */
export const surroundingsOf = (tx: Tx, id: CommentId) =>
  tx
    .selectFrom('comment as c')
    .innerJoin('page', 'page.id', 'c.page')
    .innerJoin('publication', 'publication.id', 'c.publication')
    .innerJoin('post_version', (join) =>
      join
        .onRef('post_version.post', '=', 'publication.post')
        .onRef('post_version.version', '=', 'publication.version'),
    )
    .select([
      'c.text',
      'c.version',
      'page.comment_topic as subject',
      'page.contact as contact',
      'post_version.text as post',
      sql<string[]>`array(
        select t.text from comment t
        where t.thread = c.thread and t.id <> c.id and t.state = 'shown' and t.deleted_at is null
        order by t.posted_at desc limit 6)`.as('thread'),
    ])
    .where('c.id', '=', id)
    .executeTakeFirst()

/** Keeps what is suggested about a version of a comment, and what follows for its harm, in place of what was before. */
export async function keepSuggestions(
  tx: Tx,
  id: CommentId,
  version: number,
  made: Suggestions,
  harm: number,
  at: Date,
): Promise<void> {
  await tx.updateTable('comment').set({ harm }).where('id', '=', id).where('harm', '!=', harm).execute()
  await tx.deleteFrom('comment_look').where('comment', '=', id).execute()
  await tx
    .insertInto('comment_look')
    .values({
      comment: id,
      version,
      model: made.version,
      criticism: made.criticism,
      language: made.language,
      at,
    })
    .execute()
  const rows = [
    ...made.suggestions.map((one) => ({ ...one, withheld: false })),
    ...made.withheld.map((one) => ({ ...one, withheld: true })),
  ]
  if (rows.length > 0)
    await tx
      .insertInto('comment_suggestion')
      .values(
        rows.map(({ category, score, because, reason, withheld }) => ({
          comment: id,
          category,
          score,
          places: because.flatMap(({ start, end }) => [start, end]),
          reason,
          withheld,
        })),
      )
      .execute()
}

/** What is suggested about the present versions of these comments. */
export async function looksOf(db: Db, ids: readonly CommentId[]): Promise<Map<CommentId, Look>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('comment_look as l')
    .innerJoin('comment as c', (join) =>
      join.onRef('c.id', '=', 'l.comment').onRef('c.version', '=', 'l.version'),
    )
    .leftJoin('comment_suggestion as s', 's.comment', 'l.comment')
    .select([
      'l.comment',
      'l.criticism',
      'l.language',
      's.category',
      's.score',
      's.places',
      's.reason',
      's.withheld',
    ])
    .where(sql<boolean>`l.comment = any(${uuids(ids)}::uuid[])`)
    .orderBy('s.score', 'desc')
    .execute()
  const looks = new Map<CommentId, Look>()
  for (const { comment, criticism, language, category, score, places, reason, withheld } of rows) {
    const look = looks.get(comment) ?? { criticism, language, suggestions: [] }
    if (category !== null)
      look.suggestions.push({
        category,
        score: score ?? 0,
        places: places ?? [],
        reason: reason ?? '',
        withheld: withheld ?? false,
      })
    looks.set(comment, look)
  }
  return looks
}

/** Comments that wait for a decision and were not looked at by this model in their present version; the oldest first. */
export const notLookedAt = (db: Db, model: string, limit: number) =>
  db
    .selectFrom('comment as c')
    .leftJoin('comment_look as l', 'l.comment', 'c.id')
    .select('c.id')
    .where('c.decided_at', 'is', null)
    .where('c.deleted_at', 'is', null)
    .where(({ or, eb, ref }) =>
      or([eb('l.comment', 'is', null), eb('l.version', '!=', ref('c.version')), eb('l.model', '!=', model)]),
    )
    .orderBy('c.posted_at')
    .limit(limit)
    .execute()
