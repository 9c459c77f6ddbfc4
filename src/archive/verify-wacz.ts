import { createHash, createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { z } from 'zod'
import type { Confirmation, Trust } from './confirmations.ts'
import { Flaw, orFlaw, parseJson } from './flaw.ts'
import { verifyRecord } from './record-proof.ts'
import { readResponse, verifyTimestamp } from './timestamp.ts'

/**
 * Where a WACZ carries our own proof: this file beside datapackage.json, unlisted there, holds a record proof
 * (record-proof.ts). Its record commits to the package by `content.datapackage`, the SHA-256 of datapackage.json.
 */
export const embeddedProof = 'plainview-proof.json'
const unlisted = ['datapackage.json', 'datapackage-digest.json', embeddedProof]

export type WaczVerdict =
  | {
      genuine: true
      files: number
      title: string
      /** Who signed the package, as the WACZ-auth draft has it; null when nobody did. */
      signedBy: string | null
      /** The log and place that the capture's record stands at; null when no proof came with it. */
      logged: { origin: string; position: number; treeSize: number } | null
      confirmations: Confirmation[]
    }
  | { genuine: false; problem: string }

/**
 * Checks a WACZ (1.1.1): that it has what the format asks for, every file against datapackage.json, that against
 * datapackage-digest.json, and its signature (WACZ-auth draft). With a record proof, inside it or as `proof`, also that
 * the department's log holds the record of exactly this package.
 */
export const verifyWacz = (file: string, trust: Trust | null, proof?: string): Promise<WaczVerdict> =>
  orFlaw(async () => {
    const zip = await openPromise(file, { autoClose: false }).catch((error: Error) => {
      throw new Flaw(`This is no whole ZIP file: ${error.message}`)
    })
    try {
      return await check(file, zip, trust, proof)
    } finally {
      zip.close()
    }
  })

const resource = z.object({ path: z.string(), hash: z.string(), bytes: z.int().nonnegative() })
const datapackage = z.object({
  profile: z.literal('data-package'),
  wacz_version: z.string(),
  title: z.string().optional(),
  resources: z.array(resource),
})

async function check(file: string, zip: ZipFile, trust: Trust | null, given?: string): Promise<WaczVerdict> {
  const entries = await entriesOf(zip)
  const text = async (name: string) => {
    const entry = entries.get(name)
    if (!entry) throw new Flaw(`${name} is missing.`)
    return (await contentOf(zip, name, entry)).toString('utf8')
  }
  const packaged = await text('datapackage.json')
  const read = datapackage.safeParse(parseJson('datapackage.json', packaged))
  if (!read.success)
    throw new Flaw(
      `datapackage.json is not that of a WACZ: ${read.error.issues[0]?.path.join('.')} is not as it has to be.`,
    )
  const { resources, title = '' } = read.data
  const listed = new Set(resources.map(({ path }) => path))
  if (listed.size < resources.length) throw new Flaw('datapackage.json lists a file twice.')
  for (const need of [/^archive\/.+\.warc(\.gz)?$/, /^indexes\/.+/, /^pages\/pages\.jsonl$/])
    if (![...listed].some((path) => need.test(path)))
      throw new Flaw(
        `A WACZ needs ${need.source.includes('pages') ? 'pages/pages.jsonl' : `a file in ${need.source.slice(1, 8)}…`}, and this one lists none.`,
      )
  for (const name of entries.keys())
    if (!listed.has(name) && !unlisted.includes(name))
      throw new Flaw(`${name} is not listed in datapackage.json.`)
  for (const one of resources) await compare(zip, entries.get(one.path), one)

  const hash = `sha256:${sha256(packaged)}`
  const digest = entries.has('datapackage-digest.json') ? await text('datapackage-digest.json') : null
  const signed = digest === null ? { by: null, confirmations: [] } : await checkDigest(digest, hash, trust)
  const proof = given ?? (entries.has(embeddedProof) ? await text(embeddedProof) : null)
  const logged = proof === null ? null : await checkProof(file, proof, hash, trust)
  return {
    genuine: true,
    files: resources.length,
    title,
    signedBy: signed.by,
    logged: logged && { origin: logged.origin, position: logged.position, treeSize: logged.treeSize },
    confirmations: [...signed.confirmations, ...(logged?.confirmations ?? [])],
  }
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue
      if (entries.has(entry.fileName)) throw new Flaw(`The ZIP file holds ${entry.fileName} twice.`)
      entries.set(entry.fileName, entry)
    }
  } catch (error) {
    if (error instanceof Flaw) throw error
    throw new Flaw(`The ZIP file is damaged: ${(error as Error).message}`)
  }
  return entries
}

/** What is read whole are lists and signatures, never archives. */
const longestText = 50_000_000

async function contentOf(zip: ZipFile, name: string, entry: Entry): Promise<Buffer> {
  if (entry.uncompressedSize > longestText) throw new Flaw(`${name} is too large.`)
  const pieces: Buffer[] = []
  for await (const piece of pieceOf(zip, name, entry)) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function* pieceOf(zip: ZipFile, name: string, entry: Entry): AsyncGenerator<Buffer> {
  let sum = 0
  try {
    for await (const piece of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      sum = crc32(piece, sum)
      yield piece
    }
  } catch (error) {
    throw new Flaw(`${name} can’t be read: ${(error as Error).message}`)
  }
  // The library leaves the ZIP's own sums alone. Without them a damaged signature could pass for a missing one.
  if (sum !== entry.crc32) throw new Flaw(`${name} is damaged.`)
}

async function compare(
  zip: ZipFile,
  entry: Entry | undefined,
  { path, hash, bytes }: z.infer<typeof resource>,
) {
  if (!entry) throw new Flaw(`${path} is missing.`)
  if (!/^sha256:[0-9a-f]{64}$/.test(hash)) throw new Flaw(`datapackage.json gives no SHA-256 of ${path}.`)
  const sum = createHash('sha256')
  let length = 0
  for await (const piece of pieceOf(zip, path, entry)) {
    sum.update(piece)
    length += piece.length
  }
  if (length !== bytes || `sha256:${sum.digest('hex')}` !== hash)
    throw new Flaw(`${path} was changed after the package was made.`)
}

const anonymous = z.object({ publicKey: z.string() })
const byDomain = z.object({
  domain: z.string(),
  domainCert: z.string(),
  timeSignature: z.string(),
  timestampCert: z.string(),
})
const signature = z.object({
  hash: z.string(),
  created: z.iso.datetime({ offset: true, local: true }),
  signature: z.string(),
})
const digestFile = z.object({
  path: z.literal('datapackage.json'),
  hash: z.string(),
  signedData: z.intersection(signature, z.union([byDomain, anonymous])).optional(),
})

async function checkDigest(text: string, hash: string, trust: Trust | null) {
  const name = 'datapackage-digest.json'
  const read = digestFile.safeParse(parseJson(name, text))
  if (!read.success) throw new Flaw(`${name} is not as the format has it.`)
  const { hash: said, signedData } = read.data
  if (said !== hash) throw new Flaw(`datapackage.json was changed after ${name} was written.`)
  if (!signedData) return { by: null, confirmations: [] }
  if (signedData.hash !== hash) throw new Flaw(`${name} holds the signature of another package.`)
  if (!('domain' in signedData)) {
    const key = publicKey(signedData.publicKey)
    if (!isSigned(hash, signedData.signature, key))
      throw new Flaw('The signature of the package is not good.')
    const der = key.export({ type: 'spki', format: 'der' })
    return { by: `a key without a name (SHA-256 ${sha256(der)})`, confirmations: [] }
  }
  const certificate = certificateOf(signedData.domainCert)
  if (!isSigned(hash, signedData.signature, certificate.publicKey))
    throw new Flaw('The signature of the package is not good.')
  if (!certificate.checkHost(signedData.domain))
    throw new Flaw(`The certificate that signed the package is not of ${signedData.domain}.`)
  const stamp = await timeOf(signedData, trust)
  const created = new Date(
    /Z|[+-]\d\d:\d\d$/.test(signedData.created) ? signedData.created : `${signedData.created}Z`,
  )
  if (created < certificate.validFromDate || created > certificate.validToDate)
    throw new Flaw('The package was signed outside the time of its certificate.')
  if (Math.abs(created.getTime() - stamp.at.getTime()) > tenMinutes)
    throw new Flaw('The package’s timestamp is not within ten minutes of its signature.')
  return { by: signedData.domain, confirmations: [stamp] }
}

const tenMinutes = 600_000

async function timeOf(
  { timeSignature, timestampCert, signature }: z.infer<typeof byDomain> & { signature: string },
  trust: Trust | null,
): Promise<Confirmation> {
  const der = Buffer.from(timeSignature, 'base64')
  // Signers keep the authority's whole answer; a bare token is as good.
  const token = readResponse(der).token ?? der
  const verdict = await verifyTimestamp(token, Buffer.from(signature, 'ascii'), {
    certificates: timestampCert,
    ca: trust?.ca ?? '',
  })
  if (verdict.problem !== undefined) throw new Flaw(`The package’s timestamp is not good. ${verdict.problem}`)
  return { how: 'timestamp', treeSize: 0, at: verdict.at, by: verdict.signer, checked: verdict.trusted }
}

/** ECDSA over the hash's text, in DER (authsign) or as r and s (browsers). */
function isSigned(hash: string, base64: string, key: KeyObject): boolean {
  const bytes = Buffer.from(base64, 'base64')
  return (['der', 'ieee-p1363'] as const).some((dsaEncoding) => {
    try {
      return verify('sha256', Buffer.from(hash), { key, dsaEncoding }, bytes)
    } catch {
      return false
    }
  })
}

function publicKey(base64: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' })
  } catch {
    throw new Flaw('The key that signed the package can’t be read.')
  }
}

function certificateOf(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new Flaw('The certificate that signed the package can’t be read.')
  }
}

async function checkProof(file: string, proof: string, hash: string, trust: Trust | null) {
  if (!trust)
    throw new Flaw(
      'A proof that the department’s log holds this capture came with it. Give the log’s key to check it.',
    )
  const verdict = await verifyRecord(proof, trust, 'The proof of the capture')
  if (!verdict.genuine) throw new Flaw(verdict.problem)
  const { record } = verdict
  const named =
    record.content.datapackage === hash.slice('sha256:'.length) || (await namesFile(record.blobs, file))
  if (!named) throw new Flaw('The proof is of a record about another capture.')
  return verdict
}

async function namesFile(blobs: readonly { sha256: string }[], file: string): Promise<boolean> {
  const sum = createHash('sha256')
  for await (const piece of createReadStream(file)) sum.update(piece)
  const hash = sum.digest('hex')
  return blobs.some(({ sha256 }) => sha256 === hash)
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
