import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'

/** Signs the log's checkpoints: an Ed25519 key with a name (C2SP signed-note). */
export interface LogKey {
  /** The log's origin, e.g. social.millbrook.example/log */
  name: string
  privateKey: KeyObject
  /** The public key as others write it: name+hash+key (C2SP signed-note, "vkey"). */
  verifier: string
}

/** A new key, for a new log. */
export const generateLogKey = (name: string): LogKey => keyOf(name, generateKeyPairSync('ed25519').privateKey)

/** The key as text for a file that only the server reads: its name, then PKCS #8 in PEM. */
export const writeLogKey = ({ name, privateKey }: LogKey): string =>
  `${name}\n${privateKey.export({ type: 'pkcs8', format: 'pem' })}`

/** The key of `writeLogKey`'s text. */
export function readLogKey(text: string): LogKey {
  const end = text.indexOf('\n')
  return keyOf(text.slice(0, end), createPrivateKey(text.slice(end + 1)))
}

function keyOf(name: string, privateKey: KeyObject): LogKey {
  if (!/^[^\s+]+$/.test(name)) throw new Error(`A log's name holds no space and no plus sign: ${name}`)
  const raw = rawPublicKey(createPublicKey(privateKey))
  const typed = Buffer.concat([Buffer.of(ed25519), raw])
  const verifier = `${name}+${keyHash(name, typed).toString('hex')}+${typed.toString('base64')}`
  return { name, privateKey, verifier }
}

const ed25519 = 1
const keyHash = (name: string, typedKey: Buffer) =>
  createHash('sha256').update(`${name}\n`).update(typedKey).digest().subarray(0, 4)
/** An Ed25519 key in SPKI is a fixed 12-byte header and the key (RFC 8410). */
const spkiHeader = Buffer.from('302a300506032b6570032100', 'hex')
const rawPublicKey = (key: KeyObject) =>
  key.export({ type: 'spki', format: 'der' }).subarray(spkiHeader.length)

/** `text`, which ends in a line break, with our signature under it. */
export function signNote(text: string, { name, privateKey, verifier }: LogKey): string {
  const hash = Buffer.from(verifier.split('+')[1] ?? '', 'hex')
  const signature = sign(null, Buffer.from(text), privateKey)
  return `${text}\n— ${name} ${Buffer.concat([hash, signature]).toString('base64')}\n`
}

/** The text that a note was signed over, or null when it carries no good signature of this verifier. */
export function openNote(note: string, verifier: string): string | null {
  const key = readVerifier(verifier)
  const split = note.lastIndexOf('\n\n')
  if (!key || split < 0 || !note.endsWith('\n')) return null
  const text = note.slice(0, split + 1)
  const lines = note.slice(split + 2, -1).split('\n')
  const signed = lines.map((line) => /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(line))
  // Every line under the text has to be a signature, even one of a key we don't know.
  if (signed.some((match) => !match)) return null
  const good = signed.some((match) => {
    const bytes = Buffer.from(match?.[2] ?? '', 'base64')
    return (
      match?.[1] === key.name &&
      // Base64 has spare bits at its end; only the one canonical spelling is good.
      bytes.toString('base64') === match[2] &&
      bytes.subarray(0, 4).equals(key.hash) &&
      verify(null, Buffer.from(text), key.publicKey, bytes.subarray(4))
    )
  })
  return good ? text : null
}

/** The parts of a verifier, or null when it is none. */
export function readVerifier(verifier: string): { name: string; hash: Buffer; publicKey: KeyObject } | null {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(verifier.trim())
  if (!match) return null
  const [, name = '', hex = '', base64 = ''] = match
  const typed = Buffer.from(base64, 'base64')
  const hash = Buffer.from(hex, 'hex')
  if (typed.length !== 33 || typed[0] !== ed25519 || !keyHash(name, typed).equals(hash)) return null
  const der = Buffer.concat([spkiHeader, typed.subarray(1)])
  return { name, hash, publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }) }
}

export interface CheckpointText {
  origin: string
  treeSize: number
  root: Buffer
}

/** A checkpoint's text (C2SP tlog-checkpoint): origin, size, root. */
export const checkpointText = ({ origin, treeSize, root }: CheckpointText): string =>
  `${origin}\n${treeSize}\n${root.toString('base64')}\n`

export function readCheckpoint(text: string): CheckpointText | null {
  const match = /^(\S+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\n$/.exec(text)
  if (!match) return null
  const [, origin = '', size = '', root = ''] = match
  return { origin, treeSize: Number(size), root: Buffer.from(root, 'base64') }
}
