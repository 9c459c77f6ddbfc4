import { createHash, type Hash } from 'node:crypto'
import type { Blobs } from '../storage/blobs.ts'
import type { Part } from './store.ts'

/** What fits into one part: stores take no file of any size, and a part's length is an `int` of the database. */
const partBytes = 2 ** 30
const pieceBytes = 2 ** 21

export interface Parts {
  parts: Part[]
  bytes: number
  /** SHA-256 of the parts together. */
  sha256: string
}
/** Takes what comes next. It answers with a promise where there is something to wait for; `piece` is the caller's again afterwards. */
export type Put = (piece: Uint8Array) => Promise<void> | void

/**
 * Keeps what `fill` puts as files of at most `limit` bytes, in order. Two pieces of two megabytes are held: while the
 * store takes one, the other is filled. When `fill` throws, the part in progress leaves nothing.
 */
export async function keepInParts<Answer>(
  blobs: Blobs,
  fill: (put: Put) => Promise<Answer>,
  limit = partBytes,
): Promise<Parts & Answer> {
  const parts: Part[] = []
  const whole = createHash('sha256')
  const size = Math.min(pieceBytes, limit)
  let [piece, other] = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)]
  let filled = 0
  let part = null as PartInProgress | null
  let inPart = 0

  function put(content: Uint8Array): Promise<void> | void {
    if (content.length > size - filled) return putAcross(content)
    piece.set(content, filled)
    filled += content.length
  }
  async function putAcross(content: Uint8Array) {
    for (let done = 0; done < content.length; ) {
      if (filled === size) await handOn()
      const taken = content.subarray(done, done + size - filled)
      piece.set(taken, filled)
      done += taken.length
      filled += taken.length
    }
  }
  async function handOn() {
    // A part ends with a piece, so that each but the last is of the same length.
    if (inPart + filled > limit) await endPart()
    const content = piece.subarray(0, filled)
    // The store sums the first part; what follows it is summed here.
    part ??= beginPart(blobs, parts.length === 0 ? whole : undefined)
    if (parts.length > 0) whole.update(content)
    await part.take(content)
    inPart += filled
    // `take` has waited until the one before was taken, so the other one is free.
    ;[piece, other] = [other, piece]
    filled = 0
  }
  async function endPart() {
    if (part) parts.push(await part.end())
    part = null
    inPart = 0
  }

  try {
    const answer = await fill(put)
    if (filled > 0) await handOn()
    await endPart()
    const bytes = parts.reduce((sum, one) => sum + one.bytes, 0)
    return { ...answer, parts, bytes, sha256: whole.digest('hex') }
  } catch (error) {
    await part?.abandon(error)
    throw error
  }
}

type PartInProgress = ReturnType<typeof beginPart>

/** One file in the making. */
function beginPart(blobs: Blobs, sum?: Hash) {
  let next = Promise.withResolvers<Uint8Array | null>()
  let free = Promise.withResolvers<void>()
  free.resolve()
  async function* pieces() {
    for (;;) {
      const piece = await next.promise
      next = Promise.withResolvers()
      if (piece === null) return
      yield piece
      // Whoever takes them asks for the next one when this one is kept.
      free.resolve()
    }
  }
  const keeping = blobs.putStream(pieces(), 'application/octet-stream', sum)
  // A failure comes out where it is waited for.
  keeping.catch(() => {})
  /** Waits for the piece before to be kept, or for the store to fail. */
  const waited = () => Promise.race([free.promise, keeping.then(() => {})])
  return {
    async take(piece: Uint8Array) {
      await waited()
      free = Promise.withResolvers()
      next.resolve(piece)
    },
    async end(): Promise<Part> {
      await waited()
      next.resolve(null)
      const { sha256, bytes } = await keeping
      return { sha256, bytes }
    },
    async abandon(error: unknown) {
      // A piece that is on its way is taken first: only then somebody waits for the next one, and hears of the end.
      await waited().catch(() => {})
      next.promise.catch(() => {})
      next.reject(error)
      await keeping.catch(() => {})
    },
  }
}
