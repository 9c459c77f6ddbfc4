import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { csvHeader, csvRow, withheldHeader, withheldPage, withheldRow } from './bag-index.ts'
import { type CheckpointText, openNote, readCheckpoint, readVerifier } from './note.ts'
import type { RecordText } from './record.ts'
import { flawInRedaction, type OriginalProof, proves, type RecordProof } from './verify-redactions.ts'

/** What a check of a bag found: everything in order, or the first thing that is not. */
export type BagVerdict =
  | {
      genuine: true
      /** Records in the bag, the redacted ones among them. */
      records: number
      redacted: number
      /** Records that are only listed, because they are withheld as a whole. */
      withheld: number
      files: number
      origin: string
      treeSize: number
    }
  | { genuine: false; problem: string }

class Flaw extends Error {}

/**
 * Checks a bag with nothing but itself and the log's public key (`verifier`, as the department publishes it):
 * its form (RFC 8493), every byte against the manifests, the checkpoint's signature, every record's place in
 * the log, every file that a record names, and the table of contents against the records.
 */
export async function verifyBag(folder: string, verifier: string): Promise<BagVerdict> {
  try {
    return await check(folder, verifier)
  } catch (error) {
    if (error instanceof Flaw) return { genuine: false, problem: error.message }
    throw error
  }
}

async function check(folder: string, verifier: string): Promise<BagVerdict> {
  const read = async (name: string) =>
    readFile(path.join(folder, name)).catch((error) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new Flaw(`${name} is missing.`)
      throw error
    })
  const key = readVerifier(verifier)
  if (!key) throw new Flaw('The key given is none of a log. It looks like name+1a2b3c4d+AAAA…, in one line.')

  if ((await read('bagit.txt')).toString() !== 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')
    throw new Flaw('bagit.txt does not say that this is a bag of version 1.0 in UTF-8.')
  const tags = readManifest('tagmanifest-sha512.txt', await read('tagmanifest-sha512.txt'))
  for (const name of ['bagit.txt', 'bag-info.txt', 'manifest-sha512.txt'])
    if (!tags.has(name)) throw new Flaw(`tagmanifest-sha512.txt does not list ${name}.`)
  await compare(folder, tags)
  const manifest = readManifest('manifest-sha512.txt', await read('manifest-sha512.txt'))
  const found = await filesBelow(folder)
  for (const name of found)
    if (name !== 'tagmanifest-sha512.txt' && !tags.has(name) && !manifest.has(name))
      throw new Flaw(`${name} is not listed in the manifest. It does not belong to this bag.`)
  const bytes = await compare(folder, manifest)
  const oxum = /^Payload-Oxum: (.*)$/m.exec((await read('bag-info.txt')).toString())?.[1]
  if (oxum !== `${bytes}.${manifest.size}`)
    throw new Flaw(`bag-info.txt announces a payload of ${oxum}; there is ${bytes}.${manifest.size}.`)

  const text = openNote((await read('data/log/checkpoint')).toString(), verifier)
  if (text === null) throw new Flaw(`data/log/checkpoint is not signed with the key given (${key.name}).`)
  const checkpoint = readCheckpoint(text)
  if (!checkpoint || checkpoint.origin !== key.name)
    throw new Flaw('data/log/checkpoint is signed, but is no checkpoint of this log.')
  const counts = await checkRecords(read, [...manifest.keys()], checkpoint)
  return {
    genuine: true,
    ...counts,
    files: manifest.size,
    origin: checkpoint.origin,
    treeSize: checkpoint.treeSize,
  }
}

async function checkRecords(
  read: (name: string) => Promise<Buffer>,
  names: readonly string[],
  checkpoint: CheckpointText,
): Promise<{ records: number; redacted: number; withheld: number }> {
  const listed = new Set(names)
  const expected = new Set(['data/README.txt', 'data/log/checkpoint', 'data/log/key.txt', 'data/index.csv'])
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
  if (statements.size !== redacted + withheld.length)
    throw new Flaw(
      'data/redactions holds a statement about a record that is neither redacted nor withheld here.',
    )
  if (statements.size > 0) {
    const listed = [...statements.values()]
    await mustSay('data/withheld.csv', [withheldHeader, ...listed.map(withheldRow)].join(''))
    await mustSay('data/withheld.html', withheldPage(listed))
  }
  for (const name of names)
    if (!expected.has(name)) throw new Flaw(`${name} belongs to no record of this bag.`)
  if (
    index.digest('hex') !==
    createHash('sha256')
      .update(await read('data/index.csv'))
      .digest('hex')
  )
    throw new Flaw('data/index.csv does not list exactly the records of this bag.')
  return { records: records.length, redacted, withheld: withheld.length }

  async function provenRecord(name: string): Promise<RecordText> {
    const json = await text(name)
    const proofName = name.replace(/\.json$/, '.proof.json')
    const proof = parse<RecordProof>(proofName, await text(proofName))
    if (!proves(json, proof, checkpoint))
      throw new Flaw(`${name} is not what the department's log holds at position ${proof.position}.`)
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
    const proof = parse<OriginalProof>(proofName, await text(proofName))
    const flaw = flawInRedaction(id, rendition, proof, statement, checkpoint)
    if (flaw) throw new Flaw(`${name} ${flaw}`)
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

function parse<Content>(name: string, text: string): Content {
  try {
    return JSON.parse(text) as Content
  } catch {
    throw new Flaw(`${name} is not JSON.`)
  }
}

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
async function compare(folder: string, sums: ReadonlyMap<string, string>): Promise<number> {
  let bytes = 0
  for (const [name, sum] of sums) {
    const hash = createHash('sha512')
    try {
      for await (const piece of createReadStream(path.join(folder, name))) {
        hash.update(piece)
        bytes += piece.length
      }
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw new Flaw(`${name} is missing.`)
      throw error
    }
    if (hash.digest('hex') !== sum) throw new Flaw(`${name} was changed after the bag was made.`)
  }
  return bytes
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new Flaw(`${folder} is no folder.`)
  })
  const inside = (full: string) => path.relative(folder, full).split(path.sep).join('/')
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => inside(path.join(entry.parentPath, entry.name)))
}
