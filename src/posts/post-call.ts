import { append, keepAnswer } from '../archive/archive.ts'
import { departmentProfile } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { type Page, saysWho } from '../pages/pages.ts'
import { type CallKind, endCall, takeTurn } from '../platforms/call.ts'
import type { Outcome, OutgoingPost } from '../platforms/contract.ts'
import type { Decision } from '../policy/policy.ts'
import { isDiskFull } from '../storage/blobs.ts'
import { codeOf } from '../storage/cannot-start.ts'
import type { Tx } from '../storage/database.ts'
import { type Post, type versionOf, whatOf } from './store.ts'
import { authorLine, textFor } from './wording.ts'

/* What publishing, editing and deleting have in common; publish.job.ts says how they survive a crash at any line. */

/** What is done about a post on a page, and the record that says how it ended. */
export interface PostCall extends CallKind {
  record: 'post.publication' | 'post.edit' | 'post.deletion'
}
export const publications: PostCall = {
  table: 'publication',
  queue: 'post.publish',
  name: 'publication',
  record: 'post.publication',
}
export const edits: PostCall = { table: 'post_edit', queue: 'post.edit', name: 'edit', record: 'post.edit' }
export const deletions: PostCall = {
  table: 'publication_deletion',
  queue: 'post.delete',
  name: 'deletion',
  record: 'post.deletion',
}

/** One row of them: its id, and what it is about. */
export interface Subject {
  id: string
  post: string
  page: Page
}

/** Raised after the reason was committed: the queue tries again with growing pauses. */
class NotYet extends Error {
  override name = 'NotYet'
}

/** Runs `work` in a transaction, one at a time for a publication. A second worker leaves at once: the first one is at it. */
export async function alone(
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
export async function noteEnd(
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
 * What may have had its effect is never given up as refused: a new order would do it a second time, and what has to go
 * would stay. It waits until the platform can be asked.
 */
export async function waiting(tx: Tx, page: Page, outcome: NotDone): Promise<NotDone> {
  const { because } = await saysWho(tx, page, outcome)
  return outcome.outcome === 'refused' ? { outcome: 'later', because, uncertain: true } : outcome
}
export type NotDone = Exclude<Outcome<unknown>, { outcome: 'done' }>

export const notYet = {
  outcome: 'later',
  because: 'The post is still on its way to this page.',
  retryAfterSeconds: 20,
  uncertain: false,
} as const

/**
 * What the policy says now. The system acts here for the person who ordered it. The ordered version keeps its own
 * approval while a newer one is being written, and the one page concerned is looked at by `refusalBy`.
 */
export function decideNow(installation: Installation, post: Post, pages: readonly Page[]): Decision {
  const what = { ...whatOf(installation, post, pages), approved: true, pagesApproved: true }
  return installation.policy.decide({ kind: 'system' }, 'post.publish', what)
}

/** Why it is forbidden now, or null. */
export function refusalBy(decision: Decision, page: Page): string | null {
  if (page.state !== 'approved')
    return `“${page.title}” is not approved at the moment. Ask the chief executive or a designee to approve it, then publish again.`
  return decision.allowed ? null : `${decision.because} ${decision.wayForward}`
}

export async function outgoingPost(
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
export const roomFor = ({ images }: OutgoingPost) =>
  images.reduce((bytes, { content }) => bytes + content.byteLength, 1_000_000)

export const imageBlobs = (images: readonly { blob: string; bytes: number; media_type: string }[]) =>
  images.map((image) => ({
    sha256: image.blob,
    bytes: image.bytes,
    mediaType: image.media_type,
    role: 'image',
  }))
