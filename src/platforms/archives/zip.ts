import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { type ExportFile, ExportRefused, type OpenedFiles, type Remark } from '../history.ts'
import { bomb, inGigabytes, type Limits, tooLarge, tooLargeInAll, tooManyFiles } from './limits.ts'
import { isMedia } from './media.ts'
import { damage, undamaged } from './streams.ts'

/**
 * Reads a ZIP file by its central directory. Every entry is looked at before anything is unpacked, and nothing is
 * ever written under a name that stands in the file.
 */
export async function openZip(place: string, name: string, limits: Limits): Promise<OpenedFiles> {
  const zip = await openPromise(place, { autoClose: false }).catch((error) => {
    throw unreadable(error, name)
  })
  try {
    const { files, remarks } = await listed(zip, name, limits)
    return { name, all: files, remarks, close: async () => zip.close() }
  } catch (error) {
    zip.close()
    throw error instanceof ExportRefused ? error : unreadable(error, name)
  }
}

async function listed(zip: ZipFile, name: string, limits: Limits) {
  const files: ExportFile[] = []
  const remarks: Remark[] = []
  const seen = new Set<string>()
  const spans: { from: number; to: number }[] = []
  let total = 0
  if (zip.entryCount > limits.files) throw tooManyFiles(limits)
  for await (const entry of zip.eachEntry()) {
    refuseTricks(entry, seen)
    const { fileName: path, uncompressedSize: bytes, compressedSize: packed } = entry
    spans.push({
      from: entry.relativeOffsetOfLocalHeader,
      to: entry.relativeOffsetOfLocalHeader + 30 + packed,
    })
    if (path.endsWith('/')) continue
    if (bytes > limits.ratioFrom && bytes > packed * limits.ratio) throw bomb(path)
    if (bytes > limits.fileBytes) {
      // A long film is left out and named; a list of posts is what the import is about.
      if (!isMedia(path)) throw tooLarge(path, bytes, limits)
      remarks.push({
        file: path,
        at: inGigabytes(bytes),
        because: `A file may have ${inGigabytes(limits.fileBytes)}. This one is larger and was left out.`,
      })
      continue
    }
    total += bytes
    if (total > limits.totalBytes) throw tooLargeInAll(limits)
    files.push({ path, bytes, open: () => opened(zip, entry) })
  }
  refuseOverlaps(spans, name)
  if (total > limits.ratioFrom && total > zip.fileSize * limits.ratio) throw bomb(name)
  return { files, remarks }
}

const unixLink = 0o120000

function refuseTricks(entry: Entry, seen: Set<string>) {
  const { fileName: path } = entry
  if (path.includes('\0') || path === '')
    throw new ExportRefused('A file in it has a name that no system allows. The export was made by hand.')
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === unixLink)
    throw new ExportRefused(
      `“${path}” is a link to another file. No platform’s export has links, so this one is not read.`,
    )
  if (entry.isEncrypted())
    throw new ExportRefused(
      `“${path}” is locked with a password. Unpack the export, and pack it again without one.`,
    )
  if (!entry.canDecodeFileData())
    throw new ExportRefused(
      `“${path}” is packed by a method that can’t be read here. Unpack the export, and pack it again as an ordinary ZIP file.`,
    )
  if (seen.has(path))
    throw new ExportRefused(
      `There are two files called “${path}” in it, so nobody can say which is the genuine one.`,
    )
  seen.add(path)
}

/** Files that share bytes are how a small ZIP holds petabytes (D. Fifield, "A better zip bomb", 2019). */
function refuseOverlaps(spans: { from: number; to: number }[], name: string) {
  spans.sort((a, b) => a.from - b.from)
  for (let n = 1; n < spans.length; n++)
    if ((spans[n] as { from: number }).from < (spans[n - 1] as { to: number }).to)
      throw new ExportRefused(
        `Files in “${name}” overlap each other. That is done to fill a disk, so it is not unpacked.`,
      )
}

async function opened(zip: ZipFile, entry: Entry): Promise<AsyncIterable<Uint8Array>> {
  const stream = await zip.openReadStreamPromise(entry).catch((error) => {
    throw damage(error, entry.fileName)
  })
  return undamaged(stream, entry.fileName, { crc32: entry.crc32 })
}

function unreadable(error: unknown, name: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code) return error
  if (/invalid relative path|absolute path|invalid characters in fileName/.test(message))
    return new ExportRefused(
      `A file in “${name}” wants to be written outside of its folder (${message}). That is an attack or a mistake, so nothing of it is read.`,
    )
  if (/end of central directory/i.test(message))
    return new ExportRefused(
      `“${name}” is cut off: the list of its files, which stands at the end, is missing. Download or upload it again.`,
    )
  return new ExportRefused(`“${name}” is damaged: ${message}. Download the export again.`, { cause: error })
}
