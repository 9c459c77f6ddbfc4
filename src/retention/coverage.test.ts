import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { done } from '../../test/town.ts'
import { append, searchRecords, sequence } from '../archive/archive.ts'
import { keepReading } from '../archive/reading-store.ts'
import type { Person } from '../department/department.ts'
import { newId } from '../storage/ids.ts'
import { coverHolds, holdsWorkedOut } from './coverage.ts'
import { mergeHolds, placeHold, releaseHold, widenHold } from './hold.ts'
import type * as store from './store.ts'

let here: Awaited<ReturnType<typeof testInstallation>>
let officer: Person
beforeAll(async () => {
  here = await testInstallation()
  const row = {
    id: newId<'person'>(),
    name: 'Nora Whitfield',
    email: 'nora@millbrook.example',
    title: '',
    roles: ['records-access-officer' as const],
    designee: false,
  }
  await here.db.insertInto('person').values(row).execute()
  officer = row
})

async function record(words: string, file?: Uint8Array) {
  const blobs = file ? [{ ...(await here.blobs.put(file, 'image/png')), role: 'image' }] : []
  const subject = { kind: 'comment', id: newId() }
  const id = await here.db.transaction().execute((tx) =>
    append(tx, {
      kind: 'comment.capture',
      ...{ subject, by: { kind: 'visitor' }, content: { text: words }, words, blobs, at: new Date() },
    }),
  )
  return { id, file: blobs[0]?.sha256 ?? '' }
}
const place = async (...scopes: store.ScopeConditions[]) =>
  done(
    await placeHold(here, officer, { matter: `Matter ${newId()}`, reason: 'Claim', custodians: '', scopes }),
  )

/** What the search finds of a hold, when the work is done. */
async function found(heldBy: store.HoldId) {
  await sequence(here.db, here.logKey)
  await coverHolds(here)
  const { records } = await searchRecords(here.db, { heldBy, kind: 'comment' })
  return new Set(records.map(({ id }) => id))
}
/** Whether the table says the same as the view that guards destruction. */
async function expectTheTruth() {
  const { rows } = await sql`
    (select scope, record from hold_coverage except select scope, record from held_by_scope)
    union all (select scope, record from held_by_scope except select scope, record from hold_coverage)`.execute(
    here.db,
  )
  expect(rows).toEqual([])
}

test('the search finds what a hold covers: before it and after it, and what a machine reads later', async () => {
  const before = await record('The heron was seen at the mill pond.')
  const poster = await record('Look at this.', Buffer.from('a picture'))
  const hold = await place({ words: 'heron' })
  expect(await found(hold)).toEqual(new Set([before.id]))
  const after = await record('Another heron.')
  await record('A stork.')
  expect(await found(hold)).toEqual(new Set([before.id, after.id]))
  await keepReading(here.db, poster.file, 'HERON WATCH ON SUNDAY', null)
  expect(await found(hold)).toEqual(new Set([before.id, after.id, poster.id]))
  await expectTheTruth()
})

test('what a hold covers is listed a page at a time, in either order, each record once', async () => {
  const words = ['bittern', 'bittern again', 'bittern once more']
  const kept: string[] = []
  for (const one of words) kept.push((await record(one)).id)
  const heldBy = await place({ words: 'bittern' })
  await found(heldBy)
  for (const order of ['oldest', 'newest'] as const) {
    const listed: string[] = []
    let after: string | null = ''
    while (after !== null) {
      const { records, next } = await searchRecords(here.db, { heldBy, order, limit: 1, after })
      listed.push(...records.map(({ id }) => id))
      after = next
    }
    expect(listed).toEqual(order === 'oldest' ? kept : kept.toReversed())
  }
})

test('what a hold covers follows it when it is widened, becomes part of another, and ends', async () => {
  const [egret, ibis] = [await record('An egret.'), await record('An ibis.')]
  const first = await place({ words: 'egret' })
  const second = await place({ record: (await record('A pelican.')).id })
  done(await widenHold(here, officer, first, [{ mentions: 'IBIS' }]))
  expect(await found(first)).toEqual(new Set([egret.id, ibis.id]))
  done(await mergeHolds(here, officer, first, second, 'One suit'))
  expect(await found(first)).toEqual(new Set())
  expect((await found(second)).size).toBe(3)
  await expectTheTruth()
  done(await releaseHold(here, officer, second, 'Over'))
  expect(await found(second)).toEqual(new Set())
  await expectTheTruth()
})

test('a new hold says that it is not worked out, until it is; two workers at once do no harm', async () => {
  await record('A spoonbill.')
  await sequence(here.db, here.logKey)
  await coverHolds(here)
  expect(await holdsWorkedOut(here.db)).toBe(1)
  const hold = await place({ words: 'spoonbill' })
  expect(await holdsWorkedOut(here.db, hold)).toBe(0)
  await Promise.all([coverHolds(here), coverHolds(here)])
  expect(await holdsWorkedOut(here.db, hold)).toBe(1)
  expect((await found(hold)).size).toBe(1)
  await expectTheTruth()
})
