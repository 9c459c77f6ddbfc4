import { createHash, type Hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Blobs } from '../storage/blobs.ts'
import type { Db } from '../storage/database.ts'
import type { RecordId } from '../storage/ids.ts'
import { withCosignatures } from './attestation-store.ts'
import { attestedCollector } from './attested.ts'
import { csvHeader, csvRow, withheldHeader, withheldPage, withheldRow } from './bag-index.ts'
import { keyText } from './key-text.ts'
import { type Checkpoint, keyHistory, latestCheckpoint, tilesIn } from './log.ts'
import { inclusionPath, type RangeHash } from './merkle.ts'
import type { LogKey } from './note.ts'
import type { RecordText } from './record.ts'
import { isStatement, redactedStatement, withheldStatement } from './redaction.ts'
import { rangeHash } from './tiles.ts'

/** Records read at once: many enough to be quick, few enough to fit into little memory. */
const batch = 500

/** A record as it goes into a bag: as it is, redacted, or withheld and only listed. */
export type BagItem =
  | { form: 'whole'; record: RecordId }
  /** `json` stands in its place, canonical; `statement` is the record that says what was taken out and why. */
  | { form: 'redacted'; record: RecordId; json: string; statement: RecordId }
  | { form: 'withheld'; record: RecordId; statement: RecordId }

/**
 * Writes `records` as a bag (BagIt 1.0, RFC 8493) into the new folder `folder`: each record's canonical JSON, its
 * text, its files, a table of contents, and what proves it: salt, inclusion proof and the log's signed checkpoint.
 * Of a redacted or withheld record the original's text, files and salt stay out; its place in the log, the statement
 * about it and a log of what is withheld go in. Every record and statement has to be in the log: call `sequence` first.
 * Memory does not grow with the number of records. Answers with the checkpoint that everything is proven against.
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
  /** Whole records by their ids, or a stream of items in batches. */
  records: readonly RecordId[] | AsyncIterable<readonly BagItem[]>
  logKey: LogKey
  /** Lines of bag-info.txt, beside those that follow from the content. */
  info: Readonly<Record<string, string>>
  onProgress?: (written: number) => Promise<void> | void
}): Promise<Checkpoint> {
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
  const attested = await attestedCollector(db, checkpoint.treeSize)
  await write('data/log/checkpoint', await withCosignatures(db, checkpoint))
  await write('data/log/key.txt', keyText(await keyHistory(db, logKey)))

  let written = 0
  const withheld: RecordText[] = []

  async function* lines() {
    yield csvHeader
    for await (const items of batchesOf(records)) {
      const rows = await load(db, [
        ...items.map((item) => item.record),
        ...items.flatMap((item) => (item.form === 'whole' ? [] : item.statement)),
      ])
      // The tiles that one batch shares are read once.
      const hashes = rangeHash(tilesIn(db))
      for (const item of items) {
        const home = `data/records/${String(Math.floor(written / 1000)).padStart(4, '0')}`
        yield await writeItem(item, `${home}/${item.record}`, rows, hashes)
        written += 1
      }
      await onProgress?.(written)
    }
  }

  /** Writes the files of one item, and answers with its line of the index. */
  async function writeItem(
    item: BagItem,
    place: string,
    rows: Map<RecordId, LoggedRecord>,
    hashes: RangeHash,
  ): Promise<string> {
    const original = found(rows, item.record)
    if (item.form === 'whole') {
      const text = await writeRecord(place, original, hashes)
      await write(`${place}.txt`, text.words)
      await writeFiles(text)
      return csvRow(text, place)
    }
    const statement = await writeRecord(`data/redactions/${item.record}`, found(rows, item.statement), hashes)
    if (!isStatement(statement)) throw new Error(`${item.statement} is no statement about a redaction.`)
    withheld.push(statement)
    const proof = { commitment: original.commitment?.toString('hex'), ...(await proofOf(original, hashes)) }
    if (item.form === 'withheld') {
      await write(
        `data/withheld/${item.record}.proof.json`,
        `${JSON.stringify({ statement: withheldStatement, ...proof })}\n`,
      )
      return ''
    }
    const text = JSON.parse(item.json) as RecordText
    await write(`${place}.redacted.json`, item.json)
    await write(`${place}.txt`, text.words)
    await write(`${place}.proof.json`, `${JSON.stringify({ statement: redactedStatement, ...proof })}\n`)
    await writeFiles(text)
    return csvRow(text, place)
  }

  async function writeRecord(place: string, row: LoggedRecord, hashes: RangeHash): Promise<RecordText> {
    const text = JSON.parse(row.json) as RecordText
    await write(`${place}.json`, row.json)
    const proof = { salt: row.salt.toString('hex'), ...(await proofOf(row, hashes)) }
    await write(`${place}.proof.json`, `${JSON.stringify(proof)}\n`)
    return text
  }

  async function proofOf(row: LoggedRecord, hashes: RangeHash) {
    const treeSize = checkpoint?.treeSize ?? 0
    if (row.position === null || row.position >= treeSize)
      throw new Error(`The record ${row.id} is not in the log yet.`)
    attested.add(row.position)
    const path = await inclusionPath(row.position, treeSize, hashes)
    return { position: row.position, treeSize, path: path.map((hash) => hash.toString('hex')) }
  }

  async function writeFiles(text: RecordText) {
    // A file that is withheld from a redacted record has no hash there.
    for (const { sha256 } of text.blobs) {
      if (!sha256 || known.has(sha256)) continue
      known.add(sha256)
      await write(`data/files/${sha256}`, await blobs.read(sha256))
    }
  }

  await write('data/index.csv', Readable.from(lines()))
  const confirmed = await attested.list()
  if (confirmed.length > 0) await write('data/log/attested.json', `${JSON.stringify(confirmed, null, 1)}\n`)
  if (withheld.length > 0) {
    await write('data/withheld.csv', [withheldHeader, ...withheld.map(withheldRow)].join(''))
    await write('data/withheld.html', withheldPage(withheld))
  }
  await new Promise<void>((resolve, reject) => {
    manifest.on('error', reject)
    manifest.end(resolve)
  })
  await writeTags(folder, payload, info)
  return checkpoint
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

async function* batchesOf(
  records: readonly RecordId[] | AsyncIterable<readonly BagItem[]>,
): AsyncGenerator<readonly BagItem[]> {
  if (Symbol.asyncIterator in records) yield* records
  else
    for (let done = 0; done < records.length; done += batch)
      yield records.slice(done, done + batch).map((record) => ({ form: 'whole', record }))
}

type LoggedRecord = Awaited<ReturnType<typeof load>> extends Map<RecordId, infer Row> ? Row : never

async function load(db: Db, ids: readonly RecordId[]) {
  const rows = await db
    .selectFrom('record')
    .leftJoin('log_entry', 'log_entry.record_id', 'record.id')
    .select(['record.id', 'record.json', 'record.salt', 'log_entry.position', 'log_entry.commitment'])
    .where('record.id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

function found(rows: Map<RecordId, LoggedRecord>, id: RecordId): LoggedRecord {
  const row = rows.get(id)
  if (!row) throw new Error(`There is no record ${id}.`)
  return row
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
Public records of a police department, with proof. Whole records stand here exactly as they were recorded.
Something may be withheld by law; then it says so in its place, with the exemption.

index.csv          the table of contents: one line a record
records/…/ID.json  the record: what happened, when, who did it, by which rule
records/…/ID.txt   its words, to read and to search
records/…/ID.proof.json  what proves that the record is in the department's public log
records/…/ID.redacted.json  a record from which something was taken out by law: ████ stands for words
redactions/ID.json what was taken out of the record ID, by which exemption and why; itself a record with a proof
withheld.csv       what is withheld, in a table; withheld.html is the same to read and to print
withheld/ID.proof.json  the place in the log of a record that is withheld as a whole
files/             images and the answers of platforms, named by the SHA-256 of their content
log/checkpoint     the state of the log, signed by the department
log/key.txt        the key it says it was signed with; compare it with the one the department publishes
log/attested.json  earlier states of the log that others confirmed: timestamps (RFC 3161) and witnesses, if any

How to check it
===============
With Plainview:      npx plainview verify THIS-FOLDER --key KEY
Without Plainview:   sha512sum -c manifest-sha512.txt
                     then, for each record: SHA-256 over "plainview record v1" and a line feed, the salt, and
                     the JSON file's bytes; that is the log's entry; RFC 6962 says how its proof leads to the
                     root in the checkpoint.

What a redacted record proves
=============================
The log holds the hash of the original, made with a random salt. The salt of a redacted record is not in here, so
nobody can find out by trying what was taken out. Its proof shows that the original stands in the log, unchanged,
at this place ("redacted; content withheld"). The statement in redactions/ is in the log as well. It names the place
of the original and the SHA-256 of the redacted text, so the department can't exchange that text later. That nothing
else was changed, only the original can show: a court or the Supervisor of Records can have it and check it.
`
