import { createWriteStream } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import { type ExportFile, ExportRefused, type OpenedFiles } from '../history.ts'
import { type Limits, tooLarge, tooLargeInAll, tooManyFiles } from './limits.ts'
import { damage, fileStream, unzipped } from './streams.ts'

interface Unpacked {
  path: string
  bytes: number
}

/**
 * A tar file has no list of what is in it, so it is unpacked once, into files with numbers for names. The list is
 * written last: where it stands, the unpacking was finished, also before a restart.
 */
export async function openTar(
  place: string,
  name: string,
  { packed, scratch, limits }: { packed: boolean; scratch: string; limits: Limits },
): Promise<OpenedFiles> {
  const list = path.join(scratch, 'list.json')
  const known = await readFile(list, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  const unpacked: Unpacked[] = known
    ? JSON.parse(known)
    : await unpack(place, name, { packed, scratch, limits, list })
  const all = unpacked.map(({ path: inside, bytes }, n): ExportFile => {
    const file = path.join(scratch, String(n))
    return { path: inside, bytes, place: file, open: async () => fileStream(file) }
  })
  return { name, all, remarks: [], close: async () => {} }
}

async function unpack(
  place: string,
  name: string,
  { packed, scratch, limits, list }: { packed: boolean; scratch: string; limits: Limits; list: string },
): Promise<Unpacked[]> {
  await rm(scratch, { recursive: true, force: true })
  await mkdir(scratch, { recursive: true })
  const unpacked: Unpacked[] = []
  const seen = new Set<string>()
  let total = 0
  // The whole stream may have as much as all files together; one file has its own limit below.
  const whole = { ...limits, fileBytes: limits.totalBytes }
  const source = packed ? unzipped(fileStream(place), name, whole) : fileStream(place)
  const entries = extract()
  const feeding = pipeline(source, entries).catch((error) => entries.destroy(error))
  try {
    for await (const entry of entries) {
      const { header } = entry
      if (header.type === 'directory') {
        entry.resume()
        continue
      }
      const inside = safePath(header.name, name)
      if (header.type !== 'file' && header.type !== 'contiguous-file')
        throw new ExportRefused(
          `“${inside}” is no ordinary file but a ${header.type}. No platform’s export has such things, so this one is not read.`,
        )
      const bytes = header.size ?? 0
      total += bytes
      if (bytes > limits.fileBytes) throw tooLarge(inside, bytes, limits)
      if (total > limits.totalBytes) throw tooLargeInAll(limits)
      if (unpacked.length >= limits.files) throw tooManyFiles(limits)
      if (seen.has(inside))
        throw new ExportRefused(
          `There are two files called “${inside}” in it, so nobody can say which is the genuine one.`,
        )
      seen.add(inside)
      await pipeline(entry, createWriteStream(path.join(scratch, String(unpacked.length))))
      unpacked.push({ path: inside, bytes })
    }
    await feeding
  } catch (error) {
    await rm(scratch, { recursive: true, force: true })
    throw damage(error, name)
  }
  await writeFile(`${list}.new`, JSON.stringify(unpacked))
  await rename(`${list}.new`, list)
  return unpacked
}

/** The name of a file in an archive, without a leading "./". Names that lead elsewhere are refused. */
export function safePath(typed: string, name: string): string {
  const inside = typed.replace(/^(\.\/)+/, '')
  if (
    inside === '' ||
    inside.includes('\0') ||
    inside.includes('\\') ||
    inside.startsWith('/') ||
    /^[a-z]:/i.test(inside) ||
    inside.split('/').includes('..')
  )
    throw new ExportRefused(
      `A file in “${name}” wants to be written outside of its folder (“${typed.replaceAll('\0', '␀')}”). That is an attack or a mistake, so nothing of it is read.`,
    )
  return inside
}
