import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { type TimeAuthority, timeAuthority } from '../../test/time-authority.ts'
import { openWitness, witnessServer } from '../cli/witness.ts'
import { openDatabase } from '../storage/database.ts'
import { newId } from '../storage/ids.ts'
import { askAuthorities, askWitnesses } from './attest.job.ts'
import * as store from './attestation-store.ts'
import { addAuthority, addWitness, endAttestor } from './attestors.ts'
import { cosignedAt } from './cosignature.ts'
import { latestCheckpoint, sequence } from './log.ts'
import { generateKey, keyTypes, openNote } from './note.ts'
import { append } from './record.ts'
import { timestampRequest } from './timestamp.ts'
import { verifyLog } from './verify-log.ts'

const officer = {
  kind: 'person',
  id: 'p1',
  name: 'Dana Holt',
  roles: ['records-access-officer'],
  designee: false,
} as const
const author = { ...officer, roles: ['author'] }

let here: Awaited<ReturnType<typeof testInstallation>>
let authority: TimeAuthority
let now = new Date('2026-11-25T12:00:00Z')

beforeAll(async () => {
  const installation = await testInstallation()
  here = { ...installation, now: () => now }
  authority = await timeAuthority()
  await logSomething()
})
afterAll(() => authority.stop())

async function logSomething() {
  await here.db.transaction().execute((tx) =>
    append(tx, {
      kind: 'post.edit',
      subject: { kind: 'post', id: newId() },
      by: { kind: 'system' },
      content: {},
    }),
  )
  await sequence(here.db, here.logKey)
}
const later = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000)
}
const only = async () => (await store.authorities(here.db))[0]

test('only those whom the policy names choose an authority, and a refusal is a record', async () => {
  const typed = { url: authority.url, hours: '24', ca: authority.ca }
  expect(await addAuthority(here, author, typed)).toMatchObject({
    denied: { clauses: ['IV.A.2.iii.1', 'IV.A.2.iii.2'] },
  })
  expect(await store.authorities(here.db)).toEqual([])
  expect(await addAuthority(here, officer, typed)).toEqual({ done: true })
})
test('what is typed wrong is named beside its field', async () => {
  expect(await addAuthority(here, officer, { url: 'ftp://x', hours: '0', ca: 'hello' })).toEqual({
    problems: { url: expect.any(String), hours: expect.any(String), ca: expect.any(String) },
  })
  expect(await addAuthority(here, officer, { url: authority.url, hours: '1', ca: '' })).toEqual({
    problems: { url: expect.stringContaining('asked already') },
  })
  expect(
    await addWitness(here, officer, { url: 'https://user:pw@x.example', verifier: here.logKey.verifier }),
  ).toEqual({
    problems: { url: expect.any(String), verifier: expect.any(String) },
  })
})
test('the newest checkpoint is timestamped, and openssl finds what we kept good over the published note', async () => {
  await askAuthorities(here)
  const checkpoint = await latestCheckpoint(here.db)
  const [stamp] = await store.timestampsAt(here.db, checkpoint?.treeSize ?? 0)
  expect(stamp).toMatchObject({ signer: 'Test Clock', trusted: true, authority: authority.url })
  expect(await authority.verify(stamp?.token ?? Buffer.of(), Buffer.from(checkpoint?.note ?? ''))).toContain(
    'OK',
  )
})
test('it is asked again when its hours have passed and the log has grown, not before', async () => {
  await logSomething()
  await askAuthorities(here)
  expect(await store.newestTimestamps(here.db, 10)).toHaveLength(1)
  later(25 * 60)
  // The authority's own clock is what counts for its timestamp, so ours is compared with that.
  now = new Date(Date.now() + 25 * 3_600_000)
  await askAuthorities(here)
  expect(await store.newestTimestamps(here.db, 10)).toHaveLength(2)
  await askAuthorities(here)
  expect(await store.newestTimestamps(here.db, 10)).toHaveLength(2)
})
test.each<[string, TimeAuthority['spoil'], RegExp]>([
  ['answers with a page', () => Buffer.from('<html>sign in</html>'), /not a timestamp response/],
  [
    'repeats an old answer',
    () => authority.reply(timestampRequest(Buffer.from('other')).der),
    /over something else/,
  ],
  [
    'stamps the right bytes for another request',
    async () => {
      const checkpoint = await latestCheckpoint(here.db)
      return authority.reply(timestampRequest(Buffer.from(checkpoint?.note ?? '')).der)
    },
    /nonce/,
  ],
  [
    'sends its token damaged',
    (reply) => {
      const damaged = Buffer.from(reply)
      damaged[damaged.length - 20] = (damaged[damaged.length - 20] ?? 0) ^ 1
      return damaged
    },
    /signature is not good/,
  ],
  ['sends far too much', () => Buffer.alloc(300_000), /too long/],
])('an authority that %s is in trouble, and nothing is kept of it', async (_, spoil, problem) => {
  await logSomething()
  now = new Date(now.getTime() + 25 * 3_600_000)
  const before = (await store.newestTimestamps(here.db, 100)).length
  authority.spoil = spoil
  await askAuthorities(here)
  expect((await only())?.trouble?.problem).toMatch(problem)
  expect(await store.troubles(here.db)).toMatchObject([
    { what: 'timestamp', problem: expect.stringMatching(problem) },
  ])
  expect(await store.newestTimestamps(here.db, 100)).toHaveLength(before)
  // It is left in peace for five minutes, then asked again; a success ends the trouble.
  authority.spoil = null
  await askAuthorities(here)
  expect((await only())?.trouble).not.toBeNull()
  later(5)
  await askAuthorities(here)
  expect((await only())?.trouble).toBeNull()
})
test('an authority whose certificate leads elsewhere is not believed', async () => {
  const other = await timeAuthority()
  await addAuthority(here, officer, { url: other.url, hours: '1', ca: authority.ca })
  await askAuthorities(here)
  const added = (await store.authorities(here.db)).find((one) => one.url === other.url)
  expect(added?.trouble?.problem).toMatch(/does not lead to/)
  expect(await endAttestor(here, officer, 'authority', added?.id ?? '')).toEqual({ done: true })
  expect(await endAttestor(here, officer, 'authority', added?.id ?? '')).toHaveProperty('problems.form')
  expect(await store.troubles(here.db)).toEqual([])
  await other.stop()
})

test('a witness of another department signs our log over HTTP, and a fork of it never', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-witness-'))
  const { witness, key } = await openWitness(folder, 'library.example/witness', () => new Date())
  const server = witnessServer(witness, () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect(await addWitness(here, officer, { url, verifier: key.verifier })).toEqual({ done: true })
  await sequence(here.db, here.logKey)

  await askWitnesses(here)
  expect((await store.witnesses(here.db))[0]?.trouble?.problem).toMatch(/does not watch our log/)
  await import('node:fs/promises').then((fs) =>
    fs.writeFile(path.join(folder, 'logs.txt'), here.logKey.verifier),
  )
  later(6)
  await askWitnesses(here)
  const checkpoint = await latestCheckpoint(here.db)
  const published = checkpoint && (await store.withCosignatures(here.db, checkpoint))
  expect(cosignedAt(published ?? '', key.verifier)).not.toBeNull()
  expect(openNote(published ?? '', here.logKey.verifier)).not.toBeNull()
  expect((await store.witnesses(here.db))[0]).toMatchObject({
    trouble: null,
    newest: { treeSize: checkpoint?.treeSize },
  })
  await logSomething()
  await askWitnesses(here)
  expect((await store.witnesses(here.db))[0]?.newest?.treeSize).toBe((checkpoint?.treeSize ?? 0) + 1)

  // A second installation with the same key and another history: what a restored or rewritten database is.
  const fork = { ...(await testInstallation()), logKey: here.logKey, now: () => now }
  await addWitness(fork, officer, { url, verifier: key.verifier })
  for (let n = 0; n < 40; n++)
    await fork.db.transaction().execute((tx) =>
      append(tx, {
        kind: 'post.edit',
        subject: { kind: 'post', id: newId() },
        by: { kind: 'system' },
        content: {},
      }),
    )
  await sequence(fork.db, fork.logKey)
  await askWitnesses(fork)
  expect((await store.witnesses(fork.db))[0]?.trouble?.problem).toMatch(/NOT A CONTINUATION/)
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})
test('a witness that hangs does not hold up another', async () => {
  const silent = createServer(() => {})
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  const verifier = generateKey('silent.example/w', keyTypes.witness).verifier
  await addWitness(here, officer, { url, verifier })
  await sequence(here.db, here.logKey)
  const impatient: typeof fetch = (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(100) })
  later(70)
  await askWitnesses({ ...here, outgoing: impatient })
  const troubles = (await store.witnesses(here.db)).map((one) => one.trouble?.problem)
  expect(troubles).toEqual([
    expect.stringMatching(/can’t be reached/),
    expect.stringMatching(/no answer within/),
  ])
  silent.closeAllConnections()
  silent.close()
})
test('the check of the whole log finds a timestamp that the owner of the database changed', async () => {
  expect(await verifyLog(here.db, here.logKey.verifier)).toMatchObject({ genuine: true })
  const { db: owner } = openDatabase(here.ownerUrl)
  await owner
    .updateTable('checkpoint_timestamp')
    .set({ token: Buffer.from('gone') })
    .execute()
  expect(await verifyLog(here.db, here.logKey.verifier)).toMatchObject({
    genuine: false,
    problem: expect.stringContaining(`the timestamp of ${authority.url} is not good`),
  })
  await owner.destroy()
  await expect(here.pool.query('delete from checkpoint_timestamp')).rejects.toThrow(/permission denied/)
  await expect(here.pool.query('update cosignature set line = $$x$$')).rejects.toThrow(/permission denied/)
  await expect(here.pool.query('delete from log_key')).rejects.toThrow(/permission denied/)
})
