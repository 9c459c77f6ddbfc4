import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, rm, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { Installation } from '../installation.ts'
import { fileStreamOf } from '../platforms/histories.ts'
import { ExportRefused } from '../platforms/history.ts'
import { type ImportId, parseId } from '../storage/ids.ts'
import { type Import, importById } from './store.ts'
import { uploadById } from './upload-store.ts'

type Here = Pick<Installation, 'folder'>

/** Where imports have their files while they are worked on. */
const workplace = ({ folder }: Here) => path.join(folder, 'imports')

/** The folder of one import: what was uploaded, and what was unpacked of it. */
export const folderOf = (here: Here, id: ImportId) => path.join(workplace(here), id)

/** What may still be written: the store's own answer where files lie on this disk, for both lie on the same one. */
export async function roomFor({ blobs, folder }: Pick<Installation, 'blobs' | 'folder'>): Promise<number> {
  await mkdir(folder, { recursive: true })
  const { bavail, bsize } = await statfs(folder)
  return (await blobs.room()) ?? bavail * bsize
}

/** Bytes between two looks at the disk. */
const look = 64_000_000

/** Whether the disk has become full while a file grows, by `more` bytes after `written`: looked at from time to time, as others write too. */
export const hasNoRoom = async (
  here: Parameters<typeof roomFor>[0],
  written: number,
  more: number,
): Promise<boolean> =>
  Math.floor(written / look) !== Math.floor((written + more) / look) && (await roomFor(here)) < look

/** What a browser calls a file, without the folders that some name as well; empty when it names none. */
export const nameOfFile = (typed: string): string =>
  path.basename(typed.replaceAll('\\', '/')).replaceAll('\0', '').toWellFormed().slice(0, 200)

/** Takes away what an import that ended had on this machine. A file that was not uploaded is somebody's own. */
export const removeFiles = (here: Here, { id }: Pick<Import, 'id'>) =>
  rm(folderOf(here, id), { recursive: true, force: true })

/** Folders whose import ended or never began: a process died in between. A day is longer than any upload takes. */
export async function removeLeftovers(here: Pick<Installation, 'folder' | 'db' | 'now'>) {
  const dayAgo = here.now().getTime() - 24 * 3_600_000
  for (const name of await readdir(workplace(here)).catch(() => [])) {
    const id = parseId<'import'>(name)
    const found = id && (await importById(here.db, id))
    const ended = found && !['waiting', 'running'].includes(found.state)
    const uploading = id && !found && (await uploadById(here.db, id))
    const { mtimeMs } = await stat(path.join(workplace(here), name))
    if (ended || (!found && !uploading && mtimeMs < dayAgo))
      await rm(path.join(workplace(here), name), { recursive: true, force: true })
  }
}

/** What changes when a file, or anything in a folder, is changed. Throws ExportRefused when it is gone. */
export async function fingerprintOf(place: string): Promise<string> {
  let files = 0
  let bytes = 0
  let newest = 0
  for await (const file of filesIn(place)) {
    const { size, mtimeMs } = await lstat(file)
    files++
    bytes += size
    newest = Math.max(newest, mtimeMs)
  }
  return `${files} ${bytes} ${newest}`
}

/**
 * The SHA-256 of a file, and its size. Of a folder, that of the list of its files as `sha256sum` writes it, sorted
 * by name.
 */
export async function hashOf(place: string): Promise<{ sha256: string; bytes: number }> {
  let bytes = 0
  const one = async (file: string) => {
    const hash = createHash('sha256')
    for await (const piece of fileStreamOf(file)) {
      hash.update(piece)
      bytes += piece.length
    }
    return hash.digest('hex')
  }
  if (!(await stat(place)).isDirectory()) return { sha256: await one(place), bytes }
  const list = createHash('sha256')
  for await (const file of filesIn(place)) list.update(`${await one(file)}  ${path.relative(place, file)}\n`)
  return { sha256: list.digest('hex'), bytes }
}

async function* filesIn(place: string): AsyncGenerator<string> {
  const found = await lstat(place).catch((error) => {
    if (error.code === 'ENOENT')
      throw new ExportRefused(`“${place}” is not there any more. Put it back and import it again.`)
    throw error
  })
  if (!found.isDirectory()) return yield place
  const entries = await readdir(place, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory()) yield* filesIn(path.join(place, entry.name))
    else if (entry.isFile()) yield path.join(place, entry.name)
  }
}
