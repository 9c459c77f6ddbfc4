import type { Blob, Blobs } from '../storage/blobs.ts'

/** The largest file somebody may upload, in bytes. */
export const uploadLimit = 25 * 1024 * 1024
/** The longest side of a kept image, in pixels. */
const longestSide = 2000
/** More pixels than any camera makes: such a file is made to exhaust the machine that opens it. */
const pixelLimit = 120_000_000

export interface CleanImage extends Blob {
  width: number
  height: number
}

/** Reads an upload, and stops as soon as it is longer than `limit`: the rest is never taken in. */
export async function readUpTo(stream: ReadableStream<Uint8Array>, limit: number): Promise<Buffer | null> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(parts)
    length += value.byteLength
    if (length > limit) {
      await reader.cancel().catch(() => {})
      return null
    }
    parts.push(value)
  }
}

/**
 * Keeps an image as it may be published: turned upright, without metadata (a photograph tells where it was taken),
 * at most 2000 pixels a side and `maxBytes` long. Answers with a sentence when the file is no image.
 */
export async function keepImage(
  blobs: Blobs,
  file: Uint8Array,
  maxBytes: number,
): Promise<CleanImage | { problem: string }> {
  if (file.byteLength === 0) return { problem: 'Choose an image first.' }
  const { default: sharp } = await import('sharp')
  const opened = () => sharp(file, { limitInputPixels: pixelLimit, failOn: 'error' }).rotate()
  let transparent: boolean
  try {
    const { hasAlpha, format } = await sharp(file, { limitInputPixels: pixelLimit }).metadata()
    // A drawing may load other things when it is shown.
    if (format === 'svg') return { problem: 'Drawings in SVG can’t be published. Save it as PNG or JPEG.' }
    transparent = hasAlpha === true && !(await sharp(file, { limitInputPixels: pixelLimit }).stats()).isOpaque
  } catch {
    return {
      problem: 'This file is not an image that can be opened. Choose a JPEG, PNG, WebP, GIF or AVIF file.',
    }
  }

  for (const side of [longestSide, 1600, 1200, 800]) {
    const sized = () => opened().resize(side, side, { fit: 'inside', withoutEnlargement: true })
    for (const quality of [85, 70, 55]) {
      const output = transparent
        ? sized().png({ compressionLevel: 9, palette: quality < 85, quality })
        : sized().flatten({ background: '#ffffff' }).jpeg({ quality, mozjpeg: true })
      const result = await output.toBuffer({ resolveWithObject: true }).catch(() => null)
      if (!result)
        return { problem: 'This image is damaged and can’t be opened. Save it anew and try again.' }
      if (result.data.byteLength > maxBytes) continue
      const blob = await blobs.put(result.data, transparent ? 'image/png' : 'image/jpeg')
      return { ...blob, width: result.info.width, height: result.info.height }
    }
  }
  return { problem: 'This image can’t be made small enough for the pages you chose. Choose a simpler one.' }
}
