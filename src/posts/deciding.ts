import { append, type Entry } from '../archive/archive.ts'
import {
  type Answer,
  consider,
  type Person,
  type Problems,
  problem,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { allPages, type Page } from '../pages/pages.ts'
import type { ActionName } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import type { PostId } from '../storage/ids.ts'
import { lockPost, type Post, whatOf } from './store.ts'

/** What somebody decides about a post. */
interface PostDecision {
  action: ActionName
  /** Why it is not possible now, in words for the one who tries; null when it is. */
  hindrance(tx: Tx, post: Post): Promise<Problems | string | null> | Problems | string | null
  /** Makes the change, and says what its record holds; or finds, before it has written anything, that it can't. */
  change(tx: Tx, post: Post, at: Date, pages: readonly Page[]): Promise<Change | { problems: Problems }>
}
type Change = Pick<Entry, 'kind' | 'content' | 'words' | 'blobs'>

/**
 * Decides about a post in one transaction: the post is locked, so of two people at once the second sees what the first
 * did; the policy is asked; the change and its record are committed together.
 */
export function decideOn(
  installation: Installation,
  person: Person,
  id: PostId,
  { action, hindrance, change }: PostDecision,
): Promise<Answer<PostId>> {
  return installation.db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, id)
    if (!post) return problem('This post does not exist.')
    const hindered = await hindrance(tx, post)
    if (hindered) return typeof hindered === 'string' ? problem(hindered) : { problems: hindered }
    const pages = await allPages(tx)
    const decision = await consider(tx, installation, person, action, whatOf(installation, post, pages))
    if (!decision.allowed) return { denied: decision }

    const at = installation.now()
    const changed = await change(tx, post, at, pages)
    if ('problems' in changed) return changed
    await append(tx, { ...changed, subject: { kind: 'post', id }, by: whoIs(person), decision, at })
    return { done: id }
  })
}
