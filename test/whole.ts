/** The bytes of what comes in pieces, each of which is good until the next is asked for. */
export async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const kept: Buffer[] = []
  for await (const piece of pieces) kept.push(Buffer.from(piece))
  return Buffer.concat(kept)
}
