/** A line of the public log of removals: one month. No person is named in it, neither author nor moderator. */
export interface MonthOfRemovals {
  id: string
  title: string
  byReason: Record<string, number>
  removed: number
  restored: number
}

/** The counts of the decisions, a line a month, in the order given. */
export function months(
  rows: readonly { month: string; decision: string; reason: string | null; count: number }[],
): MonthOfRemovals[] {
  const lines = new Map<string, MonthOfRemovals>()
  for (const { month, decision, reason, count } of rows) {
    const line = lines.get(month) ?? {
      id: month,
      title: monthTitle(month),
      byReason: {},
      removed: 0,
      restored: 0,
    }
    lines.set(month, line)
    if (decision === 'restore') line.restored += count
    else {
      line.removed += count
      line.byReason[reason ?? ''] = (line.byReason[reason ?? ''] ?? 0) + count
    }
  }
  return [...lines.values()]
}

/** '2026-05' is May 2026. */
const monthTitle = (month: string) =>
  new Date(`${month}-15T12:00:00Z`).toLocaleString('en-US', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
