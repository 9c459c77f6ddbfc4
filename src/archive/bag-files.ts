import { createReadStream } from 'node:fs'
import { type FileHandle, open, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { Flaw } from './flaw.ts'

/** The files of a folder, or of a folder inside a tar archive, by their paths with forward slashes. */
export interface Files {
  names(): Promise<string[]>
  /** Throws a flaw when there is no such file. */
  read(name: string): Promise<Buffer>
  stream(name: string): AsyncIterable<Buffer>
  close(): Promise<void>
}

const missing = (name: string) => new Flaw(`${name} is missing.`)
const isMissing = (error: unknown) =>
  ['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')

export function folderFiles(folder: string): Files {
  return {
    async names() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
        throw new Flaw(`${folder} is no folder.`)
      })
      return entries
        .filter((entry) => !entry.isDirectory())
        .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
        .map((name) => name.split(path.sep).join('/'))
    },
    async read(name) {
      return readFile(path.join(folder, name)).catch((error) => {
        throw isMissing(error) ? missing(name) : error
      })
    },
    async *stream(name) {
      try {
        yield* createReadStream(path.join(folder, name)) as AsyncIterable<Buffer>
      } catch (error) {
        throw isMissing(error) ? missing(name) : error
      }
    },
    async close() {},
  }
}

const block = 512

/**
 * The files in a tar archive (POSIX ustar, with pax paths), read where they lie: nothing is unpacked. Names are those
 * inside the one folder that the archive holds.
 */
export async function tarFiles(file: string): Promise<Files> {
  const handle = await open(file, 'r')
  const places = await tarIndex(handle).catch(async (error) => {
    await handle.close()
    throw error
  })
  const placeOf = (name: string) => {
    const place = places.get(name)
    if (!place) throw missing(name)
    return place
  }
  return {
    names: async () => [...places.keys()],
    async read(name) {
      const { start, bytes } = placeOf(name)
      return readAt(handle, start, bytes)
    },
    async *stream(name) {
      const { start, bytes } = placeOf(name)
      for (let done = 0; done < bytes; done += piece)
        yield await readAt(handle, start + done, Math.min(piece, bytes - done))
    },
    close: () => handle.close(),
  }
}

const piece = 1 << 20

async function readAt(handle: FileHandle, start: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes)
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await handle.read(buffer, done, bytes - done, start + done)
    if (bytesRead === 0) throw new Flaw('The archive is cut off at its end.')
    done += bytesRead
  }
  return buffer
}

async function tarIndex(handle: FileHandle): Promise<Map<string, { start: number; bytes: number }>> {
  const places = new Map<string, { start: number; bytes: number }>()
  const { size } = await handle.stat()
  let tops: string | null = null
  let longName: string | null = null
  for (let at = 0; ; ) {
    if (at + block > size) throw new Flaw('The archive is cut off at its end.')
    const head = await readAt(handle, at, block)
    if (head.every((byte) => byte === 0)) break
    const bytes = tarNumber(head, 124, 12)
    if (bytes === null || tarNumber(head, 148, 8) !== checksum(head))
      throw new Flaw(`The archive is damaged at byte ${at}.`)
    const kind = String.fromCharCode(head[156] ?? 0)
    const start = at + block
    at = start + Math.ceil(bytes / block) * block
    if (at > size) throw new Flaw('The archive is cut off at its end.')
    if (kind === 'x') {
      longName = paxPath(await readAt(handle, start, bytes)) ?? longName
      continue
    }
    const name = longName ?? [tarText(head, 345, 155), tarText(head, 0, 100)].filter(Boolean).join('/')
    longName = null
    if (kind === '5' || kind === 'g') continue
    if (kind !== '0' && kind !== '\0')
      throw new Flaw(`The archive holds something that is no plain file: ${name}`)
    const [top = '', ...rest] = name.replace(/^\.\//, '').split('/')
    tops ??= top
    if (top !== tops || rest.length === 0) throw new Flaw('The archive does not hold exactly one folder.')
    const inside = rest.join('/')
    if (places.has(inside)) throw new Flaw(`The archive holds ${inside} twice.`)
    places.set(inside, { start, bytes })
  }
  return places
}

const tarText = (head: Buffer, from: number, length: number) => {
  const field = head.subarray(from, from + length)
  const end = field.indexOf(0)
  return field.subarray(0, end < 0 ? length : end).toString('utf8')
}

function tarNumber(head: Buffer, from: number, length: number): number | null {
  const text = tarText(head, from, length).trim()
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : null
}

/** The sum of a header's bytes, with the field of the sum itself taken for blanks. */
const checksum = (head: Buffer) =>
  head.reduce((sum, byte, place) => sum + (place >= 148 && place < 156 ? 32 : byte), 0)

/** The path in a pax header: lines of "LENGTH path=VALUE". */
const paxPath = (content: Buffer) => /^\d+ path=(.*)$/m.exec(content.toString('utf8'))?.[1] ?? null
