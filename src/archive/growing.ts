import { type FileHandle, open } from 'node:fs/promises'

/** A file whose content is not in memory: its length has to be known before, as an archive's headers need it. */
export interface Streamed {
  bytes: number
  /** In pieces, each of which is good until the next is asked for. */
  stream: AsyncIterable<Uint8Array>
}

const gatheredBytes = 256 * 1024

/**
 * A file that grows piece by piece, to be read from its beginning when it is whole. Pieces are gathered in one buffer
 * that is used again and again, and read back through it: hundreds of thousands of lines would otherwise be garbage twice,
 * as text and as bytes, and V8 lets 30 to 60 MB of read pieces lie before it collects any.
 */
export function growing(path: string) {
  const gathered = Buffer.allocUnsafeSlow(gatheredBytes)
  let filled = 0
  let bytes = 0
  let file: FileHandle | undefined

  async function write(content: Uint8Array) {
    file ??= await open(path, 'w')
    for (let done = 0; done < content.length; )
      done += (await file.write(content, done, content.length - done)).bytesWritten
    bytes += content.length
  }
  async function writeGathered() {
    await write(gathered.subarray(0, filled))
    filled = 0
  }
  async function addLarge(piece: string | Uint8Array) {
    await writeGathered()
    if (most(piece) > gathered.length) await write(typeof piece === 'string' ? Buffer.from(piece) : piece)
    else gather(piece)
  }
  function gather(piece: string | Uint8Array) {
    if (typeof piece === 'string') filled += gathered.write(piece, filled)
    else {
      gathered.set(piece, filled)
      filled += piece.length
    }
  }
  return {
    /** To be waited for before the next piece: it answers with a promise where there is something to wait for. */
    add(piece: string | Uint8Array): Promise<void> | void {
      if (filled + most(piece) > gathered.length) return addLarge(piece)
      gather(piece)
    },
    async end(): Promise<Streamed> {
      await writeGathered()
      await file?.close()
      file = undefined
      return { bytes, stream: piecesOf(path, gathered) }
    },
    async close() {
      await file?.close()
    },
  }
}

async function* piecesOf(path: string, buffer: Buffer): AsyncGenerator<Uint8Array> {
  const file = await open(path)
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** As many bytes as a piece can have: a UTF-16 unit takes three at most. */
const most = (piece: string | Uint8Array) => (typeof piece === 'string' ? piece.length * 3 : piece.length)
