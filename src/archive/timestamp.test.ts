import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TimeAuthority, timeAuthority } from '../../test/time-authority.ts'
import { readResponse, timestampRequest, verifyTimestamp } from './timestamp.ts'

const note = Buffer.from('millbrook.example/log\n3\nAAAA\n')
let authority: TimeAuthority
let token: Buffer
let nonce: Buffer

async function stamp(by: TimeAuthority, data: Buffer) {
  const request = timestampRequest(data)
  const answer = readResponse(await by.reply(request.der))
  if (answer.problem !== undefined) throw new Error(answer.problem)
  return { token: answer.token, nonce: request.nonce }
}

beforeAll(async () => {
  authority = await timeAuthority()
  ;({ token, nonce } = await stamp(authority, note))
})
afterAll(() => authority.stop())

test('openssl answers our request, and what we keep of its answer is good by openssl and by us', async () => {
  expect(await authority.verify(token, note)).toContain('Verification: OK')
  const verdict = await verifyTimestamp(token, note, { nonce, ca: authority.ca })
  expect(verdict).toMatchObject({ signer: 'Test Clock', trusted: true })
})
test('without certificates to lead to, the signer is named as unchecked', async () => {
  expect(await verifyTimestamp(token, note, { nonce })).toMatchObject({
    signer: 'Test Clock',
    trusted: false,
  })
})
test('it is not good over other bytes', async () => {
  const other = Buffer.from(note.toString().replace('3', '4'))
  expect(await verifyTimestamp(token, other, { nonce })).toEqual({
    problem: 'The timestamp is over something else.',
  })
  await expect(authority.verify(token, other)).rejects.toThrow()
})
test('it is not good as the answer to another request', async () => {
  expect(await verifyTimestamp(token, note, { nonce: randomBytes(16) })).toMatchObject({
    problem: expect.stringContaining('nonce'),
  })
})
test('it is not good when another authority is trusted', async () => {
  const other = await timeAuthority()
  expect(await verifyTimestamp(token, note, { nonce, ca: other.ca })).toMatchObject({
    problem: expect.stringContaining('does not lead to'),
  })
  expect(await verifyTimestamp(token, note, { ca: other.ca + authority.ca })).toMatchObject({ trusted: true })
  await other.stop()
})
test('a certificate that is for something else makes no timestamp', async () => {
  const forged = await authority.signedForAnotherPurpose(token)
  for (const ca of ['', authority.ca])
    expect(await verifyTimestamp(forged, note, { nonce, ca })).toEqual({
      problem: 'The certificate of Test Clock is not one for timestamps.',
    })
})
describe('a damaged token', () => {
  test('is never taken for a good one with another meaning, whichever byte is flipped', async () => {
    const good = await verifyTimestamp(token, note, { nonce, ca: authority.ca })
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const flipped = Buffer.from(token)
        flipped[at] = (flipped[at] ?? 0) ^ change
        const verdict = await verifyTimestamp(flipped, note, { nonce, ca: authority.ca })
        // What the signature does not cover (lengths of the wrapping, the root's copy) may change without harm.
        if (verdict.problem === undefined) expect(verdict).toEqual(good)
      }),
      { numRuns: 300 },
    )
  })
  test.each([
    ['empty', Buffer.alloc(0)],
    ['text', Buffer.from('<html>not found</html>')],
    ['noise', randomBytes(400)],
  ])('that is %s is refused in a sentence', async (_, bytes) => {
    expect(await verifyTimestamp(bytes, note)).toEqual({
      problem: 'The timestamp can’t be read: it is damaged, or something else.',
    })
    expect(readResponse(bytes)).toEqual({ problem: 'The answer is not a timestamp response (RFC 3161).' })
  })
  test('that was cut off is refused', async () => {
    expect(await verifyTimestamp(token.subarray(0, -5), note)).toHaveProperty('problem')
  })
})
test('an authority’s refusal is passed on in its words', async () => {
  const { der } = timestampRequest(note)
  // A hash that the authority does not know: its object identifier is changed in the request.
  const broken = Buffer.from(der)
  const place = broken.indexOf(Buffer.from('0609608648016503040201', 'hex'))
  broken[place + 10] = 0x03 + 0x70
  const refused = readResponse(await authority.reply(broken))
  expect(refused).toEqual({ problem: expect.stringMatching(/^The authority refused: ./) })
})
test('certificates that can’t be read are named as what is wrong', async () => {
  expect(await verifyTimestamp(token, note, { ca: 'my certificate' })).toMatchObject({
    problem: expect.stringContaining('have to be PEM'),
  })
})
