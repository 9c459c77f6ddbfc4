import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { Blobs } from './blobs.ts'

export interface S3Place {
  bucket: string
  region: string
  /** For a service other than Amazon's, e.g. http://minio:9000 */
  endpoint?: string
}

/** Keeps blobs in any S3-compatible store, under their SHA-256. Credentials come from the AWS_… variables. */
export function s3Blobs(place: S3Place): Blobs {
  const client = new S3Client({
    region: place.region,
    ...(place.endpoint ? { endpoint: place.endpoint, forcePathStyle: true } : {}),
  })
  const object = (sha256: string) => ({ Bucket: place.bucket, Key: `blobs/${sha256}` })
  const get = async (sha256: string) => {
    const { Body } = await client.send(new GetObjectCommand(object(sha256)))
    if (!Body) throw new Error(`The store answered without the content of ${sha256}.`)
    return Body
  }
  const has = (sha256: string) =>
    client.send(new HeadObjectCommand(object(sha256))).then(
      () => true,
      (error) => {
        if (error.name === 'NotFound') return false
        throw error
      },
    )
  return {
    async put(content, mediaType) {
      const digest = createHash('sha256').update(content).digest()
      const sha256 = digest.toString('hex')
      if (!(await has(sha256)))
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
    read: async (sha256) => (await get(sha256)) as Readable,
    bytes: async (sha256) => (await get(sha256)).transformToByteArray(),
    has,
  }
}
