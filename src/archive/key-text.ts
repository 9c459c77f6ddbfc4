import { readVerifier } from './note.ts'

/** The keys of a log as text: the one that signs now in the first line, and how each took over from the one before. */
export interface KeyList {
  current: string
  /** Signed notes (keys.ts), oldest first. */
  rotations: string[]
}

const begin = /^(?=plainview log key rotation v1$)/m

export const keyText = ({ current, rotations }: KeyList): string => [`${current}\n`, ...rotations].join('\n')

/** What `keyText` wrote; a bare key is a list too. Null when there is no key in it. */
export function readKeyText(text: string): KeyList | null {
  const [head = '', ...rotations] = text.split(begin)
  const current = head.trim()
  if (!readVerifier(current)) return null
  return { current, rotations: rotations.map((note) => `${note.trimEnd()}\n`) }
}
