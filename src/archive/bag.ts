import { createHash, type Hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Blobs } from '../storage/blobs.ts'
import type { Db } from '../storage/database.ts'
import type { RecordId } from '../storage/ids.ts'
import { csvHeader, csvRow } from './bag-index.ts'
import { latestCheckpoint, tilesIn } from './log.ts'
import { inclusionPath } from './merkle.ts'
import type { LogKey } from './note.ts'
import type { RecordText } from './record.ts'
import { rangeHash } from './tiles.ts'

/** Records read at once: many enough to be quick, few enough to fit into little memory. */
const batch = 500

/**
 * Writes `records` as a bag (BagIt 1.0, RFC 8493) into the new folder `folder`: each record's canonical JSON, its
 * text, its files, a table of contents, and what proves it: salt, inclusion proof and the log's signed checkpoint.
 * Every record has to be in the log: call `sequence` first. Memory does not grow with the number of records.
 */
export async function writeBag({
  db,
  blobs,
  folder,
  records,
  logKey,
  info,
  onProgress,
}: {
  db: Db
  blobs: Blobs
  folder: string
  records: readonly RecordId[]
  logKey: LogKey
  /** Lines of bag-info.txt, beside those that follow from the content. */
  info: Readonly<Record<string, string>>
  onProgress?: (written: number) => Promise<void> | void
}): Promise<void> {
  await mkdir(path.join(folder, 'data'), { recursive: true })
  const manifest = createWriteStream(path.join(folder, 'manifest-sha512.txt'))
  const payload = { bytes: 0, files: 0 }
  const known = new Set<string>()

  async function write(name: string, content: string | Uint8Array | Readable) {
    const place = path.join(folder, name)
    await mkdir(path.dirname(place), { recursive: true })
    const hash = createHash('sha512')
    if (content instanceof Readable)
      await pipeline(content, counting(hash, payload), createWriteStream(place))
    else {
      hash.update(content)
      payload.bytes += Buffer.byteLength(content)
      await writeFile(place, content)
    }
    payload.files += 1
    await push(manifest, `${hash.digest('hex')}  ${name}\n`)
  }

  const checkpoint = await latestCheckpoint(db)
  if (!checkpoint) throw new Error('The log is empty, so nothing can be proven yet.')
  await write('data/README.txt', readme)
  await write('data/log/checkpoint', checkpoint.note)
  await write('data/log/key.txt', `${logKey.verifier}\n`)

  async function* lines() {
    yield csvHeader
    for (let done = 0; done < records.length; done += batch) {
      const rows = await load(db, records.slice(done, done + batch))
      // The tiles that one batch shares are read once.
      const hashes = rangeHash(tilesIn(db))
      for (const [n, row] of rows.entries()) {
        if (row.position === null || row.position >= (checkpoint?.treeSize ?? 0))
          throw new Error(`The record ${row.id} is not in the log yet.`)
        const text = JSON.parse(row.json) as RecordText
        const home = `data/records/${String(Math.floor((done + n) / 1000)).padStart(4, '0')}`
        await write(`${home}/${row.id}.json`, row.json)
        await write(`${home}/${row.id}.txt`, text.words)
        const path = await inclusionPath(row.position, checkpoint?.treeSize ?? 0, hashes)
        await write(
          `${home}/${row.id}.proof.json`,
          `${JSON.stringify({
            salt: row.salt.toString('hex'),
            position: row.position,
            treeSize: checkpoint?.treeSize,
            path: path.map((hash) => hash.toString('hex')),
          })}\n`,
        )
        for (const blob of text.blobs) {
          if (known.has(blob.sha256)) continue
          known.add(blob.sha256)
          await write(`data/files/${blob.sha256}`, await blobs.read(blob.sha256))
        }
        yield csvRow(text, `${home}/${row.id}`)
      }
      await onProgress?.(Math.min(done + batch, records.length))
    }
  }
  await write('data/index.csv', Readable.from(lines()))
  await new Promise<void>((resolve, reject) => {
    manifest.on('error', reject)
    manifest.end(resolve)
  })
  await writeTags(folder, payload, info)
}

async function writeTags(
  folder: string,
  payload: { bytes: number; files: number },
  info: Readonly<Record<string, string>>,
) {
  await writeFile(path.join(folder, 'bagit.txt'), 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')
  const lines = {
    ...info,
    'Bagging-Date': new Date().toISOString().slice(0, 10),
    'Payload-Oxum': `${payload.bytes}.${payload.files}`,
  }
  await writeFile(
    path.join(folder, 'bag-info.txt'),
    Object.entries(lines)
      .map(([label, value]) => `${label}: ${value.replace(/\s+/g, ' ').trim()}\n`)
      .join(''),
  )
  const tags = (await readdir(folder)).filter(
    (name) => name.endsWith('.txt') && !name.startsWith('tagmanifest'),
  )
  const sums = await Promise.all(
    tags.sort().map(async (name) => {
      const sum = createHash('sha512').update(await readFile(path.join(folder, name)))
      return `${sum.digest('hex')}  ${name}\n`
    }),
  )
  await writeFile(path.join(folder, 'tagmanifest-sha512.txt'), sums.join(''))
}

async function load(db: Db, ids: readonly RecordId[]) {
  const rows = await db
    .selectFrom('record')
    .leftJoin('log_entry', 'log_entry.record_id', 'record.id')
    .select(['record.id', 'record.json', 'record.salt', 'log_entry.position'])
    .where('record.id', 'in', ids)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => {
    const row = byId.get(id)
    if (!row) throw new Error(`There is no record ${id}.`)
    return row
  })
}

const counting = (hash: Hash, payload: { bytes: number }) =>
  async function* (source: AsyncIterable<Uint8Array | string>) {
    for await (const piece of source) {
      hash.update(piece)
      payload.bytes += Buffer.byteLength(piece)
      yield piece
    }
  }

const push = (stream: NodeJS.WritableStream, text: string) =>
  stream.write(text) ? undefined : new Promise<void>((resolve) => stream.once('drain', () => resolve()))

const readme = `What this is
============
Public records of a police department, exactly as they were recorded, with proof.

index.csv          the table of contents: one line a record
records/…/ID.json  the record: what happened, when, who did it, by which rule
records/…/ID.txt   its words, to read and to search
records/…/ID.proof.json  what proves that the record is in the department's public log
files/             images and the answers of platforms, named by the SHA-256 of their content
log/checkpoint     the state of the log, signed by the department
log/key.txt        the key it says it was signed with; compare it with the one the department publishes

How to check it
===============
With Plainview:      npx plainview verify THIS-FOLDER --key KEY
Without Plainview:   sha512sum -c manifest-sha512.txt
                     then, for each record: SHA-256 over "plainview record v1" and a line feed, the salt, and
                     the JSON file's bytes; that is the log's entry; RFC 6962 says how its proof leads to the
                     root in the checkpoint.
`
