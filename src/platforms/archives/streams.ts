import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { crc32, createGunzip } from 'node:zlib'
import { type ExportFile, ExportRefused } from '../history.ts'
import { bomb, type Limits, tooLarge } from './limits.ts'

/** A file of this machine. */
export async function* fileStream(place: string, start = 0): AsyncGenerator<Uint8Array> {
  yield* createReadStream(place, { start, highWaterMark: 256 * 1024 })
}

/** What is packed with gzip, several members after one another included, within the limits. */
export async function* unzipped(
  packed: AsyncIterable<Uint8Array>,
  path: string,
  limits: Limits,
): AsyncGenerator<Uint8Array> {
  let taken = 0
  async function* counted() {
    for await (const piece of packed) {
      taken += piece.length
      yield piece
    }
  }
  const unpacked = createGunzip()
  pipeline(Readable.from(counted()), unpacked, () => {})
  let bytes = 0
  for await (const piece of undamaged(unpacked, path)) {
    bytes += piece.length
    if (bytes > limits.fileBytes) throw tooLarge(path, bytes, limits)
    if (bytes > limits.ratioFrom && bytes > taken * limits.ratio) throw bomb(path)
    yield piece
  }
}

/** Passes a stream on; what a library says about damage becomes a sentence. */
export async function* undamaged(
  stream: Readable,
  path: string,
  expected?: { crc32: number },
): AsyncGenerator<Uint8Array> {
  let sum = 0
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      if (expected) sum = crc32(piece, sum)
      yield piece
    }
  } catch (error) {
    throw damage(error, path)
  } finally {
    stream.destroy()
  }
  if (expected && sum >>> 0 !== expected.crc32 >>> 0)
    throw new ExportRefused(
      `“${path}” is damaged: its content does not match its checksum. Download the export again.`,
    )
}

/** Errors of the machine stay what they are, so that the work is tried again; all others are about the file. */
export function damage(error: unknown, path: string): unknown {
  if (error instanceof ExportRefused) return error
  const { code, message = String(error) } = error as NodeJS.ErrnoException
  if (code && !code.startsWith('Z_') && !code.startsWith('ERR_')) return error
  const what = /unexpected end/i.test(message) ? 'it ends in the middle' : message.replace(/\.$/, '')
  return new ExportRefused(`“${path}” is damaged: ${what}. Download the export again.`, { cause: error })
}

/** The first bytes of a file, to tell what it is. */
export async function beginningOf(file: ExportFile, bytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let had = 0
  for await (const piece of await file.open()) {
    pieces.push(piece)
    had += piece.length
    if (had >= bytes) break
  }
  return Buffer.concat(pieces).subarray(0, bytes)
}

/** A whole file that has to be small, as text. */
export async function smallText(file: ExportFile, max = 4_000_000): Promise<string> {
  const content = await beginningOf(file, max + 1)
  if (content.length > max)
    throw new ExportRefused(
      `“${file.path}” has more than ${max.toLocaleString('en-US')} bytes. In a genuine export it is small.`,
    )
  return content.toString('utf8').replace(/^\uFEFF/, '')
}
