import { contactsOf, departmentProfile } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Tx } from '../storage/database.ts'
import type { CommentId } from '../storage/ids.ts'
import { hideIfSwitchedOn } from './automatic.ts'
import { isProtected, withoutCriticism, wordsOfCriticism } from './criticism.ts'
import { harmWith } from './harm.ts'
import { countReports } from './report-store.ts'
import { lockComment } from './store.ts'
import { keepSuggestions, notLookedAt, surroundingsOf } from './suggestion-store.ts'

/**
 * Looks a comment through and keeps what is suggested about it, in the transaction that brings or changes it; hides it
 * where the department switched that on.
 */
export async function suggest(tx: Tx, installation: Installation, id: CommentId): Promise<void> {
  const { suggester, policy, now } = installation
  const comment = await surroundingsOf(tx, id)
  if (!comment) throw new Error(`Comment ${id} has lost its post.`)
  const profile = await departmentProfile(tx)
  const made = suggester.suggestionsFor({
    text: comment.text,
    under: { post: comment.post, thread: comment.thread, subject: comment.subject },
    ownContacts: [...contactsOf(profile), comment.contact].flatMap((contact) => contact || []),
  })
  const read = (await wordsOfCriticism(installation, tx))(comment.text)
  const kept = read === 'none' ? withoutCriticism(made) : made
  await keepSuggestions(
    tx,
    id,
    comment.version,
    kept,
    harmWith(policy, kept.suggestions, {
      reports: await countReports(tx, id),
      protectedCriticism: isProtected(read, () => kept),
    }),
    now(),
  )
  const locked = await lockComment(tx, id)
  // Where no person looks before, doubt protects: what the model alone takes for criticism stays.
  if (locked) await hideIfSwitchedOn(tx, installation, locked, made)
}

/** Looks again at what still waits when the model or the rules are others, and at what came before there were any. */
export async function suggestAgain(installation: Installation): Promise<number> {
  const { db, suggester } = installation
  let looked = 0
  for (;;) {
    const waiting = await notLookedAt(db, suggester.version, 200)
    for (const { id } of waiting)
      await db.transaction().execute(async (tx) => {
        // Its author may change it at this moment; then their version is looked at by them.
        if (await lockComment(tx, id)) await suggest(tx, installation, id)
      })
    looked += waiting.length
    if (waiting.length < 200) return looked
  }
}
