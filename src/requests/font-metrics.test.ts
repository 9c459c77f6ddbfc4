import { readFileSync } from 'node:fs'
import * as fontkit from 'fontkit'
import { expect, test } from 'vitest'
import { unpackedWoff } from './font-file.ts'
import { readMetrics } from './font-metrics.ts'
import { fontFiles } from './pdf-fonts.ts'

const lastCodePoint = 0x10ffff

test.each(Object.entries(fontFiles))('the font %s is measured as it is drawn, sign by sign', (_, file) => {
  const content = readFileSync(file)
  const drawn = fontkit.create(file.endsWith('.woff') ? unpackedWoff(content) : content) as fontkit.Font
  const measured = readMetrics(file)
  expect([measured.unitsPerEm, measured.ascent]).toEqual([drawn.unitsPerEm, drawn.ascent])
  const others: number[] = []
  let signs = 0
  for (let point = 0; point <= lastCodePoint; point++) {
    const isThere = drawn.hasGlyphForCodePoint(point)
    if (isThere) signs += 1
    if (measured.has(point) !== isThere) others.push(point)
    else if (isThere && measured.widthOf(point) !== drawn.glyphForCodePoint(point).advanceWidth)
      others.push(point)
  }
  expect(others).toEqual([])
  expect(signs).toBeGreaterThan(3000)
  expect(measured.widthOf(lastCodePoint)).toBe(drawn.getGlyph(0).advanceWidth)
})
