import { type RawBuilder, sql } from 'kysely'
import { year2000 } from './arrays.ts'
import { copiedMark, type Db, type Tx } from './database.ts'

/**
 * What `query` selects, as the bytes that the database sends: for reading in bulk, where a text goes on as it is and
 * would be garbage as a string. A COPY has no parameters: what `query` compares with stands in it (`sql.lit`).
 */
export async function copied(db: Db | Tx, query: RawBuilder<unknown>): Promise<CopiedRows> {
  const { rows } = await sql<Buffer>`copy (${query}) to stdout (format binary) ${copiedMark}`.execute(db)
  return new CopiedRows(Buffer.concat(rows))
}

/** A signature of eleven bytes, flags, and the length of what may follow them. */
const headerBytes = 19

/**
 * Rows of PostgreSQL's COPY in its binary format, one after the other: `next` goes to the first, and on to each that
 * follows. The fields of a row are taken in the order in which they were selected, each by the method for its type.
 */
export class CopiedRows {
  readonly #bytes: Buffer
  /** Where the next row begins. */
  #next: number
  /** The value that was taken last. */
  #start = 0
  #end = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#next = headerBytes + bytes.readInt32BE(headerBytes - 4)
  }

  /** Answers with the place of the next row, for `goTo`, or null when there is none. */
  next(): number | null {
    const place = this.#next
    const fields = this.#bytes.readInt16BE(place)
    if (fields < 0) return null
    this.goTo(place)
    let end = this.#end
    for (let n = 0; n < fields; n++) end += 4 + Math.max(0, this.#bytes.readInt32BE(end))
    this.#next = end
    return place
  }

  /** Goes to a row that `next` has been at. */
  goTo(place: number) {
    this.#end = place + 2
  }

  /** A `text` or a `bytea`. As long as one of them is held, all rows are. */
  bytes(): Buffer | null {
    return this.#field() ? this.#bytes.subarray(this.#start, this.#end) : null
  }

  /** A `text`. */
  text(): string | null {
    return this.#field() ? this.#bytes.toString('utf8', this.#start, this.#end) : null
  }

  /** A `bytea`, in hex. */
  hex(): string | null {
    return this.#field() ? this.#bytes.toString('hex', this.#start, this.#end) : null
  }

  /** A `bigint`, up to 2^53. */
  number(): number | null {
    return this.#field() ? this.#long() : null
  }

  /** A `timestamptz`, in milliseconds as JavaScript has them. */
  time(): Date | null {
    return this.#field() ? new Date(year2000 + this.#long() / 1000) : null
  }

  /** A `boolean`. */
  boolean(): boolean | null {
    return this.#field() ? this.#bytes[this.#start] === 1 : null
  }

  /** Eight bytes as a number. As a BigInt it would be garbage. */
  #long(): number {
    return this.#bytes.readInt32BE(this.#start) * 2 ** 32 + this.#bytes.readUInt32BE(this.#start + 4)
  }

  /** Goes to the next field. Answers whether it has a value. */
  #field(): boolean {
    const length = this.#bytes.readInt32BE(this.#end)
    this.#start = this.#end + 4
    this.#end = this.#start + Math.max(0, length)
    return length >= 0
  }
}
