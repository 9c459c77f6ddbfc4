import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { Blobs } from '../storage/blobs.ts'
import { keepImage, readUpTo } from './image.ts'

function memoryBlobs() {
  const kept = new Map<string, Uint8Array>()
  const blobs = {
    async put(content: Uint8Array, mediaType: string) {
      const sha256 = createHash('sha256').update(content).digest('hex')
      kept.set(sha256, content)
      return { sha256, bytes: content.byteLength, mediaType }
    },
  } as Blobs
  return { blobs, kept }
}

test('an image is turned upright, made small, and tells nothing about where it was taken', async () => {
  const { blobs, kept } = memoryBlobs()
  const photograph = await sharp({ create: { width: 3000, height: 1500, channels: 3, background: '#358' } })
    .withExif({ IFD0: { Copyright: 'Someone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '42/1 30/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  const image = await keepImage(blobs, photograph, 1_000_000)
  if ('problem' in image) throw new Error(image.problem)
  expect([image.width, image.height]).toEqual([1000, 2000])
  const metadata = await sharp(kept.get(image.sha256)).metadata()
  expect(metadata.exif).toBeUndefined()
  expect(metadata.orientation ?? 1).toBe(1)
})

test('an image is made as small as the platform wants it', async () => {
  const { blobs } = memoryBlobs()
  const noise = await sharp({
    create: {
      width: 2000,
      height: 2000,
      channels: 3,
      background: '#fff',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png()
    .toBuffer()
  const image = await keepImage(blobs, noise, 600_000)
  expect('bytes' in image && image.bytes).toBeLessThanOrEqual(600_000)
})

test('what is not an image gets a sentence and is not kept', async () => {
  const { blobs, kept } = memoryBlobs()
  for (const file of [
    Buffer.from('not an image'),
    Buffer.alloc(0),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'),
  ])
    expect(await keepImage(blobs, file, 1_000_000)).toHaveProperty('problem')
  const half = (
    await sharp({ create: { width: 900, height: 900, channels: 3, background: '#935' } })
      .png()
      .toBuffer()
  ).subarray(0, 300)
  expect(await keepImage(blobs, half, 1_000_000)).toHaveProperty('problem')
  expect(kept.size).toBe(0)
})

test('an upload of 200 MB is read no further than the limit', async () => {
  let handedOut = 0
  let cancelled = false
  const upload = new ReadableStream<Uint8Array>({
    pull(controller) {
      handedOut += 1_000_000
      if (handedOut > 200_000_000) controller.close()
      else controller.enqueue(new Uint8Array(1_000_000))
    },
    cancel() {
      cancelled = true
    },
  })
  expect(await readUpTo(upload, 25_000_000)).toBeNull()
  expect(cancelled).toBe(true)
  expect(handedOut).toBeLessThan(30_000_000)
})
