import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, link, mkdir, open, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { type Blobs, StorageFull } from './blobs.ts'
import { newId } from './ids.ts'

/** Keeps blobs as files: `folder`/ab/cd/abcd… */
export function diskBlobs(folder: string): Blobs {
  const place = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`Not a SHA-256: ${sha256}`)
    return path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  }
  return {
    async put(content, mediaType) {
      const sha256 = createHash('sha256').update(content).digest('hex')
      await keep(content, place(sha256)).catch((error) => {
        if (error.code === 'ENOSPC' || error.code === 'EDQUOT')
          throw new StorageFull('The disk that holds the files is full.', { cause: error })
        throw error
      })
      return { sha256, bytes: content.byteLength, mediaType }
    },
    async read(sha256) {
      await access(place(sha256))
      return createReadStream(place(sha256))
    },
    bytes: async (sha256) => readFile(place(sha256)),
    has: async (sha256) =>
      access(place(sha256)).then(
        () => true,
        () => false,
      ),
  }
}

/** Written aside, synced, then linked into place: a power cut leaves the whole file or none under its name. */
async function keep(content: Uint8Array, target: string) {
  await mkdir(path.dirname(target), { recursive: true })
  const aside = `${target}.${newId()}`
  const file = await open(aside, 'wx')
  try {
    await file.writeFile(content)
    await file.sync()
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  } finally {
    await file.close()
  }
  await link(aside, target).catch((error) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(aside)
  const directory = await open(path.dirname(target))
  await directory.sync().finally(() => directory.close())
}
