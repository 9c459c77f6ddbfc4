import { type RawBuilder, sql } from 'kysely'
import type { PersonId } from '../storage/ids.ts'
import type { QueueFilter, QueueMark } from './queue-filter.ts'

/** Who looks, and when: some filters mean "mine" and "older than an hour". */
export interface Looking {
  person: PersonId
  now: Date
}

/** What a comment under this alias has to meet to be in the filter's list. */
export function meets(alias: string, filter: QueueFilter, { person, now }: Looking): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${alias}.${name}`)
  // What the department itself wrote is not moderated.
  const conditions: RawBuilder<unknown>[] = [sql`not ${column('official')}`]
  if (filter.state === 'waiting') conditions.push(waits(alias))
  if (filter.state === 'held')
    conditions.push(sql`${column('state')} = 'held' and ${column('deleted_at')} is null`)
  if (filter.state === 'hidden') conditions.push(sql`${column('state')} = 'hidden'`)
  if (filter.state === 'kept')
    conditions.push(
      sql`${column('decided_at')} is not null and ${column('state')} = 'shown' and ${column('deleted_at')} is null`,
    )
  if (filter.page) conditions.push(sql`${column('page')} = ${filter.page}`)
  if (filter.post)
    conditions.push(sql`${column('publication')} in (select id from publication where post = ${filter.post})`)
  if (filter.thread) conditions.push(sql`${column('thread')} = ${filter.thread}`)
  if (filter.author) conditions.push(sql`${column('author_remote_id')} = ${filter.author}`)
  if (filter.language) conditions.push(sql`${languageOf(alias)} = ${filter.language}`)
  // What criticism holds back is no suggestion; nor is what was said of an older version.
  if (filter.suggested)
    conditions.push(sql`exists (
      select from comment_suggestion s join comment_look l on l.comment = s.comment and l.version = ${column('version')}
      where s.comment = ${column('id')} and s.category = ${filter.suggested} and not s.withheld)`)
  if (filter.words) {
    const pattern = `%${filter.words.replace(/[\\%_]/g, '\\$&')}%`
    conditions.push(sql`(${column('text')} ilike ${pattern} or ${column('author_name')} ilike ${pattern})`)
  }
  if (filter.olderThanHours > 0) {
    const before = new Date(now.getTime() - filter.olderThanHours * 3_600_000)
    conditions.push(sql`${column('posted_at')} <= ${before}`)
  }
  if (filter.reason)
    conditions.push(sql`(
      exists (select from comment_consultation x where x.comment = ${column('id')} and x.ended_at is null and x.reason = ${filter.reason})
      or (${column('state')} = 'hidden' and (select x.reason from comment_decision x
        where x.comment = ${column('id')} and x.decision = 'hide' order by x.at desc limit 1) = ${filter.reason}))`)
  for (const mark of filter.marks) conditions.push(marked(mark, alias, person))
  return sql<boolean>`${sql.join(conditions, sql` and `)}`
}

/** The language that the author or the platform says, else the one that was recognized. */
export const languageOf = (alias: string) =>
  sql<string | null>`coalesce(${sql.ref(`${alias}.language`)},
    (select l.language from comment_look l where l.comment = ${sql.ref(`${alias}.id`)}))`

/** As the partial indexes say it. */
export const waits = (alias: string) =>
  sql`${sql.ref(`${alias}.decided_at`)} is null and ${sql.ref(`${alias}.deleted_at`)} is null`

function marked(mark: QueueMark, alias: string, person: PersonId): RawBuilder<unknown> {
  const id = sql.ref(`${alias}.id`)
  const marks: Record<QueueMark, RawBuilder<unknown>> = {
    mine: sql`(
      exists (select from comment_consultation x where x.comment = ${id} and x.ended_at is null and x.by <> ${person})
      or exists (select from comment_question x where x.comment = ${id} and x.ended_at is null
        and ((x.advice is null and x.by <> ${person} and (x.asked is null or x.asked = ${person}))
          or (x.advice is not null and x.by = ${person}))))`,
    asked: sql`(
      exists (select from comment_consultation x where x.comment = ${id} and x.ended_at is null)
      or exists (select from comment_question x where x.comment = ${id} and x.ended_at is null))`,
    escalated: sql`exists (select from comment_escalation x where x.comment = ${id} and x.withdrawn_at is null)`,
    reported: sql`exists (select from comment_report x where x.comment = ${id})`,
    // Sets that are made once, whatever the planner believes of a table that has just grown: a storm comes faster than its
    // statistics.
    copies: sql`${sql.ref(`${alias}.fingerprint`)} in (select x.fingerprint from comment x
      where ${waits('x')} and x.fingerprint is not null group by x.fingerprint having count(*) > 1)`,
    answered: sql`${id} in (select x.in_reply_to from comment x where x.in_reply_to is not null and x.deleted_at is null)`,
    pictures: sql`${sql.ref(`${alias}.pictures`)} <> '[]'::jsonb`,
  }
  return marks[mark]
}

/**
 * Of copies that wait, only the first in the list's order is in it: it stands for the others. Those that a colleague
 * wants to hide stand apart from those that nobody asks about.
 */
export function standsForCopies(filter: QueueFilter, looking: Looking): RawBuilder<boolean> {
  if (filter.state !== 'waiting') return sql<boolean>`true`
  const earlier = {
    oldest: sql`(e.posted_at, e.id) < (c.posted_at, c.id)`,
    newest: sql`(e.posted_at, e.id) > (c.posted_at, c.id)`,
    harm: sql`(-e.harm, e.posted_at, e.id) < (-c.harm, c.posted_at, c.id)`,
  }[filter.order]
  const wish = (alias: string) =>
    sql`(select w.reason from comment_consultation w where w.comment = ${sql.ref(`${alias}.id`)} and w.ended_at is null)`
  return sql<boolean>`(c.fingerprint is null or not exists (
    select from comment e where e.fingerprint = c.fingerprint and ${waits('e')} and ${earlier}
      and ${meets('e', filter, looking)} and ${wish('e')} is not distinct from ${wish('c')}))`
}
