import { Tag, type Tone } from '../../web/components/tag.tsx'
import type { ImportState } from '../store.ts'

export const states: Record<ImportState, { title: string; tone: Tone }> = {
  waiting: { title: 'Waiting to begin', tone: 'info' },
  running: { title: 'Being read', tone: 'info' },
  finished: { title: 'Finished', tone: 'success' },
  refused: { title: 'Stopped', tone: 'error' },
  cancelled: { title: 'Cancelled', tone: 'warning' },
}

/** What a file is as far as its import has found out. */
export const whatItIs = (what: string | null, state: ImportState): string =>
  what ?? (state === 'waiting' || state === 'running' ? 'Not looked at yet' : 'Not recognized')

export function ImportStateTag({ state }: { state: ImportState }) {
  return <Tag tone={states[state].tone}>{states[state].title}</Tag>
}
