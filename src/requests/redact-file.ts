import type { RecordBlob } from '../archive/archive.ts'
import type { Blobs } from '../storage/blobs.ts'
import type { Mark } from './marks.ts'
import { redactImage } from './redact-image.ts'

/** A file without its marked areas, kept as a new one; null when it can only be withheld as a whole. */
export async function redactFile(
  blobs: Blobs,
  file: RecordBlob,
  marks: readonly Mark[],
): Promise<RecordBlob | null> {
  const areas = marks.filter((mark) => mark.kind === 'area')
  if (!file.mediaType.startsWith('image/') || areas.length === 0) return null
  const { content, mediaType } = await redactImage(await blobs.bytes(file.sha256), areas)
  const kept = await blobs.put(content, mediaType)
  return { sha256: kept.sha256, bytes: kept.bytes, mediaType, role: file.role }
}
