import type { PageId } from '../storage/ids.ts'

export const queueStates = ['waiting', 'hidden', 'kept', 'all'] as const
export type QueueState = (typeof queueStates)[number]

/** What a moderator looks for; it stands in the address. */
export interface QueueFilter {
  state: QueueState
  page: PageId | null
  words: string
  /** A category that something is suggested for. */
  suggested: string | null
  order: 'oldest' | 'newest'
  after: string | null
}
