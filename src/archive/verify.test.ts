import { execFile } from 'node:child_process'
import { createHash, sign } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { type TimeAuthority, timeAuthority } from '../../test/time-authority.ts'
import { anonymousDigest, captured, listOf, zip } from '../../test/wacz.ts'
import { newId, type RecordId } from '../storage/ids.ts'
import { askAuthorities } from './attest.job.ts'
import { addAuthority } from './attestors.ts'
import type { ConsistencyFile } from './confirmations.ts'
import { exportLog } from './export.ts'
import { checkpointAt, consistencyProof, latestCheckpoint, sequence } from './log.ts'
import { generateLogKey, signNote } from './note.ts'
import { appendMany, type Entry } from './record.ts'
import { recordProof } from './record-proof.ts'
import { parseTilePath, tilePath } from './tiles.ts'
import { timestampRequest } from './timestamp.ts'
import { verify } from './verify.ts'

const officer = {
  kind: 'person',
  id: 'p1',
  name: 'Dana Holt',
  roles: ['records-access-officer'],
  designee: false,
} as const
const entry = (words: string, more: Partial<Entry> = {}): Entry => ({
  kind: 'post.publication',
  subject: { kind: 'post', id: newId() },
  by: officer,
  content: { text: words },
  words,
  ...more,
})

let here: Awaited<ReturnType<typeof testInstallation>>
let authority: TimeAuthority
let folder: string
let record: RecordId
let trust: { key: string }
let sizes: number[]

beforeAll(async () => {
  here = await testInstallation()
  trust = { key: here.logKey.verifier }
  folder = await mkdtemp(path.join(tmpdir(), 'plainview-verify-'))
  authority = await timeAuthority()
  ;[record] = (await appendMany(here.db, [entry('The bridge on Elm Street is closed')])) as [RecordId]
  await sequence(here.db, here.logKey)
  await addAuthority(here, officer, { url: authority.url, hours: '1', ca: authority.ca })
  await askAuthorities(here)
  await appendMany(
    here.db,
    Array.from({ length: 700 }, (_, n) => entry(`Road work number ${n}`)),
  )
  await sequence(here.db, here.logKey)
  sizes = [1, (await latestCheckpoint(here.db))?.treeSize ?? 0]
})
afterAll(async () => {
  await authority.stop()
  await rm(folder, { recursive: true, force: true })
})

const file = async (name: string, content: string | Buffer) => {
  await writeFile(path.join(folder, name), content)
  return path.join(folder, name)
}
const problem = async (place: string, beside: Partial<Parameters<typeof verify>[1]> = {}) => {
  const verdict = await verify(place, { trust, ...beside })
  return verdict.genuine ? `genuine: ${verdict.lines.join(' ')}` : verdict.problem
}

describe('a record with its proof', () => {
  const proof = async () => JSON.stringify(await recordProof(here.db, here.logKey, record))
  test('is genuine, and was there when an authority saw the log', async () => {
    const verdict = await verify(await file('record.json', await proof()), {
      trust: { ...trust, ca: authority.ca },
    })
    expect(verdict.genuine && verdict.lines).toEqual([
      expect.stringMatching(
        /^Genuine: the record .* is number 0 of the log test.example\/log as it was signed at 702 records/,
      ),
      expect.stringMatching(
        /^Timestamped: Test Clock saw it on \d{4}-.*\. All that is here was in the log by then\.$/,
      ),
    ])
    expect(await verify(path.join(folder, 'record.json'), { trust })).toMatchObject({
      lines: [expect.anything(), expect.stringContaining('its certificate was not checked')],
    })
  })
  test('is none of another text, salt, place or log', async () => {
    const good = JSON.parse(await proof())
    for (const change of [
      { record: good.record.replace('closed', 'open') },
      { salt: good.salt.replace(/^./, (digit: string) => (digit === '0' ? '1' : '0')) },
      { position: 1 },
      { path: good.path.slice(1) },
      { path: [...good.path].reverse() },
    ])
      expect(await problem(await file('changed.json', JSON.stringify({ ...good, ...change })))).toMatch(
        /not what the department's log holds at position/,
      )
    expect(
      await problem(path.join(folder, 'record.json'), {
        trust: { key: generateLogKey('test.example/log').verifier },
      }),
    ).toBe('Its checkpoint is not signed with the key given (test.example/log).')
    const forged = { ...good.attested[0], consistency: good.attested[0].consistency.slice(1) }
    expect(
      await problem(await file('changed.json', JSON.stringify({ ...good, attested: [forged] }))),
    ).toMatch(/is not the beginning of this one/)
  })
  test('of any other shape is refused in a sentence', async () => {
    const good = JSON.parse(await proof())
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(good)), fc.jsonValue(), async (name, value) => {
        fc.pre(
          JSON.stringify(value) !== JSON.stringify(good[name]) &&
            !(name === 'attested' && JSON.stringify(value) === '[]'),
        )
        const place = await file('shape.json', JSON.stringify({ ...good, [name]: value }))
        expect(await verify(place, { trust })).toMatchObject({ genuine: false, problem: expect.any(String) })
      }),
      { numRuns: 60 },
    )
    expect(await problem(await file('cut.json', (await proof()).slice(0, -3)))).toBe('The file is not JSON.')
  })
  test('is made of nothing that is not in the log', async () => {
    const [waiting] = await appendMany(here.db, [entry('On its way')])
    expect(await recordProof(here.db, here.logKey, waiting as RecordId)).toBeNull()
    expect(await recordProof(here.db, here.logKey, newId())).toBeNull()
  })
})

describe('two states of the log', () => {
  const proof = async (change: Partial<ConsistencyFile> = {}) => {
    const [older, newer] = [
      await checkpointAt(here.db, sizes[0] ?? 0),
      await checkpointAt(here.db, sizes[1] ?? 0),
    ]
    const found: ConsistencyFile = {
      format: 'plainview log consistency v1',
      older: older?.note ?? '',
      newer: newer?.note ?? '',
      path: (await consistencyProof(here.db, sizes[0] ?? 0, sizes[1] ?? 0)).map((hash) =>
        hash.toString('hex'),
      ),
      keys: here.logKey.verifier,
      ...change,
    }
    return file('consistency.json', JSON.stringify(found))
  }
  test('are consistent, also with the checkpoint that somebody kept', async () => {
    const kept = (await checkpointAt(here.db, 1))?.note ?? ''
    expect(await verify(await proof(), { trust, kept })).toMatchObject({ genuine: true })
    const other = signNote(`test.example/log\n1\n${Buffer.alloc(32, 1).toString('base64')}\n`, here.logKey)
    expect(await problem(await proof(), { kept: other })).toMatch(/another root/)
  })
  test('are not when either, or the path between them, is another', async () => {
    const newer = (await checkpointAt(here.db, sizes[1] ?? 0))?.note ?? ''
    expect(await problem(await proof({ path: [] }))).toMatch(/is not the beginning/)
    const other = signNote(`test.example/log\n5\n${Buffer.alloc(32, 1).toString('base64')}\n`, here.logKey)
    expect(await problem(await proof({ older: other }))).toMatch(/is not the beginning/)
    expect(await problem(await proof({ older: newer.replace('702', '703') }))).toMatch(
      /older checkpoint is not signed/,
    )
  })
})

describe('the whole log in a folder', () => {
  let exported: string
  let kept: string
  beforeAll(async () => {
    exported = path.join(folder, 'log')
    kept = (await checkpointAt(here.db, 1))?.note ?? ''
    expect(await exportLog(here.db, here.logKey, exported)).toBe(702)
  })
  test('is whole, and continues what somebody kept', async () => {
    expect(await verify(exported, { trust, kept })).toMatchObject({
      genuine: true,
      lines: [expect.stringContaining('702 records'), expect.stringContaining('It held 1 record then')],
    })
  })
  test('has the layout of tlog-tiles', async () => {
    const files = (await readdir(exported, { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    )
    expect(files.map((one) => path.relative(exported, path.join(one.parentPath, one.name))).sort()).toEqual([
      'attested.json',
      'checkpoint',
      'key.txt',
      'tile/0/000',
      'tile/0/001',
      'tile/0/002.p/190',
      'tile/1/000.p/2',
      'tile/entries/000',
      'tile/entries/001',
      'tile/entries/002.p/190',
    ])
  })
  test('is not written over something else', async () => {
    await expect(exportLog(here.db, here.logKey, exported)).rejects.toThrow('not empty')
  })
  test('is not whole when any byte of any file is flipped, or a file is missing or too many', async () => {
    const files = (await readdir(exported, { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    )
    for (const one of files) {
      const place = path.join(one.parentPath, one.name)
      const content = await readFile(place)
      for (const at of [0, Math.floor(content.length / 3), content.length - 2]) {
        const flipped = Buffer.from(content)
        flipped[at] = (flipped[at] ?? 0) ^ 0x40
        await writeFile(place, flipped)
        expect(await verify(exported, { trust }), `${one.name} ${at}`).toMatchObject({ genuine: false })
      }
      await rm(place)
      if (one.name !== 'attested.json')
        expect(await verify(exported, { trust })).toMatchObject({ genuine: false })
      await writeFile(place, content)
    }
    await writeFile(path.join(exported, 'tile/0/003'), 'more')
    expect(await problem(exported)).toBe('tile/0/003 does not belong to this log.')
    await rm(path.join(exported, 'tile/0/003'))
  })
  test('is found out when its operator rewrote it and signed it anew', async () => {
    const rewritten = await testInstallation()
    await appendMany(
      rewritten.db,
      Array.from({ length: 20 }, (_, n) => entry(`Another story ${n}`)),
    )
    await sequence(rewritten.db, here.logKey)
    const place = path.join(folder, 'rewritten')
    await exportLog(rewritten.db, here.logKey, place)
    expect(await verify(place, { trust })).toMatchObject({ genuine: true })
    expect(await problem(place, { kept })).toBe(
      'The first 1 records are not those of the checkpoint that you kept.',
    )
    const longer = (await latestCheckpoint(here.db))?.note ?? ''
    expect(await problem(place, { kept: longer })).toBe(
      'You kept a checkpoint of 702 records, and there are only 20 left.',
    )
  })
  test('names its tiles as they are read', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 63 }),
        fc.integer({ min: 0, max: 2 ** 40 }),
        fc.integer({ min: 1, max: 256 }),
        (level, index, width) => {
          expect(parseTilePath(tilePath(level, index, width))).toEqual({ level, index, width })
        },
      ),
    )
  })
})

describe('a WACZ', () => {
  const list = listOf(captured)
  const digest = anonymousDigest(list)
  const wacz = (files: [string, string | Buffer][]) => file('capture.wacz', zip(files))
  const whole: [string, string | Buffer][] = [
    ...captured,
    ['datapackage.json', list],
    ['datapackage-digest.json', digest],
  ]

  test('that somebody else made is unchanged, without any key', async () => {
    expect(await verify(await wacz(whole), { trust: null })).toMatchObject({
      genuine: true,
      lines: [
        'Unchanged: 3 files of “A page that vanished”, as its list says.',
        expect.stringMatching(/^Signed by a key without a name/),
        'No proof came with it that the department’s log holds this capture.',
      ],
    })
  })
  test.each<[string, () => [string, string | Buffer][], RegExp]>([
    ['lacks its list', () => captured, /datapackage.json is missing/],
    [
      'has a list that is none',
      () => [...captured, ['datapackage.json', '{}']],
      /not that of a WACZ: profile/,
    ],
    ['lacks a listed file', () => whole.slice(1), /archive\/data.warc.gz is missing/],
    [
      'has a changed file',
      () => whole.map(([name, content]) => [name, name === 'pages/pages.jsonl' ? '{}\n' : content]),
      /pages\/pages.jsonl was changed/,
    ],
    ['has one file too many', () => [...whole, ['extra.txt', 'x']], /extra.txt is not listed/],
    ['has a file twice', () => [...whole, captured[0] as [string, Buffer]], /twice/],
    [
      'lists no archive',
      () => [...captured.slice(1), ['datapackage.json', listOf(captured.slice(1))]],
      /needs a file in archive/,
    ],
    [
      'lists no pages',
      () => [...captured.slice(0, 2), ['datapackage.json', listOf(captured.slice(0, 2))]],
      /needs pages\/pages.jsonl/,
    ],
    [
      'has a new list',
      () => [
        ...captured,
        ['datapackage.json', listOf(captured, { title: 'Other' })],
        ['datapackage-digest.json', digest],
      ],
      /datapackage.json was changed after/,
    ],
    [
      'is signed over something else',
      () => [
        ...captured,
        ['datapackage.json', list],
        ['datapackage-digest.json', anonymousDigest(list, 'sha256:00')],
      ],
      /signature of the package is not good/,
    ],
    [
      'has a digest that is none',
      () => [...captured, ['datapackage.json', list], ['datapackage-digest.json', '{"path":1}']],
      /not as the format has it/,
    ],
  ])('that %s is not genuine', async (_, files, expected) => {
    expect(await problem(await wacz(files()), { trust: null })).toMatch(expected)
  })
  test('that is cut off is no whole ZIP file', async () => {
    const bytes = zip(whole)
    expect(await problem(await file('cut.wacz', bytes.subarray(0, bytes.length - 40)))).toMatch(
      /no whole ZIP file/,
    )
  })
  test('with a flipped byte is never told to be unchanged', async () => {
    const bytes = zip(whole)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (at) => {
        const flipped = Buffer.from(bytes)
        flipped[at] = (flipped[at] ?? 0) ^ 0x10
        const verdict = await verify(await file('flipped.wacz', flipped), { trust: null })
        // ZIP has fields (versions, attributes, its own sums) that are no part of any file.
        if (verdict.genuine)
          expect(verdict.lines).toEqual(
            ((await verify(await wacz(whole), { trust: null })) as typeof verdict).lines,
          )
      }),
      { numRuns: 80 },
    )
  })
  test('is genuine by the log when its record names its list, or the file as a whole', async () => {
    const blob = await here.blobs.put(zip(whole), 'application/wacz')
    const [byList, byFile, other] = await appendMany(here.db, [
      entry('capture', { content: { datapackage: createHash('sha256').update(list).digest('hex') } }),
      entry('capture', { blobs: [{ ...blob, role: 'wacz' }] }),
      entry('another capture'),
    ])
    await sequence(here.db, here.logKey)
    const proofOf = async (id: RecordId | undefined) =>
      JSON.stringify(await recordProof(here.db, here.logKey, id as RecordId))
    const inside = await wacz([...whole, ['plainview-proof.json', await proofOf(byList)]])
    expect(await verify(inside, { trust })).toMatchObject({
      lines: expect.arrayContaining([
        expect.stringMatching(/^Genuine: the record of this capture is number \d+ of the log/),
      ]),
    })
    expect(await problem(inside, { trust: null })).toMatch(/Give the log’s key/)
    expect(await verify(await wacz(whole), { trust, proof: await proofOf(byFile) })).toMatchObject({
      genuine: true,
    })
    expect(await problem(await wacz(whole), { proof: await proofOf(other) })).toMatch(/another capture/)
  })
  test('signed by a domain is good with its certificate and timestamp, and with no other', async () => {
    const domain = await authority.domainCertificate('social.millbrook.example')
    const hash = `sha256:${createHash('sha256').update(list).digest('hex')}`
    const signature = sign('sha256', Buffer.from(hash), domain.key).toString('base64')
    const time = async (over: string) =>
      (await authority.reply(timestampRequest(Buffer.from(over)).der)).toString('base64')
    const signedData = {
      hash,
      created: new Date().toISOString(),
      software: 'a test',
      version: '0.1.0',
      signature,
      domain: 'social.millbrook.example',
      domainCert: domain.certificate,
      timeSignature: await time(signature),
      timestampCert: authority.ca,
    }
    const signed = (change: object) =>
      wacz([
        ...captured,
        ['datapackage.json', list],
        [
          'datapackage-digest.json',
          JSON.stringify({ path: 'datapackage.json', hash, signedData: { ...signedData, ...change } }),
        ],
      ])
    expect(await verify(await signed({}), { trust: null })).toMatchObject({
      lines: expect.arrayContaining([
        expect.stringMatching(/^Signed by social.millbrook.example\./),
        expect.stringMatching(/^Timestamped: Test Clock saw it/),
      ]),
    })
    expect(await problem(await signed({ domain: 'other.example' }), { trust: null })).toMatch(
      /not of other.example/,
    )
    expect(await problem(await signed({ timeSignature: await time('other') }), { trust: null })).toMatch(
      /timestamp is not good/,
    )
    expect(
      await problem(await signed({ created: new Date(Date.now() + 3_600_000).toISOString() }), {
        trust: null,
      }),
    ).toMatch(/ten minutes/)
    expect(await problem(await signed({ domainCert: authority.ca }), { trust: null })).toMatch(
      /signature of the package/,
    )
  })
})

test('what is nothing of all this is said to be so', async () => {
  expect(await problem(await file('letter.txt', 'Dear Sir'))).toMatch(/is nothing that can be checked here/)
  expect(await problem(path.join(folder, 'nowhere'))).toMatch(/does not exist/)
  expect(await problem(path.join(folder, 'record.json'), { trust: null })).toMatch(
    /public key of the log is needed/,
  )
})
test('the command line needs no installation, and says by its exit code what it found', async () => {
  const run = (...words: string[]) =>
    promisify(execFile)(process.execPath, ['src/cli/plainview.ts', 'verify', ...words], {
      env: { ...process.env, PLAINVIEW_DATA: path.join(folder, 'no-data') },
    }).then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      (error) => ({ code: error.code, said: error.stderr as string }),
    )
  const place = await file('command.json', JSON.stringify(await recordProof(here.db, here.logKey, record)))
  expect(await run(place, '--key', trust.key)).toMatchObject({
    code: 0,
    said: expect.stringContaining('Genuine'),
  })
  const keyFile = await file('key.txt', `${trust.key}\n`)
  expect(await run(place, '--key', keyFile)).toMatchObject({ code: 0 })
  const broken = await file('broken.json', (await readFile(place, 'utf8')).replace('Elm', 'Oak'))
  expect(await run(broken, '--key', trust.key)).toMatchObject({
    code: 1,
    said: expect.stringContaining('NOT GENUINE'),
  })
  expect(await run(place, '--keys', trust.key)).toMatchObject({
    code: 2,
    said: expect.stringContaining('no option --keys'),
  })
  expect(await run()).toMatchObject({ code: 2 })
})
