import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { openDatabase } from '../storage/database.ts'
import { newId, type PageId, type RecordId } from '../storage/ids.ts'
import {
  append,
  appendMany,
  noteSearch,
  type RecordQuery,
  readRecord,
  searchRecords,
  versionBefore,
} from './archive.ts'
import { noteConcealment } from './concealment.ts'
import { facetsOf } from './facets.ts'
import { hitsIn } from './hits.ts'
import { noteOpening } from './lookup.ts'

const here = await testInstallation()
const { db, policy } = here
const officer = {
  kind: 'person',
  id: newId<'person'>(),
  name: 'Dana Whitfield',
  roles: ['records-access-officer'],
  designee: false,
} as const
const decision = policy.decide(officer, 'record.search', { type: 'Record', id: 'any' })
const at = (minutes: number) => new Date(Date.UTC(2031, 4, 1, 12, minutes))
const look = (minutes: number) => ({ by: officer, decision, now: at(minutes) })
const page = newId<'page'>() as PageId
const text = async (ids: RecordId[]) => Promise.all(ids.map(async (id) => (await readRecord(db, id))?.words))
const found = async (wanted: RecordQuery) =>
  text((await searchRecords(db, wanted)).records.map(({ id }) => id))
const lookupsOf = async (kind: string) => (await searchRecords(db, { kind })).records

/** A comment with its capture, and whatever else happened to it. */
async function comment(words: string, ...then: string[]): Promise<RecordId[]> {
  const subject = { kind: 'comment', id: newId<'comment'>() }
  const ids: RecordId[] = []
  for (const kind of ['comment.capture', ...then])
    ids.push(
      await db.transaction().execute((tx) =>
        append(tx, {
          kind,
          subject,
          page,
          by: { kind: 'visitor' },
          content: {},
          words,
          at: at(ids.length),
        }),
      ),
    )
  return ids
}
let shown: RecordId, hidden: RecordId, restored: RecordId, deleted: RecordId
beforeAll(async () => {
  shown = (await comment('The storm drain on Mill Street'))[0] as RecordId
  hidden = (await comment('A storm of insults', 'comment.removal'))[0] as RecordId
  restored = (await comment('Storm, storm, storm', 'comment.removal', 'comment.restoration'))[0] as RecordId
  deleted = (
    await comment('My storm photo', 'comment.removal', 'comment.deletion', 'comment.restoration')
  )[0] as RecordId
})

describe('what is found', () => {
  test('words that can’t be understood find nothing, and break nothing', async () => {
    expect(await searchRecords(db, { words: '(storm' })).toEqual({ records: [], next: null })
    expect(await facetsOf(db, { words: '"storm' }, 'UTC')).toMatchObject({ found: 0, kind: [] })
  })
  test('the newest come first, or the oldest, or the best match', async () => {
    const captures = { words: 'storm', kind: 'comment.capture' }
    expect(await found(captures)).toEqual((await found({ ...captures, order: 'oldest' })).toReversed())
    expect((await found({ ...captures, order: 'relevance' }))[0]).toBe('Storm, storm, storm')
  })
  test.each(['oldest', 'newest', 'relevance'] as const)(
    '%s first: every record once, page by page',
    async (order) => {
      const all: RecordId[] = []
      let after: string | null = ''
      while (after !== null) {
        const one: Awaited<ReturnType<typeof searchRecords>> = await searchRecords(db, {
          words: 'storm',
          order,
          limit: 2,
          after,
        })
        all.push(...one.records.map(({ id }) => id))
        after = one.next
      }
      const whole = (await searchRecords(db, { words: 'storm', order, limit: 100 })).records.map(
        ({ id }) => id,
      )
      expect(all).toEqual(whole)
      expect(new Set(all).size).toBe(10)
    },
  )
  test('what is hidden and what is deleted now', async () => {
    const captures = { kind: 'comment.capture' }
    expect(await found({ ...captures, state: 'hidden' })).toEqual(['A storm of insults'])
    expect(await found({ ...captures, state: 'deleted' })).toEqual(['My storm photo'])
  })
  test('what many records say at once of what is hidden is what they say one after the other', async () => {
    const said = fc.record({
      kind: fc.constantFrom(
        ...['comment.capture', 'comment.removal', 'comment.restoration', 'comment.deletion'],
      ),
      about: fc.constantFrom('one', 'another'),
    })
    const stated = async (run: string) =>
      (
        await sql<{ about: string; state: string; since: Date }>`
          select split_part(subject_id, ' ', 2) as about, state, since from concealment
          where subject_kind = 'comment' and split_part(subject_id, ' ', 1) = ${run} order by about`.execute(
          db,
        )
      ).rows
    await fc.assert(
      fc.asyncProperty(fc.array(said, { maxLength: 8 }), fc.nat(8), async (all, cut) => {
        const [together, apart] = [newId(), newId()]
        const told = (run: string) =>
          all.map(({ kind, about }, n) => ({
            kind,
            subject: { kind: 'comment', id: `${run} ${about}` },
            at: at(n),
          }))
        await db.transaction().execute(async (tx) => {
          await noteConcealment(tx, told(together).slice(0, cut))
          await noteConcealment(tx, told(together).slice(cut))
          for (const one of told(apart)) await noteConcealment(tx, [one])
        })
        expect(await stated(together)).toEqual(await stated(apart))
      }),
      { numRuns: 100 },
    )
  })
  test('records with files, and with images', async () => {
    const sha256 = 'ab'.repeat(32)
    await appendMany(db, [
      {
        kind: 'post.publication',
        subject: { kind: 'post', id: '1' },
        by: { kind: 'system' },
        content: {},
        words: 'A picture',
        blobs: [{ sha256, bytes: 3, mediaType: 'image/png', role: 'image' }],
      },
    ])
    expect(await found({ files: 'with' })).toEqual(['A picture'])
    expect(await found({ files: 'image' })).toEqual(['A picture'])
    expect(await found({ files: 'video' })).toEqual([])
    expect(await found({ files: 'without', words: 'picture' })).toEqual([])
  })
  test('hits are told apart in their words', async () => {
    const hits = await hitsIn(db, [shown], 'street OR drain*')
    expect(hits.get(shown)).toEqual([
      { text: 'storm ', hit: false },
      { text: 'drain', hit: true },
      { text: ' on Mill ', hit: false },
      { text: 'Street', hit: true },
    ])
  })
})

describe('how the matches divide', () => {
  test('each count is what the narrower search finds', async () => {
    const wanted: RecordQuery = { words: 'storm' }
    const counts = await facetsOf(db, wanted, 'America/New_York')
    expect(counts).toMatchObject({ found: 10, more: false })
    const all = async (more: RecordQuery) =>
      (await searchRecords(db, { ...wanted, ...more, limit: 100 })).records.length
    for (const { value, count } of counts.kind) expect(await all({ kind: value })).toBe(count)
    for (const { value, count } of counts.state)
      expect(await all({ state: value as 'hidden' | 'deleted' })).toBe(count)
    expect(counts.state).toEqual([
      { value: 'deleted', count: 4 },
      { value: 'hidden', count: 2 },
    ])
    expect(counts.year).toEqual([{ value: '2031', count: 10 }])
    expect(counts.page).toEqual([{ value: page, count: 10 }])
  })
  test('they are the same once the database knows that most of the records are on one page', async () => {
    const elsewhere = newId<'page'>() as PageId
    const on = async (one: PageId) => (await facetsOf(db, { words: 'storm', page: one }, 'UTC')).found
    const { db: owner } = openDatabase(here.ownerUrl)
    await sql`analyze record`.execute(owner)
    const { rows } = await sql<{ known: boolean }>`
      select most_common_vals is not null as known from pg_stats where tablename = 'record' and attname = 'page'`.execute(
      db,
    )
    await owner.destroy()
    expect(rows).toEqual([{ known: true }])
    expect([await on(page), await on(elsewhere)]).toEqual([10, 0])
  })
})

describe('versions', () => {
  test('the version before is the newest earlier record that says a text', async () => {
    const subject = { kind: 'comment', id: newId<'comment'>() }
    const entry = (kind: string, content: object, minute: number) => ({
      kind,
      subject,
      by: { kind: 'visitor' as const },
      content,
      at: at(minute),
    })
    const ids = await appendMany(db, [
      entry('comment.capture', { text: 'First\0' }, 0),
      entry('comment.keeping', {}, 1),
      entry('comment.edit', { text: 'Second' }, 2),
    ])
    const [first, keeping, second] = await Promise.all(ids.map((id) => readRecord(db, id)))
    if (!first || !keeping || !second) throw new Error('A record is missing.')
    expect((await versionBefore(db, second))?.id).toBe(first.id)
    expect(await versionBefore(db, keeping)).toBeNull()
    expect(await versionBefore(db, first)).toBeNull()
  })
})

describe('who searched for and opened what', () => {
  test('a search is recorded once in ten minutes, whoever turns its pages or sorts it', async () => {
    const before = (await lookupsOf('record.search')).length
    const asked = { words: 'mill street', page }
    await noteSearch(db, look(0), asked, { found: 1, more: false })
    await Promise.all([
      noteSearch(db, look(1), { ...asked, after: 'x' }, { found: 1, more: false }),
      noteSearch(db, look(1), { ...asked, order: 'oldest' }, { found: 1, more: false }),
    ])
    expect(await lookupsOf('record.search')).toHaveLength(before + 1)
    await noteSearch(db, look(11), asked, { found: 1, more: false })
    await noteSearch(db, look(11), { words: 'another' }, { found: 0, more: false })
    const records = await lookupsOf('record.search')
    expect(records).toHaveLength(before + 3)
    const content = await Promise.all(records.map(async ({ id }) => (await readRecord(db, id))?.content))
    expect(content).toContainEqual({ query: asked, found: 1, more: false })
  })
  test('two tabs that search at the same moment make one record', async () => {
    const before = (await lookupsOf('record.search')).length
    await Promise.all(
      Array.from({ length: 6 }, () =>
        noteSearch(db, look(30), { words: 'twice' }, { found: 0, more: false }),
      ),
    )
    expect(await lookupsOf('record.search')).toHaveLength(before + 1)
  })
  test('opening what is hidden or deleted is recorded, opening what everybody sees is not', async () => {
    const opened = async () => (await lookupsOf('record.opening')).map(({ subject }) => subject.id)
    expect(await noteOpening(db, look(0), shown)).toEqual([])
    expect(await noteOpening(db, look(0), restored)).toEqual([])
    expect(await opened()).toEqual([])
    expect(await noteOpening(db, look(0), hidden)).toEqual(['hidden'])
    expect(await noteOpening(db, look(5), hidden)).toEqual(['hidden'])
    expect(await noteOpening(db, look(0), deleted)).toEqual(['deleted'])
    expect((await opened()).toSorted()).toEqual([hidden, deleted].toSorted())
    await noteOpening(db, look(6), hidden, { file: 'ab'.repeat(32) })
    await noteOpening(db, look(6), hidden, { copy: true })
    await noteOpening(db, look(7), hidden, { copy: true })
    expect(await opened()).toHaveLength(4)
  })
  test('these records stand aside until they are asked for', async () => {
    await noteSearch(db, look(60), { words: 'zeppelin' }, { found: 0, more: false })
    expect(await found({ words: 'zeppelin' })).toEqual([])
    expect(await found({ words: 'zeppelin', lookups: true })).toEqual(['zeppelin'])
    expect((await facetsOf(db, { words: 'zeppelin' }, 'UTC')).found).toBe(0)
  })
})
