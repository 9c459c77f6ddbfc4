import { ascentOf, drawn, type Face, widthOf } from '../pdf-fonts.ts'
import { barWidth, type Line, sheet, styles } from './page-layout.ts'

/** Dots an inch that review platforms expect of a page. */
const dots = 300
const pixels = (points: number) => Math.round((points * dots) / 72)
const [width, height] = [pixels(sheet.width), pixels(sheet.height)]

const black = 0
const white = 255

/** A page as it is printed, in dots: the same lines in the same places as in the PDF. */
export interface PagePicture {
  write(line: Line, at: number): Promise<void>
  number(bates: string): Promise<void>
  /** Black and white, TIFF Group IV. */
  tiff(): Promise<Buffer>
  /** In color, with a picture below `at`: JPEG. */
  jpeg(picture: Buffer, at: number): Promise<Buffer>
}

/** Sheets to draw on that nobody draws on now: given back to the system, each would lie there until garbage is collected. */
const sheets: Buffer[] = []

/** Lends `draw` a blank page until it has made a file of it. */
export async function onBlankPage<Made>(draw: (page: PagePicture) => Promise<Made>): Promise<Made> {
  const dotsOfPage = (sheets.pop() ?? Buffer.allocUnsafe(width * height)).fill(white)
  try {
    return await draw(pageOf(dotsOfPage))
  } finally {
    sheets.push(dotsOfPage)
  }
}

function pageOf(page: Buffer): PagePicture {
  const raw = { width, height, channels: 1 } as const

  /** Draws a text with its top left corner there, in points; on black it is white. */
  async function text(face: Face, size: number, words: string, left: number, top: number, ink = black) {
    const ascent = ascentOf(face, size)
    for (const { glyph, outline, box, unit, x, y } of drawn(face, words, size)) {
      const key = `${glyph} ${size}`
      // Waiting for each of thousands that are there already would cost more than drawing them.
      const stamp = stamps.get(key) ?? (await stampOf(key, outline, box, (unit * dots) / 72))
      const column = pixels(left + x) + stamp.left
      const row = pixels(top + ascent - y) + stamp.top
      for (let line = 0; line < stamp.height; line++) {
        const to = row + line
        if (to < 0 || to >= height) continue
        for (let dot = 0; dot < stamp.width; dot++) {
          const cover = stamp.cover[line * stamp.width + dot] ?? 0
          const at = column + dot
          if (cover === 0 || at < 0 || at >= width) continue
          const there = to * width + at
          const under = page[there] ?? white
          page[there] = ink === black ? Math.min(under, white - cover) : Math.max(under, cover)
        }
      }
    }
  }
  function fill(left: number, top: number, wide: number, high: number) {
    for (let row = pixels(top); row < pixels(top + high); row++)
      page.fill(black, row * width + pixels(left), row * width + Math.min(pixels(left + wide), width))
  }

  return {
    async write({ style, pieces }, at) {
      const { face, size } = styles[style]
      let left = sheet.margin
      for (const piece of pieces) {
        if (typeof piece === 'string') {
          if (piece.trim()) await text(face, size, piece, left, at)
          left += widthOf(face, piece, size)
          continue
        }
        const wide = barWidth(piece.bar, { face, size })
        fill(left, at - 1, wide - 2, size + 3)
        await text(face, size, piece.bar, left + (wide - 2 - widthOf(face, piece.bar, size)) / 2, at, white)
        left += wide
      }
    },
    number: (bates) =>
      text('code', 9, bates, sheet.width - sheet.margin - widthOf('code', bates, 9), sheet.height - 40),
    async tiff() {
      const { default: sharp } = await import('sharp')
      return sharp(page, { raw })
        .toColourspace('b-w')
        .tiff({
          compression: 'ccittfax4',
          bitdepth: 1,
          xres: dots / 25.4,
          yres: dots / 25.4,
          resolutionUnit: 'inch',
        })
        .toBuffer()
    },
    async jpeg(picture, at) {
      const room = { width: width - 2 * pixels(sheet.margin), height: height - pixels(at) - pixels(80) }
      const { default: sharp } = await import('sharp')
      const { data, info } = await sharp(picture)
        .resize({ ...room, fit: 'inside' })
        .toBuffer({ resolveWithObject: true })
      return sharp(page, { raw })
        .toColourspace('srgb')
        .composite([{ input: data, top: pixels(at), left: Math.round((width - info.width) / 2) }])
        .withDensity(dots)
        .jpeg({ quality: 80 })
        .toBuffer()
    },
  }
}

interface Stamp {
  cover: Buffer
  width: number
  height: number
  /** From where the glyph stands to its first dot. */
  left: number
  top: number
}

const stamps = new Map<string, Stamp>()
/** Those of one language are a few hundred; of Chinese some thousand. */
const mostStamps = 20_000

/** A glyph in dots. Each is drawn once: a page has thousands, and a production a hundred thousand pages. */
async function stampOf(
  key: string,
  outline: () => string,
  box: { minX: number; minY: number; maxX: number; maxY: number },
  scale: number,
): Promise<Stamp> {
  const left = Math.floor(box.minX * scale)
  const top = Math.floor(-box.maxY * scale)
  const wide = Math.ceil(box.maxX * scale) - left + 1
  const high = Math.ceil(-box.minY * scale) - top + 1
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}"><path transform="translate(${-left} ${-top}) scale(${scale} ${-scale})" d="${outline()}"/></svg>`
  const { default: sharp } = await import('sharp')
  const cover = await sharp(Buffer.from(svg)).extractChannel('alpha').raw().toBuffer()
  const stamp = { cover, width: wide, height: high, left, top }
  if (stamps.size >= mostStamps) stamps.clear()
  stamps.set(key, stamp)
  return stamp
}
