import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordLine } from '../archive/archive.ts'
import { timelineRuns } from './timeline-runs.ts'

const entry = (kind: string, name: string): Pick<RecordLine, 'kind' | 'by'> => ({
  kind,
  by: { kind: 'person', id: name, name },
})

describe('a long timeline', () => {
  test('folds what one person did many times in a row, and nothing else', () => {
    const reviewed = (times: number, name = 'Priya Raman') =>
      Array.from({ length: times }, () => entry('request.review', name))
    const entries = [entry('request.receipt', 'Dana'), ...reviewed(4), ...reviewed(3, 'Elena Rivera')]
    expect(timelineRuns(entries).map((run) => run.length)).toEqual([1, 4, 1, 1, 1])
  })

  test('keeps every entry, in its order', () => {
    const anyEntry = fc.record({ kind: fc.constantFrom('a', 'b'), name: fc.constantFrom('Ann', 'Bo') })
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 40 }), (list) => {
        const entries = list.map(({ kind, name }) => entry(kind, name))
        expect(timelineRuns(entries).flat()).toEqual(entries)
      }),
    )
  })
})
