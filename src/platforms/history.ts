/**
 * What every format has to offer in which a department gets its own history back from a platform or from another
 * archive. Nothing above this folder knows a format by name.
 */
export interface HistoryReader {
  /** A stable name for storage. Two readers with one name would take each other's posts for their own. */
  readonly kind: string
  /** What people call such a file. */
  readonly title: string
  /** Rises when the reader would find other things in the same file; an import in progress then begins anew. */
  readonly version: number
  /** Whether the files are an export of this kind, told by what is in them, never by the name alone. */
  recognise(files: ExportFiles): Promise<Recognised | null>
}

export interface Recognised {
  /** What it is, for the person who brought it: "X archive of @wexfordfallspd". */
  what: string
  /** What is read, in this order. Read again, a part gives the same things in the same order. */
  parts: readonly Part[]
  /** What is in the export and is not read, and why. */
  rest: readonly Remark[]
}

export interface Part {
  file: string
  read(): AsyncIterable<Found>
}

export type Found = { item: HistoryItem } | { remark: Remark }

/** Something that was not taken over: where it stands, and why, in a sentence that is the same for all of its kind. */
export interface Remark {
  file: string
  /** The place in the file as its readers count: an element, a line, a byte. */
  at: string
  because: string
}

/** One thing that was published, as an export has it. */
export interface HistoryItem {
  kind: 'post' | 'comment' | 'capture'
  /** The platform's own id. Where an export has none, one that another export of the same thing gives as well. */
  remoteId: string
  url?: string | undefined
  postedAt: Date | null
  title?: string | undefined
  text: string
  /** Who wrote it, where that is not the account that the export is of. */
  author?: string | undefined
  /** The id or the address of what it answers. */
  inReplyTo?: string | undefined
  /** What sets it apart from what everybody could read: 'deleted', 'spam', 'private' … */
  state?: string | undefined
  media: readonly HistoryMedia[]
  /** The item as it stands in the export. */
  original: unknown
}

export interface HistoryMedia {
  /** Its name in the export, or its address. */
  name: string
  mediaType: string
  alt?: string | undefined
  /** Streams it, once, before the next thing is read; null when the export mentions it without holding it. */
  open: (() => Promise<AsyncIterable<Uint8Array>>) | null
}

/** The files of an export, whatever they are packed in. */
export interface ExportFiles extends OpenedFiles {
  /** A file in it that is packed with gzip, unpacked within this installation's limits. */
  unzip(file: ExportFile): Promise<AsyncIterable<Uint8Array>>
}

/** What each way of packing gives. */
export interface OpenedFiles {
  /** As the person who brought it calls it. */
  readonly name: string
  readonly all: readonly ExportFile[]
  /** What is in there and can't be had. */
  readonly remarks: readonly Remark[]
  close(): Promise<void>
}

export interface ExportFile {
  /** With forward slashes, without a leading one. It names the file for people and is never a path on this machine. */
  readonly path: string
  readonly bytes: number
  /** Its bytes from the beginning. Damage and limits end the stream with ExportRefused. */
  open(): Promise<AsyncIterable<Uint8Array>>
  /** Where it lies on this machine, when it is not packed. */
  readonly place?: string
}

/** An export that is damaged, hostile or of no known kind. The message is the sentence for the person who brought it. */
export class ExportRefused extends Error {
  override name = 'ExportRefused'
}
