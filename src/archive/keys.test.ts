import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { newId } from '../storage/ids.ts'
import { openKeyFiles, openLogKey } from './key-file.ts'
import { believedKeys, openCheckpoint, type RotationReason, readRotation, signRotation } from './keys.ts'
import { checkpoints, keyHistory, latestCheckpoint, sequence } from './log.ts'
import { checkpointText, generateLogKey, type LogKey, signNote } from './note.ts'
import { append } from './record.ts'
import { rotateKey } from './rotation.ts'
import { verifyLog } from './verify-log.ts'

const origin = 'millbrook.example/log'
const root = Buffer.alloc(32, 7)
const keys = Array.from({ length: 4 }, () => generateLogKey(origin)) as [LogKey, LogKey, LogKey, LogKey]
const at = new Date('2026-11-25T12:00:00Z')
const change = (from: LogKey, to: LogKey, treeSize: number, reason: RotationReason = 'routine') =>
  signRotation(
    { origin, treeSize, root, from: from.verifier, to: to.verifier, reason, at },
    reason === 'lost' ? null : from,
    to,
  )
const signed = (key: LogKey, treeSize: number) => signNote(checkpointText({ origin, treeSize, root }), key)
const believes = (trusted: LogKey, notes: string[], note: string) => {
  const { keys: believed, problem } = believedKeys(trusted.verifier, notes)
  return believed ? openCheckpoint(note, believed).problem === undefined : problem
}

describe('after routine changes of keys', () => {
  const chain = [change(keys[0], keys[1], 10), change(keys[1], keys[2], 20)]
  test('whoever trusts one of them believes each of them, for the checkpoints of its time only', () => {
    for (const trusted of keys.slice(0, 3))
      for (const [n, key] of keys.slice(0, 3).entries())
        for (const size of [1, 10, 11, 20, 21, 5000]) {
          const inTime = size > n * 10 && (n === 2 || size <= (n + 1) * 10)
          expect(believes(trusted, chain, signed(key, size)), `key ${n} for ${size}`).toBe(inTime)
        }
  })
  test('a key that is not of the list is believed alone', () => {
    expect(believes(keys[3], chain, signed(keys[3], 5))).toBe(true)
    expect(believes(keys[3], chain, signed(keys[0], 5))).toBe(false)
    expect(believes(keys[0], chain, signed(keys[3], 25))).toBe(false)
  })
  test('a list with one missing, twice or out of order is refused', () => {
    const third = change(keys[2], keys[3], 30)
    for (const broken of [
      [chain[0], third],
      [chain[1], chain[0]],
      [chain[0], chain[0]],
    ] as string[][])
      expect(believedKeys(keys[0].verifier, broken).problem).toMatch(/does not follow/)
  })
  test('no byte of a change can be another', () => {
    const note = Buffer.from(chain[0] ?? '')
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.integer({ min: 1, max: 127 }), (place, bits) => {
        const flipped = Buffer.from(note)
        flipped[place] = (flipped[place] ?? 0) ^ bits
        const read = readRotation(flipped.toString())
        // Spoiling the old key's signature leaves a note that the new key alone has signed.
        expect(read === null || !read.byOld).toBe(true)
      }),
    )
  })
  test('a change that only the new key signed takes nobody along who trusts the old one', () => {
    const usurped = signRotation(
      { origin, treeSize: 10, root, from: keys[0].verifier, to: keys[3].verifier, reason: 'routine', at },
      null,
      keys[3],
    )
    expect(believes(keys[0], [usurped], signed(keys[3], 11))).toBe(false)
  })
})
test('a stolen key proves nothing, and the key after it does not vouch for it', () => {
  const chain = [
    change(keys[0], keys[1], 10),
    change(keys[1], keys[2], 20, 'compromised'),
    change(keys[2], keys[3], 30),
  ]
  expect(believes(keys[1], chain, signed(keys[1], 15))).toMatch(/declared stolen on 2026-11-25/)
  expect(believes(keys[2], chain, signed(keys[1], 15))).toBe(false)
  expect(believes(keys[3], chain, signed(keys[2], 25))).toBe(true)
  // The one before it was never in anybody else's hands, but what it says of its successor ends at the theft.
  expect(believes(keys[0], chain, signed(keys[2], 25))).toBe(false)
})
test('a lost key does not vouch for the next one; the next one vouches for it', () => {
  const chain = [change(keys[0], keys[1], 10, 'lost')]
  expect(believes(keys[0], chain, signed(keys[1], 11))).toBe(false)
  expect(believes(keys[0], chain, signed(keys[0], 9))).toBe(true)
  expect(believes(keys[1], chain, signed(keys[0], 9))).toBe(true)
})

describe('changing the key of a log', () => {
  let here: Awaited<ReturnType<typeof testInstallation>>
  let folder: string
  let key: LogKey
  beforeAll(async () => {
    here = await testInstallation()
  })
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'plainview-keys-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const record = () =>
    here.db.transaction().execute((tx) =>
      append(tx, {
        kind: 'post.edit',
        subject: { kind: 'post', id: newId() },
        by: { kind: 'system' },
        content: {},
      }),
    )
  const rotate = async (reason: RotationReason = 'routine') => {
    const by = { kind: 'system' } as const
    const decision = here.policy.decide(by, 'log.rotate', { type: 'Log', id: origin })
    return rotateKey(here.db, await openKeyFiles(folder), { reason, by, decision, now: here.now() })
  }

  test('lets a server that runs go on with the new key, and everything still verifies', async () => {
    key = await openLogKey(folder, origin)
    expect(await rotate()).toEqual({ problem: expect.stringContaining('holds no record yet') })
    await record()
    await sequence(here.db, key)
    const answer = await rotate()
    expect(answer).toMatchObject({ treeSize: 1 })
    await record()
    // The server still holds the key that it began with.
    await sequence(here.db, key)
    expect((await latestCheckpoint(here.db))?.treeSize).toBe(3)
    const { current, rotations } = await keyHistory(here.db, key)
    expect(current).toBe(answer.key?.verifier)
    expect(await readdir(folder)).toEqual(['log-key'])
    expect((await openLogKey(folder, origin)).verifier).toBe(current)
    for (const trusted of [key.verifier, current]) {
      const { keys: believed = [] } = believedKeys(trusted, rotations)
      for (const { note } of await checkpoints(here.db, 10))
        expect(openCheckpoint(note, believed).problem).toBeUndefined()
      expect(await verifyLog(here.db, trusted)).toMatchObject({ genuine: true, records: 3 })
    }

    // The folder of this test is gone with it; the next tests go on from these files.
    const files = await openKeyFiles(folder)
    key = files.current as LogKey
    await rm(folder, { recursive: true })
  })
  test('dies before the commit: the old key goes on', async () => {
    const files = await openKeyFiles(folder)
    await files.prepare(key)
    await files.settle(key.verifier)
    const dying = {
      ...(await openKeyFiles(folder)),
      prepare: async (next: LogKey) => {
        await files.prepare(next)
        throw new Error('power cut')
      },
    }
    const by = { kind: 'system' } as const
    const decision = here.policy.decide(by, 'log.rotate', { type: 'Log', id: origin })
    await expect(
      rotateKey(here.db, dying, { reason: 'routine', by, decision, now: here.now() }),
    ).rejects.toThrow('power cut')
    expect(await readdir(folder)).toHaveLength(2)
    const restarted = await openLogKey(folder, origin)
    expect(restarted.verifier).toBe(key.verifier)
    await record()
    await sequence(here.db, restarted)
    expect(await verifyLog(here.db, key.verifier)).toMatchObject({ genuine: true, waiting: 0 })

    // And once more, after the commit and before the files are settled.
    const cut = {
      ...(await openKeyFiles(folder)),
      settle: async (): Promise<LogKey | null> => {
        throw new Error('power cut')
      },
    }
    await expect(
      rotateKey(here.db, cut, { reason: 'routine', by, decision, now: here.now() }),
    ).rejects.toThrow('power cut')
    const again = await openLogKey(folder, origin)
    expect(again.verifier).toBe(key.verifier)
    await sequence(here.db, again)
    const { current } = await keyHistory(here.db, again)
    expect(current).not.toBe(key.verifier)
    expect((await openLogKey(folder, origin)).verifier).toBe(current)
    expect(await verifyLog(here.db, current)).toMatchObject({ genuine: true, waiting: 0 })
  })
  test('a server that made itself another key signs nothing', async () => {
    await record()
    const stranger = generateLogKey(origin)
    await expect(sequence(here.db, stranger)).rejects.toThrow(/Put the file with that key back/)
    await expect(sequence(here.db, await openLogKey(folder, origin))).rejects.toThrow(/not here/)
  })
  test('a lost key can be replaced, by saying that it is lost', async () => {
    expect(await rotate()).toEqual({ problem: expect.stringContaining('--reason lost') })
    const answer = await rotate('lost')
    expect(answer.key).toBeDefined()
    expect(await verifyLog(here.db, answer.key?.verifier ?? '')).toMatchObject({ genuine: true, waiting: 0 })
  })
  test('a key file that is damaged is not replaced by a new key', async () => {
    await writeFile(path.join(folder, 'log-key'), 'nonsense')
    await expect(openLogKey(folder, origin)).rejects.toThrow()
  })
})
