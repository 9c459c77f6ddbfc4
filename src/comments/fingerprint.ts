import { createHash } from 'node:crypto'

/**
 * The same for comments that read alike: case, blank space, invisible characters and forms of one letter (Unicode NFKC)
 * make no difference, a picture does. Null when there are neither words nor pictures.
 */
export function fingerprintOf(text: string, pictures: readonly { blob: string | null }[]): Buffer | null {
  const words = asRead(text)
  if (!words && pictures.length === 0) return null
  // A picture that nobody has seen is like no other.
  if (pictures.some(({ blob }) => blob === null)) return null
  return createHash('sha256')
    .update([words, ...pictures.map(({ blob }) => blob)].join('\0'))
    .digest()
}

/** What a reader takes in of a text. */
export const asRead = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
