import { gunzipSync } from 'node:zlib'
import { keepAnswer } from '../src/archive/archive.ts'
import { checkWarc } from '../src/archive/warc.ts'
import type { Wire } from '../src/platforms/contract.ts'
import type { Blobs } from '../src/storage/blobs.ts'

/** The WARC file that a wire is kept as, unpacked and as text; throws where the file is not sound. */
export async function warcOf(wire: Wire | undefined): Promise<string> {
  const pieces: Buffer[] = []
  const blobs = {
    async putStream(content: AsyncIterable<Uint8Array>) {
      for await (const piece of content) pieces.push(Buffer.from(piece))
      return { sha256: '', bytes: 0, mediaType: '' }
    },
  }
  await keepAnswer(blobs as unknown as Blobs, null, wire)
  const { flaws } = await checkWarc(pieces as unknown as AsyncIterable<Uint8Array>)
  if (flaws.length > 0) throw new Error(flaws.join(' '))
  return gunzipSync(Buffer.concat(pieces)).toString()
}

/** A call to a platform and its answer, of which the answer is `words`. */
export const exchangeOf = (words: string): Wire[number] => ({
  at: new Date('2026-05-01T12:00:00Z'),
  url: 'https://fake.example/call',
  request: { line: 'GET /call HTTP/1.1', headers: [['host', 'fake.example']], body: new Uint8Array() },
  response: { line: 'HTTP/1.1 200 OK', status: 200, headers: [], body: Buffer.from(words) },
  replaced: [],
})
