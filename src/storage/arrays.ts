/**
 * Arrays as parameters in PostgreSQL's binary format. The text format, which `pg` makes of an array, costs an escape
 * of every quote here and a parse of it there: for thousands of JSON texts more than storing them.
 * Each function is for one type of the array's elements, and the statement has to say it: `${texts(…)}::text[]`.
 */

/** For `text[]`. */
export const texts = (values: readonly (string | null)[]): Buffer =>
  array(
    25,
    values,
    (text) => Buffer.byteLength(text),
    (text, into, at) => into.write(text, at),
  )

/** For `bytea[]`. */
export const byteas = (values: readonly (Buffer | null)[]): Buffer =>
  array(
    17,
    values,
    (bytes) => bytes.length,
    (bytes, into, at) => bytes.copy(into, at),
  )

/** For `uuid[]`. */
export const uuids = (values: readonly (string | null)[]): Buffer =>
  array(
    2950,
    values,
    () => 16,
    (uuid, into, at) => {
      if (into.write(uuid.replaceAll('-', ''), at, 'hex') !== 16) throw new Error(`Not a UUID: ${uuid}`)
    },
  )

/** Milliseconds from 1970 to the year 2000, where PostgreSQL's time begins. */
export const year2000 = Date.UTC(2000, 0, 1)

/** For `timestamptz[]`. */
export const times = (values: readonly Date[]): Buffer =>
  array(
    1184,
    values,
    () => 8,
    (at, into, place) => into.writeBigInt64BE(BigInt(at.getTime() - year2000) * 1000n, place),
  )

/** An array of one dimension (array_send in PostgreSQL's arrayfuncs.c); `type` is the elements' OID. */
function array<Value>(
  type: number,
  values: readonly (Value | null)[],
  lengthOf: (value: Value) => number,
  write: (value: Value, into: Buffer, at: number) => void,
): Buffer {
  const lengths = values.map((value) => (value === null ? -1 : lengthOf(value)))
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), 20))
  const dimensions = values.length === 0 ? 0 : 1
  const header = [dimensions, lengths.includes(-1) ? 1 : 0, type, values.length, 1]
  for (const [n, value] of header.entries()) bytes.writeInt32BE(value, n * 4)
  let at = 20
  for (const [n, value] of values.entries()) {
    const length = lengths[n] as number
    bytes.writeInt32BE(length, at)
    at += 4
    if (value === null) continue
    write(value, bytes, at)
    at += length
  }
  return dimensions === 0 ? bytes.subarray(0, 12) : bytes
}
