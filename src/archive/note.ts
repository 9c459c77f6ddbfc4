import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'

/** An Ed25519 key with a name that signs notes (C2SP signed-note). */
export interface NoteKey {
  /** Of a log's key: the log's origin, e.g. social.millbrook.example/log */
  name: string
  privateKey: KeyObject
  /** The public key as others write it: name+hash+key (C2SP signed-note, "vkey"). */
  verifier: string
}

/** Signs the log's checkpoints. */
export interface LogKey extends NoteKey {
  /** Finds the key that a rotation put in this one's place; null when this process does not have it. */
  successor?(verifier: string): Promise<LogKey | null>
}

/** What a signature means, by the byte that C2SP gave it: a log's own, or a witness's with a time. */
export const keyTypes = { log: 1, witness: 4 } as const
type KeyType = (typeof keyTypes)[keyof typeof keyTypes]

/** A new key, for a new log. */
export const generateLogKey = (name: string): LogKey => generateKey(name, keyTypes.log)

export const generateKey = (name: string, type: KeyType): NoteKey =>
  keyOf(name, generateKeyPairSync('ed25519').privateKey, type)

/** The key as text for a file that only the server reads: its name, then PKCS #8 in PEM. */
export const writeLogKey = ({ name, privateKey }: NoteKey): string =>
  `${name}\n${privateKey.export({ type: 'pkcs8', format: 'pem' })}`

/** The key of `writeLogKey`'s text. */
export function readLogKey(text: string, type: KeyType = keyTypes.log): LogKey {
  const end = text.indexOf('\n')
  return keyOf(text.slice(0, end), createPrivateKey(text.slice(end + 1)), type)
}

function keyOf(name: string, privateKey: KeyObject, type: KeyType): NoteKey {
  if (!/^[^\s+]+$/.test(name)) throw new Error(`A key's name holds no space and no plus sign: ${name}`)
  const raw = rawPublicKey(createPublicKey(privateKey))
  const typed = Buffer.concat([Buffer.of(type), raw])
  const verifier = `${name}+${keyHash(name, typed).toString('hex')}+${typed.toString('base64')}`
  return { name, privateKey, verifier }
}

const keyHash = (name: string, typedKey: Buffer) =>
  createHash('sha256').update(`${name}\n`).update(typedKey).digest().subarray(0, 4)
/** An Ed25519 key in SPKI is a fixed 12-byte header and the key (RFC 8410). */
const spkiHeader = Buffer.from('302a300506032b6570032100', 'hex')
const rawPublicKey = (key: KeyObject) =>
  key.export({ type: 'spki', format: 'der' }).subarray(spkiHeader.length)

/** `text`, which ends in a line break, with our signature under it. */
export const signNote = (text: string, key: NoteKey): string =>
  `${text}\n${signatureLine(key, sign(null, Buffer.from(text), key.privateKey))}`

/** One line under a note: who signed, and with which key. */
export function signatureLine({ name, verifier }: NoteKey, signature: Uint8Array): string {
  const hash = Buffer.from(verifier.split('+')[1] ?? '', 'hex')
  return `— ${name} ${Buffer.concat([hash, signature]).toString('base64')}\n`
}

export interface SignatureLine {
  name: string
  hash: Buffer
  signature: Buffer
  /** As it stands there. */
  line: string
}

/** A note's text and the signatures under it, unchecked; null when it is no note (C2SP signed-note). */
export function splitNote(note: string): { text: string; signatures: SignatureLine[] } | null {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return null
  const signatures: SignatureLine[] = []
  for (const line of note.slice(split + 2, -1).split('\n')) {
    // Every line under the text has to be a signature, even one of a key we don't know.
    const [, name, base64] = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? []
    if (!name || !base64) return null
    const bytes = Buffer.from(base64, 'base64')
    // Base64 has spare bits at its end; only the one canonical spelling is good.
    if (bytes.toString('base64') !== base64 || bytes.length <= 4) return null
    signatures.push({ name, hash: bytes.subarray(0, 4), signature: bytes.subarray(4), line: `${line}\n` })
  }
  return { text: note.slice(0, split + 1), signatures }
}

/** The text that a note was signed over, or null when it carries no good signature of this verifier. */
export function openNote(note: string, verifier: string): string | null {
  const key = readVerifier(verifier)
  const parts = splitNote(note)
  if (!key || !parts) return null
  const ours = parts.signatures.filter((one) => isBy(one, key))
  // A signature that claims to be of a known key and is not spoils the note.
  return ours.length > 0 &&
    ours.every(({ signature }) => verify(null, Buffer.from(parts.text), key.publicKey, signature))
    ? parts.text
    : null
}

/** Whether a signature says that it is of this key. */
export const isBy = (line: SignatureLine, key: Verifier) =>
  line.name === key.name && line.hash.equals(key.hash)

export interface Verifier {
  name: string
  hash: Buffer
  publicKey: KeyObject
}

/** The parts of a verifier of this type, or null when it is none. */
export function readVerifier(verifier: string, type: KeyType = keyTypes.log): Verifier | null {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(verifier.trim())
  if (!match) return null
  const [, name = '', hex = '', base64 = ''] = match
  const typed = Buffer.from(base64, 'base64')
  const hash = Buffer.from(hex, 'hex')
  if (typed.length !== 33 || typed[0] !== type || !keyHash(name, typed).equals(hash)) return null
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
  if (!Number.isSafeInteger(Number(size))) return null
  return { origin, treeSize: Number(size), root: Buffer.from(root, 'base64') }
}
