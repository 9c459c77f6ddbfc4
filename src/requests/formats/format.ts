import type { BagCopy, RecordText, Statement } from '../../archive/archive.ts'
import type { Blobs } from '../../storage/blobs.ts'
import type { RecordId } from '../../storage/ids.ts'
import type { ReleasedFile } from '../rendition.ts'
import type { Line } from './page-layout.ts'

/** A form in which the records of a production are given out beside the bag's own. */
export interface Format {
  /** Its folder in the bag. */
  readonly name: string
  readonly title: string
  /** Who asks for it, for the records access officer. */
  readonly description: string
  /** Its files, one after the other. The same production gives the same bytes, whenever it is made. */
  files(production: ReleasedProduction): AsyncGenerator<BagCopy>
}

/** What a format is made from. Nothing else of the installation is within its reach. */
export interface ReleasedProduction {
  /** The number of the request, with which every page number begins. */
  number: string
  department: string
  orderedAt: Date
  /** Everything that the production tells of, in its order, numbered. May be asked for again. */
  records(): AsyncGenerator<NumberedRecord>
  /** The released files. */
  blobs: Pick<Blobs, 'read' | 'bytes'>
  /** A folder for what grows while it is written. */
  aside: string
}

/** A record as it was released, or what is said of it when it was withheld. */
export type ReleasedRecord =
  | {
      form: 'whole' | 'redacted'
      record: Omit<RecordText, 'blobs'> & { blobs: readonly ReleasedFile[] }
      /** Its canonical JSON, as it stands in the bag. */
      json: string
      /** Letters of the exemptions by which something was taken out. */
      exemptions: readonly string[]
      /** Its files in the bag's payload begin with this. */
      place: string
      facts: Facts
    }
  | { form: 'withheld'; record: { id: RecordId; kind: string; at: string }; statement: Statement }

/** What is said of a record in every format. Times are ISO 8601 in UTC; what is not known is empty. */
export interface Facts {
  title: string
  author: string
  platform: string
  page: string
  url: string
  postedAt: string
}

/** A file that people look at or listen to: it follows its record as a document of its own. */
export interface Attachment {
  bates: string
  file: Extract<ReleasedFile, { sha256: string }>
  redacted: boolean
}

/** A record with its page numbers: the same in every format. */
export type NumberedRecord = ReleasedRecord & {
  /** The page number of each of its pages. */
  bates: readonly [string, ...string[]]
  pages: readonly (readonly Line[])[]
  attachments: readonly Attachment[]
}
