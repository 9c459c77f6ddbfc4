import { createRequire } from 'node:module'
import path from 'node:path'
import type { Font } from 'fontkit'

const require = createRequire(import.meta.url)
let font: Font | null = null

function bold(): Font {
  // Loaded with the first picture that has words: a start knows the demonstration and mostly needs none of it.
  const { openSync } = require('fontkit') as typeof import('fontkit')
  const folder = path.dirname(require.resolve('dejavu-fonts-ttf/package.json'))
  return openSync(path.join(folder, 'ttf/DejaVuSans-Bold.ttf')) as Font
}

/** A line of bold letters as an outline, its middle at `x`, so that a picture with words is the same on a machine without fonts. */
export function lettering(text: string, x: number, y: number, size: number, color: string): string {
  font ??= bold()
  const { glyphs, positions, advanceWidth } = font.layout(text)
  const scale = size / font.unitsPerEm
  let at = 0
  const letters = glyphs.map(({ path }, n) => {
    const letter = `<path transform="translate(${at} 0)" d="${path.toSVG()}"/>`
    at += positions[n]?.xAdvance ?? 0
    return letter
  })
  const left = x - (advanceWidth * scale) / 2
  return `<g fill="${color}" transform="translate(${left} ${y}) scale(${scale} ${-scale})">${letters.join('')}</g>`
}
