import { z } from 'zod'
import type { Db } from '../storage/database.ts'
import type { RecordId } from '../storage/ids.ts'
import { withCosignatures } from './attestation-store.ts'
import { attestedCollector } from './attested.ts'
import { attestedList, type Confirmation, confirmationsOf, openLog, type Trust } from './confirmations.ts'
import { Flaw, orFlaw, parseJson } from './flaw.ts'
import { keyText, readKeyText } from './key-text.ts'
import { inclusionProof, keyHistory, latestCheckpoint } from './log.ts'
import { includes, leafHash } from './merkle.ts'
import type { LogKey } from './note.ts'
import { commitmentTo, type RecordText } from './record.ts'

/** One record with everything that proves it, in one file. */
const recordProofFile = z.strictObject({
  format: z.literal('plainview record proof v1'),
  /** The record's canonical JSON (RFC 8785), as text: these bytes are what was hashed. */
  record: z.string(),
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  position: z.int().nonnegative(),
  /** RFC 6962 § 2.1.1, in hexadecimal. */
  path: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  /** A signed note, with the cosignatures that it has. */
  checkpoint: z.string(),
  /** As published at /log/key. */
  keys: z.string(),
  attested: attestedList,
})
export type RecordProofFile = z.infer<typeof recordProofFile>

/** The file for one record at the newest checkpoint; null when there is no such record in the log. */
export async function recordProof(db: Db, key: LogKey, id: RecordId): Promise<RecordProofFile | null> {
  const row = await db.selectFrom('record').select(['json', 'salt']).where('id', '=', id).executeTakeFirst()
  const checkpoint = await latestCheckpoint(db)
  const proof = checkpoint && (await inclusionProof(db, id, checkpoint.treeSize))
  if (!row?.json || !row.salt || !proof) return null
  const attested = await attestedCollector(db, checkpoint.treeSize)
  attested.add(proof.position)
  return {
    format: 'plainview record proof v1',
    record: row.json,
    salt: row.salt.toString('hex'),
    position: proof.position,
    path: proof.path.map((hash) => hash.toString('hex')),
    checkpoint: await withCosignatures(db, checkpoint),
    keys: keyText(await keyHistory(db, key)),
    attested: await attested.list(),
  }
}

export type RecordVerdict =
  | {
      genuine: true
      record: RecordText
      position: number
      origin: string
      treeSize: number
      confirmations: Confirmation[]
    }
  | { genuine: false; problem: string }

/** Checks such a file with nothing but itself and what the reader trusts. */
export const verifyRecord = (text: string, trust: Trust, name = 'The file'): Promise<RecordVerdict> =>
  orFlaw(async () => {
    const read = recordProofFile.safeParse(parseJson(name, text))
    if (!read.success)
      throw new Flaw(
        `${name} is no proof of a record: ${read.error.issues[0]?.path.join('.')} is not as it has to be.`,
      )
    const { record: json, salt, position, path, checkpoint: note, keys, attested } = read.data
    const sent = readKeyText(keys)
    if (!sent) throw new Flaw(`${name} names no key of its log.`)
    const log = openLog('Its checkpoint', note, sent.rotations, trust)
    const { treeSize, root, origin } = log.checkpoint
    const leaf = leafHash(commitmentTo(json, Buffer.from(salt, 'hex')))
    const hashes = path.map((hash) => Buffer.from(hash, 'hex'))
    if (!includes(leaf, position, treeSize, hashes, root))
      throw new Flaw(`The record is not what the department's log holds at position ${position}.`)
    return {
      genuine: true,
      record: parseJson('The record', json) as RecordText,
      position,
      origin,
      treeSize,
      confirmations: await confirmationsOf('attested', attested, log, trust),
    }
  })
