import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Entry, RecordBlob } from '../archive/archive.ts'
import type { HistoryItem } from '../platforms/history.ts'
import type { Blob, Blobs } from '../storage/blobs.ts'
import type { ImportId, RecordId } from '../storage/ids.ts'

/** A file of an item: kept under its hash, or known by its name alone because the export does not hold it. */
export interface KeptMedia {
  name: string
  mediaType: string
  alt: string | null
  blob: Blob | null
}

/** An item whose files are kept, ready for its record. */
export interface KeptItem {
  item: HistoryItem
  media: KeptMedia[]
  /** The item as it stands in the export, as a file, when it is too long for a record. */
  original: Blob | null
  /** The hash of what a reader could have seen of it. The same digest is the same version. */
  digest: Buffer
}

/** What is longer is kept as a file beside the record. */
const longestOriginal = 64_000

/** Keeps an item's files. They are written before the transaction that mentions them, as all files are. */
export async function keepFiles(blobs: Blobs, item: HistoryItem): Promise<KeptItem> {
  const media: KeptMedia[] = []
  for (const { name, mediaType, alt, open } of item.media)
    media.push({
      name: asText(name),
      mediaType: plainType(mediaType),
      alt: alt ?? null,
      blob: open ? await blobs.putStream(await open(), plainType(mediaType)) : null,
    })
  const text = JSON.stringify(item.original) ?? 'null'
  const original =
    text.length > longestOriginal ? await blobs.put(new TextEncoder().encode(text), 'application/json') : null
  return { item, media, original, digest: digestOf(item, media) }
}

/** Numbers that change by themselves, such as likes, and addresses that follow an account's name are not in it. */
function digestOf(item: HistoryItem, media: readonly KeptMedia[]): Buffer {
  const seen = {
    kind: item.kind,
    postedAt: item.postedAt?.toISOString() ?? null,
    title: item.title ?? null,
    text: item.text,
    author: item.author ?? null,
    inReplyTo: item.inReplyTo ?? null,
    state: item.state ?? null,
    media: media.map(({ name, alt, blob }) => ({ file: blob?.sha256 ?? name, alt })),
  }
  const plain = JSON.parse(JSON.stringify(seen), (_, value) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  )
  return createHash('sha256')
    .update(canonicalize(plain) as string)
    .digest()
}

/** The record of an item: what it says as a record of ours, and the item as it stood in the export. */
export function entryOf(
  { item, media, original }: KeptItem,
  here: {
    import: ImportId
    reader: string
    subject: string
    /** The record of the version before. */
    earlier: RecordId | null
    common: Pick<Entry, 'by' | 'decision' | 'page' | 'at'>
  },
): Entry {
  const { kind, remoteId, url, postedAt, title, text, author, inReplyTo, state } = item
  return {
    ...here.common,
    kind: `import.${kind}`,
    subject: { kind: 'imported', id: here.subject },
    content: {
      import: here.import,
      from: here.reader,
      remoteId,
      url: url ?? null,
      postedAt: postedAt?.toISOString() ?? null,
      title: title ?? null,
      author: author ?? null,
      text,
      inReplyTo: inReplyTo ?? null,
      state: state ?? null,
      media: media.map(({ name, mediaType, alt, blob }) => ({
        name,
        mediaType,
        alt,
        sha256: blob?.sha256 ?? null,
      })),
      earlierVersion: here.earlier,
      original: original ? { sha256: original.sha256 } : item.original,
    },
    words: [title, text, author, ...media.map(({ alt }) => alt)].filter(Boolean).join('\n'),
    blobs: [...media.flatMap(filed), ...(original ? [{ ...original, role: 'original' }] : [])],
    postedAt: postedAt ?? undefined,
  }
}

/** An export says of a file what it likes; only what has the form of a media type (RFC 6838, 4.2) can stand in a header. */
const plainType = (typed: string) =>
  /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/i.test(typed)
    ? typed.toLowerCase()
    : 'application/octet-stream'

const roles: Record<string, string> = { image: 'image', video: 'video', audio: 'audio' }
const captions = ['text/vtt', 'text/x-sbv', 'application/x-subrip']

const filed = ({ mediaType, blob }: KeptMedia): RecordBlob[] =>
  blob
    ? [
        {
          sha256: blob.sha256,
          bytes: blob.bytes,
          mediaType,
          role: captions.includes(mediaType) ? 'captions' : (roles[mediaType.split('/')[0] ?? ''] ?? 'file'),
        },
      ]
    : []

/** Text as the database can hold it. */
export const asText = (text: string) => text.toWellFormed().replaceAll('\0', '␀')

/** The name that an item is known by; addresses can be longer than an index takes. */
export const shortId = (remoteId: string) =>
  remoteId.length > 0 && remoteId.length <= 400
    ? asText(remoteId)
    : `sha256:${createHash('sha256').update(remoteId).digest('hex')}`
