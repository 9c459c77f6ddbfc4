import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { type Blobs, undamaged, undamagedStream } from './blobs.ts'
import { CannotStart } from './cannot-start.ts'

export interface S3Place {
  bucket: string
  region: string
  /** For a service other than Amazon's, e.g. http://minio:9000 */
  endpoint?: string
}

/** Keeps blobs in any S3-compatible store, under their SHA-256. Credentials come from the AWS_… variables. */
export function s3Blobs(place: S3Place): Blobs {
  const client = clientOf(place)
  const object = (sha256: string) => ({ Bucket: place.bucket, Key: `blobs/${sha256}` })
  const get = async (sha256: string) => {
    const { Body } = await client.send(new GetObjectCommand(object(sha256)))
    if (!Body) throw new Error(`The store answered without the content of ${sha256}.`)
    return Body
  }
  /** When an object was last put, and how long it is; null when there is none. */
  const lastPut = (sha256: string): Promise<{ at: Date; bytes: number } | null> =>
    client.send(new HeadObjectCommand(object(sha256))).then(
      ({ LastModified, ContentLength = 0 }) => ({ at: LastModified ?? new Date(0), bytes: ContentLength }),
      (error) => {
        if (error.name === 'NotFound') return null
        throw error
      },
    )
  /**
   * An old object is put once more, so that its age says it is about to be used: `remove` looks at that. So is one of
   * another length: not every store throws away what was cut off on its way.
   */
  const isToBePut = async (sha256: string, bytes: number) => {
    const there = await lastPut(sha256)
    return there === null || there.bytes !== bytes || Date.now() - there.at.getTime() > fresh
  }
  return {
    async put(content, mediaType) {
      const digest = createHash('sha256').update(content).digest()
      const sha256 = digest.toString('hex')
      if (await isToBePut(sha256, content.byteLength))
        await client.send(
          new PutObjectCommand({
            ...object(sha256),
            Body: content,
            ContentType: mediaType,
            ChecksumSHA256: digest.toString('base64'),
          }),
        )
      return { sha256, bytes: content.byteLength, mediaType }
    },
    // An object's name has to be known before its first byte is sent, so it waits on the disk. S3 takes 5 GB at once.
    async putStream(content, mediaType, sum = createHash('sha256')) {
      const folder = await mkdtemp(path.join(tmpdir(), 'plainview-blob-'))
      const aside = path.join(folder, 'content')
      try {
        let bytes = 0
        const file = await open(aside, 'wx')
        try {
          for await (const piece of content) {
            sum.update(piece)
            bytes += piece.byteLength
            await file.writeFile(piece)
          }
        } finally {
          await file.close()
        }
        const digest = sum.copy().digest()
        const sha256 = digest.toString('hex')
        if (await isToBePut(sha256, bytes))
          await client.send(
            new PutObjectCommand({
              ...object(sha256),
              Body: createReadStream(aside),
              ContentLength: bytes,
              ContentType: mediaType,
              ChecksumSHA256: digest.toString('base64'),
            }),
          )
        return { sha256, bytes, mediaType }
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
    read: async (sha256) => undamagedStream(sha256, (await get(sha256)) as Readable),
    bytes: async (sha256) => undamaged(sha256, await (await get(sha256)).transformToByteArray()),
    has: async (sha256) => (await lastPut(sha256)) !== null,
    room: async () => null,
    async remove(sha256, unusedSince) {
      const there = await lastPut(sha256)
      if (there === null) return true
      if (there.at >= unusedSince) return false
      await client.send(new DeleteObjectCommand(object(sha256)))
      return true
    },
  }
}

/** Objects younger than this need no second put. Half of the day that a removal leaves them, in milliseconds. */
const fresh = 12 * 3_600_000

/** Throws with a sentence when the bucket can't be used, before anything is entrusted to it. */
export async function reachBucket(place: S3Place): Promise<void> {
  try {
    // Writing is what will be needed, and a key that may write need not be allowed to look at the bucket.
    await s3Blobs(place).put(Buffer.from('Plainview keeps its files here.\n'), 'text/plain')
  } catch (error) {
    const { $metadata, name, message } = error as Error & { $metadata?: { httpStatusCode?: number } }
    const why =
      $metadata?.httpStatusCode === 404
        ? 'it is not there. Create it first'
        : $metadata?.httpStatusCode === 403
          ? 'the store refuses the credentials. Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
          : `the store ${place.endpoint ?? 'of Amazon'} does not answer (${message || name})`
    throw new CannotStart(`The bucket “${place.bucket}” (PLAINVIEW_S3_BUCKET) can’t be used: ${why}.`, {
      cause: error,
    })
  }
}

const clientOf = (place: S3Place) =>
  new S3Client({
    region: place.region,
    ...(place.endpoint ? { endpoint: place.endpoint, forcePathStyle: true } : {}),
  })
