import { append, keepAnswer } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import { allPages, openAccount } from '../pages/pages.ts'
import { endCall, noteAttempt } from '../platforms/call.ts'
import { needRoom } from '../storage/blobs.ts'
import {
  alone,
  decideNow,
  edits,
  imageBlobs,
  type NotDone,
  noteEnd,
  notYet,
  outgoingPost,
  refusalBy,
  roomFor,
} from './post-call.ts'
import { postById, versionOf } from './store.ts'

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
    const ends = (outcome: NotDone) => noteEnd(tx, installation, edits, { id, post: post.id, page }, outcome)

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
