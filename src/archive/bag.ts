import { createHash, type Hash, hash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import type { Blobs } from '../storage/blobs.ts'
import { copied } from '../storage/copied.ts'
import type { Db } from '../storage/database.ts'
import type { PageId, RecordId } from '../storage/ids.ts'
import { withCosignatures } from './attestation-store.ts'
import { attestedCollector } from './attested.ts'
import { csvHeader, csvRow, type Listed, withheldHeader, withheldPage, withheldRow } from './bag-index.ts'
import { growing, type Streamed } from './growing.ts'
import { inclusionPaths, type PathOf } from './inclusion-paths.ts'
import { keyText } from './key-text.ts'
import { type Checkpoint, keyHistory, latestCheckpoint } from './log.ts'
import type { LogKey } from './note.ts'
import type { RecordText } from './record.ts'
import { disposedStatement, isStatement, redactedStatement, withheldStatement } from './redaction.ts'

/** Records read at once: many enough to be quick, few enough that they live for a moment only. */
const batch = 250

/** A record as it goes into a bag: as it is, redacted, or withheld and only listed. */
export type BagItem =
  | { form: 'whole'; record: RecordId }
  /** `json` stands in its place, canonical; `statement` is the record that says what was taken out and why. */
  | { form: 'redacted'; record: RecordId; json: string; statement: RecordId }
  | { form: 'withheld'; record: RecordId; statement: RecordId }

/** Takes the files of a bag, one after the other, and puts them where they belong: a folder, an archive. */
export interface BagFiles {
  /**
   * To be waited for before the next file: it answers with a promise where there is something to wait for. The bytes of
   * `content` are the caller's again afterwards.
   */
  add(name: string, content: Uint8Array | Streamed): Promise<void> | void
}

interface Bag {
  db: Db
  blobs: Blobs
  /** Whole records by their ids, or a stream of items in batches. */
  records: readonly RecordId[] | AsyncIterable<readonly BagItem[]>
  logKey: LogKey
  /** Lines of bag-info.txt, beside those that follow from the content. */
  info: Readonly<Record<string, string>>
  onProgress?: (written: number) => Promise<void> | void
  /** What its reader has to know beside what every bag says; a part of README.txt. */
  remarks?: string
  /** The same records in other formats, by their paths in the payload, asked for when all records are written. */
  copies?: AsyncIterable<BagCopy>
}
export interface BagCopy {
  path: string
  content: string | Streamed
}

/** Writes a bag into the new folder `folder`. */
export async function writeBag({ folder, ...bag }: Bag & { folder: string }): Promise<Checkpoint> {
  await mkdir(folder, { recursive: true })
  return packBag({ ...bag, into: filesIn(folder), aside: `${folder}.aside` })
}

const filesIn = (folder: string): BagFiles => ({
  async add(name, content) {
    const place = path.join(folder, name)
    await mkdir(path.dirname(place), { recursive: true })
    await writeFile(place, content instanceof Uint8Array ? content : content.stream)
  },
})

/** Where the files of the record that comes `nth` (from 0) into a bag stand in its payload, without the extension. */
export const recordPlace = (nth: number, record: RecordId): string =>
  `records/${String(Math.floor(nth / 1000)).padStart(4, '0')}/${record}`

/**
 * Packs `records` as a bag (BagIt 1.0, RFC 8493) into `into`: each record's canonical JSON, its
 * text, its files, a table of contents, and what proves it: salt, inclusion proof and the log's signed checkpoint.
 * Of a redacted or withheld record the original's text, files and salt stay out; its place in the log, the statement
 * about it and a log of what is withheld go in. Every record and statement has to be in the log: call `sequence` first.
 * Memory does not grow with the number of records: the two lists that do are kept in the folder `aside`.
 * Answers with the checkpoint that everything is proven against.
 */
export async function packBag({
  db,
  blobs,
  records,
  logKey,
  info,
  onProgress,
  remarks,
  copies,
  into,
  aside,
}: Bag & { into: BagFiles; aside: string }): Promise<Checkpoint> {
  await mkdir(aside, { recursive: true })
  const manifest = growing(path.join(aside, 'manifest'))
  const index = growing(path.join(aside, 'index'))
  const payload = { bytes: 0, files: 0 }
  const known = new Set<string>()
  // Short texts take turns in here: a buffer for each would be garbage by the gigabyte.
  const scratch = Buffer.allocUnsafeSlow(256 * 1024)

  /** Adds a file to the payload. No promise where nothing has to be waited for: most files are small and taken at once. */
  function write(name: string, content: string | Buffer | Streamed): Promise<void> | void {
    if (typeof content === 'string') return writeBytes(name, bytesOf(content))
    if (Buffer.isBuffer(content)) return writeBytes(name, content)
    return writeStream(name, content)
  }

  /** Good until the next call. */
  function bytesOf(text: string): Buffer {
    // A UTF-16 unit takes three bytes at most.
    return text.length * 3 <= scratch.length ? scratch.subarray(0, scratch.write(text)) : Buffer.from(text)
  }

  function writeBytes(name: string, bytes: Buffer): Promise<void> | void {
    const listed = list(name, bytes.length, hash('sha512', bytes))
    const added = into.add(name, bytes)
    return listed && added ? Promise.all([listed, added]).then(() => {}) : (listed ?? added)
  }

  async function writeStream(name: string, { bytes, stream }: Streamed) {
    const sum = createHash('sha512')
    await into.add(name, { bytes, stream: summed(stream, sum) })
    await list(name, bytes, sum.digest('hex'))
  }

  function list(name: string, bytes: number, sha512: string): Promise<void> | void {
    payload.bytes += bytes
    payload.files += 1
    return manifest.add(`${sha512}  ${name}\n`)
  }

  const checkpoint = await latestCheckpoint(db)
  if (!checkpoint) throw new Error('The log is empty, so nothing can be proven yet.')
  const { treeSize } = checkpoint
  const pathsOf = inclusionPaths(db, treeSize)
  await write('data/README.txt', remarks ? `${readme}\n${remarks}` : readme)
  const attested = await attestedCollector(db, treeSize)
  await write('data/log/checkpoint', await withCosignatures(db, checkpoint))
  await write('data/log/key.txt', keyText(await keyHistory(db, logKey)))

  let written = 0
  const withheld: RecordText[] = []

  /** Reads what a batch needs, in three queries. */
  async function loaded(items: readonly BagItem[]) {
    const { rows, positions } = await load(
      db,
      [
        ...items.map((item) => item.record),
        ...items.flatMap((item) => (item.form === 'whole' ? [] : item.statement)),
      ],
      treeSize,
    )
    return { items, rows, pathOf: await pathsOf(positions) }
  }

  async function writeItems({ items, rows, pathOf }: Awaited<ReturnType<typeof loaded>>) {
    for (const item of items) {
      const place = `data/${recordPlace(written, item.record)}`
      const { texts, listed } = contentOf(item, place, rows, pathOf)
      for (const [name, text] of texts) {
        const waiting = write(name, text)
        if (waiting) await waiting
      }
      if (listed) {
        if (listed.blobs.length > 0) await writeFiles(listed)
        const waiting = index.add(csvRow(listed, place))
        if (waiting) await waiting
      }
      written += 1
    }
    await onProgress?.(written)
  }

  /** The files of one item that are texts, by their names, and what the index says of it, if anything. */
  function contentOf(
    item: BagItem,
    place: string,
    rows: LoggedRecords,
    pathOf: PathOf,
  ): { texts: Texts; listed?: Listed } {
    const original = rows(item.record)
    const proven = (statement: string) =>
      `{"statement":${JSON.stringify(statement)},"commitment":"${original.commitment}",${proofOf(original, pathOf)}}\n`
    if (item.form === 'whole') {
      // Of a record whose content and salt were disposed of the log holds a leaf, which says nothing any more.
      if (original.json === null) return { texts: [[`${place}.proof.json`, proven(disposedStatement)]] }
      return {
        texts: [...recordTexts(place, original, pathOf), [`${place}.txt`, original.words]],
        listed: original,
      }
    }
    const statement = rows(item.statement)
    const texts = recordTexts(`data/redactions/${item.record}`, statement, pathOf)
    const said = statement.json && textOf(statement.json)
    if (!said || !isStatement(said)) throw new Error(`${item.statement} is no statement about a redaction.`)
    withheld.push(said)
    if (item.form === 'withheld')
      return {
        texts: [...texts, [`data/withheld/${item.record}.proof.json`, proven(withheldStatement)]],
      }
    const redacted = JSON.parse(item.json) as RecordText
    texts.push(
      [`${place}.redacted.json`, item.json],
      [`${place}.txt`, redacted.words],
      [`${place}.proof.json`, proven(redactedStatement)],
    )
    return { texts, listed: redacted }
  }

  function recordTexts(place: string, row: LoggedRecord, pathOf: PathOf): Texts {
    if (row.json === null || row.salt === null) throw new Error(`The record ${row.id} was disposed of.`)
    return [
      [`${place}.json`, row.json],
      [`${place}.proof.json`, `{"salt":"${row.salt}",${proofOf(row, pathOf)}}\n`],
    ]
  }

  /** The members of a proof's JSON that every proof ends with: hex and numbers, which need no escapes. */
  function proofOf({ position }: LoggedRecord, pathOf: PathOf): string {
    attested.add(position)
    return `"position":${position},"treeSize":${treeSize},"path":${pathOf(position)}`
  }

  async function writeFiles({ blobs: files }: Pick<RecordText, 'blobs'>) {
    // A file that is withheld from a redacted record has no hash there.
    for (const { sha256, bytes } of files) {
      if (!sha256 || known.has(sha256)) continue
      known.add(sha256)
      await write(`data/files/${sha256}`, { bytes, stream: await blobs.read(sha256) })
    }
  }

  async function* loadedInTurn() {
    for await (const items of batchesOf(records)) yield await loaded(items)
  }

  try {
    await index.add(csvHeader)
    // While one batch is written, the database reads the next.
    for await (const batch of ahead(loadedInTurn())) await writeItems(batch)
    await write('data/index.csv', await index.end())
    const confirmed = await attested.list()
    if (confirmed.length > 0) await write('data/log/attested.json', `${JSON.stringify(confirmed, null, 1)}\n`)
    if (withheld.length > 0) {
      await write('data/withheld.csv', [withheldHeader, ...withheld.map(withheldRow)].join(''))
      await write('data/withheld.html', withheldPage(withheld))
    }
    if (copies) for await (const { path, content } of copies) await write(`data/${path}`, content)
    await writeTags(into, { payload, info, manifest: await manifest.end() })
    return checkpoint
  } finally {
    for (const list of [index, manifest]) await list.close()
    await rm(aside, { recursive: true, force: true })
  }
}

/** The files beside the payload, and last the sums of these. */
async function writeTags(
  into: BagFiles,
  {
    payload,
    info,
    manifest,
  }: {
    payload: { bytes: number; files: number }
    info: Readonly<Record<string, string>>
    manifest: Streamed
  },
) {
  const lines = {
    ...info,
    'Bagging-Date': new Date().toISOString().slice(0, 10),
    'Payload-Oxum': `${payload.bytes}.${payload.files}`,
  }
  const texts = {
    'bag-info.txt': Object.entries(lines)
      .map(([label, value]) => `${label}: ${value.replace(/\s+/g, ' ').trim()}\n`)
      .join(''),
    'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
  }
  const sums: string[] = []
  for (const [name, text] of Object.entries(texts)) {
    await into.add(name, Buffer.from(text))
    sums.push(`${hash('sha512', text)}  ${name}\n`)
  }
  const sum = createHash('sha512')
  await into.add('manifest-sha512.txt', {
    bytes: manifest.bytes,
    stream: summed(manifest.stream, sum),
  })
  sums.push(`${sum.digest('hex')}  manifest-sha512.txt\n`)
  await into.add('tagmanifest-sha512.txt', Buffer.from(sums.join('')))
}

async function* batchesOf(
  records: readonly RecordId[] | AsyncIterable<readonly BagItem[]>,
): AsyncGenerator<readonly BagItem[]> {
  const pages = Symbol.asyncIterator in records ? records : [records.map(asItem)]
  for await (const items of pages)
    for (let done = 0; done < items.length; done += batch) yield items.slice(done, done + batch)
}

const asItem = (record: RecordId): BagItem => ({ form: 'whole', record })

/** The same, but always one step ahead of who takes from it. */
async function* ahead<Item>(source: AsyncGenerator<Item>): AsyncGenerator<Item> {
  let next = source.next()
  try {
    for (;;) {
      const { value, done } = await next
      if (done) return
      next = source.next()
      // A failure comes out when it is waited for, if it still is.
      next.catch(() => {})
      yield value
    }
  } finally {
    await next.catch(() => {})
    await source.return(undefined)
  }
}

/** A record as it stands in the log. What was lawfully disposed of has neither text nor salt. */
interface LoggedRecord extends Listed {
  id: RecordId
  /** Its canonical JSON in UTF-8. */
  json: Buffer | null
  /** In hex, as is the commitment. */
  salt: string | null
  commitment: string | null
  position: number
}
type Texts = [name: string, text: string | Buffer][]
/** Throws where there is no such record. */
type LoggedRecords = (id: RecordId) => LoggedRecord

/**
 * Records with their positions in the log; throws when one of them is not among its first `treeSize`. Each stays a piece
 * of what the database has sent until it is asked for: an object for each would live through the collections of garbage
 * of a batch, and be copied by them.
 */
async function load(
  db: Db,
  ids: readonly RecordId[],
  treeSize: number,
): Promise<{ rows: LoggedRecords; positions: number[] }> {
  const rows = await copied(
    db,
    sql`select record.id::text, position, json, salt, commitment, kind, at, by_kind, by_name,
        subject_kind, subject_id, page::text, words,
        exists (select from record_blob where record_blob.record_id = record.id)
      from record left join log_entry on record_id = record.id
      where record.id = any(${sql.lit(`{${ids}}`)}::uuid[])`,
  )
  const places = new Map<RecordId, number>()
  const positions: number[] = []
  for (let place = rows.next(); place !== null; place = rows.next()) {
    const id = rows.text() as RecordId
    const position = rows.number()
    if (position === null || position >= treeSize) throw new Error(`The record ${id} is not in the log yet.`)
    places.set(id, place)
    positions.push(position)
  }
  return {
    positions,
    rows(id) {
      const place = places.get(id)
      if (place === undefined) throw new Error(`There is no record ${id}.`)
      rows.goTo(place)
      rows.text()
      const position = rows.number() as number
      const json = rows.bytes()
      return {
        id,
        position,
        json,
        salt: rows.hex(),
        commitment: rows.hex(),
        // What its line of the index says stands in columns too: reading it there is quicker than out of its JSON.
        kind: rows.text() as string,
        at: rows.time()?.toISOString() as string,
        by: { kind: rows.text() as string, name: rows.text() },
        subject: { kind: rows.text() as string, id: rows.text() as string },
        page: rows.text() as PageId | null,
        words: rows.text() as string,
        blobs: rows.boolean() && json ? textOf(json).blobs : [],
      }
    },
  }
}

const textOf = (json: Buffer) => JSON.parse(json.toString()) as RecordText

async function* summed(source: AsyncIterable<Uint8Array>, sum: Hash) {
  for await (const piece of source) {
    sum.update(piece)
    yield piece
  }
}

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
records/…/ID.proof.json alone: a record whose content was lawfully disposed of; it is in the log and says nothing
withheld.csv       what is withheld, in a table; withheld.html is the same to read and to print
withheld/ID.proof.json  the place in the log of a record that is withheld as a whole
pdf/ load-file/ page-images/ edrm/ csv/  the same records in other formats, where they were ordered; numbered alike
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
