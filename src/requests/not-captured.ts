import { gapsBetween, whatIsLost } from '../pages/pages.ts'
import type { Db } from '../storage/database.ts'
import { type Production, pagesAndBeginning, pictureGaps } from './store.ts'

/**
 * For the README of a production: when the comments of its pages were not captured, from its first record to the order,
 * and which pictures of its comments nobody could get. The time after the last record counts: a gap may be why it is the
 * last. Empty without a gap.
 */
export async function notCaptured(db: Db, production: Pick<Production, 'id' | 'at'>): Promise<string> {
  const { pages, beginning } = await pagesAndBeginning(db, production.id)
  const gaps = beginning ? await gapsBetween(db, pages, beginning, production.at) : []
  const pictures = await pictureGaps(db, production.id)
  if (gaps.length === 0 && pictures.length === 0) return ''
  const times = gaps.map(
    ({ title, since, endedAt }) =>
      `  ${minute(since)} to ${endedAt ? minute(endedAt) : 'now, when this was put together'}: ${title}\n`,
  )
  const missing = pictures.map(
    ({ title, at, record }) => `  given up ${minute(at)}: ${title} (record ${record})\n`,
  )
  return [
    `What is not in here because nobody captured it
==============================================
`,
    ...(times.length > 0
      ? [
          `The comments of these pages could not be read from their platforms for a time. ${whatIsLost}\n`,
          ...times,
        ]
      : []),
    ...(missing.length > 0
      ? ['These pictures came with comments, but their platforms did not give them out.\n', ...missing]
      : []),
  ].join('')
}

/** 2026-03-02 15:00 UTC */
const minute = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
