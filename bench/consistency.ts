import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { consistencyOf } from '../src/comments/consistency.ts'
import type { Installation } from '../src/installation.ts'
import type { Ground } from './ground.ts'
import { count, median, ms, type Row, timedRuns } from './row.ts'
import { townOf } from './town.ts'

/** The report for counsel over years of decisions. */
export const consistency: Row = {
  name: 'consistency',
  async measure({ installation, quick }: Ground) {
    const { db } = installation
    await decideMuch(installation, quick ? 5_000 : 100_000)
    const period = { from: new Date(0), to: new Date() }
    const { decisions } = await db
      .selectFrom('comment_decision')
      .select(({ fn }) => fn.countAll<number>().as('decisions'))
      .executeTakeFirstOrThrow()
    const samples = await timedRuns(7, () => consistencyOf(db, period, 'America/New_York'))
    const reading = await timedRuns(7, () =>
      sql`select count(*), max(d.at), max(c.posted_at) from comment_decision d join comment c on c.id = d.comment`.execute(
        db,
      ),
    )
    return [
      {
        what: `consistency report over ${count(decisions)} decisions`,
        measured: `${ms(median(samples))} at the median, ${ms(Math.max(...samples))} at the longest`,
        target: '≤ 1 s',
        reference: `reading these decisions with their comments once: ${ms(median(reading))}`,
        met: median(samples) <= 1000,
      },
    ]
  },
}

/**
 * As many decided comments as a department has after years: by five people, one in six hidden, one in ten of these shown again by
 * somebody else, a tenth of the texts said by many, a fifth of it criticism.
 */
async function decideMuch(installation: Installation, decisions: number): Promise<void> {
  const { db } = installation
  const { moderator, chief, pio, records, page, comment, publishPost, approvedPost } =
    await townOf(installation)
  const id = await comment(
    await publishPost(await approvedPost('Five years of comments are under this.')),
    'Hello',
  )
  await sql`
    with people as (select array[${moderator.id}, ${chief.id}, ${pio.id}, ${records.id}]::uuid[] as ids),
    made as materialized (
      select uuidv7() as id, n, now() - make_interval(mins => 20 * n) as at from generate_series(1, ${decisions}::int) n
    ), comments as (
      insert into comment (id, page, publication, remote_id, remote_version, thread, author_remote_id, author_name, text, state,
        posted_at, captured_at, decided_at, fingerprint)
      select made.id, ${page.id}, c.publication, made.id::text, '1', made.id, 'author ' || n % 8000, 'Visitor ' || n % 8000,
        'What somebody says about the town, ' || case when n % 10 = 0 then n % 700 else n end,
        case when n % 6 = 0 and n % 60 <> 0 then 'hidden' else 'shown' end, at, at, at + interval '1 hour',
        sha256((case when n % 10 = 0 then n % 700 else n end)::text::bytea)
      from made, comment c where c.id = ${id}
    ), versions as (
      insert into comment_version (comment, version, remote_version, text, at) select id, 1, '1', 'Words', at from made
    ), looks as (
      insert into comment_look (comment, version, model, criticism, language, at) select id, 1, 'bench', n % 5 = 0, 'en', at from made
    )
    insert into comment_decision (id, comment, version, decision, reason, clause, by, at)
    select uuidv7(), id, 1, case when n % 6 = 0 then 'hide' else 'keep' end, case when n % 6 = 0 then 'off-topic' end,
      case when n % 6 = 0 then 'IV.A.2.iv.1' end, ids[1 + n % 4], at + interval '1 hour' from made, people
    union all
    select uuidv7(), id, 1, 'restore', null, null, ids[1 + (n + 1) % 4], at + interval '2 hours' from made, people where n % 60 = 0`.execute(
    db,
  )
  // What years have brought has statistics; PostgreSQL takes them of new rows within a minute.
  for (let n = 0; n < 120; n++) {
    const { rows } = await sql`select from pg_stat_user_tables
      where relname in ('comment', 'comment_decision', 'comment_look', 'comment_version')
        and n_mod_since_analyze < ${decisions / 2}`.execute(db)
    if (rows.length === 4) return
    await pause(1000)
  }
}
