import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { oldPosts } from '../../test/old-posts.ts'
import { done } from '../../test/town.ts'
import { appendMany, recordsAbout, searchRecords, sequence } from '../archive/archive.ts'
import type { Person, Role } from '../department/department.ts'
import { newId, type PostId } from '../storage/ids.ts'
import { coverHolds } from './coverage.ts'
import { approveDisposition, enterPermission, orderDisposition, proposeDisposition } from './disposition.ts'
import { mergeHolds, placeHold, releaseHold, widenHold } from './hold.ts'
import * as store from './store.ts'

let here: Awaited<ReturnType<typeof testInstallation>>
let officer: Person
let chief: Person
let deputy: Person
let member: Person
beforeAll(async () => {
  here = await testInstallation()
  officer = await person('Nora Whitfield', ['records-access-officer'])
  chief = await person('Maria Rivera', ['chief-executive'])
  deputy = await person('Ruth Amsel', ['supervisor'], true)
  member = await person('Sam Rowe', ['member'])
})

async function person(name: string, roles: Role[], designee = false): Promise<Person> {
  const row = {
    id: newId<'person'>(),
    name,
    email: `${newId()}@millbrook.example`,
    title: '',
    roles,
    designee,
  }
  await here.db.insertInto('person').values(row).execute()
  return row
}

const subject = (id: PostId) => ({ subject_kind: 'post', subject_id: id })
const place = async (scopes: store.ScopeConditions[], by = officer) =>
  placeHold(here, by, { matter: `Matter ${newId()}`, reason: 'Claim', custodians: '', scopes })

async function begunRun() {
  const run = done(await proposeDisposition(here, officer, { series: 'posts', asOf: '2026-01-01', note: '' }))
  done(await enterPermission(here, officer, run, { number: 'S', grantedOn: '2026-01-01' }))
  done(await approveDisposition(here, chief, run))
  done(await approveDisposition(here, deputy, run))
  done(await orderDisposition(here, officer, run))
  await here.db.transaction().execute((tx) => store.insertBeginning(tx, run, new Date()))
  return run
}
const isDestroyed = (run: store.DispositionId, id: PostId) =>
  here.db
    .transaction()
    .execute((tx) => store.disposeOfFile(tx, run, { kind: 'post', id }))
    .then(
      () => true,
      () => false,
    )

test('no sequence of holds, widenings, merges, releases and dispositions ever destroys what is held, or keeps what is free', async () => {
  const word = ['alder', 'birch', 'cedar', 'dogwood', 'elm', 'ash']
  type Step =
    | { do: 'place' | 'widen'; at: number; by: 'thing' | 'words' | 'two things'; hold: number }
    | { do: 'release'; hold: number }
    | { do: 'merge'; hold: number; into: number }
    | { do: 'dispose'; at: number }
  const post = fc.nat({ max: word.length - 1 })
  const hold = fc.nat({ max: 4 })
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      do: fc.constantFrom('place' as const, 'widen' as const),
      at: post,
      by: fc.constantFrom('thing' as const, 'words' as const, 'two things' as const),
      hold,
    }),
    fc.record({ do: fc.constant('release' as const), hold }),
    fc.record({ do: fc.constant('merge' as const), hold, into: hold }),
    fc.record({ do: fc.constant('dispose' as const), at: post }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const tag = newId().replaceAll('-', '').replaceAll(/\d/g, 'x')
      const words = word.map((one) => `${one}${tag}`)
      const posts = await oldPosts(here, officer, words)
      const run = await begunRun()
      const holds: { id: store.HoldId; covers: Set<number> }[] = []
      const inForce = new Set<number>()
      const gone = new Set<number>()
      const scopesOf = (one: Extract<Step, { at: number; by: string }>) => {
        const next = (one.at + 1) % posts.length
        if (one.by === 'words')
          return { covers: [one.at], scopes: [{ words: `${words[one.at]?.slice(0, -1)}*` }] }
        const things = one.by === 'thing' ? [one.at] : [one.at, next]
        return { covers: things, scopes: things.map((at) => subject(posts[at] as PostId)) }
      }
      for (const one of steps) {
        const held = (at: number) => [...inForce].some((index) => holds[index]?.covers.has(at))
        if (one.do === 'place') {
          const { covers, scopes } = scopesOf(one)
          inForce.add(holds.push({ id: done(await place(scopes)), covers: new Set(covers) }) - 1)
        } else if (one.do === 'dispose') {
          const may = !held(one.at) && !gone.has(one.at)
          expect(await isDestroyed(run, posts[one.at] as PostId)).toBe(may)
          if (may) gone.add(one.at)
        } else {
          const chosen = holds[one.hold]
          if (!chosen) continue
          const ended = !inForce.has(one.hold)
          if (one.do === 'widen') {
            const { covers, scopes } = scopesOf(one)
            const answer = await widenHold(here, officer, chosen.id, scopes)
            expect('done' in answer).toBe(!ended)
            if (!ended) for (const at of covers) chosen.covers.add(at)
          } else if (one.do === 'release') {
            expect('done' in (await releaseHold(here, officer, chosen.id, 'Over'))).toBe(!ended)
            inForce.delete(one.hold)
          } else if (one.do === 'merge') {
            const into = holds[one.into]
            if (!into) continue
            const may = !ended && inForce.has(one.into) && one.into !== one.hold
            expect('done' in (await mergeHolds(here, officer, chosen.id, into.id, 'Same'))).toBe(may)
            if (!may) continue
            inForce.delete(one.hold)
            for (const at of chosen.covers) into.covers.add(at)
          }
        }
      }
      for (const [at, id] of posts.entries()) {
        const kept = await here.db.selectFrom('record').select('json').where('subject_id', '=', id).execute()
        expect(kept.every((row) => row.json !== null)).toBe(!gone.has(at))
        const holding = await store.holdsOn(here.db, { kind: 'post', id })
        const expected = [...inForce].filter((index) => holds[index]?.covers.has(at) && !gone.has(at))
        expect(new Set(holding.map((one) => one.id))).toEqual(
          new Set(expected.map((index) => holds[index]?.id)),
        )
      }
      // What is left must not fill the next run's list.
      for (const index of inForce)
        await releaseHold(here, officer, (holds[index] as { id: store.HoldId }).id, 'Over')
      for (const id of posts) await isDestroyed(run, id)
    }),
    { numRuns: 40 },
  )
})

test('a hold covers what the archive finds by the same conditions, imported history by its own days included', async () => {
  const word = ['heron', 'egret', 'stork']
  const kind = ['post.submission', 'post.return', 'comment.capture']
  const days = ['2013-01-01', '2014-06-15', '2015-12-31', '2026-02-02'].map(
    (day) => new Date(`${day}T12:00:00Z`),
  )
  const anyOf = <Value>(values: readonly Value[]) => fc.constantFrom(...values)
  const ids = await appendMany(
    here.db,
    Array.from({ length: 36 }, (_, n) => ({
      kind: kind[n % 3] as string,
      subject: { kind: 'post', id: newId() },
      by: { kind: 'system' as const },
      content: { n },
      words: `A ${word[Math.floor(n / 3) % 3]} was seen`,
      at: days[n % 4] as Date,
    })),
  )
  // Every seventh was published in 2013 and brought here when its record was made.
  for (const record of ids.filter((_, n) => n % 7 === 0))
    await here.pool.query('insert into record_posted values ($1, $2)', [record, days[0]])
  const ours = new Set(ids)
  await sequence(here.db, here.logKey)
  const conditions = fc
    .record({
      words: fc.option(
        anyOf([...word, '"was seen"', 'heron OR egret', 'seen -stork', 'hero*', 'stork NEAR/2 seen']),
        { nil: undefined },
      ),
      kind: fc.option(anyOf([...kind, 'post', 'comment']), { nil: undefined }),
      from: fc.option(anyOf(days), { nil: undefined }),
      to: fc.option(anyOf(days), { nil: undefined }),
    })
    .filter(({ words, kind, from, to }) => Boolean(words || kind || from || to) && !(from && to && to < from))
  await fc.assert(
    fc.asyncProperty(conditions, async ({ words, kind, from, to }) => {
      const scope = {
        ...(words ? { words } : {}),
        ...(kind ? { kind } : {}),
        ...(from ? { since: from } : {}),
        ...(to ? { until: to } : {}),
      }
      const id = done(await place([scope]))
      const query = {
        ...(words ? { words } : {}),
        ...(kind ? { kind } : {}),
        ...(from ? { from } : {}),
        ...(to ? { to } : {}),
      }
      await coverHolds(here)
      const found = await searchRecords(here.db, { ...query, lookups: true, limit: 10_000 })
      const held = await searchRecords(here.db, { heldBy: id, lookups: true, limit: 10_000 })
      const own = (records: readonly { id: string }[]) =>
        new Set(records.map((one) => one.id).filter((one) => ours.has(one as never)))
      expect(own(held.records)).toEqual(own(found.records))
      done(await releaseHold(here, officer, id, 'Over'))
    }),
    { numRuns: 60 },
  )
})

describe('a hold', () => {
  test('is placed, widened and released, each with its author, its reason and its record', async () => {
    const [id] = await oldPosts(here, officer, ['Bridge repairs'])
    const hold = done(await place([subject(id as PostId)]))
    done(await widenHold(here, chief, hold, [{ words: 'bridge' }]))
    await sequence(here.db, here.logKey)
    await coverHolds(here)
    expect(await store.countHeld(here.db, hold)).toEqual({ records: 1, things: 1 })
    done(await releaseHold(here, chief, hold, 'Settled'))
    expect(await store.holdById(here.db, hold)).toMatchObject({
      state: 'released',
      placedByName: officer.name,
      release: { reason: 'Settled', byName: chief.name },
      scopes: [{ subject_id: id }, { words: 'bridge' }],
    })
    await coverHolds(here)
    expect(await store.countHeld(here.db, hold)).toEqual({ records: 0, things: 0 })
    const records = await recordsAbout(here.db, { kind: 'hold', id: hold })
    expect(records.map((one) => one.kind)).toEqual([
      'retention.hold',
      'retention.widening',
      'retention.release',
    ])
  })
  test('is not placed, widened, merged or released by those whose task it is not', async () => {
    const hold = done(await place([{ words: 'bridge' }]))
    expect(await place([{ words: 'bridge' }], member)).toMatchObject({
      denied: { clauses: expect.arrayContaining(['IV.A.2.iii.2']) },
    })
    expect(await widenHold(here, member, hold, [{ words: 'x' }])).toHaveProperty('denied')
    expect(await releaseHold(here, member, hold, 'x')).toHaveProperty('denied')
    expect(await mergeHolds(here, member, hold, hold, 'x')).toHaveProperty('denied')
    expect((await store.holdById(here.db, hold))?.state).toBe('in-force')
  })
  test('covers a name wherever it stands, in capitals and in other scripts', async () => {
    const [id] = await oldPosts(here, officer, ['Thanks to José "Pepe" Ñandú, Œuvre'])
    for (const mentions of ['josé', 'JOSÉ "PEPE"', 'ñandú, œUVRE']) {
      const hold = done(await place([{ mentions }]))
      expect(
        (await store.holdsOn(here.db, { kind: 'post', id: id as string })).map((one) => one.id),
        mentions,
      ).toContain(hold)
      done(await releaseHold(here, officer, hold, 'Over'))
    }
  })
  test('that says nothing, or nothing a search can find, gets a sentence', async () => {
    expect(await place([])).toHaveProperty('problems.covers')
    expect(await place([{}])).toHaveProperty('problems.covers')
    expect(await place([{ words: 'and the' }])).toHaveProperty('problems.words')
    expect(await place([{ record: newId<'record'>() }])).toHaveProperty('problems.records')
    expect(await place([{ since: new Date('2020-02-01'), until: new Date('2020-01-01') }])).toHaveProperty(
      'problems.until',
    )
    expect(
      await placeHold(here, officer, { matter: ' ', reason: '', custodians: '', scopes: [{ words: 'x' }] }),
    ).toMatchObject({ problems: { matter: expect.any(String), reason: expect.any(String) } })
  })
  test('of two who release it at once, one is told', async () => {
    const hold = done(await place([{ words: 'bridge' }]))
    const answers = await Promise.all([officer, chief].map((by) => releaseHold(here, by, hold, 'Over')))
    expect(answers.filter((one) => 'done' in one)).toHaveLength(1)
    expect(answers.find((one) => 'problems' in one)).toMatchObject({
      problems: { form: expect.stringContaining('released this hold already') },
    })
  })
  test('two merged into each other at once: one of them goes on', async () => {
    const one = done(await place([{ words: 'bridge' }]))
    const other = done(await place([{ words: 'river' }]))
    const answers = await Promise.all([
      mergeHolds(here, officer, one, other, 'Same'),
      mergeHolds(here, chief, other, one, 'Same'),
    ])
    expect(answers.filter((answer) => 'done' in answer)).toHaveLength(1)
    const left = await store.holdsInForce(here.db)
    const scopes = (await store.holdById(here.db, (left[0] as { id: store.HoldId }).id))?.scopes
    expect(new Set(scopes?.map((scope) => scope.words))).toEqual(new Set(['bridge', 'river']))
  })
})
