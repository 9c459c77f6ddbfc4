import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { csvHeader, csvRow } from './bag-index.ts'
import { includes, leafHash } from './merkle.ts'
import { type CheckpointText, openNote, readCheckpoint, readVerifier } from './note.ts'
import { commitmentTo, type RecordText } from './record.ts'

/** What a check of a bag found: everything in order, or the first thing that is not. */
export type BagVerdict =
  | { genuine: true; records: number; files: number; origin: string; treeSize: number }
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
  const records = await checkRecords(read, [...manifest.keys()], checkpoint)
  return {
    genuine: true,
    records,
    files: manifest.size,
    origin: checkpoint.origin,
    treeSize: checkpoint.treeSize,
  }
}

async function checkRecords(
  read: (name: string) => Promise<Buffer>,
  names: readonly string[],
  checkpoint: CheckpointText,
): Promise<number> {
  const listed = new Set(names)
  const expected = new Set(['data/README.txt', 'data/log/checkpoint', 'data/log/key.txt', 'data/index.csv'])
  const index = createHash('sha256').update(csvHeader)
  let records = 0
  for (const name of names.filter((one) => /^data\/records\/.*(?<!\.proof)\.json$/.test(one))) {
    const place = name.slice(0, -'.json'.length)
    const json = (await read(name)).toString()
    const record = parse<RecordText>(name, json)
    const proof = parse<{ salt: string; position: number; path: string[] }>(
      `${place}.proof.json`,
      (await read(`${place}.proof.json`)).toString(),
    )
    const hashes = proof.path.map((hash) => Buffer.from(hash, 'hex'))
    const leaf = leafHash(commitmentTo(json, Buffer.from(proof.salt, 'hex')))
    if (!includes(leaf, proof.position, checkpoint.treeSize, hashes, checkpoint.root))
      throw new Flaw(`${name} is not what the department's log holds at position ${proof.position}.`)
    if ((await read(`${place}.txt`)).toString() !== record.words)
      throw new Flaw(`${place}.txt does not hold the words of its record.`)
    for (const blob of record.blobs) {
      const file = `data/files/${blob.sha256}`
      if (!listed.has(file)) throw new Flaw(`${file}, which ${name} names, is missing.`)
      if (
        !expected.has(file) &&
        createHash('sha256')
          .update(await read(file))
          .digest('hex') !== blob.sha256
      )
        throw new Flaw(`${file} is not the file that ${name} names.`)
      expected.add(file)
    }
    for (const part of ['json', 'txt', 'proof.json']) expected.add(`${place}.${part}`)
    index.update(csvRow(record, place))
    records += 1
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
  return records
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
