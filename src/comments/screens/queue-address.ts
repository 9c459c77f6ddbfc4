import { parseId } from '../../storage/ids.ts'
import { type QueueFilter, queueStates } from '../queue-filter.ts'

/** The filter that stands in an address; what is not understood is as if it were not there. */
export function readAddress(url: URL): QueueFilter {
  const query = url.searchParams
  return {
    state: queueStates.find((state) => state === query.get('state')) ?? 'waiting',
    page: parseId<'page'>(query.get('page')),
    words: (query.get('words') ?? '').trim().slice(0, 200),
    suggested: /^[a-z][a-z0-9-]{0,40}$/.exec(query.get('suggested') ?? '')?.[0] ?? null,
    order: query.get('order') === 'newest' ? 'newest' : 'oldest',
    after: query.get('after'),
  }
}

/** The address of a filter, with only what differs from the usual. */
export function queueAddress(filter: Partial<QueueFilter>): string {
  const query = new URLSearchParams()
  if (filter.state && filter.state !== 'waiting') query.set('state', filter.state)
  if (filter.page) query.set('page', filter.page)
  if (filter.words) query.set('words', filter.words)
  if (filter.suggested) query.set('suggested', filter.suggested)
  if (filter.order === 'newest') query.set('order', 'newest')
  if (filter.after) query.set('after', filter.after)
  return query.size > 0 ? `/console/comments?${query}` : '/console/comments'
}
