import { append, keepAnswer } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import { openAccount, pageById } from '../pages/pages.ts'
import { endCall, noteAttempt } from '../platforms/call.ts'
import type { Raw, Wire } from '../platforms/contract.ts'
import type { Tx } from '../storage/database.ts'
import type { PageId } from '../storage/ids.ts'
import { alone, deletions, type NotDone, noteEnd, notYet, waiting } from './post-call.ts'

/** Takes a deleted post off one page. Deleting what is gone changes nothing, so it is repeated. */
export async function takeOff(installation: Installation, id: string): Promise<void> {
  const { db } = installation
  const order = await db
    .selectFrom('publication_deletion')
    .select('publication')
    .where('id', '=', id)
    .executeTakeFirst()
  if (!order) return
  await alone(installation, order.publication, async (tx) => {
    const row = await tx
      .selectFrom('publication_deletion')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (row.done_at || row.refused_at) return
    const publication = await tx
      .selectFrom('publication')
      .selectAll()
      .where('id', '=', row.publication)
      .executeTakeFirstOrThrow()
    const page = await pageById(tx, publication.page)
    if (!page) throw new Error(`Deletion ${id} has lost its page.`)
    const subject = { id, post: publication.post, page }
    const ends = (outcome: NotDone) => noteEnd(tx, installation, deletions, subject, outcome)
    const gone = (word: string, answer?: Raw, wire?: Wire) =>
      finishDeletion(tx, installation, id, { ...publication, word, answer, wire })
    // It never reached the page: publish() saw to that, and said so.
    if (publication.refused_at) return gone('It never reached the page.')
    // Its publishing has not ended: it may be there in a moment.
    if (!publication.done_at) return ends(notYet)

    const account = await openAccount(installation, page)
    if (account.outcome !== 'done') return ends(await waiting(tx, page, account))
    const found = await account.value.find(publication.client_id)
    if (found.outcome !== 'done') return ends(await waiting(tx, page, found))
    // Gone already: we deleted it and died before we wrote it down, or somebody did it on the platform.
    if (!found.value) return gone('The platform has it no longer.', undefined, found.wire)

    await noteAttempt(installation, deletions, id)
    // Dying from here on: the next start finds it gone.
    const outcome = await account.value.delete(found.value)
    if (outcome.outcome !== 'done') return ends(outcome)
    return gone('Deleted.', outcome.value, outcome.wire)
  })
}

/** Writes down that a publication is gone: `word` says how, with what the platform said of it, if it was asked. */
async function finishDeletion(
  tx: Tx,
  installation: Installation,
  id: string,
  gone: {
    id: string
    post: string
    page: PageId
    remote_id: string | null
    url: string | null
    word: string
    answer: Raw | undefined
    wire: Wire | undefined
  },
): Promise<undefined> {
  const blobs = await keepAnswer(installation.blobs, gone.answer?.raw, gone.wire)
  const at = installation.now()
  await endCall(tx, installation, deletions, id, { outcome: 'done', value: null })
  await tx.updateTable('publication').set({ gone_at: at }).where('id', '=', gone.id).execute()
  await append(tx, {
    at,
    kind: 'post.deletion',
    subject: { kind: 'post', id: gone.post },
    page: gone.page,
    by: { kind: 'system' },
    content: { publication: gone.id, remoteId: gone.remote_id, url: gone.url, outcome: gone.word },
    words: gone.word,
    blobs,
  })
}
