import { createHash, type Hash } from 'node:crypto'
import { type Readable, Transform } from 'node:stream'

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

/** Raised when a kept file is not what was put: a disk has lost bits, or somebody changed it. */
export class BlobDamaged extends Error {
  override name = 'BlobDamaged'
  constructor(sha256: string) {
    super(`The kept file ${sha256} is damaged: its content has another hash. Put it back from a backup.`)
  }
}

/** Keeps files by content. Writing the same bytes twice keeps them once. */
export interface Blobs {
  put(content: Uint8Array, mediaType: string): Promise<Blob>
  /**
   * Keeps a file of any size while holding only pieces of it in memory. A stream that throws leaves nothing. A `sum`
   * (SHA-256, nothing in it yet) is what the file is summed with; it stays open for what its owner lets follow.
   */
  putStream(content: AsyncIterable<Uint8Array>, mediaType: string, sum?: Hash): Promise<Blob>
  /** Streams a kept file; throws when it is missing. A damaged one ends in `BlobDamaged` instead of its end. */
  read(sha256: string): Promise<Readable>
  /** The whole of it; throws when it is missing or damaged. */
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

/** Whether a store, the disk, or what this user may have of it, is full. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof StorageFull ||
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | null)?.code ?? '')

/** What a screen says of work that stopped then, before it says how the work goes on. */
export const diskFull = 'The disk is full, or what Plainview may have of it. Make room.'

/** Throws `StorageFull` when the store says that it has no room for so many bytes: before something that can't be undone. */
export async function needRoom(blobs: Pick<Blobs, 'room'>, bytes: number): Promise<void> {
  const room = await blobs.room()
  if (room !== null && room < bytes)
    throw new StorageFull(`There is room for ${Math.max(0, room)} bytes and not for ${bytes}.`)
}

export function undamaged(sha256: string, content: Uint8Array): Uint8Array {
  if (createHash('sha256').update(content).digest('hex') !== sha256) throw new BlobDamaged(sha256)
  return content
}

/** Passes a kept file on, and fails at its end when it was not the one that was put. */
export function undamagedStream(sha256: string, content: Readable): Readable {
  const hash = createHash('sha256')
  const check = new Transform({
    transform(piece, _, done) {
      hash.update(piece)
      done(null, piece)
    },
    flush: (done) => done(hash.digest('hex') === sha256 ? null : new BlobDamaged(sha256)),
  })
  content.once('error', (error) => check.destroy(error))
  check.once('close', () => content.destroy())
  return content.pipe(check)
}
