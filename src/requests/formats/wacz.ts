import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import {
  growing,
  type Streamed,
  type WaczPage,
  type WarcFile,
  waczType,
  writeWacz,
} from '../../archive/archive.ts'
import type { Format, ReleasedProduction } from './format.ts'

/** Captured pages and what platforms answered, of the records that go out whole, as one web archive. */
export const wacz: Format = {
  name: 'wacz',
  title: 'Web archive (WACZ)',
  description:
    'Captured pages as one file that ReplayWeb.page opens, to be looked at and followed as they were. For courts and whoever doubts a picture.',
  async *files(production) {
    const { number, department, orderedAt } = production
    const aside = path.join(production.aside, 'wacz')
    await mkdir(aside, { recursive: true })
    const { sources, leftOut } = await sourcesOf(production)
    yield { path: 'wacz/README.txt', content: readme(number, sources, leftOut) }
    if (sources.length === 0) return
    const pages = growing(path.join(aside, 'pages'))
    const file = path.join(aside, 'captures.wacz')
    try {
      await writeWacz(file, {
        title: `Records request ${number}`,
        description: `Captured pages of records that ${department} released`,
        created: orderedAt,
        warcs: warcsOf(sources, production, aside, pages.add),
        pages: pagesIn(pages.end),
      })
    } finally {
      pages.close()
    }
    const { size } = await stat(file)
    yield { path: 'wacz/captures.wacz', content: { bytes: size, stream: createReadStream(file) } }
  },
}

interface Source {
  sha256: string
  kind: 'capture' | 'warc'
}

const kindOf = (mediaType: string): Source['kind'] | null =>
  mediaType === waczType ? 'capture' : /^application\/warc\b/.test(mediaType) ? 'warc' : null

/**
 * The files to take, each once, and how many records keep theirs back. Nothing can be taken out of what went over the
 * wire, so of a record that is redacted none goes out, whatever the redaction is about.
 */
async function sourcesOf({ records }: ReleasedProduction): Promise<{ sources: Source[]; leftOut: number }> {
  const found = new Map<string, Source>()
  let leftOut = 0
  for await (const one of records()) {
    if (one.form === 'withheld') continue
    const archives = one.record.blobs.filter(({ mediaType }) => kindOf(mediaType))
    if (one.form === 'redacted') {
      if (archives.length > 0) leftOut += 1
      continue
    }
    for (const file of archives) {
      const kind = kindOf(file.mediaType)
      // Only our own captures are opened: what others packed goes out as it is, among the files.
      if (kind === 'capture' && typeof one.record.content.datapackage !== 'string') continue
      if (kind && 'sha256' in file) found.set(file.sha256, { sha256: file.sha256, kind })
    }
  }
  return { sources: [...found.values()], leftOut }
}

/** The WARC files of all sources, one source on the disk at a time; `onPage` is told of each page of a capture. */
async function* warcsOf(
  sources: readonly Source[],
  { blobs }: ReleasedProduction,
  aside: string,
  onPage: (line: string) => void | Promise<void>,
): AsyncGenerator<WarcFile> {
  for (const { sha256, kind } of sources) {
    if (kind === 'warc') {
      yield { name: `${sha256}.warc.gz`, open: () => blobs.read(sha256) }
      continue
    }
    const file = path.join(aside, sha256)
    await pipeline(await blobs.read(sha256), createWriteStream(file))
    const zip = await openPromise(file, { autoClose: false })
    try {
      const entries = await entriesOf(zip)
      for (const [name, entry] of entries)
        if (name.startsWith('archive/'))
          yield {
            name: `${sha256}-${path.posix.basename(name)}`,
            open: () => zip.openReadStreamPromise(entry) as Promise<Readable>,
          }
      const pages = entries.get('pages/pages.jsonl')
      if (!pages) throw new Error(`The capture ${sha256} lists no pages.`)
      const [, ...lines] = (await buffer(await zip.openReadStreamPromise(pages)))
        .toString()
        .trimEnd()
        .split('\n')
      for (const line of lines) await onPage(`${line}\n`)
    } finally {
      zip.close()
      await rm(file, { force: true })
    }
  }
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
  return entries
}

/** The pages that were told of, when all are: they have been on the disk meanwhile. */
async function* pagesIn(end: () => Promise<Streamed>): AsyncGenerator<WaczPage> {
  for await (const line of createInterface({
    input: Readable.from(copies((await end()).stream)),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const { id, url, ts, title, text } = JSON.parse(line)
    yield { id, url, at: new Date(ts), title, text }
  }
}

/** Pieces that can be kept. */
async function* copies(stream: Streamed['stream']) {
  for await (const piece of stream) yield Buffer.from(piece)
}

function readme(number: string, sources: readonly Source[], leftOut: number): string {
  const captures = sources.filter(({ kind }) => kind === 'capture').length
  return `Web archive of records request ${number}
${'='.repeat(31 + number.length)}
${
  sources.length === 0
    ? 'No released record has a captured page or kept traffic that can go out, so there is no web archive.'
    : `captures.wacz holds ${count(captures, 'captured page')} and ${count(sources.length - captures, 'file')} of what went over the wire to platforms,
of the records that are released whole. Open it on https://replayweb.page (it stays in your browser), or with
any other program for WACZ 1.1.1. Without a page, find an answer there by its address.`
}

${
  leftOut === 0
    ? 'No record kept its web archive back.'
    : `${count(leftOut, 'record')} with redactions ${leftOut === 1 ? 'keeps its web archive' : 'keep their web archives'} back: single words or pictures can't be taken out of one
without making another page of it.`
}

It is put together from the files of the records: each is also in files/, byte for byte, where its record and
proof name it.
`
}

const count = (n: number, what: string) => `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`
