import { data, type RouterContextProvider } from 'react-router'
import { z } from 'zod'
import { timeZoneHere } from '../../department/department.ts'
import { opening } from '../../opening.ts'
import { pageById } from '../../pages/pages.ts'
import type { PageId } from '../../storage/ids.ts'
import { parseId } from '../../storage/ids.ts'
import { installation } from '../../web/context.ts'
import { groundsFor } from '../block.ts'
import { blockById } from '../block-store.ts'
import { reasonTitle } from '../notice.ts'
import { mustModerate } from './found-comment.ts'

type Context = Readonly<RouterContextProvider>

/** A block with what it rests on now; otherwise an error page. */
export async function blockSubject(context: Context, typed: string | undefined) {
  mustModerate(context)
  const here = installation(context)
  const id = parseId(typed)
  const block = id && (await blockById(here.db, id))
  if (!block) throw data('There is no such block.', { status: 404 })
  const reason = here.policy.appeals.blocks.reasons.find((one) => one.id === block.reason)
  const [grounds, alsoDoes, zone] = await Promise.all([
    groundsFor(here.db, here, block.page, block.authorRemoteId, reason),
    whatElse(context, block.page),
    timeZoneHere(here.db),
  ])
  return {
    block,
    reason: { title: reason?.title ?? block.reason, covers: reason?.covers ?? '' },
    grounds: grounds.map(({ id, comment, at, reason, text }) => ({
      ...{ id, comment, at },
      opening: opening(text, 80),
      reason: reasonTitle(here.policy, reason ?? ''),
    })),
    alsoDoes,
    now: here.now(),
    zone,
  }
}
export type BlockSubject = Awaited<ReturnType<typeof blockSubject>>

/** What else a block does on this page, or how little it can do. */
export async function whatElse(context: Context, id: PageId): Promise<string> {
  const { db, platforms } = installation(context)
  const page = await pageById(db, id)
  const capabilities = page && platforms.get(page.platform).capabilities
  if (capabilities?.comments === 'received')
    return 'On this page it can only slow somebody down: an author is a browser’s cookie, and another browser, or the same one without its cookies, is a new author. No network address is kept to know anybody by. They can read everything.'
  return capabilities?.blocks?.alsoDoes ?? 'This place lets no page block somebody.'
}

export const noteForm = z.object({
  note: z.string().trim().max(2000, 'Keep the note under 2,000 characters.').default(''),
})
