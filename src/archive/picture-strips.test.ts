import fc from 'fast-check'
import { expect, test } from 'vitest'
import { heightOf, joinLines, type Line, stripsOf } from './picture-strips.ts'

const highest = 2000
const line = (text: string, y0: number, height = 30, x0 = 0): Line => ({
  text,
  x0,
  x1: x0 + 400,
  y0,
  y1: y0 + height,
})

/** What a machine reads of these lines strip by strip: of a line that is cut, something else. */
const readIn = (lines: readonly Line[], height: number) =>
  stripsOf(height, highest).map(({ top, height }) => ({
    top,
    height,
    lines: lines
      .filter(({ y0, y1 }) => y1 > top && y0 < top + height)
      .map((one) => {
        const y0 = Math.max(one.y0 - top, 0)
        const y1 = Math.min(one.y1 - top, height)
        return { ...one, y0, y1, text: y1 - y0 < one.y1 - one.y0 ? `cut ${one.text}` : one.text }
      }),
  }))

test('strips cover a picture from top to bottom, and none is higher than it may be', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60_000 }), (height) => {
      const strips = stripsOf(height, highest)
      expect(strips[0]?.top).toBe(0)
      const last = strips.at(-1)
      expect((last?.top ?? 0) + (last?.height ?? 0)).toBe(height)
      for (const [n, strip] of strips.entries()) {
        expect(strip.height).toBeLessThanOrEqual(highest)
        const next = strips[n + 1]
        if (next) expect(strip.top + strip.height - next.top).toBeGreaterThanOrEqual(200)
      }
    }),
  )
  expect(stripsOf(heightOf(7, highest), highest)).toHaveLength(7)
})

test('each line of a tall picture is read once, as it is where it is whole, in the order of the page', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2500, max: 30_000 }),
      fc.integer({ min: 14, max: 180 }),
      fc.integer({ min: 0, max: 150 }),
      (height, letters, first) => {
        const lines: Line[] = []
        for (let top = first; top + letters < height; top += letters * 1.5)
          lines.push(line(`line ${lines.length}`, Math.round(top), letters))
        expect(joinLines(readIn(lines, height))).toEqual(lines.map(({ text }) => text))
      },
    ),
  )
})

test('two columns beside each other are two lines, also where strips meet', () => {
  const strips = stripsOf(3500, highest)
  const at = (strips[1]?.top ?? 0) + 50
  expect(joinLines(readIn([line('left', at), line('right', at, 30, 500)], 3500))).toEqual(['left', 'right'])
})

test('letters that are too tall for any strip are not lost', () => {
  expect(joinLines(readIn([line('HUGE', 1500, 900)], 4000))).toHaveLength(1)
})
