import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kappa, wilson } from './agreement.ts'

const counts = fc.nat(10_000)
const pairs = fc.record({ bothHide: counts, onlyFirst: counts, onlySecond: counts, bothKeep: counts })

describe('Cohen’s kappa', () => {
  // Two readers of fifty grant proposals, and the two cases with equal agreement that are told apart by kappa.
  test.each([
    [{ bothHide: 20, onlyFirst: 5, onlySecond: 10, bothKeep: 15 }, 0.4],
    [{ bothHide: 45, onlyFirst: 15, onlySecond: 25, bothKeep: 15 }, 0.1304],
    [{ bothHide: 25, onlyFirst: 35, onlySecond: 5, bothKeep: 35 }, 0.2593],
  ])('of %o is the published %d', (table, published) => expect(kappa(table)).toBeCloseTo(published, 4))
  test('is undefined where chance explains everything, and 1 for full agreement on both kinds', () => {
    expect(kappa({ bothHide: 0, onlyFirst: 0, onlySecond: 0, bothKeep: 0 })).toBeNull()
    expect(kappa({ bothHide: 0, onlyFirst: 0, onlySecond: 0, bothKeep: 9 })).toBeNull()
    expect(kappa({ bothHide: 3, onlyFirst: 0, onlySecond: 0, bothKeep: 9 })).toBe(1)
  })
  test('is the same whoever of the two is called the first, and never more than 1', () =>
    fc.assert(
      fc.property(pairs, (table) => {
        const one = kappa(table)
        const other = kappa({ ...table, onlyFirst: table.onlySecond, onlySecond: table.onlyFirst })
        if (one === null || other === null) return expect(one).toBe(other)
        expect(one).toBeCloseTo(other, 9)
        expect(one).toBeLessThanOrEqual(1)
      }),
    ))
})

describe('Wilson’s interval', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d is the published %d to %d', (of, all, from, to) => {
    expect(wilson(of, all)?.from).toBeCloseTo(from, 4)
    expect(wilson(of, all)?.to).toBeCloseTo(to, 4)
  })
  test('holds the share, and stays between nothing and all', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, part) => {
          const of = Math.floor(all * part)
          const { from = 2, to = -1 } = wilson(of, all) ?? {}
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeLessThanOrEqual(1)
          expect(from).toBeLessThanOrEqual(of / all + 1e-12)
          expect(to).toBeGreaterThanOrEqual(of / all - 1e-12)
        },
      ),
    ))
  test('of nothing is none', () => expect(wilson(0, 0)).toBeNull())
})
