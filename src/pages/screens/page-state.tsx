import { Tag } from '../../web/components/tag.tsx'
import type { PageState } from '../store.ts'

const words = { waiting: 'Waits for approval', approved: 'Approved', refused: 'Refused' } as const
const tones = { waiting: 'warning', approved: 'success', refused: 'error' } as const

/** Where a page stands, in a word. */
export function PageStateTag({ state }: { state: PageState }) {
  return <Tag tone={tones[state]}>{words[state]}</Tag>
}
