import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { type TimeAuthority, timeAuthority } from '../../test/time-authority.ts'
import { tarTo } from '../requests/tar.ts'
import { newId, type RecordId } from '../storage/ids.ts'
import { verifyBag, writeBag } from './archive.ts'
import { askAuthorities } from './attest.job.ts'
import { keepCosignature, witnesses } from './attestation-store.ts'
import { addAuthority, addWitness } from './attestors.ts'
import { cosign } from './cosignature.ts'
import { openKeyFiles } from './key-file.ts'
import { keyHistory, latestCheckpoint, sequence } from './log.ts'
import { generateKey, keyTypes, type LogKey, splitNote } from './note.ts'
import { append } from './record.ts'
import { rotateKey } from './rotation.ts'

const officer = {
  kind: 'person',
  id: 'p1',
  name: 'Dana Holt',
  roles: ['records-access-officer'],
  designee: false,
} as const

let here: Awaited<ReturnType<typeof testInstallation>>
let authority: TimeAuthority
let folder: string
let records: RecordId[]
let oldKey: string
const witness = generateKey('library.example/witness', keyTypes.witness)

const log = async (key: LogKey = here.logKey) => {
  const id = await here.db.transaction().execute((tx) =>
    append(tx, {
      kind: 'post.edit',
      subject: { kind: 'post', id: newId() },
      by: { kind: 'system' },
      content: {},
      words: 'A long enough story',
    }),
  )
  await sequence(here.db, key)
  return id
}

/** Two records: one before and one after the only timestamp; the key was changed between them. */
beforeAll(async () => {
  here = await testInstallation()
  authority = await timeAuthority()
  folder = await mkdtemp(path.join(tmpdir(), 'plainview-verify-'))
  oldKey = here.logKey.verifier
  const first = await log()
  await addAuthority(here, officer, { url: authority.url, hours: '1', ca: authority.ca })
  await addWitness(here, officer, { url: 'https://library.example', verifier: witness.verifier })
  await sequence(here.db, here.logKey)
  await askAuthorities(here)
  const seen = await latestCheckpoint(here.db)
  const [asked] = await witnesses(here.db)
  if (!seen || !asked) throw new Error('Nothing was signed.')
  const line = cosign(splitNote(seen.note)?.text ?? '', witness, new Date('2020-11-25T12:00:00Z'))
  await here.db.transaction().execute((tx) =>
    keepCosignature(tx, {
      treeSize: seen.treeSize,
      witness: asked.id,
      line,
      at: new Date('2020-11-25T12:00:00Z'),
    }),
  )
  const files = await openKeyFiles(folder)
  await files.prepare(here.logKey)
  await files.settle(oldKey)
  const by = { kind: 'system' } as const
  const decision = here.policy.decide(by, 'log.rotate', { type: 'Log', id: 'log' })
  const { key } = await rotateKey(here.db, await openKeyFiles(folder), {
    reason: 'routine',
    by,
    decision,
    now: new Date(),
  })
  if (!key) throw new Error('The key was not replaced.')
  here.logKey = key
  records = [first, await log()]
  await writeBag({ ...here, folder: path.join(folder, 'bag'), records, info: {} })
  await tar()
})
afterAll(async () => {
  await authority.stop()
  await rm(folder, { recursive: true, force: true })
})

const bag = () => path.join(folder, 'bag')
const tarFile = () => path.join(folder, 'bag.tar')
async function tar() {
  const pieces: Buffer[] = []
  const archive = tarTo('records-request-1', (piece) => {
    pieces.push(Buffer.from(piece))
  })
  for (const entry of await readdir(bag(), { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (entry.isFile()) await archive.add(path.relative(bag(), file), await readFile(file))
  }
  await archive.end()
  await writeFile(tarFile(), Buffer.concat(pieces))
}

describe('a bag with a new key, a timestamp and a cosignature', () => {
  test('verifies with the old key, by way of the change, and with the new one', async () => {
    const { current, rotations } = await keyHistory(here.db, here.logKey)
    for (const key of [oldKey, current])
      for (const place of [bag(), tarFile()])
        expect(await verifyBag(place, { key, rotations })).toMatchObject({ genuine: true, records: 2 })
    expect(await verifyBag(bag(), generateKey('test.example/log', keyTypes.log).verifier)).toEqual({
      genuine: false,
      problem: 'data/log/checkpoint is not signed with the key given (test.example/log).',
    })
  })
  test('says who outside saw the log, when, and how much of it', async () => {
    const verdict = await verifyBag(bag(), { key: oldKey, ca: authority.ca, witnesses: [witness.verifier] })
    expect(verdict).toMatchObject({
      confirmations: [
        {
          how: 'witness',
          by: 'library.example/witness',
          at: new Date('2020-11-25T12:00:00Z'),
          checked: true,
        },
        { how: 'timestamp', by: 'Test Clock', checked: true },
      ],
    })
    const positions = verdict.genuine ? verdict.positions : []
    const stamp = verdict.genuine ? verdict.confirmations.find((one) => one.how === 'timestamp') : undefined
    expect(positions.map((position) => position < (stamp?.treeSize ?? 0)).sort()).toEqual([false, true])
    const unchecked = await verifyBag(bag(), oldKey)
    expect(unchecked).toMatchObject({ confirmations: [{ checked: false }, { checked: false }] })
  })
  test('does not verify when its timestamp is of another authority than the reader trusts', async () => {
    const other = await timeAuthority()
    expect(await verifyBag(bag(), { key: oldKey, ca: other.ca })).toEqual({
      genuine: false,
      problem: expect.stringContaining('does not lead to the ones that are trusted'),
    })
    await other.stop()
  })
})

describe('a tar file', () => {
  test('verifies when another program made it', async () => {
    const other = path.join(folder, 'gnu.tar')
    await promisify(execFile)('tar', ['--format=pax', '-cf', other, '-C', folder, 'bag'])
    expect(await verifyBag(other, oldKey)).toMatchObject({ genuine: true, records: 2 })
  })
  test('that is cut off, at whatever place, is not genuine', async () => {
    const whole = await readFile(tarFile())
    const cut = path.join(folder, 'cut.tar')
    for (const length of [
      0,
      100,
      512,
      1300,
      Math.floor(whole.length / 2),
      whole.length - 1024,
      whole.length - 1100,
    ]) {
      await writeFile(cut, whole.subarray(0, length))
      expect(await verifyBag(cut, oldKey), `${length}`).toMatchObject({
        genuine: false,
        problem: expect.any(String),
      })
    }
  })
  test('is not genuine when a byte of any part is flipped', async () => {
    const whole = await readFile(tarFile())
    const size = whole.length
    const flipped = path.join(folder, 'flipped.tar')
    for (let n = 0; n < 120; n++) {
      const at = Math.floor((n * size) / 120)
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ 0x11
      await writeFile(flipped, bytes)
      const verdict = await verifyBag(flipped, oldKey)
      // Padding between files carries nothing; whatever else is flipped is found.
      if (verdict.genuine) expect(whole[at], `byte ${at}`).toBe(0)
    }
  })
})
