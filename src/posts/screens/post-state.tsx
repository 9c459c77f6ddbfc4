import { Tag } from '../../web/components/tag.tsx'
import type { PostState } from '../store.ts'

export const stateWords: Record<PostState, string> = {
  draft: 'Draft',
  submitted: 'Waits for approval',
  returned: 'Sent back',
  approved: 'Approved',
  scheduled: 'Scheduled',
  publishing: 'On its way',
  published: 'Published',
  refused: 'Not taken by a page',
  deleted: 'Deleted',
}
const tones = {
  draft: 'neutral',
  submitted: 'warning',
  returned: 'warning',
  approved: 'success',
  scheduled: 'info',
  publishing: 'info',
  published: 'success',
  refused: 'error',
  deleted: 'neutral',
} as const

/** Where a post stands, in a word. */
export function PostStateTag({ state }: { state: PostState }) {
  return <Tag tone={tones[state]}>{stateWords[state]}</Tag>
}
