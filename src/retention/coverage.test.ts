import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { done } from '../../test/town.ts'
import { append, appendMany, searchRecords, sequence } from '../archive/archive.ts'
import { facetsOf } from '../archive/facets.ts'
import { keepReading } from '../archive/reading-store.ts'
import { checkSavedSearches, savedSearches, saveSearch } from '../archive/saved-search.ts'
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

async function record(words: string, { file, about = newId() }: { file?: Uint8Array; about?: string } = {}) {
  const blobs = file ? [{ ...(await here.blobs.put(file, 'image/png')), role: 'image' }] : []
  const subject = { kind: 'comment', id: about }
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
/** Whether the table says the same as the view that guards destruction, of records and of the things they are about. */
async function expectTheTruth() {
  const covered = sql`select hold, record, true as itself from held_record`
  const truth = sql`${covered} union select h.hold, r.id, false
    from held_record h join record r using (subject_kind, subject_id) where (h.hold, r.id) not in (select hold, record from held_record)`
  const said = sql`select hold, record, itself from hold_coverage`
  const { rows } = await sql`
    ((${said}) except (${truth})) union all ((${truth}) except (${said}))`.execute(here.db)
  expect(rows).toEqual([])
}

test('the search finds what a hold covers: before it and after it, and what a machine reads later', async () => {
  const before = await record('The heron was seen at the mill pond.')
  const poster = await record('Look at this.', { file: Buffer.from('a picture') })
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

test('a thing is on hold as a whole: with what was recorded of it before, and the versions that come later', async () => {
  const about = newId()
  const before = await record('Typed in haste.', { about })
  const covered = await record('The grebe is back.', { about })
  const hold = await place({ words: 'grebe' })
  // The same record again under another hold, and by itself.
  const second = await place({ record: before.id })
  await found(hold)
  const later = await record('Corrected: a coot.', { about })
  expect(await found(hold)).toEqual(new Set([covered.id]))
  const whole = async () => {
    const { records } = await searchRecords(here.db, { held: true, words: 'haste OR grebe OR coot' })
    const { found } = await facetsOf(here.db, { held: true, words: 'haste OR grebe OR coot' }, 'UTC')
    expect(found).toBe(records.length)
    return records.map(({ id }) => id)
  }
  expect(await whole()).toEqual([later.id, covered.id, before.id])
  await expectTheTruth()
  done(await releaseHold(here, officer, hold, 'Over'))
  expect(await found(second)).toEqual(new Set([before.id]))
  expect(await whole()).toEqual([later.id, covered.id, before.id])
  await expectTheTruth()
  done(await releaseHold(here, officer, second, 'Over'))
  await found(second)
  expect(await whole()).toEqual([])
  await expectTheTruth()
})

test('of a hold on very much, each match is found once and in order, however many there are', async () => {
  const many = 10_400
  const began = Date.UTC(2040, 0, 1)
  const ids = await appendMany(
    here.db,
    Array.from({ length: many }, (_, n) => ({
      kind: 'comment.capture',
      subject: { kind: 'comment', id: newId() },
      by: { kind: 'visitor' as const },
      content: {},
      // A few that are the last one comes to, going back; and some here and there.
      words: ['Flood.', ...(n < 30 ? ['Dike.'] : []), ...(n % 100 === 0 ? ['Sandbags.'] : [])].join(' '),
      at: new Date(began + n * 1000),
    })),
  )
  const heldBy = await place({ words: 'flood' })
  await place({ kind: 'comment', since: new Date(began) })
  await found(heldBy)
  const expected = (matches: (n: number) => boolean) => ids.filter((_, n) => matches(n)).toReversed()
  for (const only of [{ heldBy }, { held: true }])
    for (const [words, matches] of [
      ['flood', () => true],
      ['flood -dike', (n: number) => n >= 30],
      ['-dike', (n: number) => n >= 30],
      ['dike', (n: number) => n < 30],
      ['sandbags', (n: number) => n % 100 === 0],
    ] as const) {
      const all = expected(matches)
      const asked = { ...only, words, kind: 'comment.capture', from: new Date(began) }
      const newest = await searchRecords(here.db, { ...asked, limit: 20 })
      const further = await searchRecords(here.db, { ...asked, limit: 20, after: newest.next ?? '' })
      const listed = [...newest.records, ...(newest.next ? further.records : [])]
      expect(listed.map(({ id }) => id)).toEqual(all.slice(0, 40))
      const oldest = await searchRecords(here.db, { ...asked, order: 'oldest', limit: 20 })
      expect(oldest.records.map(({ id }) => id)).toEqual(all.toReversed().slice(0, 20))
      const best = await searchRecords(here.db, { ...asked, order: 'relevance', limit: 5 })
      expect(best.records).toHaveLength(5)
      for (const { id } of best.records) expect(all).toContain(id)
      for (const most of [500, 2_000])
        expect(await facetsOf(here.db, asked, 'UTC', most)).toMatchObject({
          found: Math.min(most, all.length),
          more: all.length > most,
        })
    }
})

test('a saved search for what is on hold tells of a record also when it is looked at before the hold is', async () => {
  const heldBy = await place({ words: 'wigeon' })
  await found(heldBy)
  const saved = await saveSearch(here.db, {
    ...{
      person: officer.id,
      name: 'Held',
      address: '/console/archive',
      query: { held: true, words: 'wigeon' },
    },
    ...{ alerts: true, now: new Date() },
  })
  expect(saved).toHaveProperty('saved')
  await record('A wigeon.')
  await sequence(here.db, here.logKey)
  const told = async () => {
    await checkSavedSearches(here.db, new Date())
    return (await savedSearches(here.db, officer.id)).map(({ newMatches }) => newMatches)
  }
  expect(await told()).toEqual([0])
  await coverHolds(here)
  expect(await told()).toEqual([1])
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
