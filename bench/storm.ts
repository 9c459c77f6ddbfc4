import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { verifyLog } from '../src/archive/archive.ts'
import { stormPost } from '../src/demo/storm-words.ts'
import type { Installation } from '../src/installation.ts'
import { approvePage, connectPage, registerPage } from '../src/pages/pages.ts'
import { ownPage } from '../src/platforms/own/own.ts'
import { runningEmbedded, startEmbedded } from '../src/storage/embedded.ts'
import { crowd, elsewhere, letWrite, visitorsOf } from './crowd.ts'
import { type Ground, openInstallation } from './ground.ts'
import { type Moderator, moderatorAt } from './moderator.ts'
import { count, median, ms, percentile, type Row } from './row.ts'
import { processorSeconds, startServer } from './server.ts'
import { done, townOf } from './town.ts'

/** Ten thousand comments, here and on a platform, while moderators read the queue and decide. */
export const storm: Row = {
  name: 'storm',
  async measure(ground: Ground) {
    const comments = ground.quick ? 300 : 10_000
    const seconds = ground.tenMinutes ? 600 : ground.quick ? 15 : 200
    await ground.rest()
    const before = await startEmbedded(ground.folder)
    const place = elsewhere(() => posts.elsewhere)
    const preparing = await openInstallation(ground.folder, before.app)
    const posts = await preparePosts({
      ...preparing.installation,
      platforms: withPlace(preparing.installation, place),
    })
    await preparing.end()
    await before.stop()

    // As behind a department's proxy, so that the crowd comes from many addresses; of the demonstration, so that a password lets one in.
    const server = await startServer(ground, 'src/web/start.ts', '/news', ['--demo'], {
      PLAINVIEW_TRUST_PROXY: 'true',
    })
    const beside = await openInstallation(ground.folder, (await runningEmbedded(ground.folder)) ?? '')
    try {
      const here = { ...beside.installation, platforms: withPlace(beside.installation, place) }
      const moderator = await moderatorAt(server.url, 'joan.sullivan@wexfordfalls.example')
      const waitingBefore = await moderator.waiting()
      /** The same pages with nothing else to do, and what they take of the server's processor: other programs change that little. */
      const alone = async () => {
        const before = await processorSeconds(server.child)
        let looked = 0
        const looks = await moderator.look(() => looked++ < (ground.quick ? 13 : 39), 50)
        const each = (1000 * ((await processorSeconds(server.child)) - before)) / looks.length
        return `${ms(percentile(looks, 0.95))} and ${ms(median(looks))}, ${ms(each)} of processor a page`
      }
      const calm = await alone()

      const visitors = visitorsOf(server.url, posts.path)
      const stopPolling = place.poll(here, ground.quick ? 2 : 15)
      let going = true
      const looking = moderator.look(() => going)
      const deciding = decideNowAndThen(here, moderator, () => going)
      const began = performance.now()
      const waits = await letWrite(crowd(comments), seconds, {
        visitor: visitors.write,
        elsewhere: place.write,
      })
      await stopPolling()
      const took = (performance.now() - began) / 1000
      going = false
      const [looks] = await Promise.all([looking, deciding])

      await agreement(here, moderator, {
        since: posts.at,
        own: visitors.taken,
        elsewhere: place.said.map(({ remoteId }) => remoteId),
        waitingBefore,
        page: await moderator.page('/news'),
        path: posts.path,
      })
      const after = await alone()
      const p95 = percentile(looks, 0.95)
      return [
        {
          what: `the moderators’ queue while ${count(comments)} comments come in ${count(took)} s, ${count(looks.length)} times`,
          measured: `${ms(p95)} at the 95th percentile, ${ms(median(looks))} at the median`,
          target: '≤ 200 ms (95 %)',
          reference: `before the storm: ${calm}; after it: ${after}`,
          met: p95 <= 200,
        },
        {
          what: 'a visitor’s comment in that storm, from sending to the answer',
          measured: `${ms(percentile(waits, 0.95))} at the 95th percentile, ${ms(median(waits))} at the median`,
          target: 'none set',
          reference: '',
          met: null,
        },
        {
          what: `after it: comments, records, log and the counts on screen (${count(moderator.decided.keep + moderator.decided.hide)} decided)`,
          measured: `${count(visitors.taken.length)} here and ${count(place.said.length)} elsewhere agree to the last`,
          target: 'all',
          reference: '',
          met: true,
        },
      ]
    } finally {
      await beside.end()
      await server.stop()
    }
  },
}

const withPlace = (
  here: Installation,
  { platform }: ReturnType<typeof elsewhere>,
): Installation['platforms'] => {
  const offered = [ownPage(here), platform]
  return {
    all: () => offered,
    get: (kind) => offered.find((one) => one.kind === kind) ?? here.platforms.get(kind),
  }
}

/** A post on the department's own page and one on the platform, for the crowd to write under. */
async function preparePosts(here: Installation) {
  const town = await townOf(here)
  const at = here.now()
  const own = await town.publishPost(await town.approvedPost(stormPost))
  const entry = {
    title: 'Elsewhere',
    address: 'https://elsewhere.example/police',
    slug: '',
    purpose: 'News and safety advice for the people of the town.',
    scope: '',
    audiences: '',
    website: 'https://police.wexfordfalls.example',
    contact: '508-555-0142',
    comment_policy: 'open',
    comment_topic: '',
    author_line: 'department',
  } as const
  const page = done(await registerPage(here, town.pio, 'former', entry, [town.pio.id])) as never
  done(await connectPage(here, town.chief, page, {}))
  done(await approvePage(here, town.chief, page, { revision: 1, reasons: '' }))
  const there = await town.publishPost(await town.approvedPost(stormPost, page))
  const idOf = async (id: string) =>
    here.db
      .selectFrom('publication')
      .select(['client_id', 'remote_id'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  return {
    at,
    path: `/news/posts/${(await idOf(own)).client_id}`,
    elsewhere: (await idOf(there)).remote_id ?? '',
  }
}

/** About one decision a second: most are kept, one in ten is hidden. */
async function decideNowAndThen(here: Installation, moderator: Moderator, going: () => boolean) {
  for (let n = 0; going(); n++) {
    const comment = await here.db
      .selectFrom('comment as c')
      .innerJoin('page', 'page.id', 'c.page')
      .select(['c.id', 'c.revision', 'page.platform'])
      .where('c.decided_at', 'is', null)
      .where('c.deleted_at', 'is', null)
      .orderBy('c.posted_at')
      .limit(1)
      .executeTakeFirst()
    if (comment) await moderator.decide(comment, n % 10 === 9 && comment.platform === 'own' ? 'hide' : 'keep')
    await pause(1000)
  }
}

/** Throws unless what was said, captured, recorded, logged, decided and shown are the same, one by one. */
async function agreement(
  { db, logKey }: Installation,
  moderator: Moderator,
  told: {
    since: Date
    own: readonly string[]
    elsewhere: readonly string[]
    waitingBefore: number
    page: string
    path: string
  },
) {
  const same = (what: string, one: number, other: number) => {
    if (one !== other) throw new Error(`${what}: ${one} and ${other} do not agree.`)
  }
  for (let n = 0; ; n++) {
    const { rows } = await sql<{ left: number }>`select count(*)::int as left from record_to_log`.execute(db)
    if (rows[0]?.left === 0) break
    if (n === 300) throw new Error('The log does not come to its end.')
    await pause(200)
  }
  const { rows } = await sql<{
    comments: number
    distinct: number
    captures: number
    logged: number
    hidden: number
    undecided: number
    decisions: number
    recorded: number
  }>`
    with said as (
      select id from comment where id = any(${told.own}::uuid[]) or remote_id = any(${told.elsewhere}::text[])
    ), captured as (
      select r.id, r.subject_id from record r join said on r.subject_id = said.id::text
      where r.subject_kind = 'comment' and r.kind = 'comment.capture'
    )
    select (select count(*)::int from comment where captured_at >= ${told.since}) as comments,
      (select count(*)::int from said) as distinct,
      (select count(distinct subject_id)::int from captured where (select count(*) from captured) = (select count(*) from said)) as captures,
      (select count(*)::int from captured join log_entry e on e.record_id = captured.id
        where e.position < (select max(tree_size) from checkpoint)) as logged,
      (select count(*)::int from comment where id = any(${told.own}::uuid[]) and state = 'hidden') as hidden,
      (select count(*)::int from comment where decided_at is null and deleted_at is null) as undecided,
      (select count(*)::int from comment_decision where at >= ${told.since}) as decisions,
      (select count(*)::int from record where at >= ${told.since} and kind in ('comment.keeping', 'comment.removal')) as recorded`.execute(
    db,
  )
  const found = rows[0]
  if (!found) throw new Error('Nothing was counted.')
  const all = told.own.length + told.elsewhere.length
  const { keep, hide } = moderator.decided
  same('Said and captured', all, found.distinct)
  same('Captured and there', all, found.comments)
  same('Captured and recorded', all, found.captures)
  same('Recorded and in the log', all, found.logged)
  same('Decided and stored', keep + hide, found.decisions)
  same('Decided and recorded', keep + hide, found.recorded)
  const waiting = await moderator.waiting()
  same('Waiting and on the moderators’ screen', found.undecided, waiting)
  same('Waiting before, come, decided, and waiting', told.waitingBefore + all - keep - hide, waiting)
  const link = told.page.indexOf(`${told.path}#comments`)
  const public_ = Number(/>([\d,]+)/.exec(told.page.slice(link))?.[1]?.replaceAll(',', ''))
  same('Comments under the post and on the public page', told.own.length - found.hidden, public_)
  const log = await verifyLog(db, logKey.verifier)
  if (!log.genuine) throw new Error(log.problem)
  same('Waiting for the log', 0, log.waiting)
}
