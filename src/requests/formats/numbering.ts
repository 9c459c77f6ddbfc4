import type { Attachment, NumberedRecord, ReleasedRecord } from './format.ts'
import { layOut } from './page-layout.ts'

/**
 * Gives each page a number of its own (a Bates number), first the pages of a record, then one for each attachment. All
 * formats count the pages of the same layout, so that one number means the same in each of them.
 */
export async function* numbered(
  records: AsyncIterable<ReleasedRecord>,
  prefix: string,
  zone: string,
): AsyncGenerator<NumberedRecord> {
  let last = 0
  const next = () => `${prefix}-${String(++last).padStart(6, '0')}`
  for await (const one of records) {
    const [first = [], ...more] = layOut(one, zone)
    const bates: [string, ...string[]] = [next(), ...more.map(next)]
    const attachments: Attachment[] = []
    if (one.form !== 'withheld')
      for (const file of one.record.blobs)
        if ('sha256' in file && isLookedAt(file.mediaType))
          attachments.push({ bates: next(), file, redacted: 'redacted' in file })
    yield { ...one, bates, pages: [first, ...more], attachments }
  }
}

/**
 * With what the page numbers of a request's productions begin. The first one's is the request's number; a later one
 * gets its own, so that no number is given twice.
 */
export const batesPrefix = (request: string, nth: number): string =>
  nth === 0 ? request : `${request}-${nth + 1}`

/** A platform's answer or a capture is evidence behind a record, and no document that somebody reads. */
const isLookedAt = (mediaType: string) => /^(image|video|audio)\/|^application\/pdf$/.test(mediaType)
