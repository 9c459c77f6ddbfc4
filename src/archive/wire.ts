import { Readable } from 'node:stream'
import type { Raw, Wire } from '../platforms/contract.ts'
import type { Blobs } from '../storage/blobs.ts'
import { newId } from '../storage/ids.ts'
import type { RecordBlob } from './record.ts'
import { type WarcEntry, writeWarc } from './warc.ts'

/**
 * Keeps what a platform said: its answer by itself, for a look at it without a program for web archives, and all that
 * went over the wire. For the record of what came of the call.
 */
export async function keepAnswer(
  blobs: Blobs,
  raw: Raw['raw'] | null | undefined,
  wire: Wire | undefined,
): Promise<RecordBlob[]> {
  const answer = raw ? [{ ...(await blobs.put(raw.content, raw.mediaType)), role: 'platform-answer' }] : []
  return [...answer, ...(await keepWire(blobs, wire))]
}

/**
 * Keeps what went over the wire in a call to a platform as a WARC file, for the record of what came of it. No file where
 * nothing did: what the own page does crosses no wire.
 */
async function keepWire(blobs: Blobs, wire: Wire | undefined): Promise<RecordBlob[]> {
  if (!wire || wire.length === 0) return []
  const file = await blobs.putStream(Readable.from(writeWarc(entriesOf(wire))), 'application/warc')
  return [{ ...file, role: 'wire' }]
}

function* entriesOf(wire: Wire): Generator<WarcEntry> {
  const [first] = wire
  yield {
    type: 'warcinfo',
    id: newId(),
    at: first?.at ?? new Date(),
    info: {
      software: 'Plainview',
      format: 'WARC File Format 1.1',
      description:
        'What went over the wire in one call to a platform. What opens an account (passwords, tokens, cookies, the bodies of sign-ins) was replaced before this was written; a metadata record says where. Bodies are unpacked.',
    },
  }
  for (const { url, at, request, response, replaced } of wire) {
    const [id, requestId] = [newId(), newId()]
    yield { type: 'exchange', id, requestId, at, url, request, response }
    if (replaced.length > 0)
      yield {
        type: 'metadata',
        id: newId(),
        at,
        url,
        concurrentTo: response ? id : requestId,
        mediaType: 'application/json',
        content: Buffer.from(JSON.stringify({ secretsReplaced: replaced })),
      }
  }
}
