import { append } from '../archive/archive.ts'
import { commentAddress, commentById } from '../comments/comments.ts'
import {
  type Answer,
  consider,
  type Person,
  problem,
  recordRefusal,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { pageById } from '../pages/pages.ts'
import type { Decision, Who } from '../policy/policy.ts'
import type { Db, Tx } from '../storage/database.ts'
import {
  type CaptureId,
  type CommentId,
  newId,
  type PageId,
  type PersonId,
  type PostId,
} from '../storage/ids.ts'
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
    const order = { id, address, reason: reason.trim(), shown, decision, at }
    const open = await insertOrder(tx, { ...order, by: whoIs(person), person: person.id })
    if (open) return { done: open }
    await installation.jobs.enqueue(tx, captureQueue, { capture: id } satisfies CaptureJob, { key: id })
    return { done: id }
  })
}

/**
 * Asks for a capture on the command line of the machine, which has no queue: whoever works finds it (`askedOnMachine`). What is shown
 * at the address is found out by it.
 */
export async function orderOnMachine(
  { db, policy, now }: Pick<Installation, 'db' | 'policy' | 'now'>,
  { address: typed, reason }: { address: string; reason: string },
): Promise<Answer<CaptureId>> {
  const read = readAddress(typed)
  if ('problem' in read) return { problems: { address: read.problem } }
  const { address } = read
  const by = { kind: 'system' } as const
  return db.transaction().execute(async (tx) => {
    const shown = await store.shownAt(tx, address)
    if (shown.page === null && !reason.trim())
      return {
        problems: {
          reason:
            'This is none of the department’s pages. Say why it is captured, with --reason "…": whoever finds the record later has to know.',
        },
      }
    const id = newId<'capture'>()
    const what = whatIs(id, shown)
    const decision = policy.decide(by, 'capture.order', what)
    if (!decision.allowed) {
      await recordRefusal(tx, by, decision, what, { at: now() })
      return { denied: decision }
    }
    const order = { id, address, reason: reason.trim(), shown, decision, at: now() }
    const open = await insertOrder(tx, { ...order, by, person: null })
    return { done: open ?? id }
  })
}

/** Keeps an order and its record; answers with the capture that is open for the address already, if there is one. */
async function insertOrder(
  tx: Tx,
  order: {
    id: CaptureId
    address: string
    reason: string
    shown: store.Shown
    by: Who
    person: PersonId | null
    decision: Decision
    at: Date
  },
): Promise<CaptureId | null> {
  const { id, address, reason, shown, by, person, decision, at } = order
  const open = await store.openCaptureOf(tx, address)
  if (open) return open
  await store.insertCapture(tx, { id, address, reason, shown, by: person, at, decision })
  await append(tx, {
    kind: 'capture.order',
    subject: { kind: 'capture', id },
    page: shown.page ?? undefined,
    by,
    decision,
    content: { address, reason, of: shown },
    words: [address, reason].filter(Boolean).join('\n'),
    at,
  })
  return null
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
