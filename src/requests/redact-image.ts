import type { AreaMark } from './marks.ts'

/** More pixels than any camera makes: such a file is made to exhaust the machine that opens it. */
const pixelLimit = 120_000_000

/**
 * A new image with the areas painted over, turned upright and without metadata. Nothing of the original's bytes is
 * taken over: what was under an area is in no part of the new file. Of an animation only the first picture is kept.
 */
export async function redactImage(
  original: Uint8Array,
  areas: readonly Pick<AreaMark, 'left' | 'top' | 'width' | 'height'>[],
): Promise<{ content: Buffer; mediaType: 'image/png' | 'image/jpeg' }> {
  const { default: sharp } = await import('sharp')
  const { format } = await sharp(original, { limitInputPixels: pixelLimit }).metadata()
  const upright = await sharp(original, { limitInputPixels: pixelLimit, failOn: 'error', pages: 1 })
    .rotate()
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true })
  const { width, height } = upright.info
  const painted = sharp(upright.data, { limitInputPixels: pixelLimit }).composite(
    areas.flatMap((area) => {
      // Rounded outwards, so that no edge of what is marked shines through.
      const left = clamp(Math.floor(area.left * width), width - 1)
      const top = clamp(Math.floor(area.top * height), height - 1)
      const right = clamp(Math.ceil((area.left + area.width) * width), width)
      const bottom = clamp(Math.ceil((area.top + area.height) * height), height)
      if (right <= left || bottom <= top) return []
      const black = {
        width: right - left,
        height: bottom - top,
        channels: 4 as const,
        background: '#000000ff',
      }
      return { input: { create: black }, left, top }
    }),
  )
  return format === 'jpeg'
    ? { content: await painted.jpeg({ quality: 90 }).toBuffer(), mediaType: 'image/jpeg' }
    : { content: await painted.png().toBuffer(), mediaType: 'image/png' }
}

const clamp = (value: number, most: number) => Math.min(Math.max(0, value), most)
