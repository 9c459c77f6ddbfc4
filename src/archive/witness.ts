import { createHash } from 'node:crypto'
import { cosign } from './cosignature.ts'
import { emptyRoot, isConsistent } from './merkle.ts'
import {
  isBy,
  type NoteKey,
  openNote,
  readCheckpoint,
  readVerifier,
  type SignatureLine,
  splitNote,
} from './note.ts'

/** A witness of logs (C2SP tlog-witness): it signs what continues the state it signed before, and nothing else. */

/** Where a witness keeps the newest checkpoint that it signed, one a log. */
export interface WitnessMemory {
  /** The checkpoint with the log's signature and ours, or null when none was signed. */
  read(origin: string): Promise<string | null>
  /** Resolves once a crash or a power cut can't lose it any more. */
  write(origin: string, note: string): Promise<void>
}

export interface WitnessReply {
  status: number
  type: string
  body: string
}

export interface Witness {
  /** POST add-checkpoint. */
  addCheckpoint(body: string): Promise<WitnessReply>
  /** GET HASH/checkpoint, with the SHA-256 of a log's origin in hexadecimal. */
  checkpoint(originHash: string): Promise<WitnessReply>
}

/** `logs` answers with the verifiers of the logs to watch; a log with several keys has one for each. */
export function createWitness({
  key,
  logs,
  memory,
  now,
}: {
  key: NoteKey
  logs: () => Promise<readonly string[]>
  memory: WitnessMemory
  now: () => Date
}): Witness {
  // Between reading the old state and writing the new one nobody else may do the same, or a log could be rolled back.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  async function addCheckpoint(body: string): Promise<WitnessReply> {
    const request = readRequest(body)
    if (!request) return text(400, 'This is no add-checkpoint request.')
    const { oldSize, proof, note } = request
    const parts = splitNote(note)
    const said = parts && readCheckpoint(checkpointLines(parts.text))
    if (!parts || !said) return text(400, 'There is no checkpoint under the proof.')
    const known = (await logs()).filter((verifier) => readVerifier(verifier)?.name === said.origin)
    if (known.length === 0) return text(404, `This witness does not watch ${said.origin}.`)
    const verifier = known.find((one) => openNote(note, one) !== null)
    const spoilt = known.some((one) => {
      const by = readVerifier(one)
      return by && parts.signatures.some((line) => isBy(line, by)) && openNote(note, one) === null
    })
    if (!verifier || spoilt)
      return text(403, `The checkpoint is not signed with a key of ${said.origin} that is known here.`)
    if (oldSize > said.treeSize) return text(400, 'The old size is larger than the new one.')

    const before = await memory.read(said.origin)
    const seen = before === null ? null : readCheckpoint(checkpointLines(splitNote(before)?.text ?? ''))
    if (before !== null && !seen) throw new Error(`What is kept of ${said.origin} can’t be read.`)
    const seenSize = seen?.treeSize ?? 0
    if (oldSize !== seenSize) return { status: 409, type: 'text/x.tlog.size', body: `${seenSize}\n` }
    if (!continues(seen, said, proof))
      return text(422, `This is no continuation of the ${seenSize} records that this witness has seen.`)

    const line = cosign(parts.text, key, now())
    await memory.write(said.origin, `${parts.text}\n${ours(parts.signatures, verifier)}${line}`)
    return text(200, line)
  }

  return {
    addCheckpoint: (body) => inTurn(() => addCheckpoint(body)),
    async checkpoint(originHash) {
      const origins = new Set((await logs()).map((verifier) => readVerifier(verifier)?.name ?? ''))
      const origin = [...origins].find((one) => createHash('sha256').update(one).digest('hex') === originHash)
      const note = origin === undefined ? null : await memory.read(origin)
      return note === null
        ? text(404, 'This witness has signed nothing of that log.')
        : { ...text(200, ''), body: note }
    },
  }
}

const text = (status: number, body: string): WitnessReply => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: body.endsWith('\n') ? body : `${body}\n`,
})

/** The line of this key, among whatever others stand under the checkpoint. */
function ours(signatures: readonly SignatureLine[], verifier: string): string {
  const by = readVerifier(verifier)
  return signatures.find((one) => by && isBy(one, by))?.line ?? ''
}

/** A witness vouches for the first three lines; a log may add others (C2SP tlog-checkpoint). */
const checkpointLines = (text: string) =>
  text
    .split('\n')
    .slice(0, 3)
    .map((line) => `${line}\n`)
    .join('')

const longestProof = 63

function readRequest(body: string): { oldSize: number; proof: Buffer[]; note: string } | null {
  const end = body.indexOf('\n\n')
  if (end < 0) return null
  const [first = '', ...hashes] = body.slice(0, end).split('\n')
  const size = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1]
  if (size === undefined || hashes.length > longestProof) return null
  if (hashes.some((hash) => !/^[A-Za-z0-9+/]{43}=$/.test(hash))) return null
  return {
    oldSize: Number(size),
    proof: hashes.map((hash) => Buffer.from(hash, 'base64')),
    note: body.slice(end + 2),
  }
}

type State = { treeSize: number; root: Buffer }

function continues(seen: State | null, next: State, proof: readonly Buffer[]): boolean {
  if (next.treeSize === 0 && !next.root.equals(emptyRoot)) return false
  if (!seen || seen.treeSize === 0) return proof.length === 0
  return isConsistent(seen.treeSize, seen.root, next.treeSize, next.root, proof)
}
