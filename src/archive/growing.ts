import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'

/** A file whose content is not in memory: its length has to be known before, as an archive's headers need it. */
export interface Streamed {
  bytes: number
  stream: Readable
}

/** A file that grows piece by piece, to be read from its beginning when it is whole. */
export function growing(file: string) {
  const stream = createWriteStream(file)
  // A failure comes out where the next piece is added, or the end is waited for.
  stream.on('error', () => {})
  let bytes = 0
  return {
    async add(piece: string | Uint8Array) {
      bytes += Buffer.byteLength(piece)
      if (stream.errored) throw stream.errored
      if (!stream.write(piece)) await once(stream, 'drain')
    },
    async end(): Promise<Streamed> {
      stream.end()
      await finished(stream)
      return { bytes, stream: createReadStream(file) }
    },
    close: () => stream.destroy(),
  }
}
