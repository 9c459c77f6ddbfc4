import { append, keepAnswer } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import { openAccount } from '../pages/pages.ts'
import { type CallKind, endCall, noteAttempt, queueLostCalls, takeTurn } from '../platforms/call.ts'
import type { Outcome, PlatformAccount, Raw } from '../platforms/contract.ts'
import type { Tx } from '../storage/database.ts'
import type { CommentId, PageId } from '../storage/ids.ts'
import {
  beingToldSince,
  type Call,
  callById,
  noticeById,
  postponeCall,
  standingRemoval,
} from './appeal-store.ts'
import { blockById, blockOn, isInForce } from './block-store.ts'
import { wordsOfNotice } from './notice.ts'

/*
 * Carrying a notice, a block or its end to a platform. The intent was committed with the decision; the attempt is committed
 * before the call; the outcome with its record. The platform's part looks for the same words before it sends them, and
 * a block may be repeated, so a crash between call and outcome does nothing twice.
 */

/** What a call is about, with what the platform and the record need. */
interface Errand {
  comment: CommentId
  page: PageId
  effect: Call['effect']
  /** Why it needs no doing any more; null when it does. */
  overtaken: string | null
  /** Until when something else has to come first, at the latest; null when nothing has. */
  notBefore: Date | null
  /** For the record, beside the outcome. */
  content: Record<string, unknown>
  /** Null where the platform offers no such thing. */
  on(account: PlatformAccount): Promise<Outcome<Raw>> | null
}

/** Tells, blocks or lets in one author on the platform. */
export async function carryCall(installation: Installation, id: string): Promise<void> {
  const { db } = installation
  const order = await callById(db, id)
  if (!order) return
  const later = await db.transaction().execute(async (tx) => {
    // A block and its end come one after the other.
    if (!(await takeTurn(tx, order.block ?? id))) return 'Another worker is at it.'
    const call = await callById(tx, id)
    // A second start after the end: everything below has happened.
    if (!call || call.done_at || call.refused_at) return null
    const errand = call.notice
      ? await tellingOf(tx, installation, call.notice)
      : await blockingOf(tx, installation, call)
    if (errand.overtaken) return end(tx, installation, call, errand, refused(errand.overtaken))

    const at = installation.now()
    if (errand.notBefore && at < errand.notBefore) {
      const again = new Date(at.getTime() + pauseSeconds * 1000)
      await postponeCall(tx, id, again)
      await installation.jobs.enqueue(tx, 'comment.call', { call: id }, { startAfter: again, key: id })
      return null
    }

    const account = await openAccount(installation, errand.page)
    if (account.outcome !== 'done') return end(tx, installation, call, errand, account)
    // The screen can say that it was tried.
    await noteAttempt(installation, calls, id)
    const outcome = await errand.on(account.value)
    return end(tx, installation, call, errand, outcome ?? refused('The platform offers no such thing.'))
  })
  // The reason was committed; the queue tries again with growing pauses.
  if (later) throw new Error(later)
}

const calls: CallKind = { table: 'comment_call', queue: 'comment.call', name: 'call' }
const pauseSeconds = 20
const longestTellingMinutes = 15

const refused = (because: string) => ({ outcome: 'refused', because }) as const

async function tellingOf(tx: Tx, installation: Installation, id: string): Promise<Errand> {
  const notice = await noticeById(tx, id)
  const text = await wordsOfNotice(installation, id)
  if (!notice || !text) throw new Error(`Notice ${id} has lost its comment.`)
  return {
    comment: notice.comment,
    page: notice.page,
    effect: 'tell',
    overtaken: await whyNotTold(tx, installation, notice),
    notBefore: null,
    content: { about: notice.about, decision: notice.removal ?? notice.block, way: 'platform' },
    on: (account) =>
      account.notifyAuthor?.({ author: notice.author_remote_id, comment: notice.remote_id, text }) ?? null,
  }
}

/** Nobody is told of what was taken back before they could be. */
async function whyNotTold(
  tx: Tx,
  { now }: Installation,
  { about, comment, removal, block, deleted_at }: NonNullable<Awaited<ReturnType<typeof noticeById>>>,
): Promise<string | null> {
  if (about === 'removal') {
    if (deleted_at) return 'The author deleted the comment.'
    const standing = await standingRemoval(tx, comment)
    return standing?.id === removal ? null : 'The comment is shown again, so there is nothing to tell.'
  }
  if (about === 'block' && block && !isInForce(await blockById(tx, block), now()))
    return 'The block has ended, so there is nothing to tell.'
  return null
}

async function blockingOf(tx: Tx, { now }: Installation, call: Call): Promise<Errand> {
  const block = call.block ? await blockById(tx, call.block) : null
  if (!block?.agreement) throw new Error(`Call ${call.id} has lost its block.`)
  const { authorRemoteId: author, clientId, page, comment, end } = block
  const other = end && (await blockOn(tx, page, author, now()))
  const outgoing = { author, clientId, since: block.agreement.at }
  // Whoever is blocked gets no message any more on some platforms, so they are told first; but not for ever.
  const toldSince = call.effect === 'block' ? await beingToldSince(tx, block.id) : null
  return {
    comment,
    page,
    effect: call.effect,
    overtaken:
      call.effect === 'block' && end
        ? 'The block has ended.'
        : call.effect === 'unblock' && other
          ? 'The author is blocked anew, by another decision.'
          : null,
    notBefore: toldSince && new Date(toldSince.getTime() + longestTellingMinutes * 60_000),
    content: { effect: call.effect, block: block.id },
    on: (account) =>
      (call.effect === 'block' ? account.blockAuthor?.(outgoing) : account.unblockAuthor?.(outgoing)) ?? null,
  }
}

/** Puts back into the queue what has no job any more. */
export const sweepCalls = (installation: Installation): Promise<void> => queueLostCalls(installation, calls)

/** Writes down how it ended, with its record; a sentence when it must be tried again. */
async function end(
  tx: Tx,
  installation: Installation,
  call: Call,
  errand: Errand,
  outcome: Outcome<Raw>,
): Promise<string | null> {
  const later = await endCall(tx, installation, calls, call.id, outcome)
  if (outcome.outcome === 'later') return later
  // A notice's words are those of the pack, with the code that opens the appeal: neither they nor an answer that repeats
  // them are in a record, which may be disclosed, and neither is what went over the wire.
  const raw = outcome.outcome === 'done' ? outcome.value.raw : undefined
  const blobs = errand.effect === 'tell' ? [] : await keepAnswer(installation.blobs, raw, outcome.wire)
  await append(tx, {
    kind: errand.effect === 'tell' ? 'comment.notice' : 'comment.block-effect',
    subject: { kind: 'comment', id: errand.comment },
    page: errand.page,
    by: { kind: 'system' },
    content: {
      ...errand.content,
      outcome: outcome.outcome,
      ...(outcome.outcome === 'refused' ? { because: outcome.because } : {}),
    },
    words: outcome.outcome === 'refused' ? outcome.because : '',
    blobs,
    at: installation.now(),
  })
  return null
}
