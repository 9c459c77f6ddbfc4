import type { Db } from '../storage/database.ts'
import type { PostId } from '../storage/ids.ts'

/** How a post fared on each page, in words, newest first. */
export async function fateOf(db: Db, post: PostId) {
  const rows = await db
    .selectFrom('publication as u')
    .innerJoin('page', 'page.id', 'u.page')
    .leftJoin('publication_deletion as d', 'd.publication', 'u.id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('post_edit as e')
          .select([
            'e.done_at as edit_done',
            'e.refused_because as edit_refused',
            'e.trouble as edit_trouble',
          ])
          .whereRef('e.publication', '=', 'u.id')
          .orderBy('e.intent_at', 'desc')
          .limit(1)
          .as('e'),
      (join) => join.onTrue(),
    )
    .select([
      'u.id',
      'page.title',
      'u.intent_at',
      'u.done_at',
      'u.refused_at',
      'u.refused_because',
      'u.trouble',
    ])
    .select(['u.gone_at', 'u.url', 'edit_done', 'edit_refused', 'edit_trouble'])
    .select([
      'd.intent_at as deletion_at',
      'd.refused_because as deletion_refused',
      'd.trouble as deletion_trouble',
    ])
    .where('u.post', '=', post)
    .orderBy('u.intent_at', 'desc')
    .execute()
  return rows.map((row) => {
    const there = row.done_at !== null && row.gone_at === null
    return {
      id: row.id,
      title: row.title,
      url: row.url,
      there,
      at: row.gone_at ?? row.refused_at ?? row.done_at ?? row.intent_at,
      words: wordsFor(row),
    }
  })
}

function wordsFor(row: {
  done_at: Date | null
  refused_because: string | null
  trouble: string | null
  gone_at: Date | null
  edit_done: Date | null
  edit_refused: string | null
  edit_trouble: string | null
  deletion_at: Date | null
  deletion_refused: string | null
  deletion_trouble: string | null
}): string {
  if (row.refused_because) return `Not taken: ${row.refused_because}`
  if (row.gone_at) return 'Deleted there.'
  if (row.deletion_refused) return `Could not be deleted: ${row.deletion_refused}`
  if (row.deletion_at) return `Being deleted. ${row.deletion_trouble ?? ''}`.trim()
  if (!row.done_at) return row.trouble ? `Not there yet: ${row.trouble} It is tried again.` : 'On its way.'
  if (row.edit_refused) return `Published; the change was not taken: ${row.edit_refused}`
  if (row.edit_done === null && row.edit_trouble) return `Published; the change waits: ${row.edit_trouble}`
  return row.edit_done ? 'Published, and changed since.' : 'Published.'
}
