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

/** The limits, with the sizes in gigabytes that the operator sets (PLAINVIEW_IMPORT_FILE_GB and …_TOTAL_GB). */
export const limitsOf = ({ file, total }: { file: number; total: number }): Limits => ({
  files: 500_000,
  fileBytes: file * gigabyte,
  totalBytes: total * gigabyte,
  ratio: 100,
  ratioFrom: 64_000_000,
})

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
