import { parseId } from '../../storage/ids.ts'
import { type QueueFilter, queueMarks, queueOrders, queueStates, usualQueue } from '../queue-filter.ts'

/** The filter that stands in an address; what is not understood is as if it were not there. */
export function readAddress(url: URL): QueueFilter {
  const query = url.searchParams
  const word = (name: string) => (query.get(name) ?? '').trim().slice(0, 200)
  const hours = Number(query.get('older'))
  return {
    state: queueStates.find((state) => state === query.get('state')) ?? usualQueue.state,
    page: parseId<'page'>(query.get('page')),
    post: parseId<'post'>(query.get('post')),
    thread: parseId<'comment'>(query.get('thread')),
    words: word('words'),
    reason: word('reason'),
    suggested: word('suggested'),
    author: word('author'),
    language: word('language'),
    marks: queueMarks.filter((mark) => query.getAll('only').includes(mark)),
    olderThanHours: Number.isInteger(hours) && hours > 0 && hours < 100_000 ? hours : 0,
    order: queueOrders.find((order) => order === query.get('order')) ?? usualQueue.order,
    after: query.get('after'),
  }
}

/** The address of a filter, with only what differs from the usual. */
export function queueAddress(filter: Partial<QueueFilter>): string {
  const query = new URLSearchParams()
  if (filter.state && filter.state !== usualQueue.state) query.set('state', filter.state)
  for (const name of [
    'page',
    'post',
    'thread',
    'words',
    'reason',
    'suggested',
    'author',
    'language',
  ] as const)
    if (filter[name]) query.set(name, filter[name])
  for (const mark of filter.marks ?? []) query.append('only', mark)
  if (filter.olderThanHours) query.set('older', String(filter.olderThanHours))
  if (filter.order && filter.order !== usualQueue.order) query.set('order', filter.order)
  if (filter.after) query.set('after', filter.after)
  return query.size > 0 ? `/console/comments?${query}` : '/console/comments'
}
