import { sql } from 'kysely'
import { append } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import { openAccount } from '../pages/pages.ts'
import type { Outcome, Raw } from '../platforms/contract.ts'
import type { Tx } from '../storage/database.ts'
import { type Call, callById, changeCall, noticeById, standingRemoval, stuckCalls } from './appeal-store.ts'
import { wordsOfNotice } from './notice.ts'

/*
 * Carrying a notice to its author on a platform. The intent was committed with the decision; the attempt is committed
 * before the call; the outcome with its record. The platform's part looks for the same words before it sends them, so a
 * crash between call and outcome sends nothing twice.
 */

/** Tells one author on the platform. */
export async function carryNotice(installation: Installation, id: string): Promise<void> {
  const { db } = installation
  const later = await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtextextended(${id}, 438)) as mine`.execute(tx)
    if (!rows[0]?.mine) return 'Another worker is at this notice.'
    const call = await callById(tx, id)
    // A second start after the end: everything below has happened.
    if (!call || call.done_at || call.refused_at) return null
    const notice = call.notice ? await noticeById(tx, call.notice) : undefined
    const text = call.notice ? await wordsOfNotice(installation, call.notice) : null
    if (!notice || !text) throw new Error(`Call ${id} has lost its notice.`)
    const overtaken = await whyNotAnyMore(tx, notice)
    if (overtaken) return end(tx, installation, call, notice, { outcome: 'refused', because: overtaken })

    const account = await openAccount(installation, notice.page)
    if (account.outcome !== 'done') return end(tx, installation, call, notice, account)
    if (!account.value.notifyAuthor)
      return end(tx, installation, call, notice, {
        outcome: 'refused',
        because: 'The platform carries no message to somebody who commented.',
      })
    // Committed by itself, before the call: the screen can say that it was tried.
    await changeCall(db, id, { attempted_at: installation.now() })
    const outcome = await account.value.notifyAuthor({
      author: notice.author_remote_id,
      comment: notice.remote_id,
      text,
    })
    return end(tx, installation, call, notice, outcome)
  })
  // The reason was committed; the queue tries again with growing pauses.
  if (later) throw new Error(later)
}

type Told = NonNullable<Awaited<ReturnType<typeof noticeById>>>

/** Nobody is told of a removal that was taken back before they could be. */
async function whyNotAnyMore(tx: Tx, notice: Told): Promise<string | null> {
  if (notice.about !== 'removal') return null
  if (notice.deleted_at) return 'The author deleted the comment.'
  const standing = await standingRemoval(tx, notice.comment)
  return standing?.id === notice.removal ? null : 'The comment is shown again, so there is nothing to tell.'
}

/** Puts back into the queue what has no job any more. */
export async function sweepCalls({ db, jobs, now }: Installation): Promise<void> {
  const quietSince = new Date(now().getTime() - 10 * 60_000)
  await db.transaction().execute(async (tx) => {
    for (const { id } of await stuckCalls(tx, quietSince)) {
      await changeCall(tx, id, { retry_at: now() })
      await jobs.enqueue(tx, 'comment.call', { call: id }, { key: id })
    }
  })
}

/** Writes down how it ended, with its record; a sentence when it must be tried again. */
async function end(
  tx: Tx,
  installation: Installation,
  call: Call,
  notice: Told,
  outcome: Outcome<Raw>,
): Promise<string | null> {
  const at = installation.now()
  if (outcome.outcome === 'later') {
    const again = new Date(at.getTime() + (outcome.retryAfterSeconds ?? 900) * 1000)
    await changeCall(tx, call.id, { trouble: outcome.because, retry_at: again })
    if (!outcome.retryAfterSeconds) return outcome.because
    await installation.jobs.enqueue(
      tx,
      'comment.call',
      { call: call.id },
      { startAfter: again, key: call.id },
    )
    return null
  }
  await changeCall(
    tx,
    call.id,
    outcome.outcome === 'done'
      ? { done_at: at, trouble: null }
      : { refused_at: at, refused_because: outcome.because, trouble: null },
  )
  await append(tx, {
    kind: 'comment.notice',
    subject: { kind: 'comment', id: notice.comment },
    page: notice.page,
    by: { kind: 'system' },
    // Its words are those of the pack. The code in them opens the appeal, so neither they nor the platform's answer,
    // which repeats them, are in a record that may be disclosed.
    content: {
      about: notice.about,
      decision: notice.removal,
      way: 'platform',
      outcome: outcome.outcome,
      ...(outcome.outcome === 'refused' ? { because: outcome.because } : {}),
    },
    words: outcome.outcome === 'refused' ? outcome.because : '',
    at,
  })
  return null
}
