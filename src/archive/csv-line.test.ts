import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvLine } from './csv-line.ts'

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",;\' aé＝＋－＠'), maxLength: 6 }),
)

test('a program that reads CSV gets back each cell, with an apostrophe before what would be a formula', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (cells) => {
      const disarmed = cells.map((cell) => (/^[=+\-@\t\r＝＋－＠]/.test(cell) ? `'${cell}` : cell))
      expect(parse(csvLine(cells), { record_delimiter: '\r\n', bom: false })).toEqual([disarmed])
    }),
    { numRuns: 2000 },
  )
})
