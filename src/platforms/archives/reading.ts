import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { ExportFile, ExportFiles, Found, HistoryItem, HistoryMedia, Part, Remark } from '../history.ts'
import { type Element, jsonElements } from './json-elements.ts'
import { isMedia, mediaTypeOf } from './media.ts'

/** The files of an export by their names. */
export type Index = ReadonlyMap<string, ExportFile>
export const indexOf = (files: ExportFiles): Index => new Map(files.all.map((file) => [file.path, file]))

/** What a reader makes of an entry: an item, a sentence that says why not, or null for what is no matter of its. */
export type Understood = HistoryItem | string | null

/** Reads the lists of a JSON file entry by entry. */
export function jsonPart(file: ExportFile, understand: (element: Element) => Understood): Part {
  return {
    file: file.path,
    async *read() {
      for await (const element of jsonElements(await file.open(), file.path)) {
        const place = `entry ${element.index + 1}${element.list === null ? '' : ` of ${element.list}`}`
        yield* found(understand(element), file.path, place)
      }
    },
  }
}

export function* found(understood: Understood, file: string, at: string): Generator<Found> {
  if (understood === null) return
  if (typeof understood === 'string') yield { remark: { file, at, because: understood } }
  else yield { item: understood }
}

/** Checks an entry's form; what does not fit is told with the field that does not, for the report. */
export function shaped<Schema extends z.ZodType, Value extends Understood>(
  schema: Schema,
  value: unknown,
  understand: (value: z.output<Schema>) => Value,
): Value | string {
  const read = schema.safeParse(value)
  if (read.success) return understand(read.data)
  const [issue] = read.error.issues
  // Without places in lists, so that entries with the same fault are counted together.
  const field = issue?.path.filter((step) => typeof step === 'string').join('.')
  return `The entry is not in a form that is known: ${field || 'it'} ${issue?.code === 'invalid_type' ? 'is missing or of another kind' : 'has an unknown value'}.`
}

/** A file of the export that belongs to an item; one that is not there is kept by its name. */
export function mediaFrom(index: Index, path: string, alt?: string | null): HistoryMedia {
  const file = index.get(path)
  return {
    name: path,
    mediaType: mediaTypeOf(path),
    ...(alt ? { alt } : {}),
    open: file ? () => file.open() : null,
  }
}

/** The same, where a path begins at the export's own folder, which may lie in another one. */
export function mediaNear(index: Index, file: ExportFile, uri: string, alt?: string | null): HistoryMedia {
  let folder = file.path
  while (folder.includes('/')) {
    folder = folder.slice(0, folder.lastIndexOf('/'))
    if (index.has(`${folder}/${uri}`)) return mediaFrom(index, `${folder}/${uri}`, alt)
  }
  return mediaFrom(index, uri, alt)
}

/** Media that an export only gives the address of. */
export const mediaElsewhere = (address: string, alt?: string | null): HistoryMedia => ({
  name: address,
  mediaType: mediaTypeOf(address.split('?')[0] ?? ''),
  ...(alt ? { alt } : {}),
  open: null,
})

/** What is in an export besides what is read and the media that belong to it. */
export function restOf(
  files: ExportFiles,
  parts: readonly Part[],
  reasons: readonly [RegExp, string][] = [],
): Remark[] {
  const read = new Set(parts.map((part) => part.file))
  return files.all
    .filter(({ path }) => !read.has(path) && !isMedia(path))
    .map(({ path }) => ({
      file: path,
      at: '',
      because:
        reasons.find(([pattern]) => pattern.test(path))?.[1] ??
        'Nothing that was published stands in this file.',
    }))
}

/** An id for what has none in its export: the second it was made in, and what it says. */
export const knownBy = (kind: string, timestamp: number, what: readonly string[]) =>
  `${kind}:${timestamp}:${createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16)}`

/** Files in the order in which platforms number them: posts_2 before posts_10. */
export const inOrder = (files: readonly ExportFile[]) =>
  files.toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }))

/** A moment in any of the forms that exports use; null when it is none, or zero, which stands for none. */
export function moment(text: string | number | null | undefined): Date | null {
  if (text === null || text === undefined || text === '') return null
  const at = new Date(typeof text === 'number' ? text * 1000 : text)
  return at.getTime() > 0 && at.getUTCFullYear() < 2200 ? at : null
}
