import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { CDXIndexer } from 'warcio'
import { ZipFile } from 'yazl'
import { writeIndex } from './wacz-index.ts'

export const waczType = 'application/wacz'

/** A page that a reader can open in a capture. */
export interface WaczPage {
  id: string
  url: string
  at: Date
  title: string
  /** The words on it, by which a reader finds it. */
  text: string
}
export interface WaczContent {
  title: string
  description: string
  created: Date
  /** Where a reader begins. */
  main?: { url: string; at: Date }
  /** Files of web traffic (.warc or .warc.gz), each opened twice: to be copied, and to be indexed. */
  warcs: AsyncIterable<WarcFile> | Iterable<WarcFile>
  pages: AsyncIterable<WaczPage> | Iterable<WaczPage>
}
export interface WarcFile {
  /** Its name in archive/, different from every other. */
  name: string
  open(): Promise<Readable>
}

/**
 * Writes a web archive as ReplayWeb.page and others open it (WACZ 1.1.1) into `file`. The same content gives the same
 * bytes, whenever and wherever it is written. Answers with the SHA-256 of its datapackage.json, which stands for all of it.
 */
export async function writeWacz(file: string, content: WaczContent): Promise<{ datapackage: string }> {
  const zip = zipInto(file)
  const resources: { name: string; path: string; hash: string; bytes: number }[] = []
  const add = async (path: string, from: Readable) => {
    const { sha256, bytes } = await zip.add(path, from)
    resources.push({ name: path.slice(path.indexOf('/') + 1), path, hash: `sha256:${sha256}`, bytes })
  }
  const lines: string[] = []
  for await (const { name, open } of content.warcs) {
    await add(`archive/${name}`, await open())
    await indexWarc(name, await open(), lines)
  }
  for (const { path, content } of writeIndex(lines)) await add(path, Readable.from([content]))
  await add('pages/pages.jsonl', Readable.from(pageLines(content.pages)))

  const { title, description, created, main } = content
  const list = JSON.stringify(
    {
      profile: 'data-package',
      wacz_version: '1.1.1',
      title,
      description,
      created: created.toISOString(),
      software: 'Plainview',
      ...(main ? { mainPageUrl: main.url, mainPageDate: main.at.toISOString() } : {}),
      resources,
    },
    null,
    1,
  )
  const { sha256 } = await zip.add('datapackage.json', Readable.from([list]))
  const digest = JSON.stringify({ path: 'datapackage.json', hash: `sha256:${sha256}` }, null, 1)
  await zip.add('datapackage-digest.json', Readable.from([digest]))
  await zip.end()
  return { datapackage: sha256 }
}

/** Adds a line (CDXJ) for each answer in a WARC. It holds one of its records in memory at a time. */
async function indexWarc(name: string, from: Readable, lines: string[]) {
  const indexer = new CDXIndexer({ format: 'cdxj' })
  for await (const entry of indexer.iterIndex([{ filename: name, reader: from }]))
    lines.push(indexer.serializeCDXJ(entry))
}

async function* pageLines(pages: WaczContent['pages']) {
  yield `${JSON.stringify({ format: 'json-pages-1.0', id: 'pages', title: 'Pages', hasText: true })}\n`
  for await (const { id, url, at, title, text } of pages)
    yield `${JSON.stringify({ id, url, ts: at.toISOString(), title, text })}\n`
}

/** A ZIP's clock has no zone: noon of a day is the same everywhere. It begins in 1980; the day after is safe. */
const noTime = () => new Date(1980, 0, 2, 12)

function zipInto(file: string) {
  const zip = new ZipFile()
  const written = pipeline(zip.outputStream, createWriteStream(file))
  // A failure comes out at the next file that is added, or at the end.
  written.catch(() => {})
  const failed = new Promise<never>((_, reject) => zip.once('error', reject))
  failed.catch(() => {})
  return {
    async add(path: string, from: Readable) {
      const hash = createHash('sha256')
      let bytes = 0
      const counted = new Transform({
        transform(piece, _, done) {
          hash.update(piece)
          bytes += piece.length
          done(null, piece)
        },
      })
      from.once('error', (error) => counted.destroy(error))
      // Packed once already, and read from the middle: a reader jumps to single answers.
      const compress = !/^(archive|indexes)\//.test(path)
      zip.addReadStream(from.pipe(counted), path, { mtime: noTime(), forceDosTimestamp: true, compress })
      await Promise.race([finished(counted), failed, written])
      return { sha256: hash.digest('hex'), bytes }
    },
    async end() {
      zip.end()
      await Promise.race([written, failed])
    },
  }
}

/** A file of the disk, as a WARC to be packed. */
export const warcOnDisk = (name: string, file: string): WarcFile => ({
  name,
  open: async () => createReadStream(file),
})
