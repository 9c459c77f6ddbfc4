import { createHash, type Hash } from 'node:crypto'
import { WARCParser, WARCRecord } from 'warcio'
import { WARCSerializer } from 'warcio/node'

/** The content of a record. A stream is read once, and lies in a temporary file while it is longer than two megabytes. */
type Content = Uint8Array | AsyncIterable<Uint8Array>

/** An HTTP message: its first line, its fields in order, its body as it was sent (a Content-Encoding is left on it). */
export interface HttpMessage {
  /** `GET /feed?limit=1 HTTP/1.1` or `HTTP/1.1 200 OK` */
  line: string
  headers: readonly (readonly [name: string, value: string])[]
  body: Content
}

interface Common {
  /** A UUID, of the caller's choosing, so that the same entries always give the same bytes. */
  id: string
  at: Date
  /** Further fields of the record, such as WARC-IP-Address. */
  fields?: Readonly<Record<string, string>>
}
/** What a WARC file holds (ISO 28500:2017, 1.1). */
export type WarcEntry =
  | (Common & { type: 'warcinfo'; filename?: string; info: Readonly<Record<string, string>> })
  /** A call and what came back; the response is null when none came. */
  | (Common & {
      type: 'exchange'
      /** `id` names the response. */
      requestId: string
      url: string
      request: HttpMessage
      response: HttpMessage | null
    })
  | (Common & { type: 'resource'; url: string; mediaType: string; content: Content })
  /** Something said about the record `concurrentTo`, or about the whole file. */
  | (Common & {
      type: 'metadata'
      url?: string
      concurrentTo?: string
      mediaType: string
      content: Content
    })

/**
 * Writes a WARC 1.1 file, each record gzipped by itself. A `warcinfo` comes first, and the records after it name it.
 * Yields the bytes of one record at a time, or pieces of a long one.
 */
export async function* writeWarc(
  entries: AsyncIterable<WarcEntry> | Iterable<WarcEntry>,
): AsyncGenerator<Uint8Array> {
  let info: string | null = null
  for await (const entry of entries) {
    if (entry.type === 'warcinfo') info = entry.id
    for (const record of recordsOf(entry, info)) yield* new WARCSerializer(record, { gzip: true })
  }
}

const urn = (id: string) => `<urn:uuid:${id}>`

function* recordsOf(entry: WarcEntry, info: string | null): Generator<WARCRecord> {
  const common = (id: string, more: Record<string, string> = {}) => ({
    warcVersion: 'WARC/1.1' as const,
    date: entry.at.toISOString(),
    warcHeaders: {
      'WARC-Record-ID': urn(id),
      ...(info && info !== id ? { 'WARC-Warcinfo-ID': urn(info) } : {}),
      ...more,
      ...entry.fields,
    },
  })
  switch (entry.type) {
    case 'warcinfo': {
      const filename = entry.filename ? { filename: entry.filename } : {}
      yield WARCRecord.createWARCInfo({ ...common(entry.id), ...filename }, { ...entry.info })
      break
    }
    case 'exchange': {
      const { url, request, response, requestId } = entry
      if (response) yield message('response', { ...common(entry.id), url }, response)
      const answered = response ? { 'WARC-Concurrent-To': urn(entry.id) } : undefined
      yield message('request', { ...common(requestId, answered), url }, request)
      break
    }
    case 'resource':
      yield WARCRecord.create(
        { ...common(entry.id, { 'Content-Type': entry.mediaType }), type: 'resource', url: entry.url },
        pieces(entry.content),
      )
      break
    case 'metadata': {
      const about: Record<string, string> = entry.concurrentTo
        ? { 'WARC-Concurrent-To': urn(entry.concurrentTo) }
        : {}
      yield WARCRecord.create(
        {
          ...common(entry.id, { 'Content-Type': entry.mediaType, ...about }),
          type: 'metadata',
          ...(entry.url ? { url: entry.url } : {}),
        },
        pieces(entry.content),
      )
    }
  }
}

type Options = NonNullable<Parameters<typeof WARCRecord.create>[0]>

const message = (type: 'request' | 'response', options: Options, { line, headers, body }: HttpMessage) =>
  WARCRecord.create(
    { ...options, type, statusline: line, httpHeaders: headers.map(([name, value]) => [name, value]) },
    pieces(body),
  )

const pieces = (content: Content) => (content instanceof Uint8Array ? [content] : content)

export interface WarcCheck {
  records: number
  /** What is wrong, in sentences; empty when every digest is right and every record whole. */
  flaws: string[]
}

/** Reads a WARC file, packed or not, and computes every block and payload digest anew. */
export async function checkWarc(file: AsyncIterable<Uint8Array>): Promise<WarcCheck> {
  const flaws: string[] = []
  let records = 0
  try {
    for await (const record of new WARCParser(file, { parseHttp: false })) {
      records++
      const name = `Record ${records} (${record.warcType})`
      const computed = await digestsOf(record)
      if (computed.length !== record.warcContentLength) {
        flaws.push(`${name} is cut short.`)
        // The library would look for the rest of it without end.
        break
      }
      for (const [field, hash] of [
        ['WARC-Block-Digest', computed.block],
        ['WARC-Payload-Digest', computed.payload],
      ] as const) {
        const said = record.warcHeader(field)
        if (said && said !== `sha256:${hash.digest('hex')}`) flaws.push(`${name}: its ${field} is not right.`)
      }
    }
  } catch (error) {
    flaws.push(`The file can’t be read on after record ${records}: ${(error as Error).message}`)
  }
  if (records === 0 && flaws.length === 0) flaws.push('The file holds no record.')
  return { records, flaws }
}

const emptyLine = Buffer.from('\r\n\r\n')

/** Of an HTTP message the payload begins after the empty line; of everything else it is the whole block. */
async function digestsOf(record: WARCRecord): Promise<{ block: Hash; payload: Hash; length: number }> {
  const block = createHash('sha256')
  const payload = createHash('sha256')
  let length = 0
  let head: Buffer | null = record.warcContentType?.startsWith('application/http') ? Buffer.alloc(0) : null
  for await (const piece of record.reader) {
    block.update(piece)
    length += piece.length
    if (head === null) payload.update(piece)
    else {
      head = Buffer.concat([head, piece])
      const end = head.indexOf(emptyLine)
      if (end >= 0) {
        payload.update(head.subarray(end + emptyLine.length))
        head = null
      }
    }
  }
  return { block, payload, length }
}
