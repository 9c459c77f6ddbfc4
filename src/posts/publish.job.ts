import { append, keepAnswer } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import { allPages, openAccount } from '../pages/pages.ts'
import { noteAttempt, queueLostCalls } from '../platforms/call.ts'
import type { Outcome, Published } from '../platforms/contract.ts'
import { needRoom } from '../storage/blobs.ts'
import { kept } from '../storage/database.ts'
import { takeOff } from './deletion.job.ts'
import { edit } from './edit.job.ts'
import {
  alone,
  decideNow,
  deletions,
  edits,
  imageBlobs,
  type NotDone,
  noteEnd,
  outgoingPost,
  publications,
  refusalBy,
  roomFor,
  waiting,
} from './post-call.ts'
import { runSchedule } from './publication.ts'
import { postById, versionOf } from './store.ts'

/*
 * Publishing, editing and deleting, exactly once. The intent (a row with a client id) was committed before any
 * of this runs. Each job may be started any number of times, by any number of workers, and may die at any line:
 * the comments say what the next start finds. Nothing here decides by memory, only by rows.
 */

/** Sets the work that posts have done outside a request, and the sweeper that finds what was dropped. */
export async function registerPostJobs(installation: Installation): Promise<void> {
  const { jobs } = installation
  await jobs.on<{ publication: string }>('post.publish', (job) => publish(installation, job.publication))
  await jobs.on<{ edit: string }>('post.edit', (job) => edit(installation, job.edit))
  await jobs.on<{ deletion: string }>('post.delete', (job) => takeOff(installation, job.deletion))
  await jobs.on<{ schedule: string }>('post.schedule', (job) => runSchedule(installation, job.schedule))
  await jobs.every('post.sweep', 60, () => sweep(installation))
}

/** Brings one post to one page. */
export async function publish(installation: Installation, id: string): Promise<void> {
  await alone(installation, id, async (tx) => {
    const row = await tx.selectFrom('publication').selectAll().where('id', '=', id).executeTakeFirst()
    // A second start after the end: everything below has happened.
    if (!row || row.done_at || row.refused_at) return
    const pages = await allPages(tx)
    const page = pages.find((one) => one.id === row.page)
    if (!page) throw new Error(`Publication ${id} has lost its page.`)
    const ends = (outcome: NotDone) =>
      noteEnd(tx, installation, publications, { id, post: row.post, page }, outcome)

    const account = await openAccount(installation, page)
    // The account can't be opened: nothing was sent now. If something was sent earlier, that is found out first.
    if (account.outcome !== 'done') return ends(row.attempted_at ? await waiting(tx, page, account) : account)

    // An attempt was made earlier and its end is unknown: the platform is asked, never guessed.
    const found = row.attempted_at ? await account.value.find(row.client_id) : null
    // It doesn't answer that question either: ask again later; sending now could post twice.
    if (found && found.outcome !== 'done') return ends(await waiting(tx, page, found))

    const post = await postById(tx, row.post)
    const version = await versionOf(tx, row.post, row.version)
    if (!post || !version) throw new Error(`Publication ${id} has lost its post.`)
    const decision = decideNow(installation, post, pages)

    let outcome: Outcome<Published> | null = found?.value ? { ...found, value: found.value } : null
    if (!outcome) {
      // Not there. What was allowed when it was ordered may be forbidden by now: withdrawn, deleted, page edited.
      const refusal =
        post.state === 'deleted'
          ? 'The post was deleted before it reached this page.'
          : refusalBy(decision, page)
      if (refusal) return ends({ outcome: 'refused', because: refusal })

      const outgoing = await outgoingPost(tx, installation, { row, post, version, page })
      // Room is looked for before the platform is called: on a full disk nothing goes out that couldn't be recorded.
      await needRoom(installation.blobs, roomFor(outgoing))
      // Dying from here to the end means the next start asks first.
      await noteAttempt(installation, publications, id)
      // Dying in this call: the platform may or may not have it; see above.
      outcome = await account.value.publish(outgoing)
    }
    if (outcome.outcome !== 'done') return ends(outcome)

    // Dying here, or a full disk: it is published and we don't know it; the next start finds it by its client id.
    const answer = await keepAnswer(installation.blobs, outcome.value.raw, outcome.wire)
    const { remoteId, url } = outcome.value
    // The end and the platform's name for it in one statement: the database wants both or neither.
    const there = { remote_id: remoteId, remote_version: outcome.value.version ?? null, url }
    await tx
      .updateTable('publication')
      .set({ ...there, done_at: installation.now(), trouble: null })
      .where('id', '=', id)
      .modifyEnd(kept)
      .execute()
    // In the same transaction: there is no publication without its record, and none twice.
    await append(tx, {
      at: installation.now(),
      kind: 'post.publication',
      subject: { kind: 'post', id: row.post },
      page: row.page,
      by: { kind: 'system' },
      decision,
      content: {
        publication: id,
        version: row.version,
        orderedBy: row.ordered_by,
        clientId: row.client_id,
        remoteId,
        url,
        text: version.text,
        link: version.link,
      },
      words: [version.text, ...version.images.map((image) => image.alt)].join('\n'),
      blobs: [...answer, ...imageBlobs(version.images)],
    })
    // Dying before this commit undoes row and record together, and leaves attempted_at: the next start asks.
  })
}

/** Puts back into the queue what has no job any more: a call that is under way, or a schedule whose time has passed. */
export async function sweep(installation: Installation): Promise<void> {
  const { db, jobs, now } = installation
  for (const kind of [publications, edits, deletions]) await queueLostCalls(installation, kind)
  const late = new Date(now().getTime() - 60_000)
  await db.transaction().execute(async (tx) => {
    const due = await tx
      .selectFrom('schedule')
      .select('id')
      .where('at', '<', late)
      .where('cancelled_at', 'is', null)
      .where('done_at', 'is', null)
      .where('refused_because', 'is', null)
      .execute()
    for (const { id } of due) await jobs.enqueue(tx, 'post.schedule', { schedule: id }, { key: id })
  })
}
