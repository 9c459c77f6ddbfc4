import { append } from '../archive/archive.ts'
import { type Answer, type Person, problem, timeZoneHere } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { allPages, type Page } from '../pages/pages.ts'
import type { Platform } from '../platforms/contract.ts'
import { kept, type Tx } from '../storage/database.ts'
import { newId, type PersonId, type PostId } from '../storage/ids.ts'
import { decideOn } from './deciding.ts'
import { momentToPublish } from './moment.ts'
import { lockPost, type Post, versionOf, whatOf } from './store.ts'

/** Orders the approved version onto its pages now: new where the post is not yet, as an edit where it is. */
export function publishNow(
  installation: Installation,
  person: Person,
  id: PostId,
  version: number,
): Promise<Answer<PostId>> {
  return decideOn(installation, person, id, {
    action: 'post.publish',
    hindrance: (_, post) => hindranceTo(post, version),
    async change(tx, post, at, pages) {
      await cancelTime(tx, post, at)
      await orderPublications(tx, installation, post, pages, person.id)
      return { kind: 'post.order', content: { version, pages: post.pages }, words: post.text }
    },
  })
}

/** Sets the time at which the approved version is published; `local` is what the department's clock will show. */
export async function schedulePost(
  installation: Installation,
  person: Person,
  id: PostId,
  version: number,
  local: string,
): Promise<Answer<PostId>> {
  const { db, jobs } = installation
  const zone = await timeZoneHere(db)
  const moment = momentToPublish(local, zone, installation.now())
  if ('problem' in moment) return { problems: { at: moment.problem } }

  return decideOn(installation, person, id, {
    action: 'post.schedule',
    hindrance: (_, post) => hindranceTo(post, version),
    async change(tx, post, at) {
      await cancelTime(tx, post, at)
      const schedule = newId()
      await tx
        .insertInto('schedule')
        .values({ id: schedule, post: id, version, at: moment.at, author: person.id, set_at: at })
        .execute()
      await jobs.enqueue(tx, 'post.schedule', { schedule }, { startAfter: moment.at, key: schedule })
      return {
        kind: 'post.schedule',
        content: { version, at: moment.at.toISOString(), local, zone },
        words: post.text,
      }
    },
  })
}

/** Takes the time away; the post stays approved. */
export function cancelSchedule(
  installation: Installation,
  person: Person,
  id: PostId,
): Promise<Answer<PostId>> {
  return decideOn(installation, person, id, {
    action: 'post.schedule',
    hindrance: () => null,
    async change(tx, post, at) {
      if ((await cancelTime(tx, post, at)) === 0)
        return problem('This post has no time that could be taken away: it may have been published just now.')
      return {
        kind: 'post.schedule',
        content: { version: post.version, cancelled: true },
        words: post.text,
      }
    },
  })
}

/** The time has come: orders the publications, unless something changed that forbids it. */
export async function runSchedule(installation: Installation, scheduleId: string): Promise<void> {
  const { db, policy } = installation
  const due = await db.selectFrom('schedule').selectAll().where('id', '=', scheduleId).executeTakeFirst()
  if (!due) return
  await db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, due.post)
    // Read again under the lock: cancelled, done or edited away since.
    const schedule = await tx
      .selectFrom('schedule')
      .selectAll()
      .where('id', '=', scheduleId)
      .where('cancelled_at', 'is', null)
      .where('done_at', 'is', null)
      .where('refused_because', 'is', null)
      .executeTakeFirst()
    if (!post || !schedule || post.version !== schedule.version || post.state === 'deleted') return
    if (schedule.at > installation.now()) return

    const pages = await allPages(tx)
    const decision = policy.decide({ kind: 'system' }, 'post.publish', whatOf(installation, post, pages))
    if (decision.allowed) await orderPublications(tx, installation, post, pages, schedule.author)
    await tx
      .updateTable('schedule')
      .set(decision.allowed ? { done_at: installation.now() } : { refused_because: decision.because })
      .where('id', '=', scheduleId)
      .execute()
    await append(tx, {
      at: installation.now(),
      kind: 'post.order',
      subject: { kind: 'post', id: post.id },
      by: { kind: 'system' },
      decision,
      content: { version: post.version, pages: post.pages, schedule: scheduleId },
      words: post.text,
    })
  })
}

/** Decides that a post must go, and orders it off every page that shows it. */
export function deletePost(
  installation: Installation,
  person: Person,
  id: PostId,
  reason: string,
): Promise<Answer<PostId>> {
  if (!reason.trim())
    return Promise.resolve({ problems: { reason: 'Say why the post must go; it stays on record.' } })
  return decideOn(installation, person, id, {
    action: 'post.delete',
    hindrance: (_, post) => (post.state === 'deleted' ? 'This post was deleted a moment ago.' : null),
    async change(tx, post, at) {
      await cancelTime(tx, post, at)
      await tx
        .insertInto('post_deletion')
        .values({ post: id, ordered_by: person.id, reason, ordered_at: at })
        .execute()
      // Also those not yet known to be there: the job looks whether the platform has them after all.
      for (const { id: publication } of post.publications.filter((one) => !one.refused_at && !one.gone_at)) {
        const deletion = newId()
        await tx
          .insertInto('publication_deletion')
          .values({ id: deletion, publication, intent_at: at })
          .execute()
        await installation.jobs.enqueue(tx, 'post.delete', { deletion }, { key: deletion })
      }
      return {
        kind: 'post.deletion',
        content: { version: post.version, reason },
        words: `${reason}\n${post.text}`,
      }
    },
  })
}

/**
 * Writes an intent for each page and puts the work into the queue, in the caller's transaction. From here on
 * a crash loses nothing: each intent has its client id, and the sweeper finds those whose job is gone.
 */
async function orderPublications(
  tx: Tx,
  installation: Installation,
  post: Post,
  pages: readonly Page[],
  orderedBy: PersonId,
) {
  const version = await versionOf(tx, post.id, post.version)
  if (!version) throw new Error(`Post ${post.id} is approved in a version that was never submitted.`)
  const at = installation.now()
  for (const pageId of version.pages) {
    const there = post.publications.find((one) => one.page === pageId && !one.refused_at && !one.gone_at)
    if (!there) {
      const platform = installation.platforms.get(pages.find((page) => page.id === pageId)?.platform ?? '')
      const id = newId()
      await tx
        .insertInto('publication')
        .values({
          id,
          post: post.id,
          page: pageId,
          version: post.version,
          client_id: clientIdFor(platform),
          ordered_by: orderedBy,
          intent_at: at,
        })
        .modifyEnd(kept)
        .execute()
      await installation.jobs.enqueue(tx, 'post.publish', { publication: id }, { key: id })
    } else if (there.version < post.version) {
      const id = newId()
      await tx
        .insertInto('post_edit')
        .values({ id, publication: there.id, version: post.version, ordered_by: orderedBy, intent_at: at })
        .execute()
      await installation.jobs.enqueue(tx, 'post.edit', { edit: id }, { key: id })
    }
  }
}

/** Some platforms take only ids of their own form; the rest get one of ours. */
const clientIdFor = (platform: Platform) => platform.newClientId?.() ?? newId()

/** Why this version can't be published or scheduled, in words; null when it can. */
function hindranceTo(post: Post, version: number): string | null {
  if (post.version !== version)
    return 'This post was changed since you opened it, so it needs a new approval. Read it again first.'
  if (post.state === 'publishing' || post.state === 'published')
    return 'Somebody published this post a moment ago. Nothing is left to do.'
  if (post.state === 'deleted') return 'This post was deleted a moment ago.'
  return null
}

async function cancelTime(tx: Tx, post: Post, at: Date): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('schedule')
    .set({ cancelled_at: at })
    .where('post', '=', post.id)
    .where('cancelled_at', 'is', null)
    .where('done_at', 'is', null)
    .where('refused_because', 'is', null)
    .modifyEnd(kept)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
