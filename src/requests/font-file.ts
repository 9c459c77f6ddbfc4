import { inflateSync } from 'node:zlib'

interface Table {
  tag: string
  checksum: number
  /** In bytes, when it is unpacked. */
  length: number
  /** As it stands in the file. */
  content: Buffer
}

/** The tables of a font, TrueType or packed as WOFF (W3C, WOFF 1.0), in the order of the file's directory. */
function tablesOf(file: Buffer): Table[] {
  const isWoff = file.toString('latin1', 0, 4) === 'wOFF'
  const begin = isWoff ? 44 : 12
  const size = isWoff ? 20 : 16
  // Where in its entry of the directory a table's offset, checksum, length and length in the file stand.
  const [offset, checksum, length, packed] = isWoff ? ([4, 16, 12, 8] as const) : ([8, 4, 12, 12] as const)
  return Array.from({ length: file.readUInt16BE(isWoff ? 12 : 4) }, (_, n) => {
    const entry = begin + n * size
    const at = file.readUInt32BE(entry + offset)
    return {
      tag: file.toString('latin1', entry, entry + 4),
      checksum: file.readUInt32BE(entry + checksum),
      length: file.readUInt32BE(entry + length),
      content: file.subarray(at, at + file.readUInt32BE(entry + packed)),
    }
  })
}

/** One table of a font, unpacked. */
export function tableOf(file: Buffer, tag: string): Buffer {
  const table = tablesOf(file).find((one) => one.tag === tag)
  if (!table) throw new Error(`This font has no table ${tag}.`)
  return unpacked(table)
}

/** The table `post` without the names of glyphs (version 3), which nothing here asks for: of 57,000 glyphs they are 4 MB. */
function nameless(table: Table): Table {
  const content = Buffer.from(unpacked(table).subarray(0, 32))
  content.writeUInt32BE(0x0003_0000)
  return { ...table, length: content.length, content }
}

/**
 * The font in a WOFF file as it was before it was packed, but for the names of its glyphs. The font library unpacks a
 * whole table for each glyph that it takes from a packed font, which takes minutes for a page of Chinese.
 */
export function unpackedWoff(file: Buffer): Buffer {
  if (file.toString('latin1', 0, 4) !== 'wOFF') throw new Error('This is no WOFF file.')
  const tables = tablesOf(file).map((table) => (table.tag === 'post' ? nameless(table) : table))
  const many = tables.length
  let at = 12 + many * 16
  // Made once and filled: the fonts that need this have tables of many megabytes.
  const font = Buffer.alloc(tables.reduce((sum, { length }) => sum + padded(length), at))
  file.copy(font, 0, 4, 8)
  const largest = 2 ** Math.floor(Math.log2(many))
  font.writeUInt16BE(many, 4)
  font.writeUInt16BE(largest * 16, 6)
  font.writeUInt16BE(Math.log2(largest), 8)
  font.writeUInt16BE((many - largest) * 16, 10)
  for (const [n, table] of tables.entries()) {
    const entry = 12 + n * 16
    font.write(table.tag, entry, 'latin1')
    font.writeUInt32BE(table.checksum, entry + 4)
    font.writeUInt32BE(at, entry + 8)
    font.writeUInt32BE(table.length, entry + 12)
    const content = unpacked(table)
    content.copy(font, at)
    // Given back at once: zlib keeps hold of it until old garbage is collected, and the outlines are twelve megabytes.
    if (content !== table.content && content.length > Buffer.poolSize)
      (content.buffer as ArrayBuffer).transfer(0)
    at += padded(table.length)
  }
  return font
}

/** Tables begin at multiples of four bytes. */
const padded = (bytes: number) => Math.ceil(bytes / 4) * 4

/** A table that would not be shorter is not packed. With room for one byte more, zlib sees in one go that it is whole. */
const unpacked = ({ content, length }: Table): Buffer =>
  content.length < length ? inflateSync(content, { chunkSize: Math.max(64, length + 1) }) : content
