import { sql } from 'kysely'
import { append, keepAnswer } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import { openAccount } from '../pages/pages.ts'
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
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtextextended(${order.comment}, 437)) as mine`.execute(tx)
    // Perhaps at another decision on it, which has to end first. Waiting here would hold a connection.
    if (!rows[0]?.mine) return 'Another worker is at this comment.'
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
    // Committed by itself, before the call: the screen can say that it was tried.
    await db
      .updateTable('comment_effect')
      .set({ attempted_at: installation.now() })
      .where('id', '=', id)
      .execute()
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

/** Puts back into the queue what has no job any more, and deletes what was kept of visitors' addresses as soon as it no longer matters. */
export async function sweep({ db, jobs, now }: Installation): Promise<void> {
  const quiet = new Date(now().getTime() - 10 * 60_000)
  await db.transaction().execute(async (tx) => {
    const stuck = await tx
      .selectFrom('comment_effect')
      .select('id')
      .where('done_at', 'is', null)
      .where('refused_at', 'is', null)
      .where(sql<boolean>`greatest(intent_at, attempted_at, retry_at) < ${quiet}`)
      .limit(100)
      .forUpdate()
      .skipLocked()
      .execute()
    for (const { id } of stuck) {
      await tx.updateTable('comment_effect').set({ retry_at: now() }).where('id', '=', id).execute()
      await jobs.enqueue(tx, 'comment.effect', { effect: id }, { key: id })
    }
  })
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
  const now = installation.now()
  const update = (set: Partial<Effect>) =>
    tx.updateTable('comment_effect').set(set).where('id', '=', effect.id).execute()

  if (outcome.outcome === 'later') {
    const { because, retryAfterSeconds } = outcome
    const again = new Date(now.getTime() + (retryAfterSeconds ?? 900) * 1000)
    await update({ trouble: because, retry_at: again })
    if (!retryAfterSeconds) return because
    await installation.jobs.enqueue(
      tx,
      'comment.effect',
      { effect: effect.id },
      { startAfter: again, key: effect.id },
    )
    return null
  }

  const raw = outcome.outcome === 'done' ? outcome.value.raw : outcome.raw
  const blobs = await keepAnswer(installation.blobs, raw, outcome.wire)
  await update(
    outcome.outcome === 'done'
      ? { done_at: now, trouble: null }
      : { refused_at: now, refused_because: outcome.because, trouble: null },
  )
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
    at: now,
  })
  return null
}
