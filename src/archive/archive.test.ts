import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { openDatabase } from '../storage/database.ts'
import { newId } from '../storage/ids.ts'
import {
  append,
  appendMany,
  inclusionProof,
  latestCheckpoint,
  parseTilePath,
  publicEntries,
  publicTile,
  readRecord,
  recordsAbout,
  searchRecords,
  sequence,
  verifyBag,
  verifyLog,
  writeBag,
} from './archive.ts'
import {
  consistencyPath,
  includes,
  inclusionPath,
  isConsistent,
  leafHash,
  nodeHash,
  rootOf,
} from './merkle.ts'
import { generateLogKey, openNote, readLogKey, signNote, writeLogKey } from './note.ts'
import { commitmentTo } from './record.ts'
import { extend, rangeHash, type Tile } from './tiles.ts'

// The leaves of Certificate Transparency's reference implementation of RFC 6962, and their roots.
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => leafHash(Buffer.from(hex, 'hex')))
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const plainRange = (all: readonly Buffer[]) => async (from: number, to: number) => rootOf(all.slice(from, to))

describe('the tree of RFC 6962', () => {
  test('has the published roots', () => {
    expect(leaves.map((_, n) => rootOf(leaves.slice(0, n + 1)).toString('hex'))).toEqual(roots)
  })
  test('has the published inclusion proofs', async () => {
    const path = await inclusionPath(5, 8, plainRange(leaves))
    expect(path.map((hash) => hash.toString('hex'))).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
  })
  test('proves every leaf of every tree, and nothing else', async () => {
    for (let size = 1; size <= 70; size++) {
      const all = Array.from({ length: size }, (_, n) => leafHash(Buffer.of(n)))
      const root = rootOf(all)
      for (let index = 0; index < size; index++) {
        const path = await inclusionPath(index, size, plainRange(all))
        expect(includes(all[index] as Buffer, index, size, path, root)).toBe(true)
        expect(includes(leafHash(Buffer.of(200)), index, size, path, root)).toBe(false)
        if (size > 1) expect(includes(all[index] as Buffer, (index + 1) % size, size, path, root)).toBe(false)
      }
      for (let old = 1; old <= size; old++) {
        const path = await consistencyPath(old, size, plainRange(all))
        const before = rootOf(all.slice(0, old))
        expect(isConsistent(old, before, size, root, path)).toBe(true)
        if (old < size) expect(isConsistent(old, nodeHash(before, before), size, root, path)).toBe(false)
      }
    }
  })
})

describe('tiles', () => {
  test('hold the same tree, however it grew', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }),
        async (steps) => {
          const tiles = new Map<string, Tile>()
          const read = async (level: number, index: number) => (tiles.get(`${level}/${index}`) as Tile).hashes
          const all: Buffer[] = []
          for (const step of steps) {
            const added = Array.from({ length: step }, (_, n) => leafHash(Buffer.from(`${all.length + n}`)))
            for (const tile of await extend(read, all.length, added))
              tiles.set(`${tile.level}/${tile.index}`, tile)
            all.push(...added)
            expect((await rangeHash(read)(0, all.length)).equals(rootOf(all))).toBe(true)
          }
          const index = Math.floor(all.length / 3)
          const path = await inclusionPath(index, all.length, rangeHash(read))
          expect(includes(all[index] as Buffer, index, all.length, path, rootOf(all))).toBe(true)
        },
      ),
      { numRuns: 25 },
    )
  })
  test('are all asked for at once by a proof, so that they are read in one journey', async () => {
    const size = 256 * 256 + 256 * 3 + 7
    const leaves = Array.from({ length: size }, (_, n) => leafHash(Buffer.from(`${n}`)))
    const tiles = new Map<string, Tile>()
    for (const tile of await extend(() => Promise.reject(), 0, leaves))
      tiles.set(`${tile.level}/${tile.index}`, tile)
    let [journeys, underWay] = [0, false]
    const read = (level: number, index: number) => {
      if (!underWay) journeys += 1
      underWay = true
      return new Promise<Buffer>((answer) =>
        setImmediate(() => {
          underWay = false
          answer((tiles.get(`${level}/${index}`) as Tile).hashes)
        }),
      )
    }
    for (const index of [0, 66_000, size - 1]) {
      journeys = 0
      const path = await inclusionPath(index, size, rangeHash(read))
      expect(includes(leaves[index] as Buffer, index, size, path, rootOf(leaves))).toBe(true)
      expect(journeys).toBe(1)
    }
  })
  test.each([
    ['0/000', { level: 0, index: 0, width: 256 }],
    ['0/x001/067', { level: 0, index: 1067, width: 256 }],
    ['1/x123/x456/789.p/8', null],
    ['1/x123/x456/789', { level: 1, index: 123_456_789, width: 256 }],
    ['0/000.p/8', { level: 0, index: 0, width: 8 }],
    ['entries/000.p/255', { level: 'entries', index: 0, width: 255 }],
    ['0/000.p/256', null],
    ['0/x000/067', null],
    ['64/000', null],
    ['0/67', null],
    ['0/../000', null],
  ])('are named %s', (name, meant) => {
    if (name === '1/x123/x456/789.p/8')
      expect(parseTilePath(name)).toEqual({ level: 1, index: 123_456_789, width: 8 })
    else expect(parseTilePath(name)).toEqual(meant)
  })
})

describe('a signed note', () => {
  const key = generateLogKey('millbrook.example/log')
  const note = signNote('millbrook.example/log\n1\nAAAA\n', key)
  test('opens with its key, and with no other', () => {
    expect(openNote(note, key.verifier)).toBe('millbrook.example/log\n1\nAAAA\n')
    expect(openNote(note, generateLogKey('millbrook.example/log').verifier)).toBeNull()
    expect(openNote(note, 'no key')).toBeNull()
  })
  test('opens no more when any one byte was changed', () => {
    const bytes = Buffer.from(note)
    for (let n = 0; n < bytes.length; n++) {
      const flipped = Buffer.from(bytes)
      flipped[n] = (flipped[n] ?? 0) ^ 1
      expect(openNote(flipped.toString(), key.verifier)).toBeNull()
    }
  })
  test('is signed with the same key after that was written to a file', () => {
    expect(readLogKey(writeLogKey(key)).verifier).toBe(key.verifier)
  })
})

const millbrook = { kind: 'person', id: 'p1', name: 'Ada Quill', roles: ['author'], designee: false } as const

describe('the archive', () => {
  let here: Awaited<ReturnType<typeof testInstallation>>
  let folder: string
  beforeAll(async () => {
    here = await testInstallation()
    folder = await mkdtemp(path.join(tmpdir(), 'plainview-bag-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const entry = (words: string, at?: Date) => ({
    kind: 'post.publication',
    subject: { kind: 'post', id: newId() },
    by: millbrook,
    content: { text: words },
    words,
    at,
  })

  test('logs each record once, signs, proves and finds it', async () => {
    const { db, logKey } = here
    const id = await db.transaction().execute((tx) => append(tx, entry('A bridge on Elm Street is closed')))
    await appendMany(
      db,
      Array.from({ length: 600 }, (_, n) => entry(`Road work number ${n}`)),
    )
    await Promise.all([sequence(db, logKey), sequence(db, logKey), sequence(db, logKey)])
    const checkpoint = await latestCheckpoint(db)
    expect(checkpoint?.treeSize).toBe(601)
    expect(await sequence(db, logKey)).toEqual(checkpoint)
    expect(await verifyLog(db, logKey.verifier)).toEqual({
      genuine: true,
      records: 601,
      waiting: 0,
      disposed: 0,
      uncertified: 0,
    })

    const record = await readRecord(db, id)
    const proof = await inclusionProof(db, id, 601)
    const leaf = leafHash(commitmentTo(record?.json ?? '', record?.salt ?? Buffer.of()))
    expect(includes(leaf, proof?.position ?? -1, 601, proof?.path ?? [], checkpoint?.root as Buffer)).toBe(
      true,
    )
    expect(record?.content).toEqual({ text: 'A bridge on Elm Street is closed' })

    const { records } = await searchRecords(db, { words: 'bridges elm' })
    expect(records.map((one) => one.id)).toEqual([id])
    expect(await recordsAbout(db, record?.subject ?? { kind: '', id: '' })).toHaveLength(1)
  })
  test('pages through a search without missing or repeating a record', async () => {
    const seen: string[] = []
    let after: string | undefined
    do {
      const found = await searchRecords(here.db, {
        words: 'road',
        kind: 'post',
        limit: 70,
        ...(after ? { after } : {}),
      })
      seen.push(...found.records.map((one) => one.id))
      after = found.next ?? undefined
    } while (after)
    expect(new Set(seen).size).toBe(600)
    expect(seen).toHaveLength(600)
  })
  test('publishes tiles that give nothing away but hashes', async () => {
    const tile = await publicTile(here.db, 0, 2, 89)
    const entries = await publicEntries(here.db, 2, 89)
    expect(tile?.length).toBe(89 * 32)
    expect(entries?.length).toBe(89 * 34)
    expect(leafHash(entries?.subarray(2, 34) as Buffer).equals(tile?.subarray(0, 32) as Buffer)).toBe(true)
    expect(await publicTile(here.db, 0, 2, 90)).toBeNull()
    expect((await publicTile(here.db, 1, 0, 2))?.length).toBe(64)
    expect(await publicTile(here.db, 1, 0, 3)).toBeNull()
  })
  test('keeps text that JSON or PostgreSQL find hard', async () => {
    const text = 'nul \0, half \ud83d, whole 😀, "quoted", ünï'
    const id = await here.db.transaction().execute((tx) => append(tx, entry(text)))
    expect((await readRecord(here.db, id))?.content.text).toBe(text.toWellFormed())
  })
  test('a record that was rolled back leaves no trace, and the log goes on', async () => {
    await expect(
      here.db.transaction().execute(async (tx) => {
        await append(tx, entry('never happened'))
        throw new Error('cut off')
      }),
    ).rejects.toThrow('cut off')
    await sequence(here.db, here.logKey)
    expect(await verifyLog(here.db, here.logKey.verifier)).toMatchObject({ genuine: true, waiting: 0 })
  })
  test.each([
    'update record set words = $$other$$',
    'delete from record',
    'truncate record cascade',
    'update record_blob set role = $$other$$',
    'update log_entry set position = position + 1000000',
    'delete from log_entry',
    'update checkpoint set note = $$other$$',
    'delete from log_tile',
    'alter table record disable trigger all',
  ])('the application cannot %s', async (statement) => {
    await expect(here.pool.query(statement)).rejects.toThrow(/permission denied|must be owner/)
  })
  test('the application cannot change a tile, only add to its end', async () => {
    await expect(
      here.pool.query(`update log_tile set hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1)`),
    ).rejects.toThrow(/only grows/)
  })
  test('a change that the owner of the database makes is found', async () => {
    const { db: owner } = openDatabase(here.ownerUrl)
    const { rows } = await here.pool.query<{ id: string; json: string }>(
      'select id, json from record limit 1',
    )
    const set = (json: string) =>
      owner
        .updateTable('record')
        .set({ json })
        .where('id', '=', rows[0]?.id as never)
        .execute()
    await set(rows[0]?.json.replace('"at"', '"At"') ?? '')
    expect(await verifyLog(here.db, here.logKey.verifier)).toEqual({
      genuine: false,
      problem: expect.stringContaining(rows[0]?.id ?? ''),
    })
    await set(rows[0]?.json ?? '')
    expect(await verifyLog(here.db, here.logKey.verifier)).toMatchObject({ genuine: true })
    await owner.destroy()
  })

  describe('a bag', () => {
    let bag: string
    beforeAll(async () => {
      bag = path.join(folder, 'bag')
      const image = await here.blobs.put(Buffer.from('not really an image'), 'image/png')
      const ids = await appendMany(here.db, [
        { ...entry('=HYPERLINK("x") with a file'), blobs: [{ ...image, role: 'image' }] },
        entry('A second record, "quoted"\nover two lines'),
      ])
      await sequence(here.db, here.logKey)
      await writeBag({ ...here, folder: bag, records: ids, info: { 'Source-Organization': 'Millbrook' } })
    })
    test('is good by the tools of others', async () => {
      const { stdout } = await promisify(execFile)('sha512sum', ['--strict', '-c', 'manifest-sha512.txt'], {
        cwd: bag,
      })
      expect(stdout.trim().split('\n')).toHaveLength(11)
      const info = await readFile(path.join(bag, 'bag-info.txt'), 'utf8')
      const names = (await readdir(path.join(bag, 'data'), { recursive: true, withFileTypes: true })).filter(
        (one) => one.isFile(),
      )
      const sizes = await Promise.all(
        names.map(async (one) => (await readFile(path.join(one.parentPath, one.name))).length),
      )
      expect(info).toContain(`Payload-Oxum: ${sizes.reduce((sum, size) => sum + size, 0)}.${names.length}\n`)
      expect(await readFile(path.join(bag, 'data/index.csv'), 'utf8')).toContain(`"'=HYPERLINK`)
    })
    test('is genuine by its own', async () => {
      expect(await verifyBag(bag, here.logKey.verifier)).toMatchObject({
        genuine: true,
        records: 2,
        files: 11,
      })
    })
    test('is not when any one byte is flipped, in any file', async () => {
      const files = (await readdir(bag, { recursive: true, withFileTypes: true })).filter((one) =>
        one.isFile(),
      )
      for (const one of files) {
        const file = path.join(one.parentPath, one.name)
        const content = await readFile(file)
        const step = Math.max(1, Math.floor(content.length / 12))
        for (let n = 0; n < content.length; n += step) {
          const flipped = Buffer.from(content)
          flipped[n] = (flipped[n] ?? 0) ^ 0x20
          await writeFile(file, flipped)
          expect(await verifyBag(bag, here.logKey.verifier), `${one.name} ${n}`).toMatchObject({
            genuine: false,
          })
        }
        await writeFile(file, content)
      }
      expect(await verifyBag(bag, here.logKey.verifier)).toMatchObject({ genuine: true })
    })
    test('is not with another key, a missing file or one too many', async () => {
      expect(await verifyBag(bag, generateLogKey('test.example/log').verifier)).toEqual({
        genuine: false,
        problem: 'data/log/checkpoint is not signed with the key given (test.example/log).',
      })
      const index = path.join(bag, 'data/index.csv')
      const content = await readFile(index)
      await rm(index)
      expect(await verifyBag(bag, here.logKey.verifier)).toEqual({
        genuine: false,
        problem: 'data/index.csv is missing.',
      })
      await writeFile(index, content)
      await writeFile(path.join(bag, 'data/more.txt'), 'more')
      expect(await verifyBag(bag, here.logKey.verifier)).toMatchObject({
        problem: expect.stringContaining('data/more.txt'),
      })
      await rm(path.join(bag, 'data/more.txt'))
    })
    test('is not when somebody rewrites a record together with every sum', async () => {
      const [record] = (await readdir(path.join(bag, 'data/records/0000'))).filter((name) =>
        /^[^.]*\.json$/.test(name),
      )
      const name = `data/records/0000/${record}`
      const json = await readFile(path.join(bag, name), 'utf8')
      await forge(bag, name, json.replace('Ada Quill', 'Eve Quill'))
      expect(await verifyBag(bag, here.logKey.verifier)).toEqual({
        genuine: false,
        problem: expect.stringMatching(/not what the department's log holds/),
      })
      await forge(bag, name, json)
    })
  })
})

/** Changes a file of a bag and mends every sum over it, as a forger would. */
async function forge(bag: string, name: string, content: string) {
  const sum = (text: string | Buffer) => createHash('sha512').update(text).digest('hex')
  const rewrite = async (file: string, listed: string, to: string) => {
    const text = await readFile(path.join(bag, file), 'utf8')
    await writeFile(path.join(bag, file), text.replace(new RegExp(`^[0-9a-f]+(?= {2}${listed}$)`, 'm'), to))
  }
  await writeFile(path.join(bag, name), content)
  await rewrite('manifest-sha512.txt', name, sum(content))
  await rewrite(
    'tagmanifest-sha512.txt',
    'manifest-sha512.txt',
    sum(await readFile(path.join(bag, 'manifest-sha512.txt'))),
  )
}
