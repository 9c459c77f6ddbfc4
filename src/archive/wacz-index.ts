import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

/** Lines of the index that are packed together: a reader unpacks one such block to find an answer. */
const linesInBlock = 3_000

/**
 * The index of a WACZ from its CDXJ lines: in one plain file while it is small, otherwise in packed blocks with a list of
 * where each begins (ZipNum), so that a reader need not take in all of it. Sorts `lines` by their bytes.
 */
export function* writeIndex(lines: string[]): Generator<{ path: string; content: Buffer }> {
  const sorted = lines.map((line) => Buffer.from(line)).sort(Buffer.compare)
  if (sorted.length <= linesInBlock) {
    yield { path: 'indexes/index.cdx', content: Buffer.concat(sorted) }
    return
  }
  const packed = 'index.cdx.gz'
  const blocks: Buffer[] = []
  const list = [`!meta 0 ${JSON.stringify({ format: 'cdxj-gzip-1.0', filename: packed })}\n`]
  let offset = 0
  for (let done = 0; done < sorted.length; done += linesInBlock) {
    const block = gzipSync(Buffer.concat(sorted.slice(done, done + linesInBlock)))
    const [key, timestamp] = String(sorted[done]).split(' ')
    const digest = `sha256:${createHash('sha256').update(block).digest('hex')}`
    list.push(
      `${key} ${timestamp} ${JSON.stringify({ offset, length: block.length, digest, filename: packed })}\n`,
    )
    blocks.push(block)
    offset += block.length
  }
  yield { path: `indexes/${packed}`, content: Buffer.concat(blocks) }
  yield { path: 'indexes/index.idx', content: Buffer.from(list.join('')) }
}
