import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { embeddedProof } from './verify-wacz.ts'

/**
 * A kept WACZ with the proof of its record added as `plainview-proof.json`: what is checked is unchanged, because the
 * package's own list does not name it. `open` is called twice, as the end of the file says where its directory begins.
 */
export async function withProof(
  open: () => Promise<Readable>,
  proof: string,
): Promise<{ bytes: number; stream: AsyncGenerator<Buffer> }> {
  const { bytes, end } = await endOf(await open())
  if (end.readUInt32LE(0) !== endOfDirectory || end.readUInt16LE(20) !== 0)
    throw new Error('The kept capture does not end as a ZIP file without a comment does.')
  const entries = end.readUInt16LE(10)
  const size = end.readUInt32LE(12)
  const begin = end.readUInt32LE(16)
  if (begin === 0xffffffff || entries === 0xffff)
    throw new Error('The kept capture is a ZIP file of over 4 GB.')
  const content = Buffer.from(proof)
  const name = Buffer.from(embeddedProof)
  const file = Buffer.concat([localHeader(name, content), name, content])
  const entry = Buffer.concat([directoryEntry(name, content, begin), name])
  const newEnd = Buffer.from(end)
  newEnd.writeUInt16LE(entries + 1, 8)
  newEnd.writeUInt16LE(entries + 1, 10)
  newEnd.writeUInt32LE(size + entry.length, 12)
  newEnd.writeUInt32LE(begin + file.length, 16)

  async function* stream() {
    let at = 0
    for await (const piece of (await open()) as AsyncIterable<Buffer>) {
      const rest = piece.subarray(0, Math.max(0, bytes - end.length - at))
      const split = begin - at
      if (split >= 0 && split < piece.length) {
        yield rest.subarray(0, split)
        yield file
        yield rest.subarray(split)
      } else yield rest
      at += piece.length
    }
    yield Buffer.concat([entry, newEnd])
  }
  return { bytes: bytes + file.length + entry.length, stream: stream() }
}

const endOfDirectory = 0x06054b50

async function endOf(from: Readable): Promise<{ bytes: number; end: Buffer }> {
  let bytes = 0
  let end: Buffer = Buffer.alloc(0)
  for await (const piece of from as AsyncIterable<Buffer>) {
    bytes += piece.length
    end = Buffer.concat([end, piece.subarray(-22)]).subarray(-22)
  }
  if (end.length < 22) throw new Error('The kept capture is no ZIP file.')
  return { bytes, end }
}

/** Noon of the first day that ZIP knows, stored as it is, name in UTF-8 (APPNOTE 4.3.7). */
function localHeader(name: Buffer, content: Buffer): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(0x0800, 6)
  header.writeUInt16LE(0x6000, 10)
  header.writeUInt16LE(0x0021, 12)
  header.writeUInt32LE(crc32(content), 14)
  header.writeUInt32LE(content.length, 18)
  header.writeUInt32LE(content.length, 22)
  header.writeUInt16LE(name.length, 26)
  return header
}

function directoryEntry(name: Buffer, content: Buffer, at: number): Buffer {
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(20, 4)
  localHeader(name, content).copy(entry, 6, 4)
  entry.writeUInt32LE(at, 42)
  return entry
}
