import { csvLine } from '../archive/archive.ts'
import type { PublicCount, PublicHold } from '../comments/comments.ts'

/** A line of the public log: one month. No person is named in it, neither author nor moderator. */
export interface MonthOfRemovals {
  id: string
  title: string
  byReason: Record<string, number>
  removed: number
  restored: number
  appealed: number
  reversed: number
  upheld: number
  blocked: number
  unblocked: number
}

const fields = {
  removed: 'removed',
  'shown again': 'restored',
  appealed: 'appealed',
  'appeal reversed': 'reversed',
  'appeal upheld': 'upheld',
  blocked: 'blocked',
  'block ended early': 'unblocked',
} as const

/** The counts, a line a month, in the order given. */
export function months(counts: readonly PublicCount[]): MonthOfRemovals[] {
  const lines = new Map<string, MonthOfRemovals>()
  for (const { month, event, reason, count } of counts) {
    const line = lines.get(month) ?? {
      ...{ id: month, title: monthTitle(month), byReason: {} },
      ...{ removed: 0, restored: 0, appealed: 0, reversed: 0, upheld: 0, blocked: 0, unblocked: 0 },
    }
    lines.set(month, line)
    line[fields[event]] += count
    if (event === 'removed') line.byReason[reason] = (line.byReason[reason] ?? 0) + count
  }
  return [...lines.values()]
}

/** Removals and what was shown again, page by page, over all months. */
export function pagesOf(
  counts: readonly PublicCount[],
): { id: string; removed: number; restored: number; appealed: number; reversed: number }[] {
  const lines = new Map<string, ReturnType<typeof pagesOf>[number]>()
  for (const { page, event, count } of counts) {
    const field = fields[event]
    if (page === '' || field === 'blocked' || field === 'unblocked' || field === 'upheld') continue
    const line = lines.get(page) ?? { id: page, removed: 0, restored: 0, appealed: 0, reversed: 0 }
    lines.set(page, line)
    line[field] += count
  }
  return [...lines.values()].sort((a, b) => b.removed - a.removed || a.id.localeCompare(b.id))
}

/** The whole log as a table (RFC 4180): a line for each month, page, event and reason, and three for each hold, with its times. */
export const removalsCsv = (
  counts: readonly PublicCount[],
  holds: readonly PublicHold[],
  titleOf: (reason: string) => string,
  monthOf: (at: Date) => string,
): string =>
  [
    ['month', 'event', 'page', 'reason', 'clause', 'count', 'from', 'to'],
    ...counts.map(({ month, event, page, reason, clause, count }) => [
      ...[month, event, page, titleOf(reason), clause, String(count), '', ''],
    ]),
    ...holds.flatMap(({ page, from, to, reason, clause, held, removed, released }) =>
      Object.entries({
        'held for review': held,
        'held for review, then removed': removed,
        'held for review, shown when the hold ended': released,
      }).map(([event, count]) => [
        ...[monthOf(from), event, page, titleOf(reason), clause, String(count)],
        ...[from.toISOString(), to?.toISOString() ?? ''],
      ]),
    ),
  ]
    .map(csvLine)
    .join('')

/** '2026-05' is May 2026. */
const monthTitle = (month: string) =>
  new Date(`${month}-15T12:00:00Z`).toLocaleString('en-US', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
