import type { Readable } from 'node:stream'

/** A kept file, named by the SHA-256 of its bytes (lower-case hex). */
export interface Blob {
  sha256: string
  bytes: number
  mediaType: string
}

/** Raised when the store has no room left; publishing stops with a clear word and loses nothing. */
export class StorageFull extends Error {
  override name = 'StorageFull'
}

/** Keeps files by content. Writing the same bytes twice keeps them once. */
export interface Blobs {
  put(content: Uint8Array, mediaType: string): Promise<Blob>
  /** Keeps a file of any size while holding only pieces of it in memory. A stream that throws leaves nothing. */
  putStream(content: AsyncIterable<Uint8Array>, mediaType: string): Promise<Blob>
  /** Streams a kept file; throws when it is missing. */
  read(sha256: string): Promise<Readable>
  bytes(sha256: string): Promise<Uint8Array>
  has(sha256: string): Promise<boolean>
  /** Bytes that may still be written before `StorageFull`; null where the store doesn't say. */
  room(): Promise<number | null>
  /**
   * Deletes a file, unless somebody put it again at or after `unusedSince`: then it may be about to be mentioned, and
   * the answer is false. What is not there counts as deleted.
   * Callers take turns.
   */
  remove(sha256: string, unusedSince: Date): Promise<boolean>
}
