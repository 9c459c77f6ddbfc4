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
    return {
      tag: file.subarray(entry, entry + 4),
      checksum: file.readUInt32BE(entry + 16),
      packed: file.subarray(offset, offset + packed),
      length,
    }
  })
  let at = 12 + many * 16
  // Made once and filled: the fonts that need this have tables of many megabytes.
  const font = Buffer.alloc(tables.reduce((sum, { length }) => sum + padded(length), at))
  file.copy(font, 0, 4, 8)
  const largest = 2 ** Math.floor(Math.log2(many))
  font.writeUInt16BE(many, 4)
  font.writeUInt16BE(largest * 16, 6)
  font.writeUInt16BE(Math.log2(largest), 8)
  font.writeUInt16BE((many - largest) * 16, 10)
  for (const [n, { tag, checksum, packed, length }] of tables.entries()) {
    const entry = 12 + n * 16
    tag.copy(font, entry)
    font.writeUInt32BE(checksum, entry + 4)
    font.writeUInt32BE(at, entry + 8)
    font.writeUInt32BE(length, entry + 12)
    unpacked(packed, length).copy(font, at)
    at += padded(length)
  }
  return font
}

/** Tables begin at multiples of four bytes. */
const padded = (bytes: number) => Math.ceil(bytes / 4) * 4

/** A table of `length` bytes: packed where that is shorter. With room for one byte more, zlib sees in one go that it is whole. */
const unpacked = (content: Buffer, length: number): Buffer =>
  content.length < length ? inflateSync(content, { chunkSize: Math.max(64, length + 1) }) : content
