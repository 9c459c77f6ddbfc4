import { sign, verify } from 'node:crypto'
import { isBy, keyTypes, type NoteKey, readVerifier, signatureLine, splitNote } from './note.ts'

/** What a witness says of a log: "this is the largest state that I have seen, and it only grew" (C2SP tlog-cosignature). */

/** The line with which a witness signs a checkpoint's text. Its time is kept in whole seconds. */
export function cosign(text: string, key: NoteKey, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000)
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(seconds))
  const signature = sign(null, Buffer.from(message(text, seconds)), key.privateKey)
  return signatureLine(key, Buffer.concat([time, signature]))
}

const message = (text: string, seconds: number | bigint) => `cosignature/v1\ntime ${seconds}\n${text}`

/** When this witness cosigned the note, or null when the note carries no good cosignature of it. */
export function cosignedAt(note: string, verifier: string): Date | null {
  const key = readVerifier(verifier, keyTypes.witness)
  const parts = splitNote(note)
  if (!key || !parts) return null
  const times = parts.signatures
    .filter((one) => isBy(one, key))
    .map(({ signature }) => {
      if (signature.length !== 72) return null
      const seconds = signature.readBigUInt64BE(0)
      const signed = Buffer.from(message(parts.text, seconds))
      return seconds > 0n &&
        seconds < 8_640_000_000_000n &&
        verify(null, signed, key.publicKey, signature.subarray(8))
        ? Number(seconds)
        : null
    })
  const good = times.filter((time) => time !== null)
  return good.length > 0 && good.length === times.length ? new Date(Math.max(...good) * 1000) : null
}
