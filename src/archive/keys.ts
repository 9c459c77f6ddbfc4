import {
  type CheckpointText,
  type LogKey,
  openNote,
  readCheckpoint,
  readVerifier,
  signNote,
  splitNote,
} from './note.ts'

/** The keys of a log, one after the other: how one hands over to the next, and which of them to believe. */

/** Why a key was replaced. A key that was stolen or lost can't vouch for the one after it. */
export const rotationReasons = ['routine', 'compromised', 'lost'] as const
export type RotationReason = (typeof rotationReasons)[number]

/** What a change of keys says: up to which state of the log the old one signed, and which one signs from there. */
export interface Rotation {
  origin: string
  /** The last state that the old key signed. */
  treeSize: number
  root: Buffer
  from: string
  to: string
  reason: RotationReason
  at: Date
}

const title = 'plainview log key rotation v1'

/** The signed note of a change: by the new key always, by the old one unless it is lost. */
export function signRotation(rotation: Rotation, from: LogKey | null, to: LogKey): string {
  const { origin, treeSize, root, reason, at } = rotation
  const lines = [
    title,
    origin,
    treeSize,
    root.toString('base64'),
    rotation.from,
    rotation.to,
    reason,
    at.toISOString(),
  ]
  const text = lines.map((line) => `${line}\n`).join('')
  const signed = signNote(text, to)
  return from ? signed + signNote(text, from).slice(text.length + 1) : signed
}

/** What a signed note of a change says, and which of the two keys signed it; null when it is none. */
export function readRotation(note: string): (Rotation & { byOld: boolean }) | null {
  const text = splitNote(note)?.text
  const lines = text?.slice(0, -1).split('\n')
  if (!text || lines?.length !== 8 || lines[0] !== title) return null
  const [, origin = '', size = '', root = '', from = '', to = '', reason = '', time = ''] = lines
  const at = new Date(time)
  const known = rotationReasons.find((one) => one === reason)
  const sameLog = readVerifier(from)?.name === origin && readVerifier(to)?.name === origin
  if (!known || !sameLog || from === to || !/^[1-9]\d{0,15}$/.test(size) || Number.isNaN(at.getTime()))
    return null
  if (openNote(note, to) !== text) return null
  return {
    origin,
    treeSize: Number(size),
    root: Buffer.from(root, 'base64'),
    from,
    to,
    reason: known,
    at,
    byOld: openNote(note, from) === text,
  }
}

/** A key that is believed, for checkpoints of more than `after` and at most `upTo` records. */
export interface BelievedKey {
  verifier: string
  after: number
  upTo: number
}
export type Believed =
  /** `listed` are all keys of the log, also those that are not believed any more. */
  { keys: BelievedKey[]; listed: BelievedKey[]; problem?: never } | { keys?: never; problem: string }

/**
 * Which keys to believe for which checkpoints, given one that the reader trusts and the log's changes of keys, oldest
 * first. A key vouches for those before it, up to the state at which it took over, and, while it was in nobody else's
 * hands, for the one after it.
 */
export function believedKeys(trusted: string, notes: readonly string[]): Believed {
  const ours = readVerifier(trusted)
  if (!ours)
    return { problem: 'The key given is none of a log. It looks like name+1a2b3c4d+AAAA…, in one line.' }
  const key = trusted.trim()
  const changes: (Rotation & { byOld: boolean })[] = []
  for (const [n, note] of notes.entries()) {
    const change = readRotation(note)
    const before = changes.at(-1)
    if (!change)
      return { problem: `Change of keys number ${n + 1} is not signed by its new key, or is no such note.` }
    if (before && (before.to !== change.from || before.treeSize >= change.treeSize))
      return { problem: `Change of keys number ${n + 1} does not follow from the one before it.` }
    changes.push(change)
  }
  const at = changes.findIndex((change) => change.from === key)
  const place = at >= 0 ? at : changes.at(-1)?.to === key ? changes.length : -1
  // A key that the list does not know stands for itself alone.
  if (place < 0) {
    const alone = [{ verifier: key, after: 0, upTo: Number.MAX_SAFE_INTEGER }]
    return { keys: alone, listed: alone }
  }
  const range = (n: number): BelievedKey => ({
    verifier: changes[n]?.from ?? changes.at(-1)?.to ?? key,
    after: changes[n - 1]?.treeSize ?? 0,
    upTo: changes[n]?.treeSize ?? Number.MAX_SAFE_INTEGER,
  })
  if (changes[place]?.reason === 'compromised')
    return {
      problem: `The key given was declared stolen on ${changes[place].at.toISOString().slice(0, 10)}, so it proves nothing any more. Ask the department for its new key.`,
    }
  let first = place
  while (first > 0 && changes[first - 1]?.reason !== 'compromised') first--
  let last = place
  while (last < changes.length && changes[last]?.byOld && changes[last]?.reason === 'routine') last++
  const listed = Array.from({ length: changes.length + 1 }, (_, n) => range(n))
  return { keys: listed.slice(first, last + 1), listed }
}

export type Opened =
  | { checkpoint: CheckpointText; verifier: string; problem?: never }
  | { checkpoint?: never; problem: string }

/** A checkpoint, if one of these keys signed it and was entitled to sign a log of that size. */
export function openCheckpoint(note: string, keys: readonly BelievedKey[]): Opened {
  const name = readVerifier(keys[0]?.verifier ?? '')?.name ?? ''
  for (const { verifier, after, upTo } of keys) {
    const text = openNote(note, verifier)
    if (text === null) continue
    const checkpoint = readCheckpoint(text)
    if (!checkpoint || checkpoint.origin !== name)
      return { problem: 'is signed, but is no checkpoint of this log.' }
    if (checkpoint.treeSize > upTo)
      return {
        problem: `is signed with a key that was replaced after ${upTo} records, for a log of ${checkpoint.treeSize}.`,
      }
    if (checkpoint.treeSize <= after && after > 0)
      return {
        problem: `is signed with a key that took over only after ${after} records, for a log of ${checkpoint.treeSize}.`,
      }
    return { checkpoint, verifier }
  }
  return { problem: `is not signed with the key given (${name}).` }
}
