import type { BagFiles, Streamed } from '../archive/archive.ts'

const block = 512

/**
 * One POSIX ustar archive of the files that are added, each below the folder `name`. Its bytes go to `put`, in order
 * and in pieces: no more than a piece of one file is held. A piece is good until `put` has ended. The same files in the
 * same order give the same bytes, because times, owners and permissions are fixed.
 */
export function tarTo(
  name: string,
  put: (piece: Uint8Array) => Promise<void> | void,
): BagFiles & { end(): Promise<void> } {
  const head = Buffer.alloc(block)
  const writeHeader = headersBelow(name, head)

  async function addStream(path: string, { bytes, stream }: Streamed) {
    writeHeader(path, bytes)
    await put(head)
    let sent = 0
    for await (const piece of stream) {
      sent += piece.length
      await put(piece)
    }
    // The header has promised a length; another one would shift all that follows.
    if (sent !== bytes)
      throw new Error(`${path} has ${sent} bytes, and not the ${bytes} that were announced.`)
    await put(padding(bytes))
  }

  /** No promise where there is nothing to wait for: most files are small. */
  function putAll(pieces: readonly Uint8Array[], from = 0): Promise<void> | void {
    for (let n = from; n < pieces.length; n++) {
      const waiting = put(pieces[n] as Uint8Array)
      if (waiting) return waiting.then(() => putAll(pieces, n + 1))
    }
  }

  return {
    add(path, content) {
      if (!(content instanceof Uint8Array)) return addStream(path, content)
      writeHeader(path, content.length)
      return putAll([head, content, padding(content.length)])
    },
    // Two blocks of zeros end an archive.
    end: async () => put(Buffer.alloc(2 * block)),
  }
}

/**
 * Writes headers into `head`, again and again: there are three for each record. What does not change is written and
 * summed once. Loops over bytes, as `reduce` and texts of numbers took longer than hashing the files.
 */
function headersBelow(folder: string, head: Buffer): (path: string, bytes: number) => void {
  head.write('0000644\0', 100)
  head.write('0000000\0', 108)
  head.write('0000000\0', 116)
  head.write('00000000000\0', 136)
  // The sum of all bytes takes its own place for blanks.
  head.write(' '.repeat(8), 148)
  head.write('0', 156)
  head.write('ustar\u000000', 257, 'latin1')
  const unchanging = head.reduce((sum, byte) => sum + byte, 0)
  head.write('\0 ', 154)

  // Both answer with the sum of the bytes they wrote.
  function writeText(text: string, at: number, room: number): number {
    const end = at + head.write(text, at, room)
    head.fill(0, end, at + room)
    let sum = 0
    for (let n = at; n < end; n++) sum += head[n] ?? 0
    return sum
  }
  function writeOctal(value: number, at: number, digits: number): number {
    let [rest, sum] = [value, 0]
    for (let n = at + digits - 1; n >= at; n--) {
      sum += head[n] = zero + (rest % 8)
      rest = Math.floor(rest / 8)
    }
    if (rest > 0) throw new Error(`${value} bytes are more than a tar archive can hold in one file.`)
    return sum
  }
  return (path, bytes) => {
    const { prefix, name } = split(`${folder}/${path}`)
    const sum = writeText(name, 0, 100) + writeText(prefix, 345, 155) + writeOctal(bytes, 124, 11)
    writeOctal(unchanging + sum, 148, 6)
  }
}

const zero = '0'.charCodeAt(0)

/** ustar keeps 100 bytes of name and, before a slash, 155 bytes of prefix. */
function split(fullPath: string): { prefix: string; name: string } {
  if (Buffer.byteLength(fullPath) <= 100) return { prefix: '', name: fullPath }
  for (let at = fullPath.indexOf('/'); at !== -1; at = fullPath.indexOf('/', at + 1)) {
    const prefix = fullPath.slice(0, at)
    const name = fullPath.slice(at + 1)
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return { prefix, name }
  }
  throw new Error(`The path is too long for a tar archive: ${fullPath}`)
}

/** What fills the last block of a file: zeros, with a view for each length. */
const zeros = Buffer.alloc(block)
const paddings = Array.from({ length: block }, (_, bytes) => zeros.subarray(0, bytes))
const padding = (bytes: number) => paddings[(block - (bytes % block)) % block] as Buffer
