import { createReadStream } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'

const block = 512

/**
 * A folder as one POSIX ustar archive, in a stream that never holds more than a piece of one file. The same folder
 * always gives the same bytes: entries are sorted, and times, owners and permissions are fixed.
 */
export async function tarOf(folder: string, name: string): Promise<{ bytes: number; stream: Readable }> {
  const files = await filesIn(folder)
  // Two blocks of zeros end an archive.
  const bytes = files.reduce((sum, file) => sum + block + padded(file.bytes), 2 * block)
  return { bytes, stream: Readable.from(entries(folder, name, files)) }
}

interface Entry {
  /** With forward slashes, from the folder. */
  path: string
  bytes: number
}

async function* entries(folder: string, name: string, files: Entry[]): AsyncGenerator<Buffer> {
  for (const file of files) {
    yield header(`${name}/${file.path}`, file.bytes)
    let sent = 0
    for await (const piece of createReadStream(path.join(folder, file.path))) {
      sent += piece.length
      yield piece
    }
    // The header has promised a length; another one would shift all that follows.
    if (sent !== file.bytes) throw new Error(`${file.path} changed while it was being packed.`)
    const gap = padded(sent) - sent
    if (gap > 0) yield Buffer.alloc(gap)
  }
  yield Buffer.alloc(2 * block)
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
  const sum = head.reduce((total, byte) => total + byte, 0)
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

async function filesIn(folder: string): Promise<Entry[]> {
  const found: Entry[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue
    const full = path.join(entry.parentPath, entry.name)
    if (!entry.isFile()) throw new Error(`${full} is not a plain file.`)
    found.push({
      path: path.relative(folder, full).split(path.sep).join('/'),
      bytes: (await lstat(full)).size,
    })
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

const padded = (bytes: number) => Math.ceil(bytes / block) * block
