import { parseId } from '../../storage/ids.ts'
import type { Wanted } from '../order.ts'

/** What an address of the console, or a form, says is to be captured: ?post=…, ?page=…, ?comment=…, or none of them. */
export function wantedIn(given: Pick<URLSearchParams, 'get'>): Wanted {
  const read = (name: string) => {
    const value = given.get(name)
    return typeof value === 'string' ? value : null
  }
  const [page, post, comment] = [
    parseId<'page'>(read('page')),
    parseId<'post'>(read('post')),
    parseId<'comment'>(read('comment')),
  ]
  if (page) return { kind: 'page', id: page }
  if (post) return { kind: 'post', id: post }
  if (comment) return { kind: 'comment', id: comment }
  return { kind: 'address' }
}
