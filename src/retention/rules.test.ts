import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asRanges } from '../archive/archive.ts'
import { fromRanges } from '../archive/positions.ts'
import { approvers, considerStep, type RunFacts, stateOf } from './rules.ts'

const person = fc.constantFrom('officer', 'chief', 'deputy', 'captain')
const anyRun: fc.Arbitrary<RunFacts> = fc.record({
  proposedBy: person,
  approvals: fc.array(fc.record({ person }), { maxLength: 5 }),
  refused: fc.boolean(),
  cancelled: fc.boolean(),
  ordered: fc.boolean(),
  begun: fc.boolean(),
  certified: fc.boolean(),
})

test('a run is approved by two different people, neither of them its proposer, and not otherwise', () => {
  fc.assert(
    fc.property(anyRun, (run) => {
      const others = new Set(run.approvals.map((one) => one.person))
      others.delete(run.proposedBy)
      expect(approvers(run)).toHaveLength(others.size)
      const untouched = {
        ...run,
        refused: false,
        cancelled: false,
        ordered: false,
        begun: false,
        certified: false,
      }
      expect(stateOf(untouched)).toBe(others.size >= 2 ? 'approved' : 'proposed')
    }),
  )
})

test('what has ended takes no further step, and each refusal is a sentence', () => {
  const steps = ['except', 'permit', 'approve', 'refuse', 'order', 'cancel'] as const
  fc.assert(
    fc.property(anyRun, fc.constantFrom(...steps), (run, step) => {
      const state = stateOf(run)
      const hindrance = considerStep(step, state)
      if (['finished', 'refused', 'cancelled', 'running'].includes(state))
        expect(hindrance).toMatch(/^[A-Z].*\.$/)
      if (step === 'order' && hindrance === null) expect(approvers(run).length).toBeGreaterThanOrEqual(2)
    }),
  )
})

test('positions of the log survive being written shortly', () => {
  expect(asRanges([7, 1, 2, 3])).toBe('1-3, 7')
  expect(asRanges([])).toBe('')
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat({ max: 300 })), (positions) => {
      expect(fromRanges(asRanges(positions))).toEqual(new Set(positions))
    }),
  )
})
