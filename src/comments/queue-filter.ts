import type { CommentId, PageId, PostId } from '../storage/ids.ts'

export const queueStates = ['waiting', 'held', 'hidden', 'kept', 'all'] as const
export type QueueState = (typeof queueStates)[number]

/** What comments may have besides their state; several together narrow further. */
export const queueMarks = [
  'mine',
  'asked',
  'escalated',
  'reported',
  'copies',
  'answered',
  'pictures',
] as const
export type QueueMark = (typeof queueMarks)[number]

export const queueOrders = ['oldest', 'newest', 'harm'] as const
export type QueueOrder = (typeof queueOrders)[number]

/** What a moderator looks for; it stands in the address. */
export interface QueueFilter {
  state: QueueState
  page: PageId | null
  /** Under this post, on whatever page. */
  post: PostId | null
  /** In the thread that this comment began. */
  thread: CommentId | null
  words: string
  /** For this reason hidden, or wished to be hidden; '' for any. */
  reason: string
  /** A category that something is suggested for; '' for any. */
  suggested: string
  /** An author's id; '' for anybody. */
  author: string
  /** As the author or platform says, or as it was recognized; '' for any. */
  language: string
  marks: readonly QueueMark[]
  /** Written so many hours ago or earlier; 0 for any time. */
  olderThanHours: number
  order: QueueOrder
  after: string | null
}

export const usualQueue: QueueFilter = {
  state: 'waiting',
  page: null,
  post: null,
  thread: null,
  words: '',
  reason: '',
  suggested: '',
  author: '',
  language: '',
  marks: [],
  olderThanHours: 0,
  order: 'oldest',
  after: null,
}

/** Whether a filter shows anything but all that waits; the order leaves nothing out. */
export const isNarrowed = (filter: QueueFilter): boolean =>
  Object.entries({ ...filter, order: usualQueue.order, after: null }).some(
    ([name, value]) => String(value) !== String(usualQueue[name as keyof QueueFilter]),
  )
