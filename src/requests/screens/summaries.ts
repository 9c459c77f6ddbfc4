import { actorName, kindTitle, readRecord, shownTypes } from '../../archive/archive.ts'
import { opening } from '../../opening.ts'
import type { Db } from '../../storage/database.ts'
import type { RecordId } from '../../storage/ids.ts'

/** A record in one line of a table. */
export interface RecordSummary {
  id: RecordId
  kind: string
  /** What a record of this kind is called. */
  title: string
  at: Date
  by: string
  words: string
  /** SHA-256 of its images. */
  images: string[]
}

/** The records of one page of a table, in the order of `ids`. */
export async function summaries(db: Db, ids: readonly RecordId[]): Promise<RecordSummary[]> {
  const records = await Promise.all(ids.map((id) => readRecord(db, id)))
  return records.flatMap((record) => (record ? [summaryOf(record)] : []))
}

type Kept = NonNullable<Awaited<ReturnType<typeof readRecord>>>

function summaryOf(record: Kept): RecordSummary {
  const { by } = record
  return {
    id: record.id,
    kind: record.kind,
    title: kindTitle(record.kind),
    at: record.at,
    by: actorName(by),
    words: opening(textIn(record.content) || record.words, 600),
    images: record.blobs.filter((one) => shownTypes.includes(one.mediaType)).map((one) => one.sha256),
  }
}

/** The text that people wrote, wherever the content holds it. */
function textIn(content: unknown): string {
  if (typeof content !== 'object' || content === null) return ''
  const { text, words, title, number } = content as Record<string, unknown>
  return [text, words, title, number].find((one) => typeof one === 'string' && one !== '')?.toString() ?? ''
}
