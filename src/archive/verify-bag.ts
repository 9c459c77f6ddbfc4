import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { type Files, folderFiles, tarFiles } from './bag-files.ts'
import { csvHeader, csvRow, withheldHeader, withheldPage, withheldRow } from './bag-index.ts'
import { type Confirmation, confirmationsOf, openLog, readAttested, type Trust } from './confirmations.ts'
import { Flaw, orFlaw, parseJson } from './flaw.ts'
import { readKeyText } from './key-text.ts'
import type { CheckpointText } from './note.ts'
import type { RecordText } from './record.ts'
import { disposedStatement } from './redaction.ts'
import { flawInRedaction, inLog, type OriginalProof, proves, type RecordProof } from './verify-redactions.ts'

/** What a check of a bag found: everything in order, or the first thing that is not. */
export type BagVerdict =
  | {
      genuine: true
      /** Records in the bag, the redacted ones among them. */
      records: number
      redacted: number
      /** Records that are only listed, because they are withheld as a whole. */
      withheld: number
      /** Records of which only the leaf is left, because their content was lawfully disposed of. */
      disposed: number
      files: number
      /** Files that tell the same in other formats: nothing but the manifest speaks for them. */
      copies: number
      origin: string
      treeSize: number
      /** What others said of the log, oldest first. */
      confirmations: Confirmation[]
      /** Where in the log the records stand. */
      positions: number[]
    }
  | { genuine: false; problem: string }

/**
 * Checks a bag, in a folder or in the tar file of a production, with nothing but itself and what the reader trusts
 * (`trust`, or just the log's public key): its form (RFC 8493), every byte against the manifests, the checkpoint's
 * signature, every record's place in the log, every file that a record names, the table of contents against the
 * records, and what others confirmed of the log.
 */
export async function verifyBag(place: string, trust: Trust | string): Promise<BagVerdict> {
  return orFlaw(async () => {
    const files = await openBag(place)
    try {
      return await check(files, typeof trust === 'string' ? { key: trust } : trust)
    } finally {
      await files.close()
    }
  })
}

async function openBag(place: string): Promise<Files> {
  const found = await stat(place).catch(() => null)
  if (!found) throw new Flaw(`${place} does not exist.`)
  return found.isDirectory() ? folderFiles(place) : tarFiles(place)
}

async function check(files: Files, trust: Trust): Promise<BagVerdict> {
  const read = (name: string) => files.read(name)
  if ((await read('bagit.txt')).toString() !== 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')
    throw new Flaw('bagit.txt does not say that this is a bag of version 1.0 in UTF-8.')
  const tags = readManifest('tagmanifest-sha512.txt', await read('tagmanifest-sha512.txt'))
  for (const name of ['bagit.txt', 'bag-info.txt', 'manifest-sha512.txt'])
    if (!tags.has(name)) throw new Flaw(`tagmanifest-sha512.txt does not list ${name}.`)
  await compare(files, tags)
  const manifest = readManifest('manifest-sha512.txt', await read('manifest-sha512.txt'))
  const found = await files.names()
  for (const name of found)
    if (name !== 'tagmanifest-sha512.txt' && !tags.has(name) && !manifest.has(name))
      throw new Flaw(`${name} is not listed in the manifest. It does not belong to this bag.`)
  const bytes = await compare(files, manifest)
  const oxum = /^Payload-Oxum: (.*)$/m.exec((await read('bag-info.txt')).toString())?.[1]
  if (oxum !== `${bytes}.${manifest.size}`)
    throw new Flaw(`bag-info.txt announces a payload of ${oxum}; there is ${bytes}.${manifest.size}.`)

  const sent = readKeyText((await read('data/log/key.txt')).toString())
  if (!sent) throw new Flaw('data/log/key.txt holds no key.')
  const note = (await read('data/log/checkpoint')).toString()
  const log = openLog('data/log/checkpoint', note, sent.rotations, trust)
  const attested = manifest.has(attestedName)
    ? readAttested(attestedName, (await read(attestedName)).toString())
    : []
  const confirmations = await confirmationsOf(attestedName, attested, log, trust)
  const { checkpoint } = log
  const { positions, ...counts } = await checkRecords(read, manifest, checkpoint)
  return {
    genuine: true,
    ...counts,
    files: manifest.size,
    origin: checkpoint.origin,
    treeSize: checkpoint.treeSize,
    confirmations,
    positions,
  }
}

const attestedName = 'data/log/attested.json'

type RecordCounts = Record<'records' | 'redacted' | 'withheld' | 'disposed' | 'copies', number>

async function checkRecords(
  read: (name: string) => Promise<Buffer>,
  manifest: ReadonlyMap<string, string>,
  checkpoint: CheckpointText,
): Promise<RecordCounts & { positions: number[] }> {
  const names = [...manifest.keys()]
  const listed = new Set(names)
  const expected = new Set([
    'data/README.txt',
    'data/log/checkpoint',
    'data/log/key.txt',
    attestedName,
    'data/index.csv',
  ])
  const positions: number[] = []
  const text = async (name: string) => (await read(name)).toString()
  const matching = (pattern: RegExp) =>
    names.filter((name) => pattern.test(name) && !/\.proof\.json$/.test(name))

  const statements = new Map<string, RecordText>()
  for (const name of matching(/^data\/redactions\/.*\.json$/)) {
    const id = path.basename(name, '.json')
    statements.set(id, await provenRecord(name))
    expected.add(name).add(`data/redactions/${id}.proof.json`)
  }
  const withheld = names.filter((name) => /^data\/withheld\/.*\.proof\.json$/.test(name))
  for (const name of withheld) {
    await bound(path.basename(name, '.proof.json'), null, name, name)
    expected.add(name)
  }

  const index = createHash('sha256').update(csvHeader)
  let redacted = 0
  const records = matching(/^data\/records\/.*\.json$/)
  for (const name of records) {
    const isRedacted = name.endsWith('.redacted.json')
    const place = name.slice(0, isRedacted ? -'.redacted.json'.length : -'.json'.length)
    const record = isRedacted ? await releasedRecord(name, place) : await provenRecord(name)
    if (isRedacted) redacted += 1
    if ((await text(`${place}.txt`)) !== record.words)
      throw new Flaw(`${place}.txt does not hold the words of its record.`)
    await checkFiles(record, name)
    for (const part of ['txt', 'proof.json']) expected.add(`${place}.${part}`)
    expected.add(name)
    index.update(csvRow(record, place))
  }
  const leaves = names.filter((name) => /^data\/records\/.*\.proof\.json$/.test(name) && !expected.has(name))
  for (const name of leaves) {
    const proof: OriginalProof = shaped(originalProof, name, await text(name))
    if (proof.statement !== disposedStatement) throw new Flaw(`${name} proves a record that is missing.`)
    if (!inLog(Buffer.from(proof.commitment, 'hex'), proof, checkpoint))
      throw new Flaw(`${name} is not what the department's log holds at position ${proof.position}.`)
    positions.push(proof.position)
    expected.add(name)
  }
  if (statements.size !== redacted + withheld.length)
    throw new Flaw(
      'data/redactions holds a statement about a record that is neither redacted nor withheld here.',
    )
  if (statements.size > 0) {
    const listed = [...statements.values()]
    await mustSay('data/withheld.csv', [withheldHeader, ...listed.map(withheldRow)].join(''))
    await mustSay('data/withheld.html', withheldPage(listed))
  }
  // What stands for a record or its file in another format has to be the same, byte for byte.
  const proven = new Set([...expected].map((name) => manifest.get(name)))
  const copies = names.filter((name) => !expected.has(name))
  for (const name of copies) {
    const isSame = /^data\/load-file\/(NATIVES|TEXT)\//.test(name) && proven.has(manifest.get(name))
    if (!isSame && !renderings.test(name)) throw new Flaw(`${name} belongs to no record of this bag.`)
  }
  if (
    index.digest('hex') !==
    createHash('sha256')
      .update(await read('data/index.csv'))
      .digest('hex')
  )
    throw new Flaw('data/index.csv does not list exactly the records of this bag.')
  return {
    records: records.length,
    redacted,
    withheld: withheld.length,
    disposed: leaves.length,
    copies: copies.length,
    positions,
  }

  async function provenRecord(name: string): Promise<RecordText> {
    const json = await text(name)
    const proofName = name.replace(/\.json$/, '.proof.json')
    const proof: RecordProof = shaped(recordProof, proofName, await text(proofName))
    if (!proves(json, proof, checkpoint))
      throw new Flaw(`${name} is not what the department's log holds at position ${proof.position}.`)
    positions.push(proof.position)
    return parse<RecordText>(name, json)
  }

  /** A redacted record, bound by its statement to an original in the log. */
  async function releasedRecord(name: string, place: string): Promise<RecordText> {
    const json = await text(name)
    const record = parse<RecordText>(name, json)
    if (record.id !== path.basename(place)) throw new Flaw(`${name} holds another record.`)
    await bound(record.id, json, name, `${place}.proof.json`)
    return record
  }

  async function bound(id: string, rendition: string | null, name: string, proofName: string) {
    const statement = statements.get(id)
    if (!statement) throw new Flaw(`data/redactions/${id}.json is missing.`)
    const proof: OriginalProof = shaped(originalProof, proofName, await text(proofName))
    const flaw = flawInRedaction(id, rendition, proof, statement, checkpoint)
    if (flaw) throw new Flaw(`${name} ${flaw}`)
    positions.push(proof.position)
  }

  async function checkFiles(record: RecordText, name: string) {
    for (const { sha256 } of record.blobs) {
      if (!sha256) continue
      const file = `data/files/${sha256}`
      if (!listed.has(file)) throw new Flaw(`${file}, which ${name} names, is missing.`)
      if (expected.has(file)) continue
      const sum = createHash('sha256').update(await read(file))
      if (sum.digest('hex') !== sha256) throw new Flaw(`${file} is not the file that ${name} names.`)
      expected.add(file)
    }
  }

  async function mustSay(name: string, content: string) {
    if ((await text(name)) !== content)
      throw new Flaw(`${name} does not say what the department's statements say.`)
    expected.add(name)
  }
}

/** What tells of the records in other formats, and can't be compared with them. */
const renderings =
  /^data\/(pdf\/[A-Za-z0-9-]+\.pdf|load-file\/(README\.txt|load-file\.(dat|opt))|page-images\/(README\.txt|page-images\.opt|IMAGES\/\d{4,}\/[A-Za-z0-9-]+\.(tif|jpg))|edrm\/edrm\.xml|csv\/records\.csv|wacz\/(README\.txt|captures\.wacz))$/

const place = { position: z.int().nonnegative(), path: z.array(z.string()) }
const recordProof = z.object({ salt: z.string(), ...place })
const originalProof = z.object({ statement: z.string(), commitment: z.string(), ...place })

function shaped<Shape>(schema: z.ZodType<Shape>, name: string, text: string): Shape {
  const read = schema.safeParse(parseJson(name, text))
  if (!read.success) throw new Flaw(`${name} is no proof.`)
  return read.data
}

const parse = <Content>(name: string, text: string): Content => parseJson(name, text) as Content

/** A manifest's files with their sums, in its order. One spelling only: a changed letter is a change. */
function readManifest(name: string, content: Buffer): Map<string, string> {
  const text = content.toString()
  if (!text.endsWith('\n')) throw new Flaw(`${name} is cut off at its end.`)
  const sums = new Map<string, string>()
  for (const line of text.slice(0, -1).split('\n')) {
    const [, sum, file] = /^([0-9a-f]{128}) {2}(\S.*)$/.exec(line) ?? []
    if (!sum || !file) throw new Flaw(`${name} has a line that is none of a manifest: ${line.slice(0, 60)}`)
    const outside = path.isAbsolute(file) || file.split('/').some((part) => part === '..' || part === '.')
    if (outside || sums.has(file)) throw new Flaw(`${name} may not list ${file}.`)
    sums.set(file, sum)
  }
  return sums
}

/** Compares each file with its sum, and answers with their bytes together. */
async function compare(files: Files, sums: ReadonlyMap<string, string>): Promise<number> {
  let bytes = 0
  for (const [name, sum] of sums) {
    const hash = createHash('sha512')
    for await (const piece of files.stream(name)) {
      hash.update(piece)
      bytes += piece.length
    }
    if (hash.digest('hex') !== sum) throw new Flaw(`${name} was changed after the bag was made.`)
  }
  return bytes
}
