import type { RecordText } from './record.ts'

/**
 * How a redacted or withheld record stays tied to the log. The original stays sealed with its salt; its proof shows the
 * commitment and its place. A record of the kind `request.redaction`, the statement, is in the log itself and names
 * both that commitment and the SHA-256 of what was released instead.
 */
export interface Statement {
  original: { record: string; kind: string; at: string; position: number; commitment: string }
  form: 'redacted' | 'withheld'
  /** SHA-256 of the redacted record's JSON; null when the record is withheld as a whole. */
  rendition: string | null
  exemptions: string[]
  law: string
  why: string
  removed: { passages: number; areas: number; files: number }
}

export const statementKind = 'request.redaction'
export const isStatement = (record: Pick<RecordText, 'kind'>) => record.kind === statementKind

/** What stands in the proof of an original that is not in the bag. */
export const redactedStatement = 'redacted; content withheld'
export const withheldStatement = 'withheld'
/** The same of a record whose content was lawfully destroyed. */
export const disposedStatement = 'disposed of'

/** What a redacted record says of itself, beside what is left of the original. */
export interface RedactedNote {
  statement: typeof redactedStatement
  exemptions: string[]
}
