import { createHash } from 'node:crypto'
import type { RecordBlob } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import type { Mark } from './marks.ts'
import { redactImage } from './redact-image.ts'
import { ffmpegHere, redactAudio, redactVideo } from './redact-video.ts'
import { insertRedactedFile, redactedFile } from './review-store.ts'

/** A file without its marked areas, kept as a new one; null when it can only be withheld as a whole. */
export async function redactFile(
  { db, blobs }: Pick<Installation, 'db' | 'blobs'>,
  file: RecordBlob,
  marks: readonly Mark[],
): Promise<RecordBlob | null> {
  const digest = createHash('sha256').update(JSON.stringify(marks)).digest('hex')
  const before = await redactedFile(db, file.sha256, digest)
  if (before) return { ...before, role: file.role }
  const made = await without(await blobs.bytes(file.sha256), file.mediaType, marks)
  if (!made) return null
  const { sha256, bytes } = await blobs.put(made.content, made.mediaType)
  const kept = { sha256, bytes, mediaType: made.mediaType }
  await insertRedactedFile(db, file.sha256, digest, kept)
  return { ...kept, role: file.role }
}

async function without(original: Uint8Array, mediaType: string, marks: readonly Mark[]) {
  const areas = marks.filter((mark) => mark.kind === 'area')
  const silences = marks.filter((mark) => mark.kind === 'silence')
  if (mediaType.startsWith('image/') && areas.length > 0) return redactImage(original, areas)
  if (mediaType.startsWith('video/') && (await ffmpegHere())) return redactVideo(original, areas, silences)
  if (mediaType.startsWith('audio/') && silences.length > 0 && (await ffmpegHere()))
    return redactAudio(original, silences)
  return null
}
