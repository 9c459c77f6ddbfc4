import type { RecordBlob } from '../archive/archive.ts'
import type { CommentChange } from '../platforms/contract.ts'
import type { Blobs } from '../storage/blobs.ts'
import { storable } from '../storage/storable.ts'
import type { NewOwed } from './owed-store.ts'
import type { Picture } from './store.ts'

export interface KeptPictures {
  pictures: Picture[]
  /** The same for the record that tells of them. */
  files: RecordBlob[]
  /** Which could not be had, by their place, and why. */
  lacking: (NewOwed & { picture: number })[]
}

/** Stores what a comment shows, byte for byte: its original is evidence, with whatever the camera wrote into it. */
export async function keepPictures(blobs: Blobs, change: CommentChange): Promise<KeptPictures> {
  const kept: KeptPictures = { pictures: [], files: [], lacking: [] }
  for (const { content, mediaType, alt, missing } of change.change === 'deleted'
    ? []
    : (change.pictures ?? [])) {
    const file = content && (await blobs.put(content, mediaType))
    if (!file)
      kept.lacking.push({
        picture: kept.pictures.length,
        because: missing?.because || 'The platform did not give it out.',
        ask_for: missing?.askFor ?? null,
      })
    kept.pictures.push({ blob: file?.sha256 ?? null, mediaType, alt: storable(alt) })
    if (file) kept.files.push({ ...file, role: 'picture' })
  }
  return kept
}

/** What a comment is found by: who wrote it, its words, and how its author describes its pictures. */
export const wordsOf = (author: string, text: string, pictures: readonly Picture[]) =>
  [author, text, ...pictures.map(({ alt }) => alt)].filter(Boolean).join('\n')

const largestPixels = 100_000_000
const widest = 1200
/** Seconds for making a rendition; what takes longer was made to. */
const patience = 20

/**
 * A picture as a moderator sees it: made anew, so that nothing of a stranger's file but its pixels reaches a browser.
 * Null when it is no picture that can be read. A drawing (SVG) is none: it is a program for a drawing machine, and no
 * platform shows one as a comment's picture.
 */
export async function renditionOf(blobs: Blobs, sha256: string): Promise<Buffer | null> {
  const { default: sharp } = await import('sharp')
  const picture = sharp(await blobs.bytes(sha256), { limitInputPixels: largestPixels })
  try {
    if ((await picture.metadata()).format === 'svg') return null
    return await picture
      .rotate()
      .resize({ width: widest, height: widest, fit: 'inside', withoutEnlargement: true })
      .webp()
      .timeout({ seconds: patience })
      .toBuffer()
  } catch {
    return null
  }
}
