import { inflateSync } from 'node:zlib'

/**
 * The font in a WOFF file (W3C, WOFF 1.0) as it was before it was packed. The font library unpacks a whole table for each glyph
 * that it takes from a packed font, which takes minutes for a page of Chinese.
 */
export function unpackedWoff(file: Buffer): Buffer {
  if (file.toString('latin1', 0, 4) !== 'wOFF') throw new Error('This is no WOFF file.')
  const many = file.readUInt16BE(12)
  const tables = Array.from({ length: many }, (_, n) => {
    const entry = 44 + n * 20
    const [offset, packed, length] = [4, 8, 12].map((at) => file.readUInt32BE(entry + at)) as [
      number,
      number,
      number,
    ]
    const content = file.subarray(offset, offset + packed)
    return {
      tag: file.subarray(entry, entry + 4),
      checksum: file.readUInt32BE(entry + 16),
      content: packed < length ? inflateSync(content) : content,
    }
  })
  const directory = Buffer.alloc(12 + many * 16)
  file.copy(directory, 0, 4, 8)
  const largest = 2 ** Math.floor(Math.log2(many))
  directory.writeUInt16BE(many, 4)
  directory.writeUInt16BE(largest * 16, 6)
  directory.writeUInt16BE(Math.log2(largest), 8)
  directory.writeUInt16BE((many - largest) * 16, 10)
  const pieces = [directory]
  let at = directory.length
  for (const [n, { tag, checksum, content }] of tables.entries()) {
    const entry = 12 + n * 16
    tag.copy(directory, entry)
    directory.writeUInt32BE(checksum, entry + 4)
    directory.writeUInt32BE(at, entry + 8)
    directory.writeUInt32BE(content.length, entry + 12)
    // Tables begin at multiples of four bytes.
    const padded = Buffer.alloc(Math.ceil(content.length / 4) * 4)
    content.copy(padded)
    pieces.push(padded)
    at += padded.length
  }
  return Buffer.concat(pieces)
}
