import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { append, type Entry, verifyBag } from '../src/archive/archive.ts'
import type { Answer } from '../src/department/department.ts'
import { type Person, whoIs } from '../src/department/department.ts'
import type { Installation } from '../src/installation.ts'
import type { AppealOutcome, Determination } from '../src/requests/appeal-order.ts'
import { registerRequestJobs } from '../src/requests/produce.job.ts'
import { orderProduction, tarOfProduction } from '../src/requests/production.ts'
import { receiveByForm } from '../src/requests/receipt.ts'
import { reviewGroups } from '../src/requests/review.ts'
import { openGroups } from '../src/requests/review-store.ts'
import * as store from '../src/requests/store.ts'
import { newId, type RecordId, type RequestId } from '../src/storage/ids.ts'
import { scratchFolder } from './endings.ts'
import { testInstallation } from './installation.ts'

/** A records desk for a test: its people, its clock, and what tests do with requests. */
export async function testDesk() {
  let now = new Date('2026-03-02T15:00:00Z')
  const here = { ...(await testInstallation()), now: () => now }
  const folder = await scratchFolder()
  await registerRequestJobs(here, { folder })

  async function person(name: string, roles: Person['roles']): Promise<Person> {
    const email = `${name.split(' ')[0]?.toLowerCase()}@wexfordfalls.example`
    const row = { id: newId<'person'>(), name, email, title: 'Officer', roles: [...roles], designee: false }
    await here.db.insertInto('person').values(row).execute()
    return row
  }
  const officer = await person('Dana Whitfield', ['records-access-officer'])
  const second = await person('Theo Park', ['records-access-officer'])
  const member = await person('Sam Rowe', ['member'])
  let visitors = 0

  return {
    here,
    folder,
    officer,
    second,
    member,
    person,
    /** Sets the time; without one, back to Monday, March 2, 2026. */
    at(time = '2026-03-02T15:00:00Z') {
      now = new Date(time)
    },
    /** A request that arrived on Monday, March 2, 2026; day 10 is March 16. */
    async request(text = 'All comments about the storm of January'): Promise<RequestId> {
      return value(await receiveByForm(here, { text, contact: {} }, `203.0.113.${visitors++}`)).id
    },
    found: async (id: RequestId) => (await store.requestById(here.db, id)) as store.RecordsRequest,
    productionOf: async (id: store.ProductionId) =>
      (await store.productionById(here.db, id)) as store.Production,
    record: (entry: Partial<Entry> & { words: string }): Promise<RecordId> =>
      here.db.transaction().execute((tx) =>
        append(tx, {
          kind: 'comment.capture',
          subject: { kind: 'comment', id: newId<'comment'>() },
          by: whoIs(officer),
          content: { text: entry.words },
          ...entry,
        }),
      ),
    /** Releases whatever of a collection is not decided yet. */
    releaseTheRest: (id: RequestId) => releaseTheRest(here, officer, id),
    /** Orders and makes a production, and unpacks it into a folder. */
    async produced(id: RequestId): Promise<string> {
      const production = value(await orderProduction(here, officer, id, { releaseWhenReady: true }))
      await here.jobs.run('request.produce')
      const made = (await store.productionById(here.db, production)) as store.Production
      const tar = await tarOfProduction(here, made)
      if (!tar) throw new Error(`The production is not ready: ${made.trouble}`)
      return unpack(await buffer(tar.stream))
    },
    verdict: (bag: string) => verifyBag(bag, here.logKey.verifier),
  }
}

export async function releaseTheRest(here: Installation, officer: Person, id: RequestId) {
  const groups = await openGroups(here.db, id)
  const release = { decision: 'release' as const, exemptions: [], why: '' }
  if (groups.length > 0) value(await reviewGroups(here, officer, id, groups, release))
}

/** A determination of the supervisor on Monday, March 2, 2026, that orders nothing unless said otherwise. */
export const determination = (
  wanted: Partial<Determination> & { outcome: AppealOutcome },
): Determination => ({
  determinedOn: '2026-03-02',
  due: null,
  feeCents: null,
  note: '',
  ...wanted,
})

export function value<Value>(answer: Answer<Value>): Value {
  if (!('done' in answer)) throw new Error(JSON.stringify(answer))
  return answer.done
}

export function sentences(answer: Answer<unknown> | undefined): Record<string, string> {
  if (!answer || !('problems' in answer)) throw new Error(`Expected problems, got ${JSON.stringify(answer)}`)
  return answer.problems
}

export async function unpack(tar: Buffer): Promise<string> {
  const place = await mkdtemp(path.join(tmpdir(), 'plainview-unpacked-'))
  onTestFinished(() => rm(place, { recursive: true, force: true }))
  await writeFile(path.join(place, 'production.tar'), tar)
  await promisify(execFile)('tar', ['-xf', 'production.tar'], { cwd: place })
  await rm(path.join(place, 'production.tar'))
  const [name] = await readdir(place)
  return path.join(place, name ?? '')
}

/** Every file below a folder, by its path from there. */
export async function filesIn(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const one of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (one.isFile()) {
      const full = path.join(one.parentPath, one.name)
      files.set(path.relative(folder, full), await readFile(full))
    }
  return files
}
