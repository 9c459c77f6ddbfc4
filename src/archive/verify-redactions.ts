import { createHash } from 'node:crypto'
import { includes, leafHash } from './merkle.ts'
import type { CheckpointText } from './note.ts'
import { commitmentTo, type RecordText } from './record.ts'
import { isStatement, redactedStatement, type Statement, withheldStatement } from './redaction.ts'

export interface OriginalProof {
  statement: string
  commitment: string
  position: number
  path: string[]
}
export interface RecordProof {
  salt: string
  position: number
  path: string[]
}

/** Whether the log holds this text with this salt at the place that the proof names. */
export function proves(json: string, proof: RecordProof, checkpoint: CheckpointText): boolean {
  return inLog(commitmentTo(json, Buffer.from(proof.salt, 'hex')), proof, checkpoint)
}

/**
 * What is wrong with a redacted or withheld record, in the words after its name; null when the original stands in the
 * log, and a statement in the log binds exactly this rendition to it. `rendition` is null for a withheld record.
 */
export function flawInRedaction(
  record: string,
  rendition: string | null,
  original: OriginalProof,
  statement: RecordText,
  checkpoint: CheckpointText,
): string | null {
  const says = statement.content as unknown as Statement
  if (original.statement !== (rendition === null ? withheldStatement : redactedStatement))
    return 'does not say that its content is withheld.'
  if (!inLog(Buffer.from(original.commitment, 'hex'), original, checkpoint))
    return `is of no record that the department's log holds at position ${original.position}.`
  if (!isStatement(statement) || says.original?.record !== record)
    return 'has no statement of the department that is about it.'
  if (says.original.commitment !== original.commitment || says.original.position !== original.position)
    return 'is of another original than the department has stated.'
  const sum = rendition === null ? null : createHash('sha256').update(rendition).digest('hex')
  if (says.rendition !== sum) return 'is not the text that the department has released.'
  return null
}

/** Whether the log holds this commitment at the place that the proof names. */
export const inLog = (
  commitment: Buffer,
  { position, path }: { position: number; path: string[] },
  { treeSize, root }: CheckpointText,
) =>
  includes(
    leafHash(commitment),
    position,
    treeSize,
    path.map((hash) => Buffer.from(hash, 'hex')),
    root,
  )
