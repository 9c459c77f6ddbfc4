import type { ReviewState } from '../review-store.ts'

export const reviewStates: Record<ReviewState, string> = {
  open: 'Not reviewed yet',
  release: 'To release',
  redact: 'To release redacted',
  withhold: 'To withhold',
  all: 'All',
}

export interface ReviewQuery {
  state: ReviewState
  words: string
  page: number
}

export function queryOf(address: URLSearchParams): ReviewQuery {
  const state = address.get('state') ?? 'open'
  const page = Number(address.get('page'))
  return {
    state: Object.hasOwn(reviewStates, state) ? (state as ReviewState) : 'open',
    words: (address.get('words') ?? '').trim().slice(0, 200),
    page: Number.isInteger(page) && page > 0 && page < 100_000 ? page : 1,
  }
}
