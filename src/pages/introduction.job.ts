import { append, keepAnswer } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import type { Outcome, Profile } from '../platforms/contract.ts'
import { openAccount } from './account.ts'
import { pageById } from './store.ts'

/** Sets the work that pages have done outside a request. */
export async function registerPageJobs(installation: Installation): Promise<void> {
  await installation.jobs.on<{ introduction: string }>('page.introduce', ({ introduction }) =>
    introduce(installation, introduction),
  )
}

/**
 * Writes introduction and disclosures to the page's profile (policy IV.A.1.i, IV.A.2.ii, IV.A.2.iv).
 * Writing a profile twice leaves the same profile, so after a crash it is simply written again.
 */
export async function introduce(installation: Installation, id: string): Promise<void> {
  const { db, blobs, jobs } = installation
  const order = await db.selectFrom('page_introduction').selectAll().where('id', '=', id).executeTakeFirst()
  if (!order || order.done_at || order.refused_because) return
  const page = await pageById(db, order.page)
  // A newer revision has an introduction of its own once it is approved; an unapproved page is not touched.
  if (!page || page.revision !== order.revision || page.state !== 'approved') return

  const account = await openAccount(installation, page)
  const outcome: Outcome<Profile> =
    account.outcome === 'done'
      ? await account.value.writeProfile({ displayName: page.title, description: page.disclosures })
      : account

  if (outcome.outcome === 'done') {
    const answer = await keepAnswer(blobs, outcome.value.raw, outcome.wire)
    await db.transaction().execute(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('page_introduction')
        .set({ done_at: installation.now(), trouble: null })
        .where('id', '=', id)
        .where('done_at', 'is', null)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return
      await append(tx, {
        at: installation.now(),
        kind: 'page.introduction',
        subject: { kind: 'page', id: page.id },
        page: page.id,
        by: { kind: 'system' },
        content: {
          revision: page.revision,
          displayName: outcome.value.displayName,
          description: outcome.value.description,
          leftOut: page.leftOut,
        },
        words: outcome.value.description,
        blobs: answer,
      })
    })
    return
  }

  if (outcome.outcome === 'refused') {
    const answer = await keepAnswer(blobs, outcome.raw, outcome.wire)
    await db.transaction().execute(async (tx) => {
      await tx
        .updateTable('page_introduction')
        .set({ refused_because: outcome.because })
        .where('id', '=', id)
        .execute()
      await append(tx, {
        at: installation.now(),
        kind: 'page.introduction',
        subject: { kind: 'page', id: page.id },
        page: page.id,
        by: { kind: 'system' },
        content: { revision: page.revision, refused: outcome.because },
        words: outcome.because,
        blobs: answer,
      })
    })
    return
  }

  const { because, retryAfterSeconds } = outcome
  await db.transaction().execute(async (tx) => {
    await tx.updateTable('page_introduction').set({ trouble: because }).where('id', '=', id).execute()
    if (retryAfterSeconds)
      await jobs.enqueue(
        tx,
        'page.introduce',
        { introduction: id },
        { startAfter: new Date(installation.now().getTime() + retryAfterSeconds * 1000), key: id },
      )
  })
  if (!retryAfterSeconds)
    throw new Error(`The profile of “${page.title}” could not be written yet: ${because}`)
}
