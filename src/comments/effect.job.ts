import { append, keepAnswer } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import { openAccount } from '../pages/pages.ts'
import { type CallKind, endCall, noteAttempt, queueLostCalls, takeTurn } from '../platforms/call.ts'
import type { Outcome, Raw } from '../platforms/contract.ts'
import type { Tx } from '../storage/database.ts'
import { forgetReporters } from './report-store.ts'
import { commentById, type Effect, lastEffect } from './store.ts'

/*
 * Hiding and showing on a platform. The intent was committed with the moderator's decision. Both calls may be
 * repeated: a comment that is hidden twice is hidden. So a crash at any line is mended by running it again, and
 * the lock makes sure that an older decision is never carried out after a newer one.
 */

/** Carries one decision out on the platform. */
export async function carryOut(installation: Installation, id: string): Promise<void> {
  const { db } = installation
  const order = await db
    .selectFrom('comment_effect')
    .select('comment')
    .where('id', '=', id)
    .executeTakeFirst()
  if (!order) return
  const later = await db.transaction().execute(async (tx) => {
    // Perhaps at another decision on it, which has to end first. Waiting here would hold a connection.
    if (!(await takeTurn(tx, order.comment))) return 'Another worker is at this comment.'
    const row = await tx
      .selectFrom('comment_effect')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    // A second start after the end: everything below has happened.
    if (row.done_at || row.refused_at) return null
    const comment = await commentById(tx, row.comment)
    if (!comment) throw new Error(`Effect ${id} has lost its comment.`)
    const newest = await lastEffect(tx, row.comment)
    if (newest && newest.id !== id)
      return end(tx, installation, row, obsolete('A later decision replaced it.'))
    if (comment.deleted_at) return end(tx, installation, row, obsolete('The author deleted the comment.'))

    const account = await openAccount(installation, comment.page)
    if (account.outcome !== 'done') return end(tx, installation, row, account)
    // The screen can say that it was tried.
    await noteAttempt(installation, effects, id)
    // Dying from here to the commit: the platform may have done it; the next start does it once more.
    const outcome =
      row.effect === 'hide'
        ? await account.value.hideComment(comment.remote_id)
        : await account.value.showComment(comment.remote_id)
    return end(tx, installation, row, outcome)
  })
  // The reason was committed; the queue tries again with growing pauses.
  if (later) throw new Error(later)
}

const effects: CallKind = { table: 'comment_effect', queue: 'comment.effect', name: 'effect' }

/** Puts back into the queue what has no job any more, and deletes what was kept of visitors' addresses as soon as it no longer matters. */
export async function sweep(installation: Installation): Promise<void> {
  const { db, now } = installation
  await queueLostCalls(installation, effects)
  const twoHoursAgo = new Date(now().getTime() - 2 * 3_600_000)
  await db.deleteFrom('comment_rate').where('begins_at', '<', twoHoursAgo).execute()
  await forgetReporters(db, now())
}

const obsolete = (because: string) => ({ outcome: 'refused', because }) as const

/** Writes down how it ended, with its record, in the caller's transaction; a sentence when it must be tried again. */
async function end(
  tx: Tx,
  installation: Installation,
  effect: Effect,
  outcome: Outcome<Raw>,
): Promise<string | null> {
  const later = await endCall(tx, installation, effects, effect.id, outcome)
  if (outcome.outcome === 'later') return later
  const raw = outcome.outcome === 'done' ? outcome.value.raw : outcome.raw
  const blobs = await keepAnswer(installation.blobs, raw, outcome.wire)
  const comment = await commentById(tx, effect.comment)
  await append(tx, {
    kind: 'comment.effect',
    subject: { kind: 'comment', id: effect.comment },
    page: comment?.page,
    by: { kind: 'system' },
    content: {
      effect: effect.effect,
      decision: effect.decision,
      outcome: outcome.outcome,
      ...(outcome.outcome === 'refused' ? { because: outcome.because } : {}),
    },
    words: outcome.outcome === 'refused' ? outcome.because : '',
    blobs,
    at: installation.now(),
  })
  return null
}
