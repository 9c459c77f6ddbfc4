import type { HistoryItem } from '../platforms/history.ts'

/** What an import did, in numbers. */
export interface Tally {
  /** New records, by kind. */
  added: Record<HistoryItem['kind'], number>
  /** Records of a content that differs from what was known of the same thing. */
  changed: number
  /** What the archive had already. */
  known: number
  /** Files kept with records, and those that the export mentions without holding them. */
  media: { kept: number; missing: number }
}

export const emptyTally = (): Tally => ({
  added: { post: 0, comment: 0, capture: 0 },
  changed: 0,
  known: 0,
  media: { kept: 0, missing: 0 },
})

export const sumOf = (a: Tally, b: Tally): Tally => ({
  added: {
    post: a.added.post + b.added.post,
    comment: a.added.comment + b.added.comment,
    capture: a.added.capture + b.added.capture,
  },
  changed: a.changed + b.changed,
  known: a.known + b.known,
  media: { kept: a.media.kept + b.media.kept, missing: a.media.missing + b.media.missing },
})

/** All records that an import made. */
export const recordsIn = ({ added, changed }: Tally) => added.post + added.comment + added.capture + changed
