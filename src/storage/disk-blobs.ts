import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import {
  access,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  utimes,
} from 'node:fs/promises'
import path from 'node:path'
import { type Blobs, isDiskFull, StorageFull, undamaged, undamagedStream } from './blobs.ts'
import { newId } from './ids.ts'

/**
 * Keeps blobs as files: `folder`/ab/cd/abcd… The last `reserve` bytes of the disk are left alone: the database, which
 * has to write down why nothing is published, usually lies on the same disk.
 */
export function diskBlobs(folder: string, { reserve = 0 } = {}): Blobs {
  const place = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`Not a SHA-256: ${sha256}`)
    return path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  }
  const room = async () => {
    await mkdir(folder, { recursive: true })
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize - reserve
  }
  let swept: Promise<void> | undefined
  return {
    async put(content, mediaType) {
      const sha256 = createHash('sha256').update(content).digest('hex')
      if (content.byteLength > (await room())) throw new StorageFull(full)
      const target = place(sha256)
      await unlessFull(async () => {
        await mkdir(path.dirname(target), { recursive: true })
        await settle(await written([content], `${target}.${newId()}`), target)
      })
      return { sha256, bytes: content.byteLength, mediaType }
    },
    async putStream(content, mediaType, sum = createHash('sha256')) {
      let bytes = 0
      async function* measured() {
        let allowed = 0
        for await (const piece of content) {
          if (bytes + piece.byteLength > allowed) {
            // Looked at again and again: others write meanwhile.
            const left = await room()
            if (piece.byteLength > left) throw new StorageFull(full)
            allowed = bytes + Math.min(left, piece.byteLength + lookAgainAfter)
          }
          sum.update(piece)
          bytes += piece.byteLength
          yield piece
        }
      }
      const sha256 = await unlessFull(async () => {
        await mkdir(folder, { recursive: true })
        swept ??= sweep(folder)
        await swept
        // Its name is known when its last byte is.
        const aside = await written(measured(), path.join(folder, newId()))
        const name = sum.copy().digest('hex')
        await mkdir(path.dirname(place(name)), { recursive: true })
        await settle(aside, place(name))
        return name
      })
      return { sha256, bytes, mediaType }
    },
    async read(sha256) {
      await access(place(sha256))
      return undamagedStream(sha256, createReadStream(place(sha256)))
    },
    bytes: async (sha256) => undamaged(sha256, await readFile(place(sha256))),
    has: async (sha256) =>
      access(place(sha256)).then(
        () => true,
        () => false,
      ),
    room,
    remove: (sha256, unusedSince) => remove(place(sha256), unusedSince),
  }
}

const full = 'The disk that holds the files is full.'

async function unlessFull<Value>(work: () => Promise<Value>): Promise<Value> {
  return work().catch((error) => {
    if (isDiskFull(error)) throw new StorageFull(full, { cause: error })
    throw error
  })
}

/** So many bytes are written before the room is looked at again. */
const lookAgainAfter = 16 * 1024 * 1024

/** So many bytes are sent to the disk while the next ones come, so that it has not all of them to write at the end. */
const syncEvery = 32 * 1024 * 1024

const day = 86_400_000

/** Removes what a killed process left half written in `folder` itself. One that is being written grows, so it is younger. */
async function sweep(folder: string) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const left = path.join(folder, entry.name)
    // Another process may sweep at the same time.
    const found = entry.isFile() ? await stat(left).catch(() => null) : null
    if (found && Date.now() - found.mtimeMs > day) await rm(left, { force: true })
  }
}

/** Writes a file aside and syncs it; an error leaves none. */
async function written(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  aside: string,
): Promise<string> {
  const file = await open(aside, 'wx')
  let unsynced = 0
  let syncing: Promise<void> = Promise.resolve()
  try {
    for await (const piece of content) {
      await writeWhole(file, piece)
      unsynced += piece.byteLength
      if (unsynced < syncEvery) continue
      await syncing
      syncing = file.datasync()
      // A failure comes out where it is waited for: at the next one, or at the end.
      syncing.catch(() => {})
      unsynced = 0
    }
    await syncing
    await file.sync()
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  } finally {
    await file.close()
  }
  return aside
}

/** In one call where the system takes it at once: `writeFile` would cut it into many. */
async function writeWhole(file: FileHandle, piece: Uint8Array) {
  for (let done = 0; done < piece.byteLength; )
    done += (await file.write(piece, done, piece.byteLength - done)).bytesWritten
}

/** Links a file into place: a power cut leaves the whole file or none under its name. */
async function settle(aside: string, target: string) {
  await giveName(aside, target)
  await rm(aside)
  const directory = await open(path.dirname(target))
  await directory.sync().finally(() => directory.close())
}

/** Gives a written file its name. One that is there already is marked as put again, for `remove` to see. */
async function giveName(aside: string, target: string): Promise<void> {
  try {
    return await link(aside, target)
  } catch (error) {
    if (!is(error, 'EEXIST')) throw error
  }
  try {
    const now = new Date()
    await utimes(target, now, now)
  } catch (error) {
    // It was removed between the two steps, so the name is free again.
    if (is(error, 'ENOENT')) return giveName(aside, target)
    throw error
  }
}

/**
 * The file loses its name before its age is looked at. Whoever puts it again meanwhile finds the name free and makes a
 * new file; whoever had just marked it is seen, and it gets its name back. What a crash left aside the next call deletes.
 */
async function remove(target: string, unusedSince: Date): Promise<boolean> {
  const aside = `${target}.removed`
  try {
    await rename(target, aside)
  } catch (error) {
    if (!is(error, 'ENOENT')) throw error
    await rm(aside, { force: true })
    return true
  }
  const used = (await stat(aside)).mtime >= unusedSince
  if (used) await giveName(aside, target)
  await rm(aside)
  const directory = await open(path.dirname(target))
  await directory.sync().finally(() => directory.close())
  return !used
}

const is = (error: unknown, code: string) => (error as NodeJS.ErrnoException).code === code
