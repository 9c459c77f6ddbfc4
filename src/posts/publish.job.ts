import { append, keepAnswer } from '../archive/archive.ts'
import { departmentProfile } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { allPages, openAccount, type Page, pageById, saysWho } from '../pages/pages.ts'
import { type CallKind, endCall, noteAttempt, queueLostCalls, takeTurn } from '../platforms/call.ts'
import type { Outcome, OutgoingPost, Published, Raw, Wire } from '../platforms/contract.ts'
import type { Decision } from '../policy/policy.ts'
import { isDiskFull, needRoom } from '../storage/blobs.ts'
import { codeOf } from '../storage/cannot-start.ts'
import { kept, type Tx } from '../storage/database.ts'
import type { PageId } from '../storage/ids.ts'
import { runSchedule } from './publication.ts'
import { type Post, postById, versionOf, whatOf } from './store.ts'
import { authorLine, textFor } from './wording.ts'

/*
 * Publishing, editing and deleting, exactly once. The intent (a row with a client id) was committed before any
 * of this runs. Each job may be started any number of times, by any number of workers, and may die at any line:
 * the comments say what the next start finds. Nothing here decides by memory, only by rows.
 */

/** What is done about a post on a page, and the record that says how it ended. */
interface PostCall extends CallKind {
  record: 'post.publication' | 'post.edit' | 'post.deletion'
}
const publications: PostCall = {
  table: 'publication',
  queue: 'post.publish',
  name: 'publication',
  record: 'post.publication',
}
const edits: PostCall = { table: 'post_edit', queue: 'post.edit', name: 'edit', record: 'post.edit' }
const deletions: PostCall = {
  table: 'publication_deletion',
  queue: 'post.delete',
  name: 'deletion',
  record: 'post.deletion',
}

/** One row of them: its id, and what it is about. */
interface Subject {
  id: string
  post: string
  page: Page
}

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
      end(tx, installation, publications, { id, post: row.post, page }, outcome)

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

/** Brings a later version to a page where an earlier one is. Editing twice leaves the same post, so it is repeated. */
export async function edit(installation: Installation, id: string): Promise<void> {
  const { db } = installation
  const order = await db.selectFrom('post_edit').select('publication').where('id', '=', id).executeTakeFirst()
  if (!order) return
  // The lock is the publication's: an edit never overtakes its publishing, or another edit of it.
  await alone(installation, order.publication, async (tx) => {
    const row = await tx.selectFrom('post_edit').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    if (row.done_at || row.refused_at) return
    const publication = await tx
      .selectFrom('publication')
      .selectAll()
      .where('id', '=', row.publication)
      .executeTakeFirstOrThrow()
    const pages = await allPages(tx)
    const page = pages.find((one) => one.id === publication.page)
    const post = await postById(tx, publication.post)
    const version = await versionOf(tx, publication.post, row.version)
    if (!page || !post || !version) throw new Error(`Edit ${id} has lost its post or page.`)
    const ends = (outcome: NotDone) => end(tx, installation, edits, { id, post: post.id, page }, outcome)

    const refusal =
      publication.refused_at || publication.gone_at || post.state === 'deleted'
        ? 'The post is not on this page any more.'
        : publication.version >= row.version
          ? 'A later version is on the page already.'
          : refusalBy(decideNow(installation, post, pages), page)
    if (refusal) return ends({ outcome: 'refused', because: refusal })
    // Its publishing has not ended: wait for it.
    if (!publication.done_at) return ends(notYet)

    const account = await openAccount(installation, page)
    if (account.outcome !== 'done') return ends(account)
    // The platform's present version is what is edited: after a crash that may be the edited one already.
    const found = await account.value.find(publication.client_id)
    if (found.outcome !== 'done') return ends(found)
    if (!found.value)
      return ends({
        outcome: 'refused',
        because: 'The platform no longer has this post, so it can’t be changed there.',
      })

    const outgoing = await outgoingPost(tx, installation, { row: publication, post, version, page })
    await needRoom(installation.blobs, roomFor(outgoing))
    await noteAttempt(installation, edits, id)
    // Dying from here on: the next start edits to the same words again.
    const outcome = await account.value.edit(found.value, outgoing)
    if (outcome.outcome !== 'done') return ends(outcome)

    const answer = await keepAnswer(installation.blobs, outcome.value.raw, outcome.wire)
    await endCall(tx, installation, edits, id, outcome)
    await tx
      .updateTable('publication')
      .set({
        version: row.version,
        remote_id: outcome.value.remoteId,
        remote_version: outcome.value.version ?? null,
        url: outcome.value.url,
      })
      .where('id', '=', publication.id)
      .execute()
    await append(tx, {
      at: installation.now(),
      kind: 'post.edit',
      subject: { kind: 'post', id: post.id },
      page: page.id,
      by: { kind: 'system' },
      content: {
        publication: publication.id,
        from: publication.version,
        version: row.version,
        orderedBy: row.ordered_by,
        remoteId: outcome.value.remoteId,
        url: outcome.value.url,
        text: version.text,
        link: version.link,
      },
      words: [version.text, ...version.images.map((image) => image.alt)].join('\n'),
      blobs: [...answer, ...imageBlobs(version.images)],
    })
  })
}

/** Takes a deleted post off one page. Deleting what is gone changes nothing, so it is repeated. */
export async function takeOff(installation: Installation, id: string): Promise<void> {
  const { db } = installation
  const order = await db
    .selectFrom('publication_deletion')
    .select('publication')
    .where('id', '=', id)
    .executeTakeFirst()
  if (!order) return
  await alone(installation, order.publication, async (tx) => {
    const row = await tx
      .selectFrom('publication_deletion')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (row.done_at || row.refused_at) return
    const publication = await tx
      .selectFrom('publication')
      .selectAll()
      .where('id', '=', row.publication)
      .executeTakeFirstOrThrow()
    const page = await pageById(tx, publication.page)
    if (!page) throw new Error(`Deletion ${id} has lost its page.`)
    const subject = { id, post: publication.post, page }
    const ends = (outcome: NotDone) => end(tx, installation, deletions, subject, outcome)
    const gone = (word: string, answer?: Raw, wire?: Wire) =>
      finishDeletion(tx, installation, id, { ...publication, word, answer, wire })
    // It never reached the page: publish() saw to that, and said so.
    if (publication.refused_at) return gone('It never reached the page.')
    // Its publishing has not ended: it may be there in a moment.
    if (!publication.done_at) return ends(notYet)

    const account = await openAccount(installation, page)
    if (account.outcome !== 'done') return ends(await waiting(tx, page, account))
    const found = await account.value.find(publication.client_id)
    if (found.outcome !== 'done') return ends(await waiting(tx, page, found))
    // Gone already: we deleted it and died before we wrote it down, or somebody did it on the platform.
    if (!found.value) return gone('The platform has it no longer.', undefined, found.wire)

    await noteAttempt(installation, deletions, id)
    // Dying from here on: the next start finds it gone.
    const outcome = await account.value.delete(found.value)
    if (outcome.outcome !== 'done') return ends(outcome)
    return gone('Deleted.', outcome.value, outcome.wire)
  })
}

/** Writes down that a publication is gone: `word` says how, with what the platform said of it, if it was asked. */
async function finishDeletion(
  tx: Tx,
  installation: Installation,
  id: string,
  gone: {
    id: string
    post: string
    page: PageId
    remote_id: string | null
    url: string | null
    word: string
    answer: Raw | undefined
    wire: Wire | undefined
  },
): Promise<undefined> {
  const blobs = await keepAnswer(installation.blobs, gone.answer?.raw, gone.wire)
  const at = installation.now()
  await endCall(tx, installation, deletions, id, { outcome: 'done', value: null })
  await tx.updateTable('publication').set({ gone_at: at }).where('id', '=', gone.id).execute()
  await append(tx, {
    at,
    kind: 'post.deletion',
    subject: { kind: 'post', id: gone.post },
    page: gone.page,
    by: { kind: 'system' },
    content: { publication: gone.id, remoteId: gone.remote_id, url: gone.url, outcome: gone.word },
    words: gone.word,
    blobs,
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

/**
 * What may have had its effect is never given up as refused: a new order would do it a second time, and what has to go
 * would stay. It waits until the platform can be asked.
 */
async function waiting(tx: Tx, page: Page, outcome: NotDone): Promise<NotDone> {
  const { because } = await saysWho(tx, page, outcome)
  return outcome.outcome === 'refused' ? { outcome: 'later', because, uncertain: true } : outcome
}
type NotDone = Exclude<Outcome<unknown>, { outcome: 'done' }>

const notYet = {
  outcome: 'later',
  because: 'The post is still on its way to this page.',
  retryAfterSeconds: 20,
  uncertain: false,
} as const

/** Raised after the reason was committed: the queue tries again with growing pauses. */
class NotYet extends Error {
  override name = 'NotYet'
}

/** Runs `work` in a transaction, one at a time for a publication. A second worker leaves at once: the first one is at it. */
async function alone(
  installation: Installation,
  publication: string,
  work: (tx: Tx) => Promise<string | null | undefined>,
) {
  let later: string | null | undefined
  try {
    later = await installation.db
      .transaction()
      .execute(async (tx) => ((await takeTurn(tx, publication)) ? work(tx) : undefined))
  } catch (error) {
    if (isDiskFull(error) || codeOf(error) === databaseFull) await noteFullDisk(installation, publication)
    throw error
  }
  // The reason is committed by now; a throw inside would have undone it.
  if (later) throw new NotYet(later)
}

/** PostgreSQL's disk_full. */
const databaseFull = '53100'

/** A full disk is a clear word on the post's screen. When the database has no room for it either, the log has it. */
async function noteFullDisk({ db, log }: Installation, publication: string) {
  const trouble =
    'The disk is full, so publishing stopped. Nothing is lost: make room, and it goes on by itself.'
  await db
    .updateTable('publication')
    .set({ trouble })
    .where('id', '=', publication)
    .execute()
    .catch((error) => log.error({ err: error, publication }, trouble))
}

/** Writes down how a call ended that brought nothing about; a sentence when it must be tried again. */
async function end(
  tx: Tx,
  installation: Installation,
  kind: PostCall,
  { id, post, page }: Subject,
  ended: NotDone,
): Promise<string | null> {
  const outcome = await saysWho(tx, page, ended)
  const later = await endCall(tx, installation, kind, id, outcome)
  if (outcome.outcome === 'later') return later
  await append(tx, {
    at: installation.now(),
    kind: kind.record,
    subject: { kind: 'post', id: post },
    page: page.id,
    by: { kind: 'system' },
    content: { [kind.table]: id, refused: outcome.because },
    words: outcome.because,
    blobs: await keepAnswer(installation.blobs, outcome.raw, outcome.wire),
  })
  return null
}

/**
 * What the policy says now. The system acts here for the person who ordered it. The ordered version keeps its own
 * approval while a newer one is being written, and the one page concerned is looked at by `refusalBy`.
 */
function decideNow(installation: Installation, post: Post, pages: readonly Page[]): Decision {
  const what = { ...whatOf(installation, post, pages), approved: true, pagesApproved: true }
  return installation.policy.decide({ kind: 'system' }, 'post.publish', what)
}

/** Why it is forbidden now, or null. */
function refusalBy(decision: Decision, page: Page): string | null {
  if (page.state !== 'approved')
    return `“${page.title}” is not approved at the moment. Ask the chief executive or a designee to approve it, then publish again.`
  return decision.allowed ? null : `${decision.because} ${decision.wayForward}`
}

async function outgoingPost(
  tx: Tx,
  installation: Installation,
  {
    row,
    post,
    version,
    page,
  }: {
    row: { client_id: string; intent_at: Date }
    post: Post
    version: NonNullable<Awaited<ReturnType<typeof versionOf>>>
    page: Page
  },
): Promise<OutgoingPost> {
  const department = (await departmentProfile(tx))?.name ?? ''
  const line = authorLine(page.authorLine, { name: post.authorName, title: post.authorTitle }, department)
  const images: OutgoingPost['images'][number][] = []
  for (const image of version.images)
    images.push({
      content: await installation.blobs.bytes(image.blob),
      mediaType: image.media_type,
      alt: image.alt,
      width: image.width,
      height: image.height,
    })
  return {
    clientId: row.client_id,
    text: textFor(version.text, line),
    ...(version.link ? { link: version.link } : {}),
    images,
    createdAt: row.intent_at,
  }
}

/** Bytes that publishing may write: the images go over the wire once more, the answers are small. */
const roomFor = ({ images }: OutgoingPost) =>
  images.reduce((bytes, { content }) => bytes + content.byteLength, 1_000_000)

const imageBlobs = (images: readonly { blob: string; bytes: number; media_type: string }[]) =>
  images.map((image) => ({
    sha256: image.blob,
    bytes: image.bytes,
    mediaType: image.media_type,
    role: 'image',
  }))
