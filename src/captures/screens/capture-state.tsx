import { Tag, type Tone } from '../../web/components/tag.tsx'
import type { CaptureState } from '../store.ts'

export const states: Record<CaptureState, { title: string; tone: Tone }> = {
  waiting: { title: 'Waiting to begin', tone: 'info' },
  running: { title: 'Being captured', tone: 'info' },
  done: { title: 'Captured', tone: 'success' },
  failed: { title: 'Not captured', tone: 'error' },
}

export function CaptureStateTag({ state }: { state: CaptureState }) {
  return <Tag tone={states[state].tone}>{states[state].title}</Tag>
}
