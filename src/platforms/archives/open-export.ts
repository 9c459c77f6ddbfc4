import { open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import {
  type ExportFile,
  type ExportFiles,
  ExportRefused,
  type OpenedFiles,
  type Remark,
} from '../history.ts'
import { inGigabytes, type Limits, tooLarge, tooLargeInAll, tooManyFiles } from './limits.ts'
import { isMedia } from './media.ts'
import { beginningOf, fileStream, unzipped } from './streams.ts'
import { openTar } from './tar.ts'
import { openZip } from './zip.ts'

/**
 * Opens what a person brought, by its first bytes: a ZIP or tar file, something packed with gzip, a single file, or
 * a folder. `scratch` is a folder that this export alone may fill. Throws ExportRefused with the reason.
 */
export async function openExport(place: string, how: Opening): Promise<ExportFiles> {
  return {
    ...(await opened(place, how)),
    unzip: async (file) => unzipped(await file.open(), file.path, how.limits),
  }
}

interface Opening {
  name: string
  scratch: string
  limits: Limits
}

async function opened(place: string, { name, scratch, limits }: Opening): Promise<OpenedFiles> {
  const found = await stat(place)
  if (found.isDirectory()) return openFolder(place, name, limits)
  if (found.size === 0) throw new ExportRefused('The file is empty. Download the export again.')
  const head = await headOf(place)
  if (head.subarray(0, 2).toString('latin1') === 'PK') return openZip(place, name, limits)
  if (isTar(head)) return openTar(place, name, { packed: false, scratch, limits })
  if (head[0] === 0x1f && head[1] === 0x8b) return openGzip(place, name, { scratch, limits })
  if (found.size > limits.totalBytes) throw tooLargeInAll(limits)
  return single({ path: name, bytes: found.size, place, open: async () => fileStream(place) })
}

async function headOf(place: string): Promise<Buffer> {
  const file = await open(place)
  try {
    const head = Buffer.alloc(512)
    const { bytesRead } = await file.read(head, 0, head.length, 0)
    return head.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** POSIX tar (ustar and GNU) says so at byte 257. */
const isTar = (head: Buffer) => head.subarray(257, 262).toString('latin1') === 'ustar'

async function openGzip(
  place: string,
  name: string,
  { scratch, limits }: { scratch: string; limits: Limits },
): Promise<OpenedFiles> {
  const file: ExportFile = {
    path: name.replace(/\.gz$/i, ''),
    bytes: 0,
    open: async () => unzipped(fileStream(place), name, limits),
  }
  if (isTar(await beginningOf(file, 512))) return openTar(place, name, { packed: true, scratch, limits })
  return single(file)
}

const single = (file: ExportFile): OpenedFiles => ({
  name: file.path,
  all: [file],
  remarks: [],
  close: async () => {},
})

/** An export that somebody unpacked. Links are left alone: they may lead anywhere on this machine. */
async function openFolder(folder: string, name: string, limits: Limits): Promise<OpenedFiles> {
  const all: ExportFile[] = []
  const remarks: Remark[] = []
  let total = 0
  async function walk(below: string) {
    const entries = await readdir(path.join(folder, below), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = below ? `${below}/${entry.name}` : entry.name
      const place = path.join(folder, inside)
      if (entry.isDirectory()) await walk(inside)
      else if (!entry.isFile())
        remarks.push({ file: inside, at: '', because: 'This is a link or a device, not a file.' })
      else {
        const { size } = await stat(place)
        if (size > limits.fileBytes && !isMedia(inside)) throw tooLarge(inside, size, limits)
        if (size > limits.fileBytes) {
          remarks.push({
            file: inside,
            at: inGigabytes(size),
            because: `A file may have ${inGigabytes(limits.fileBytes)}. This one is larger and was left out.`,
          })
          continue
        }
        total += size
        if (total > limits.totalBytes) throw tooLargeInAll(limits)
        if (all.length >= limits.files) throw tooManyFiles(limits)
        all.push({ path: inside, bytes: size, place, open: async () => fileStream(place) })
      }
    }
  }
  await walk('')
  return { name, all, remarks, close: async () => {} }
}
