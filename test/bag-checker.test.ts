import { execFile, spawn, spawnSync } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { append, sequence, verifyBag, writeBag } from '../src/archive/archive.ts'
import { generateLogKey } from '../src/archive/note.ts'
import { collect } from '../src/requests/collection.ts'
import { reviewGroups } from '../src/requests/review.ts'
import { reviewGroups as groupsOf } from '../src/requests/review-store.ts'
import { newId } from '../src/storage/ids.ts'
import { filesIn, testDesk, value } from './desk.ts'

/*
 * Two checkers that share no line: ours, and test/bag-checker.py, written from the specifications for Python's own
 * library. Whatever happens to a bag, both must see it.
 */

const python = spawnSync('python3', ['--version']).status === 0
if (!python)
  console.log('Skipped: the bag checker that is not ours needs python3, which is not installed here.')
const both = test.skipIf(!python)

type Desk = Awaited<ReturnType<typeof testDesk>>
let desk: Desk
let folder: string
let bag: string
let key: string

beforeAll(async () => {
  desk = await testDesk()
  folder = await mkdtemp(path.join(tmpdir(), 'plainview-bags-'))
  bag = path.join(folder, 'bag')
  const { here } = desk
  const image = await here.blobs.put(Buffer.from('not really an image'), 'image/png')
  const records = await here.db.transaction().execute(async (tx) => {
    const ids = []
    for (let n = 0; n < 5; n++)
      ids.push(
        await append(tx, {
          kind: 'comment.capture',
          subject: { kind: 'comment', id: newId() },
          by: { kind: 'system' },
          content: { text: `The plow never came to house ${n}. “Ünïcode” 😀` },
          words: `The plow never came to house ${n}.\n=1+1`,
          blobs: n === 2 ? [{ ...image, role: 'image' }] : [],
        }),
      )
    return ids
  })
  await sequence(here.db, here.logKey)
  await writeBag({
    ...here,
    folder: bag,
    records: records.slice(1),
    info: { 'Source-Organization': 'Millbrook Police' },
  })
  key = here.logKey.verifier
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const script = path.join(import.meta.dirname, 'bag-checker.py')

/** What the checker that is not ours says. */
async function theirs(place: string, verifier = key): Promise<{ genuine: boolean; said: string }> {
  return promisify(execFile)('python3', [script, place, verifier]).then(
    ({ stdout }) => ({ genuine: true, said: stdout.trim() }),
    (error) => {
      if (error.code !== 1) throw error
      return { genuine: false, said: String(error.stdout).trim() }
    },
  )
}

/** The same for many bags, without starting it for each. */
function theirsAgainAndAgain(verifier = key) {
  const child = spawn('python3', [script, '-', verifier], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  onTestFinished(() => void child.stdin.end())
  return async (place: string): Promise<string> => {
    child.stdin.write(`${place}\n`)
    return (await lines.next()).value ?? 'it ended'
  }
}

both('both find a bag genuine, and not with another key', async () => {
  expect(await verifyBag(bag, key)).toMatchObject({ genuine: true, records: 4 })
  expect(await theirs(bag)).toEqual({ genuine: true, said: 'genuine: 4 records' })
  const other = generateLogKey('test.example/log').verifier
  expect(await verifyBag(bag, other)).toMatchObject({ genuine: false })
  expect(await theirs(bag, other)).toEqual({
    genuine: false,
    said: 'data/log/checkpoint is not signed with the key given',
  })
})

both('both name a problem when any byte is flipped, wherever', async () => {
  const ask = theirsAgainAndAgain()
  expect(await ask(bag)).toBe('genuine: 4 records')
  const names = [...(await filesIn(bag)).keys()].sort()
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 0, max: 7 }),
      async (name, where, bit) => {
        const file = path.join(bag, name)
        const content = await readFile(file)
        const at = Math.floor(where * content.length)
        const flipped = Buffer.from(content)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
        await writeFile(file, flipped)
        try {
          const [ours, other] = [await verifyBag(bag, key), await ask(bag)]
          expect(ours, `${name} ${at} ${bit}`).toMatchObject({
            genuine: false,
            problem: expect.stringMatching(/./),
          })
          expect(other, `${name} ${at} ${bit}`).toMatch(/^(?!genuine)./)
        } finally {
          await writeFile(file, content)
        }
      },
    ),
    // Each file at least once, whatever is drawn.
    { numRuns: 60, examples: names.map((name) => [name, 0.5, 0]) },
  )
})

both('both find what was added, and what is gone', async () => {
  const copy = path.join(folder, 'copy')
  for (const change of [
    (place: string) => writeFile(path.join(place, 'data/more.txt'), 'more'),
    (place: string) => writeFile(path.join(place, 'more.txt'), 'more'),
    (place: string) => rm(path.join(place, 'data/index.csv')),
    (place: string) => rm(path.join(place, 'tagmanifest-sha512.txt')),
    async (place: string) => {
      const files = path.join(place, 'data/files')
      await rm(path.join(files, (await readdir(files))[0] ?? ''))
    },
  ]) {
    await cp(bag, copy, { recursive: true })
    await change(copy)
    expect(await verifyBag(copy, key)).toMatchObject({ genuine: false })
    expect(await theirs(copy)).toMatchObject({ genuine: false })
    await rm(copy, { recursive: true })
  }
})

both('both find the production of a request genuine, with a record in it that is withheld', async () => {
  const { officer } = desk
  const request = await desk.request()
  const records = [await desk.record({ words: 'Call 555-0199.' }), await desk.record({ words: 'Thank you.' })]
  value(await collect(desk.here, officer, request, records))
  const { groups } = await groupsOf(desk.here.db, request, { state: 'open', words: '555-0199', page: 1 })
  const withheld = { decision: 'withhold' as const, exemptions: ['f'], why: 'It names a witness.' }
  value(await reviewGroups(desk.here, officer, request, groups, withheld))
  await desk.releaseTheRest(request)
  const produced = await desk.produced(request)
  expect(await desk.verdict(produced)).toMatchObject({ genuine: true })
  expect(await theirs(produced)).toEqual({ genuine: true, said: 'genuine: 1 records' })
  const proof = (await readdir(path.join(produced, 'data/withheld')))[0] ?? ''
  const file = path.join(produced, 'data/withheld', proof)
  await writeFile(file, (await readFile(file, 'utf8')).replace('withheld', 'withheld '))
  expect(await desk.verdict(produced)).toMatchObject({ genuine: false })
  expect(await theirs(produced)).toMatchObject({ genuine: false })
})
