import { WARCParser, type WARCRecord } from 'warcio'
import type { ExportFile, ExportFiles, Found, HistoryReader, Part } from '../../history.ts'
import { moment } from '../reading.ts'
import { beginningOf, damage } from '../streams.ts'
import { textOfHtml } from '../text-of-html.ts'

/**
 * What other archivers captured: WARC files (ISO 28500), packed or not, and WACZ files, which hold them. A page
 * that was captured becomes searchable; pictures, films and PDF files are kept too; scripts and styles are counted.
 */
export const webArchiveHistory: HistoryReader = {
  kind: 'web-archive',
  title: 'Web archive (WARC or WACZ)',
  version: 1,
  async recognise(files) {
    const parts: Part[] = []
    for (const file of files.all) {
      if (!/\.warc(\.gz)?$/i.test(file.path) && files.all.length > 1) continue
      const stream = () => unpacked(files, file)
      if ((await beginning(stream())).startsWith('WARC/')) parts.push(partOf(file, stream))
    }
    if (parts.length === 0) return null
    const wacz = files.all.some(({ path }) => path === 'datapackage.json')
    return { what: wacz ? 'Web archive (WACZ)' : 'Web archive (WARC)', parts, rest: [] }
  },
}

async function* unpacked(files: ExportFiles, file: ExportFile): AsyncGenerator<Uint8Array> {
  const head = await beginningOf(file, 2)
  yield* head[0] === 0x1f && head[1] === 0x8b ? await files.unzip(file) : await file.open()
}

async function beginning(stream: AsyncIterable<Uint8Array>): Promise<string> {
  for await (const piece of stream) return Buffer.from(piece.subarray(0, 5)).toString('latin1')
  return ''
}

const partOf = (file: ExportFile, stream: () => AsyncIterable<Uint8Array>): Part => ({
  file: file.path,
  read: () => records(file, stream()),
})

/** The longest page whose words are looked for; a longer one is kept all the same. */
const longestPage = 5_000_000

async function* records(file: ExportFile, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Found> {
  const left = new Map<string, number>()
  let number = 0
  yield whole(file)
  try {
    for await (const record of new WARCParser(stream)) {
      number++
      if (record.warcType !== 'response' && record.warcType !== 'resource') continue
      const type = mediaTypeIn(record)
      const status = record.httpHeaders ? Number(record.getResponseInfo()?.status ?? 0) : 200
      if (status !== 200 || !isKept(type)) {
        const what = status === 200 ? type || 'no type' : `status ${status}`
        left.set(what, (left.get(what) ?? 0) + 1)
        continue
      }
      yield* capture(record, type, file, number)
    }
  } catch (error) {
    throw damage(error, file.path)
  }
  for (const [what, count] of [...left].sort())
    yield {
      remark: {
        file: file.path,
        at: `${count.toLocaleString('en-US')} captures: ${what}`,
        because:
          'Scripts, styles, redirects and errors have no record of their own. The web archive is kept whole.',
      },
    }
}

/** The file itself is the evidence: kept as it came, with everything that is needed to show the pages again. */
const whole = (file: ExportFile): Found => ({
  item: {
    kind: 'capture',
    remoteId: file.path,
    postedAt: null,
    title: `Web archive ${file.path}`,
    text: '',
    media: [
      {
        name: file.path,
        mediaType: file.path.endsWith('.gz') ? 'application/gzip' : 'application/warc',
        open: () => file.open(),
      },
    ],
    original: null,
  },
})

const mediaTypeIn = (record: WARCRecord) =>
  (record.httpHeaders?.headers.get('content-type') ?? record.warcContentType ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase() ?? ''

const isPage = (type: string) =>
  type === 'text/html' || type === 'application/xhtml+xml' || type === 'text/plain'
const isKept = (type: string) =>
  isPage(type) || /^(image|video|audio)\//.test(type) || type === 'application/pdf'

async function* capture(
  record: WARCRecord,
  type: string,
  file: ExportFile,
  number: number,
): AsyncGenerator<Found> {
  const address = record.warcTargetURI
  const date = record.warcDate
  if (!address || !date) {
    yield {
      remark: { file: file.path, at: `record ${number}`, because: 'A capture has no address or no date.' },
    }
    return
  }
  const first = isPage(type)
    ? await upTo(record.contentReader as AsyncIterable<Uint8Array>, longestPage)
    : null
  const page = first && type !== 'text/plain' ? textOfHtml(first.bytes.toString('utf8')) : null
  yield {
    item: {
      kind: 'capture',
      remoteId: `${date} ${address}`,
      url: address,
      postedAt: moment(date),
      title: page?.title || undefined,
      text: page?.text ?? first?.bytes.toString('utf8') ?? '',
      media: [
        {
          name: address,
          mediaType: type,
          open: async () => (first ? first.all() : (record.contentReader as AsyncIterable<Uint8Array>)),
        },
      ],
      original: {
        warcHeaders: Object.fromEntries(record.warcHeaders.headers as Iterable<[string, string]>),
        httpHeaders: record.httpHeaders
          ? Object.fromEntries(record.httpHeaders.headers as Iterable<[string, string]>)
          : null,
        httpStatus: record.httpHeaders?.statusline ?? null,
      },
    },
  }
}

/** The beginning of a stream, and the whole of it again. */
async function upTo(stream: AsyncIterable<Uint8Array>, max: number) {
  const source = stream[Symbol.asyncIterator]()
  const pieces: Buffer[] = []
  let had = 0
  let ended = false
  while (had < max && !ended) {
    const next = await source.next()
    if (next.done) ended = true
    else {
      pieces.push(Buffer.from(next.value))
      had += next.value.length
    }
  }
  const bytes = Buffer.concat(pieces)
  async function* all(): AsyncGenerator<Uint8Array> {
    yield bytes
    for (let next = ended ? null : await source.next(); next && !next.done; next = await source.next())
      yield next.value
  }
  return { bytes, all }
}
