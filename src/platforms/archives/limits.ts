import { ExportRefused } from '../history.ts'

/** How much an export may unpack to. What lies above is refused before or while it is read, never afterwards. */
export interface Limits {
  files: number
  /** Bytes of one unpacked file. */
  fileBytes: number
  /** Bytes of all unpacked files. */
  totalBytes: number
  /** Unpacked bytes for each packed one. Text shrinks to a twentieth; what shrinks to a hundredth was made to. */
  ratio: number
  /** What unpacks to less is harmless at any ratio. */
  ratioFrom: number
}

const gigabyte = 1_000_000_000

/** The limits of this installation; PLAINVIEW_IMPORT_FILE_GB and PLAINVIEW_IMPORT_TOTAL_GB set the sizes. */
export function limitsFrom(env: Record<string, string | undefined>): Limits {
  return {
    files: 500_000,
    fileBytes: gigabytes(env, 'PLAINVIEW_IMPORT_FILE_GB', 4),
    totalBytes: gigabytes(env, 'PLAINVIEW_IMPORT_TOTAL_GB', 200),
    ratio: 100,
    ratioFrom: 64_000_000,
  }
}

function gigabytes(env: Record<string, string | undefined>, name: string, without: number): number {
  const text = env[name]
  if (!text) return without * gigabyte
  const value = Number(text)
  if (!(value > 0)) throw new Error(`${name} is “${text}”. Set it to a number of gigabytes, for example 4.`)
  return value * gigabyte
}

export const tooManyFiles = (limits: Limits) =>
  new ExportRefused(
    `There are more than ${limits.files.toLocaleString('en-US')} files in it. No export of a platform has that many.`,
  )

export const tooLarge = (path: string, bytes: number, limits: Limits) =>
  new ExportRefused(
    `“${path}” unpacks to ${inGigabytes(bytes)}, and one file may have ${inGigabytes(limits.fileBytes)}. If the export is genuine, information services can raise PLAINVIEW_IMPORT_FILE_GB.`,
  )

export const tooLargeInAll = (limits: Limits) =>
  new ExportRefused(
    `It unpacks to more than ${inGigabytes(limits.totalBytes)}. If the export is genuine, information services can raise PLAINVIEW_IMPORT_TOTAL_GB.`,
  )

export const bomb = (path: string) =>
  new ExportRefused(
    `“${path}” unpacks to more than a hundred times its size. Files are made like that to fill a disk, so this one is not unpacked.`,
  )

/** A sentence part for a size: "10.0 GB". */
export const inGigabytes = (bytes: number) => `${(bytes / gigabyte).toFixed(1)} GB`
