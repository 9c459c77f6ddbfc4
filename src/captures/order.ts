import { append } from '../archive/archive.ts'
import { commentAddress, commentById } from '../comments/comments.ts'
import { type Answer, consider, type Person, problem, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { pageById } from '../pages/pages.ts'
import type { Db } from '../storage/database.ts'
import { type CaptureId, type CommentId, newId, type PageId, type PostId } from '../storage/ids.ts'
import { readAddress } from './address.ts'
import * as store from './store.ts'

/** The queue that captures pages. */
export const captureQueue = 'capture.page'
export interface CaptureJob {
  capture: CaptureId
}

/** What somebody wants captured: something official, or whatever is at an address. */
export type Wanted =
  | { kind: 'page'; id: PageId }
  | { kind: 'post'; id: PostId }
  | { kind: 'comment'; id: CommentId }
  | { kind: 'address' }

/** The addresses at which something official can be seen; null when there is no such thing. */
export async function placesOf(
  { db, baseUrl }: Pick<Installation, 'db' | 'baseUrl'>,
  wanted: Wanted,
): Promise<store.Place[] | null> {
  switch (wanted.kind) {
    case 'page': {
      const page = await pageById(db, wanted.id)
      return page && [{ address: page.address, page: page.id, title: page.title }]
    }
    case 'post':
      return store.placesOfPost(db, wanted.id)
    case 'comment':
      return placesOfComment(db, wanted.id, new URL(baseUrl).origin)
    case 'address':
      return []
  }
}

async function placesOfComment(db: Db, id: CommentId, own: string): Promise<store.Place[] | null> {
  const comment = await commentById(db, id)
  if (!comment) return null
  const places = await store.placesOfComment(db, id)
  // On our own page a comment is one of many under its post, and may stand far down.
  const isDownThere = ({ address }: store.Place) => comment.url === null && new URL(address).origin === own
  return places.map((place) =>
    isDownThere(place) ? { ...place, address: commentAddress(place.address, id) } : place,
  )
}

/**
 * Asks for a capture; the job begins if, and only if, the order is kept. Whoever asks for an address that somebody else is
 * waiting for gets that capture.
 */
export async function orderCapture(
  installation: Installation,
  person: Person,
  { wanted, address: typed, reason }: { wanted: Wanted; address: string; reason: string },
): Promise<Answer<CaptureId>> {
  const { db, browser } = installation
  const read = readAddress(typed)
  if ('problem' in read) return { problems: { address: read.problem } }
  const { address } = read
  const places = await placesOf(installation, wanted)
  const place = places?.find((one) => URL.canParse(one.address) && new URL(one.address).href === address)
  if (wanted.kind !== 'address' && !place)
    return {
      problems: { address: 'This can’t be seen at that address any more. Choose one of those offered.' },
    }
  if (wanted.kind === 'address' && !reason.trim())
    return { problems: { reason: 'Say why it is captured: whoever finds the record later has to know.' } }
  if ('missing' in browser) return problem(browser.missing)
  const shown = {
    page: place?.page ?? null,
    post: wanted.kind === 'post' ? wanted.id : null,
    comment: wanted.kind === 'comment' ? wanted.id : null,
  }
  const at = installation.now()
  return db.transaction().execute(async (tx) => {
    const id = newId<'capture'>()
    const decision = await consider(tx, installation, person, 'capture.order', whatIs(id, shown), place?.page)
    if (!decision.allowed) return { denied: decision }
    const open = await store.openCaptureOf(tx, address)
    if (open) return { done: open }
    await store.insertCapture(tx, { id, address, reason: reason.trim(), shown, by: person.id, at, decision })
    await append(tx, {
      kind: 'capture.order',
      subject: { kind: 'capture', id },
      page: place?.page,
      by: whoIs(person),
      decision,
      content: { address, reason: reason.trim(), of: shown },
      words: [address, reason.trim()].filter(Boolean).join('\n'),
      at,
    })
    await installation.jobs.enqueue(tx, captureQueue, { capture: id } satisfies CaptureJob, { key: id })
    return { done: id }
  })
}

/** Tries a capture again that failed. */
export async function retryCapture(
  installation: Installation,
  person: Person,
  id: CaptureId,
): Promise<Answer<CaptureId>> {
  const { db, browser, jobs } = installation
  if ('missing' in browser) return problem(browser.missing)
  const at = installation.now()
  return db.transaction().execute(async (tx) => {
    const capture = await store.lockCapture(tx, id)
    if (!capture) return problem('There is no such capture.')
    const { address, reason, page, post, comment } = capture
    const shown = { page, post, comment }
    const decision = await consider(
      tx,
      installation,
      person,
      'capture.order',
      whatIs(id, shown),
      page ?? undefined,
    )
    if (!decision.allowed) return { denied: decision }
    if (capture.state !== 'failed') return { done: id }
    const open = await store.openCaptureOf(tx, address)
    if (open) return { done: open }
    await store.askAgain(tx, id, person.id, at, decision)
    await append(tx, {
      kind: 'capture.order',
      subject: { kind: 'capture', id },
      page: page ?? undefined,
      by: whoIs(person),
      decision,
      content: { address, reason, of: shown, again: true },
      words: [address, reason].filter(Boolean).join('\n'),
      at,
    })
    await jobs.enqueue(tx, captureQueue, { capture: id } satisfies CaptureJob, { key: id })
    return { done: id }
  })
}

const whatIs = (id: CaptureId, { page }: store.Shown) => ({ type: 'Capture', id, official: page !== null })
