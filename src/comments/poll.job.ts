import { append, keepAnswer, type RecordBlob } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import { allPages, noteGap, openAccount, type Page } from '../pages/pages.ts'
import type { CommentChange, Published, RemoteAuthor } from '../platforms/contract.ts'
import { livePublications } from '../posts/posts.ts'
import type { Tx } from '../storage/database.ts'
import { type CommentId, newId } from '../storage/ids.ts'
import { storable } from '../storage/storable.ts'
import { endBlocksDue } from './block.ts'
import { carryCall, sweepCalls } from './call.job.ts'
import { carryOut, sweep } from './effect.job.ts'
import { endHoldsDue, releaseHeld } from './hold.ts'
import { endIncidentsDue } from './incident.ts'
import { noticeMissing } from './notice.ts'
import { owe, payOwed } from './owed.job.ts'
import { type KeptPictures, keepPictures, wordsOf } from './picture.ts'
import {
  commentsBetween,
  keepPoll,
  lastReadOf,
  leaseFor,
  notePoll,
  type Reading,
  takePoll,
} from './poll-store.ts'
import { drawLastMonth } from './second-look.ts'
import { type Comment, insertComment, insertDeletion, insertEdit, lockComment } from './store.ts'
import { suggest, suggestAgain } from './suggest.ts'

/** Sets the work that comments have done outside a request. */
export async function registerCommentJobs(installation: Installation): Promise<void> {
  const { jobs } = installation
  await jobs.on<{ effect: string }>('comment.effect', (job) => carryOut(installation, job.effect))
  await jobs.on<{ call: string }>('comment.call', (job) => carryCall(installation, job.call))
  await jobs.every('comment.poll', 60, () => pollComments(installation))
  await jobs.every('comment.owed', 60, () => payOwed(installation))
  await jobs.every('comment.sweep', 60, () => sweep(installation))
  await jobs.every('comment.suggestions', 60, async () => {
    await suggestAgain(installation)
  })
  await jobs.every('comment.notices', 60, async () => {
    await noticeMissing(installation)
    await sweepCalls(installation)
  })
  await jobs.every('comment.block-ends', 60, () => endBlocksDue(installation))
  const endWhatIsDue = async () => {
    await endIncidentsDue(installation)
    await endHoldsDue(installation)
    await releaseHeld(installation)
  }
  await jobs.every('comment.incident-ends', 60, endWhatIsDue)
  // At the moment when a hold ends, and not up to a minute later.
  await jobs.on('comment.release', endWhatIsDue)
  await jobs.every('comment.second-looks', 600, () => drawLastMonth(installation))
}

/** Reads what is new under our posts, on every page whose platform has to be asked for it. */
export async function pollComments(installation: Installation): Promise<void> {
  const { db, platforms } = installation
  const pages = await allPages(db)
  const offered = new Set(platforms.all().map((platform) => platform.kind))
  // A page that waits for a new approval is read too: what visitors write there is a public record all the same.
  const polled = pages.filter(
    (page) => offered.has(page.platform) && platforms.get(page.platform).capabilities.comments === 'polled',
  )
  // One page's trouble is not the others'.
  await Promise.all(polled.map((page) => pollPage(installation, page)))
}

async function pollPage(installation: Installation, page: Page): Promise<void> {
  const { db, log, now } = installation
  const reading = await takePoll(db, page.id, now())
  if (!reading) return
  // A storm, or a slow platform, takes longer than a lease; a process that died lets the page go.
  const keeping = setInterval(() => void keepPoll(db, reading, now()).catch(() => {}), leaseFor / 5)
  try {
    await note(installation, page, reading, await readPage(installation, page, reading))
  } catch (error) {
    // What was captured is committed, change by change; the next poll goes on from there.
    log.error({ err: error, page: page.id }, 'comments were not read to the end')
    await note(installation, page, reading, halfWay)
  } finally {
    clearInterval(keeping)
  }
}

interface Trouble {
  because: string
  retryAfterSeconds?: number | undefined
}
const halfWay: Trouble = { because: 'Reading the comments failed half-way. It is tried again in a minute.' }

/** After so many changes in a row that can't be brought in, the fault is ours and not in what somebody wrote. */
const mostInARow = 20

/** Reads what is new on a page and brings it in; answers with what hindered it, or null. */
async function readPage(installation: Installation, page: Page, reading: Reading): Promise<Trouble | null> {
  const { db, log } = installation
  const publications = await livePublications(db, page.id)
  // Nothing is there to be commented on, so nothing is missed.
  if (publications.length === 0) return null
  const account = await openAccount(installation, page)
  if (account.outcome !== 'done') return account

  const known = await db
    .selectFrom('comment')
    .select(['remote_id as remoteId', 'remote_version as version'])
    .where(
      'publication',
      'in',
      publications.map(({ id }) => id),
    )
    .where('deleted_at', 'is', null)
    .execute()
  const polled = await account.value.pollComments(publications.flatMap(asPublished), known)
  // What came before the trouble is captured all the same: the next poll may get no further.
  const changes = polled.outcome === 'done' ? polled.value : (polled.soFar ?? [])
  const under = new Map(publications.map((one) => [one.remote_id, one]))
  let [failed, inARow] = [0, 0]
  // An answer never comes before what it answers, so that its thread is known.
  for (const change of [...changes].sort(byTime))
    try {
      if (!(await capture(installation, page, reading, under, change))) return null
      inARow = 0
    } catch (error) {
      // One comment that can't be brought in is not the others'.
      failed += 1
      log.error({ err: error, page: page.id, comment: change.remoteId }, 'a comment was not captured')
      if (++inARow === mostInARow) throw error
    }
  if (polled.outcome !== 'done') return polled
  return failed > 0 ? halfWay : null
}

type Publications = Map<string | null, { id: string; post: string }>

/**
 * Brings one change into our own tables, once: the same answer again finds nothing to do. False when another process has
 * taken the page over, which may have read newer words: those of this reading would stand as an edit back.
 */
async function capture(
  installation: Installation,
  page: Page,
  reading: Reading,
  under: Publications,
  change: CommentChange,
): Promise<boolean> {
  const { db, blobs } = installation
  const before = await db
    .selectFrom('comment')
    .select(['id', 'remote_version', 'deleted_at'])
    .where('page', '=', page.id)
    .where('remote_id', '=', change.remoteId)
    .executeTakeFirst()
  if (isKnown(before, change)) return true
  // Before the transaction: a file without a record does no harm, a record without its file would.
  const raw = await keepAnswer(blobs, change.raw, change.wire)
  const shown = await keepPictures(blobs, change)
  return db.transaction().execute(async (tx) => {
    if (!(await keepPoll(tx, reading, installation.now()))) return false
    const wireLater = change.wireLater === true
    const facts = {
      page,
      platform: installation.platforms.get(page.platform).title,
      raw,
      ...shown,
      wireLater,
    }
    if (!before && change.change !== 'deleted') {
      if (await captureNew(tx, installation, under, change, facts)) return true
    }
    const comment = await lockRemote(tx, page, change.remoteId)
    // Looked at again under the lock: another worker may have been faster.
    if (!comment || isKnown(comment, change)) return true
    if (change.change === 'deleted') await captureDeletion(tx, installation, comment, change.because, facts)
    else await captureEdit(tx, installation, comment, change, facts)
    return true
  })
}

type Facts = {
  page: Page
  platform: string
  raw: RecordBlob[]
  wireLater: boolean
} & KeptPictures
type Written = Extract<CommentChange, { text: string }>

function isKnown(
  comment: Pick<Comment, 'remote_version' | 'deleted_at'> | undefined,
  change: CommentChange,
): boolean {
  if (change.change === 'deleted') return !comment || comment.deleted_at !== null
  return comment !== undefined && comment.deleted_at === null && comment.remote_version === change.version
}

/** False when the comment is here already. */
async function captureNew(
  tx: Tx,
  installation: Installation,
  under: Publications,
  change: Written,
  facts: Facts,
): Promise<boolean> {
  const { page, platform, raw, pictures, files } = facts
  const publication = under.get(change.on)
  if (!publication) {
    installation.log.warn({ page: page.id, on: change.on }, 'a comment under none of our posts was left out')
    return true
  }
  const parent = change.inReplyTo
    ? await tx
        .selectFrom('comment')
        .select(['id', 'thread'])
        .where('page', '=', page.id)
        .where('remote_id', '=', change.inReplyTo)
        .executeTakeFirst()
    : undefined
  const id = newId<'comment'>()
  const name = nameOf(change.author)
  const added = await insertComment(tx, {
    id,
    page: page.id,
    publication: publication.id,
    remote_id: change.remoteId,
    remote_version: change.version,
    url: change.url ?? null,
    in_reply_to: parent?.id ?? null,
    thread: parent?.thread ?? id,
    author_remote_id: change.author.remoteId,
    author_name: name,
    author_handle: storable(change.author.handle),
    text: storable(change.text),
    language: change.language ? storable(change.language) : null,
    state: 'shown',
    posted_at: change.postedAt,
    captured_at: installation.now(),
    pictures,
    // The department's own words are not moderated: nothing is left to decide.
    ...(change.byUs ? { official: true, decided_at: installation.now() } : {}),
  })
  if (!added) return false
  await append(tx, {
    kind: change.byUs ? 'comment.answer' : 'comment.capture',
    subject: { kind: 'comment', id },
    page: page.id,
    by: { kind: 'platform', name: platform },
    ...(change.byUs ? {} : { decision: taken(installation, platform, id) }),
    content: {
      post: publication.post,
      publication: publication.id,
      remoteId: change.remoteId,
      remoteVersion: change.version,
      url: change.url ?? null,
      author: change.author,
      text: change.text,
      inReplyTo: parent?.id ?? null,
      ...(change.byUs ? givenThere : {}),
      postedAt: change.postedAt.toISOString(),
      version: 1,
      ...shownIn(facts),
    },
    words: wordsOf(name, change.text, pictures),
    blobs: [...raw, ...files],
    at: installation.now(),
  })
  await oweWhatLacks(tx, { comment: id, page: page.id, version: 1, at: installation.now() }, facts)
  if (!change.byUs) await suggest(tx, installation, id)
  return true
}

const taken = ({ policy }: Installation, platform: string, id: CommentId) =>
  policy.decide({ kind: 'platform', name: platform }, 'comment.submit', { type: 'Comment', id })

/** What the record says of an answer that was given in the platform's own app. */
const givenThere = { approved: 'by nobody here: it was given with the account on the platform' }

/** A record's word on its pictures: what they are, and which could not be had. */
const shownIn = ({ pictures, lacking }: KeptPictures) => ({
  ...(pictures.length > 0 ? { pictures } : {}),
  ...(lacking.length > 0
    ? { picturesMissing: lacking.map(({ picture, because }) => ({ picture: picture + 1, because })) }
    : {}),
})

const oweWhatLacks = (tx: Tx, of: Parameters<typeof owe>[1], { lacking, wireLater }: Facts) =>
  owe(tx, of, [
    ...lacking,
    ...(wireLater ? [{ picture: null, ask_for: null, because: 'Many comments came at once.' }] : []),
  ])

async function captureEdit(
  tx: Tx,
  installation: Installation,
  comment: Comment,
  change: Written,
  facts: Facts,
) {
  const { page, platform, raw, pictures, files } = facts
  const at = installation.now()
  const text = storable(change.text)
  const version = await insertEdit(tx, comment, { text, remoteVersion: change.version, at, pictures })
  await append(tx, {
    kind: comment.official ? 'comment.answer-edit' : 'comment.edit',
    subject: { kind: 'comment', id: comment.id },
    page: page.id,
    by: { kind: 'platform', name: platform },
    content: {
      remoteId: comment.remote_id,
      remoteVersion: change.version,
      author: change.author,
      before: comment.text,
      text: change.text,
      version,
      ...(comment.official ? givenThere : {}),
      ...shownIn(facts),
      ...(comment.deleted_at ? { cameBack: true } : {}),
    },
    words: wordsOf(comment.author_name, change.text, pictures),
    blobs: [...raw, ...files],
    at,
  })
  await oweWhatLacks(tx, { comment: comment.id, page: page.id, version, at }, facts)
  if (!comment.official) await suggest(tx, installation, comment.id)
}

async function captureDeletion(
  tx: Tx,
  installation: Installation,
  comment: Comment,
  because: string | undefined,
  { page, platform, raw }: Facts,
) {
  const at = installation.now()
  await insertDeletion(tx, comment, at, because)
  await append(tx, {
    kind: comment.official ? 'comment.answer-withdrawal' : 'comment.deletion',
    subject: { kind: 'comment', id: comment.id },
    page: page.id,
    by: { kind: 'platform', name: platform },
    content: {
      remoteId: comment.remote_id,
      text: comment.text,
      version: comment.version,
      ...(because ? { because } : {}),
    },
    words: `${comment.author_name}\n${comment.text}`,
    blobs: raw,
    at,
  })
}

async function lockRemote(tx: Tx, page: Page, remoteId: string): Promise<Comment | undefined> {
  const row = await tx
    .selectFrom('comment')
    .select('id')
    .where('page', '=', page.id)
    .where('remote_id', '=', remoteId)
    .executeTakeFirst()
  return row && lockComment(tx, row.id as CommentId)
}

/** Keeps when a page was read, or why it was not; whoever took the page over says so itself. */
async function note(installation: Installation, page: Page, reading: Reading, trouble: Trouble | null) {
  const at = installation.now()
  await installation.db.transaction().execute(async (tx) => {
    if (!(await keepPoll(tx, reading, at))) return
    const lastRead = await lastReadOf(tx, page.id)
    await notePoll(tx, page.id, {
      trouble: trouble?.because ?? null,
      retry_at: trouble?.retryAfterSeconds ? new Date(at.getTime() + trouble.retryAfterSeconds * 1000) : null,
      read_at: trouble ? lastRead : at,
    })
    await noteGap(tx, page, {
      lastRead,
      at,
      trouble: trouble?.because ?? null,
      readBack: (from, until) => commentsBetween(tx, page.id, from, until),
    })
  })
}

const nothing = { mediaType: 'application/json', content: new Uint8Array() }

/** A publication as the platform knows it; its answer of then lies in the archive and is not needed. */
const asPublished = (row: {
  client_id: string
  remote_id: string | null
  remote_version: string | null
  url: string | null
}): Published[] =>
  row.remote_id
    ? [
        {
          clientId: row.client_id,
          remoteId: row.remote_id,
          ...(row.remote_version ? { version: row.remote_version } : {}),
          url: row.url ?? '',
          raw: nothing,
        },
      ]
    : []

const byTime = (one: CommentChange, other: CommentChange) => timeOf(one) - timeOf(other)
const timeOf = (change: CommentChange) =>
  change.change === 'deleted' ? Number.MAX_SAFE_INTEGER : change.postedAt.getTime()

const nameOf = (author: RemoteAuthor) =>
  storable(author.displayName?.trim() || author.handle || author.remoteId)
