import type { BagFiles } from '../archive/archive.ts'

const block = 512

/**
 * One POSIX ustar archive of the files that are added, each below the folder `name`. Its bytes go to `put`, in order
 * and in pieces: no more than a piece of one file is held. The same files in the same order give the same bytes, because
 * times, owners and permissions are fixed.
 */
export function tarTo(
  name: string,
  put: (piece: Buffer) => Promise<void> | void,
): BagFiles & { end(): Promise<void> } {
  return {
    async add(path, content) {
      const bytes = content instanceof Uint8Array ? content.length : content.bytes
      const head = header(`${name}/${path}`, bytes)
      const gap = Buffer.alloc(padded(bytes) - bytes)
      if (content instanceof Uint8Array) return put(Buffer.concat([head, content, gap]))
      await put(head)
      let sent = 0
      for await (const piece of content.stream as AsyncIterable<Buffer>) {
        sent += piece.length
        await put(piece)
      }
      // The header has promised a length; another one would shift all that follows.
      if (sent !== bytes)
        throw new Error(`${path} has ${sent} bytes, and not the ${bytes} that were announced.`)
      await put(gap)
    },
    // Two blocks of zeros end an archive.
    end: async () => put(Buffer.alloc(2 * block)),
  }
}

function header(fullPath: string, bytes: number): Buffer {
  const { prefix, name } = split(fullPath)
  const head = Buffer.alloc(block)
  head.write(name, 0, 100)
  head.write('0000644\0', 100)
  head.write('0000000\0', 108)
  head.write('0000000\0', 116)
  head.write(`${octal(bytes, 11)}\0`, 124)
  head.write(`${octal(0, 11)}\0`, 136)
  head.write(' '.repeat(8), 148)
  head.write('0', 156)
  head.write('ustar\u000000', 257, 'latin1')
  head.write(prefix, 345, 155)
  // A loop: this runs for hundreds of thousands of files, and `reduce` took longer than hashing them.
  let sum = 0
  for (let n = 0; n < block; n++) sum += head[n] ?? 0
  head.write(`${octal(sum, 6)}\0 `, 148)
  return head
}

function octal(value: number, digits: number): string {
  const text = value.toString(8).padStart(digits, '0')
  if (text.length > digits)
    throw new Error(`${value} bytes are more than a tar archive can hold in one file.`)
  return text
}

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

const padded = (bytes: number) => Math.ceil(bytes / block) * block
