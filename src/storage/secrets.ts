import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Seals what must not lie readable in the database (platform tokens, TOTP seeds). */
export interface Secrets {
  seal(plain: string, purpose: string): string
  /** Throws when the text was altered, or sealed for another purpose or with another key. */
  open(sealed: string, purpose: string): string
  /** A key of its own for one purpose, e.g. signing cookies. */
  derive(purpose: string): string
  /** A keyed digest, to find something without keeping it readable (a visitor's address, a token). */
  digest(value: string, purpose: string): string
}

/** Secrets under a 32-byte master key that lives outside the database: AES-256-GCM, one subkey a purpose. */
export function secretsWith(masterKey: Buffer): Secrets {
  if (masterKey.length !== 32) throw new Error('The master key must have 32 bytes.')
  const subkey = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, 'plainview', purpose, 32))
  return {
    seal(plain, purpose) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', subkey(purpose), nonce)
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
    },
    open(sealed, purpose) {
      const bytes = Buffer.from(sealed, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', subkey(purpose), bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    },
    derive: (purpose) => subkey(purpose).toString('base64url'),
    digest: (value, purpose) => createHmac('sha256', subkey(purpose)).update(value).digest('base64url'),
  }
}
