import { createRequire } from 'node:module'
import path from 'node:path'
import * as fontkit from 'fontkit'

let font: fontkit.Font | null = null

/** A line of bold letters as an outline, its middle at `x`, so that a picture with words is the same on a machine without fonts. */
export function lettering(text: string, x: number, y: number, size: number, color: string): string {
  font ??= fontkit.openSync(
    path.join(
      path.dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')),
      'ttf/DejaVuSans-Bold.ttf',
    ),
  ) as fontkit.Font
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
