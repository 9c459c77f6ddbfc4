import { type Kept, partsOf } from './kept-record.ts'

/** A reply, as its record or a view of the network has it. */
export interface Reply {
  uri: string
  cid: string
  did: string
  handle: string
  displayName?: string | undefined
  text: string
  root: string
  parent: string
  createdAt: string
  language: string | undefined
  images: ReplyImage[]
  answer: unknown
}
/** A picture as the reply's record has it, and where the view shows a rendition of it. */
export interface ReplyImage {
  cid: string
  mediaType: string
  alt: string
  rendition?: string | undefined
}

export interface ReplyRecord {
  text?: string
  createdAt?: string
  langs?: string[]
  embed?: { images?: RecordImage[]; media?: { images?: RecordImage[] } }
  reply?: { root?: { uri?: string }; parent?: { uri?: string } }
}
/** app.bsky.embed.images, by itself or beside a quoted post (recordWithMedia). */
interface RecordImage {
  alt?: string
  image?: { ref?: unknown; mimeType?: string }
}
export interface ViewImage {
  fullsize?: string
}

export function imagesOf(record: ReplyRecord, view: ViewImage[] = []): ReplyImage[] {
  const images = record.embed?.images ?? record.embed?.media?.images ?? []
  return images.map(({ alt, image }, n) => ({
    cid: String((image?.ref as { $link?: string } | undefined)?.$link ?? image?.ref ?? ''),
    mediaType: image?.mimeType ?? 'image/jpeg',
    alt: alt ?? '',
    rendition: view[n]?.fullsize,
  }))
}

export const wordsIn = (record: ReplyRecord) => ({
  text: String(record.text ?? ''),
  createdAt: String(record.createdAt ?? ''),
  language: record.langs?.[0],
})

/** A reply as its author's account holds it, which knows nothing of renditions. */
export const replyIn = (kept: Kept, handle: string): Reply | null => {
  const record = kept.value as ReplyRecord
  const root = record.reply?.root?.uri
  if (!root) return null
  return {
    uri: kept.uri,
    cid: kept.cid,
    did: partsOf(kept.uri).did,
    handle,
    root,
    parent: record.reply?.parent?.uri ?? root,
    ...wordsIn(record),
    images: imagesOf(record),
    answer: kept,
  }
}
