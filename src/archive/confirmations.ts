import { z } from 'zod'
import { cosignedAt } from './cosignature.ts'
import { Flaw, parseJson } from './flaw.ts'
import { type BelievedKey, believedKeys, openCheckpoint } from './keys.ts'
import { isConsistent } from './merkle.ts'
import { type CheckpointText, isBy, keyTypes, readCheckpoint, readVerifier, splitNote } from './note.ts'
import { verifyTimestamp } from './timestamp.ts'

/** What a reader brings along to check with. */
export interface Trust {
  /** A public key of the log, got in a way that the reader trusts. */
  key: string
  /** Changes of the log's key that the reader has, oldest first (keys.ts). */
  rotations?: readonly string[]
  /** Certificates that timestamps have to lead to, in PEM. */
  ca?: string
  /** Public keys of witnesses. */
  witnesses?: readonly string[]
}

/** The state of the log that something is checked against. */
export interface OpenedLog {
  checkpoint: CheckpointText
  /** All keys that the log has had. */
  keys: readonly BelievedKey[]
  /** The checkpoint itself, with what stands under it. */
  note: string
}

/** Opens a checkpoint with the reader's key, by way of the changes of keys that reader or sender know. */
export function openLog(name: string, note: string, sent: readonly string[], trust: Trust): OpenedLog {
  const ours = trust.rotations ?? []
  const believed = believedKeys(trust.key, ours.length > sent.length ? ours : sent)
  if (believed.problem !== undefined) throw new Flaw(believed.problem)
  const opened = openCheckpoint(note, believed.keys)
  if (opened.problem !== undefined) {
    const disowned = openCheckpoint(note, believed.listed).problem === undefined
    throw new Flaw(
      disowned
        ? `${name} is signed with a key for which the key given does not vouch: one of the two was replaced because it was stolen or lost. Ask the department for a new copy.`
        : `${name} ${opened.problem}`,
    )
  }
  return { checkpoint: opened.checkpoint, keys: believed.listed, note }
}

/** An earlier state of the log that others confirmed, and that it is the beginning of the state it is sent with. */
const attested = z.strictObject({
  checkpoint: z.string(),
  /** RFC 3161 tokens over the checkpoint as the log signed it, without cosignatures; DER in base64. */
  timestamps: z.array(z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/)),
  /** RFC 6962 consistency proof, in hexadecimal. */
  consistency: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
})
export type Attested = z.infer<typeof attested>
export const attestedList = z.array(attested)

export function readAttested(name: string, text: string): Attested[] {
  const read = attestedList.safeParse(parseJson(name, text))
  if (!read.success) throw new Flaw(`${name} is no list of confirmed checkpoints.`)
  return read.data
}

/** That somebody outside saw the log at this size, at this time. */
export interface Confirmation {
  how: 'timestamp' | 'witness'
  treeSize: number
  at: Date
  by: string
  /** Checked with a certificate or a key that the reader brought along. */
  checked: boolean
}

/** Checks all that others said of this log's earlier states, and of the one that it is sent with. Oldest first. */
export async function confirmationsOf(
  name: string,
  list: readonly Attested[],
  log: OpenedLog,
  trust: Trust,
): Promise<Confirmation[]> {
  const found = witnessed(name, log.note, log.checkpoint, log, trust)
  for (const { checkpoint: note, timestamps, consistency } of list) {
    const opened = openCheckpoint(note, log.keys)
    if (opened.problem !== undefined) throw new Flaw(`${name}: a checkpoint ${opened.problem}`)
    const { treeSize, root } = opened.checkpoint
    const path = consistency.map((hash) => Buffer.from(hash, 'hex'))
    if (!isConsistent(treeSize, root, log.checkpoint.treeSize, log.checkpoint.root, path))
      throw new Flaw(`${name}: the log of ${treeSize} records is not the beginning of this one.`)
    found.push(...(await timestamped(name, note, treeSize, opened.verifier, timestamps, trust)))
    found.push(...witnessed(name, note, opened.checkpoint, log, trust))
  }
  const same = (one: Confirmation) => `${one.how} ${one.treeSize} ${one.by} ${one.at.getTime()}`
  return [...new Map(found.map((one) => [same(one), one])).values()].sort(
    (a, b) => a.at.getTime() - b.at.getTime(),
  )
}

async function timestamped(
  name: string,
  note: string,
  treeSize: number,
  verifier: string,
  tokens: readonly string[],
  { ca = '' }: Trust,
): Promise<Confirmation[]> {
  const data = Buffer.from(signedOnlyBy(note, verifier))
  return Promise.all(
    tokens.map(async (token): Promise<Confirmation> => {
      const verdict = await verifyTimestamp(Buffer.from(token, 'base64'), data, { ca })
      if (verdict.problem !== undefined)
        throw new Flaw(
          `${name}: the timestamp of the log of ${treeSize} records is not good. ${verdict.problem}`,
        )
      return { how: 'timestamp', treeSize, at: verdict.at, by: verdict.signer, checked: verdict.trusted }
    }),
  )
}

/** The note as it was when the log had signed it, which is what a timestamp is over. */
export function signedOnlyBy(note: string, verifier: string): string {
  const parts = splitNote(note)
  const key = readVerifier(verifier)
  if (!parts || !key) return note
  return `${parts.text}\n${parts.signatures
    .filter((one) => isBy(one, key))
    .map(({ line }) => line)
    .join('')}`
}

function witnessed(
  name: string,
  note: string,
  { treeSize }: CheckpointText,
  { keys }: OpenedLog,
  { witnesses = [] }: Trust,
): Confirmation[] {
  const logs = keys.flatMap(({ verifier }) => readVerifier(verifier) ?? [])
  const others = (splitNote(note)?.signatures ?? []).filter((line) => !logs.some((key) => isBy(line, key)))
  return others.flatMap((line): Confirmation[] => {
    const known = witnesses.find((verifier) => {
      const key = readVerifier(verifier, keyTypes.witness)
      return key && isBy(line, key)
    })
    // Without the witness's key its line is a claim: shown as that, if it has the form of one at all.
    if (!known) {
      const seconds = line.signature.length === 72 ? Number(line.signature.readBigUInt64BE(0)) : 0
      return seconds > 0 && seconds < 8.64e12
        ? [{ how: 'witness', treeSize, at: new Date(seconds * 1000), by: line.name, checked: false }]
        : []
    }
    const at = cosignedAt(note, known)
    if (!at) throw new Flaw(`${name}: the signature of the witness ${line.name} is not good.`)
    return [{ how: 'witness', treeSize, at, by: line.name, checked: true }]
  })
}

/** Two states of one log: that the older is the beginning of the newer. */
export const consistencyFile = z.strictObject({
  format: z.literal('plainview log consistency v1'),
  older: z.string(),
  newer: z.string(),
  /** RFC 6962 § 2.1.2, in hexadecimal. */
  path: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  /** As published at /log/key. */
  keys: z.string(),
})
export type ConsistencyFile = z.infer<typeof consistencyFile>

/** A checkpoint's text without checking who signed it; null when it is none. */
export const checkpointOf = (note: string): CheckpointText | null => {
  const text = splitNote(note)?.text
  return text === undefined ? null : readCheckpoint(text)
}
