import { data, type RouterContextProvider } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { type Comment, commentById } from '../store.ts'

type Context = Readonly<RouterContextProvider>

/** The comment of an address, for somebody who may decide about it; otherwise an error page. */
export async function foundComment(context: Context, typed: string | undefined): Promise<Comment> {
  mustModerate(context)
  const id = parseId<'comment'>(typed)
  const comment = id && (await commentById(installation(context).db, id))
  if (!comment) throw data('There is no such comment.', { status: 404 })
  return comment
}

/** The queue is for those who decide about comments. */
export function mustModerate(context: Context) {
  const { policy } = installation(context)
  const decision = policy.decide(whoIs(signedIn(context)), 'comment.keep', { type: 'Comment', id: 'any' })
  if (!decision.allowed) throw data(`${decision.because} ${decision.wayForward}`, { status: 403 })
}
