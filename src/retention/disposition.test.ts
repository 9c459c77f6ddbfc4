import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { past } from '../../test/past.ts'
import { done } from '../../test/town.ts'
import { exchangeOf } from '../../test/warc.ts'
import {
  append,
  keepAnswer,
  readDisposed,
  recordsAbout,
  searchRecords,
  sequence,
  verifyBag,
  verifyLog,
  writeBag,
} from '../archive/archive.ts'
import { kinds } from '../archive/kinds.ts'
import { readFiles } from '../archive/reading.job.ts'
import type { Person } from '../department/department.ts'
import { seriesOf } from '../policy/policy.ts'
import { collect } from '../requests/collection.ts'
import { newId, type RecordId, type RequestId } from '../storage/ids.ts'
import { dispose, registerRetentionJobs } from './dispose.job.ts'
import {
  approveDisposition,
  cancelDisposition,
  enterPermission,
  exceptFile,
  orderDisposition,
  proposeDisposition,
  refuseDisposition,
} from './disposition.ts'
import { placeHold } from './hold.ts'
import * as store from './store.ts'
import { waitingFor } from './waiting.ts'

let town: Awaited<ReturnType<typeof past>>
let owner: pg.Client
beforeAll(async () => {
  town = await past()
  owner = new pg.Client({ connectionString: town.installation.ownerUrl })
  await owner.connect()
})
afterAll(() => owner.end())

/** As if the stored files had been there for years. */
const later = () => ({ ...town.installation, now: () => new Date(Date.now() + 3 * 86_400_000) })
const run = async (id: store.DispositionId) => (await store.runById(town.db, id)) as store.Run
const post = (id: string) => ({ kind: 'post', id })
const disposeOf = (id: store.DispositionId, subject: { kind: string; id: string }) =>
  town.db.transaction().execute((tx) => store.disposeOfFile(tx, id, subject))
const recordOf = async (id: string): Promise<RecordId> =>
  (await recordsAbout(town.db, post(id)))[0]?.id as RecordId
const hold = (scope: store.ScopeConditions) =>
  placeHold(town.installation, town.officer, {
    matter: `Matter ${newId()}`,
    reason: 'A claim was announced.',
    custodians: '',
    scopes: [scope],
  })
const onTheList = async (id: store.DispositionId, post: string) =>
  (await store.runFiles(town.db, await run(id), 1)).find((one) => one.subject_id === post)
/** A run that has begun, so that only the state of its files decides. */
async function begun(series: string) {
  const id = await town.orderedRun(series)
  await town.db.transaction().execute((tx) => store.insertBeginning(tx, id, new Date()))
  return id
}
const isWhole = async (subject: { kind: string; id: string }) =>
  (await town.db.selectFrom('record').select('json').where('subject_id', '=', subject.id).execute()).every(
    (one) => one.json !== null,
  )

describe('a run that is carried out', () => {
  test('destroys content, salt, words, files and every copy, and the log still verifies', async () => {
    const zebra = await town.closedPost('Zebra crossing on Quarry Lane is painted', { image: true })
    const comment = await town.closedComment('Xylophones at dawn, again', 2012, 'Vashti Quill')
    const request = await town.oldRequest('the wombat of Juniper Street', { reopened: true })
    const images = await town.db.selectFrom('post_image').select('blob').where('post', '=', zebra).execute()
    expect(images).toHaveLength(1)
    const words = ['Zebra', 'Quarry', 'Xylophones', 'Vashti', 'wombat', 'Ada Quill']
    const before = await town.everything()
    for (const word of words) expect(before, word).toContain(word)

    for (const series of ['posts', 'comments', 'requests'])
      await dispose(later(), await town.orderedRun(series))

    const after = (await town.everything()).toLowerCase()
    for (const word of words) expect(after.includes(word.toLowerCase().slice(0, 6)), word).toBe(false)
    expect(await town.installation.blobs.has(images[0]?.blob ?? '')).toBe(false)
    const left = await town.db.selectFrom('record').selectAll().where('subject_id', '=', comment).execute()
    expect(left.map((one) => one.kind)).toEqual(['comment.capture', 'comment.deletion'])
    for (const one of left)
      expect(one).toMatchObject({ json: null, salt: null, words: '', by_name: null, terms: '' })
    expect(await isWhole({ kind: 'request', id: request })).toBe(false)
    await sequence(town.db, town.installation.logKey)
    const verdict = await verifyLog(town.db, town.installation.logKey.verifier)
    expect(verdict).toMatchObject({ genuine: true, uncertified: 0 })
    expect(verdict.genuine && verdict.disposed).toBeGreaterThan(8)
  })

  test('shreds a captured page: its web archive, its picture, its words and its address', async () => {
    const { blobs } = town.installation
    const at = new Date('2012-08-01T12:00:00Z')
    const files = await Promise.all(
      [
        ['PK of the quagga', 'application/wacz', 'web-capture'],
        ['PNG of the quagga', 'image/png', 'screenshot'],
      ].map(async ([content = '', type = '', role = '']) => ({
        ...(await blobs.put(Buffer.from(content), type)),
        role,
      })),
    )
    const id = newId<'capture'>()
    await town.db.transaction().execute(async (tx) => {
      const [address, title] = ['https://zoo.example/quagga', 'The quagga is back']
      await tx
        .insertInto('capture')
        .values({
          id,
          address,
          reason: 'Quagga sighted',
          page: null,
          post: null,
          comment: null,
          asked_by: town.officer.id,
          asked_at: at,
          decision: '{}',
        })
        .execute()
      const record = await append(tx, {
        kind: 'capture.page',
        subject: { kind: 'capture', id },
        by: { kind: 'system' },
        content: { address, title },
        words: title,
        blobs: files,
        at,
      })
      await tx.updateTable('capture').set({ done_at: at, record, title }).where('id', '=', id).execute()
    })
    await town.settled()
    expect((await town.everything()).toLowerCase()).toContain('quagga')
    await dispose(later(), await town.orderedRun('captures'))
    expect((await town.everything()).toLowerCase()).not.toContain('quagga')
    for (const { sha256 } of files) expect(await blobs.has(sha256)).toBe(false)
  })

  test('destroys what a machine read in its pictures, which no search finds any more', async () => {
    const id = await town.closedPost('A notice on the board', { image: true })
    const found = async () =>
      (await searchRecords(town.db, { words: 'zorilla' })).records.map(({ subject }) => subject.id)
    await readFiles(town.installation, async () => ({
      read: async () => 'LOST ZORILLA, answers to Pip',
      close: async () => {},
    }))
    expect(await found()).toContain(id)
    await dispose(later(), await town.orderedRun('posts'))
    expect(await found()).toEqual([])
    expect((await town.everything()).toLowerCase()).not.toContain('zorilla')
  })

  test('shreds what went over the wire with the record that names it', async () => {
    const { blobs } = town.installation
    const id = await town.closedComment('The numbat is loose')
    const wire = await keepAnswer(blobs, null, [exchangeOf('numbat')])
    await town.db.transaction().execute((tx) =>
      append(tx, {
        kind: 'comment.effect',
        subject: { kind: 'comment', id },
        by: { kind: 'system' },
        content: { effect: 'hide' },
        blobs: wire,
        at: new Date('2012-06-01T12:00:00Z'),
      }),
    )
    await town.settled()
    expect(await blobs.has(wire[0]?.sha256 ?? '')).toBe(true)
    await dispose(later(), await town.orderedRun('comments'))
    expect(await blobs.has(wire[0]?.sha256 ?? '')).toBe(false)
  })

  test('leaves a certificate that says what, how much and on whose authority, and nothing of the content', async () => {
    const id = await town.closedPost('The okapi enclosure opens')
    const records = await recordsAbout(town.db, post(id))
    const ordered = await town.orderedRun('posts')
    await dispose(later(), ordered)
    const { certificate, state } = await run(ordered)
    expect(state).toBe('finished')
    const { json } = await town.db
      .selectFrom('record')
      .select('json')
      .where('id', '=', certificate?.record as RecordId)
      .executeTakeFirstOrThrow()
    const { content } = JSON.parse(json ?? '')
    expect(json).not.toContain('okapi')
    expect(content).toMatchObject({
      series: { id: 'posts', years: 6, permission: true },
      files: 1,
      records: records.length,
      permission: { number: 'SPR-26-114', grantedOn: town.asOf },
      proposedBy: { name: 'Nora Whitfield' },
      approvedBy: [{ name: 'Maria Rivera' }, { name: 'Ruth Amsel' }],
    })
    const first = await readDisposed(town.db, records[0]?.id as RecordId)
    expect(first).toMatchObject({ kind: 'post.submission', disposition: ordered })
    expect(content.positions).toContain(String(first?.position))
  })

  test('that was cut off goes on where it was, and is certified once', async () => {
    for (let n = 0; n < 30; n++) await town.closedComment(`Cut off ${n}`)
    const id = await town.orderedRun('comments')
    await owner.query(`create function power_cut() returns trigger language plpgsql as $$ begin
      if (select count(*) from disposed_file where disposition = new.disposition) >= 25 then raise exception 'power cut'; end if;
      return new; end $$`)
    await owner.query(
      'create trigger power_cut before insert on disposed_file for each row execute function power_cut()',
    )
    await expect(dispose(later(), id)).rejects.toThrow('power cut')
    expect(await run(id)).toMatchObject({ state: 'running', counts: { files: 30, disposed: 20 } })
    await owner.query('drop function power_cut cascade')

    await Promise.all([dispose(later(), id), dispose(later(), id)])
    await dispose(later(), id)
    expect(await run(id)).toMatchObject({ state: 'finished', counts: { disposed: 30, disposedRecords: 60 } })
    const certificates = await recordsAbout(town.db, { kind: 'disposition', id })
    expect(certificates.filter((one) => one.kind === 'retention.disposition')).toHaveLength(1)
  })

  test('whose job disappeared is put back into the queue', async () => {
    await town.closedComment('Lost job')
    const id = await town.orderedRun('comments')
    town.installation.jobs.enqueued.length = 0
    let sweep = async () => {}
    await registerRetentionJobs({
      ...town.installation,
      jobs: {
        ...town.installation.jobs,
        every: async (_name, _seconds, work) => {
          sweep = work
        },
      },
    })
    await sweep()
    expect(town.installation.jobs.enqueued).toMatchObject([{ data: { run: id } }])
    await dispose(later(), id)
    town.installation.jobs.enqueued.length = 0
    await sweep()
    expect(town.installation.jobs.enqueued).toEqual([])
  })

  test('keeps a stored file that something else uses, and one that was put again a moment ago', async () => {
    const { blobs } = town.installation
    const first = await town.closedPost('Same picture, first', { image: true })
    const shared = await town.db
      .selectFrom('post_image')
      .select(['blob', 'bytes'])
      .where('post', '=', first)
      .executeTakeFirstOrThrow()
    await town.db.transaction().execute((tx) =>
      append(tx, {
        kind: 'page.edit',
        subject: { kind: 'page', id: town.own },
        by: { kind: 'system' },
        content: {},
        blobs: [{ sha256: shared.blob, bytes: shared.bytes, mediaType: 'image/png', role: 'image' }],
      }),
    )
    await dispose(later(), await town.orderedRun('posts'))
    expect(await blobs.has(shared.blob)).toBe(true)

    const second = await town.closedPost('Put again', { image: true })
    const again = await town.db
      .selectFrom('post_image')
      .select('blob')
      .where('post', '=', second)
      .executeTakeFirstOrThrow()
    await dispose(town.installation, await town.orderedRun('posts'))
    expect(await blobs.has(again.blob)).toBe(true)
  })

  test('shows as a leaf in a bag, which verifies with it, and not without its proof', async () => {
    const gone = await town.closedPost('An anteater was seen')
    const records = (await recordsAbout(town.db, post(gone))).map((one) => one.id)
    await dispose(later(), await town.orderedRun('posts'))
    const kept = (await recordsAbout(town.db, { kind: 'page', id: town.own })).map((one) => one.id)
    await sequence(town.db, town.installation.logKey)
    const folder = await mkdtemp(path.join(tmpdir(), 'plainview-disposed-'))
    await writeBag({ ...town.installation, folder, records: [...kept, ...records], info: {} })
    expect(await verifyBag(folder, town.installation.logKey.verifier)).toMatchObject({
      genuine: true,
      records: kept.length,
      disposed: records.length,
    })
    await rm(folder, { recursive: true, force: true })
  })
})

describe('what stops a run before it begins', () => {
  let subject: { kind: string; id: string }
  beforeAll(async () => {
    subject = post(await town.closedPost('Waiting to be disposed of'))
  })
  const permitted = async () => {
    const id = await town.propose('posts')
    done(
      await enterPermission(town.installation, town.officer, id, { number: 'SPR-1', grantedOn: town.asOf }),
    )
    return id
  }

  test('one approval', async () => {
    const id = await permitted()
    done(await approveDisposition(town.installation, town.chief, id))
    expect(await orderDisposition(town.installation, town.officer, id)).toMatchObject({
      denied: { because: expect.stringContaining('two people'), clauses: ['IV.A.2.iii.1'] },
    })
    await expect(disposeOf(id, subject)).rejects.toThrow('not-on-the-list')
    await owner.query('insert into disposition_order values ($1, $2, now())', [id, town.officer.id])
    await expect(owner.query('insert into disposition_beginning values ($1, now())', [id])).rejects.toThrow(
      'not-approved-by-two',
    )
  })
  test('the same person twice, or the proposer', async () => {
    const id = await town.propose('posts', town.chief)
    expect(await approveDisposition(town.installation, town.chief, id)).toMatchObject({
      denied: { because: expect.stringContaining('proposed') },
    })
    done(await approveDisposition(town.installation, town.ruth, id))
    expect(await approveDisposition(town.installation, town.ruth, id)).toMatchObject({
      denied: { because: expect.stringContaining('two different people') },
    })
    await expect(
      owner.query('insert into disposition_approval values ($1, $2, now())', [id, town.chief.id]),
    ).rejects.toThrow('does not approve it')
  })
  test('a records access officer, an author or a moderator who would approve', async () => {
    const id = await town.propose('posts')
    for (const person of [town.officer, town.author, town.avery])
      expect(await approveDisposition(town.installation, person, id)).toHaveProperty('denied')
    for (const person of [town.author, town.avery])
      expect(
        await proposeDisposition(town.installation, person, { series: 'posts', asOf: town.asOf, note: '' }),
      ).toHaveProperty('denied')
    expect((await recordsAbout(town.db, { kind: 'disposition', id })).map((one) => one.kind)).toEqual([
      'retention.proposal',
      ...Array(3).fill('decision.refusal'),
    ])
  })
  test('three who approve at once: two count, and the third is told', async () => {
    const id = await permitted()
    const answers = await Promise.all(
      [town.chief, town.ruth, town.osei].map((person) => approveDisposition(town.installation, person, id)),
    )
    expect(answers.filter((one) => 'done' in one)).toHaveLength(2)
    expect(answers.find((one) => 'problems' in one)).toMatchObject({
      problems: { form: expect.stringContaining('approved this run already') },
    })
    expect((await run(id)).state).toBe('approved')
  })
  test('a missing permission of the Supervisor', async () => {
    const id = await town.propose('posts')
    done(await approveDisposition(town.installation, town.chief, id))
    done(await approveDisposition(town.installation, town.ruth, id))
    expect(await orderDisposition(town.installation, town.officer, id)).toMatchObject({
      denied: {
        because: expect.stringContaining('Supervisor'),
        wayForward: expect.stringContaining('number'),
      },
    })
    await owner.query('insert into disposition_order values ($1, $2, now())', [id, town.officer.id])
    await expect(owner.query('insert into disposition_beginning values ($1, now())', [id])).rejects.toThrow(
      'no-permission',
    )
  })
  test('a refusal or a cancellation, for good', async () => {
    const refused = await permitted()
    done(await refuseDisposition(town.installation, town.chief, refused, 'Keep the storm of 2012.'))
    expect(await approveDisposition(town.installation, town.ruth, refused)).toMatchObject({
      problems: { form: expect.stringContaining('refused') },
    })
    const cancelled = await town.orderedRun('posts')
    done(await cancelDisposition(town.installation, town.officer, cancelled, 'Too early'))
    await dispose(later(), cancelled)
    expect((await run(cancelled)).state).toBe('cancelled')
    for (const id of [refused, cancelled])
      await expect(
        owner.query('insert into disposition_approval values ($1, $2, now())', [id, town.osei.id]),
      ).rejects.toThrow('has ended')
    expect(await isWhole(subject)).toBe(true)
  })
  test('a cancellation at the moment it begins: one of the two wins', async () => {
    for (let n = 0; n < 5; n++) {
      const id = await town.orderedRun('posts')
      await keepFiles(id)
      const [answer] = await Promise.all([
        cancelDisposition(town.installation, town.officer, id, 'Wait'),
        dispose(later(), id),
      ])
      expect((await run(id)).state).toBe('done' in answer ? 'cancelled' : 'finished')
    }
  })
  test('bad input, with a sentence', async () => {
    const proposed = (series: string, asOf: string) =>
      proposeDisposition(town.installation, town.officer, { series, asOf, note: '' })
    expect(await proposed('pages', town.asOf)).toMatchObject({
      problems: { series: expect.stringContaining('permanently') },
    })
    expect(await proposed('nonsense', town.asOf)).toHaveProperty('problems.series')
    expect(await proposed('posts', '2999-01-01')).toHaveProperty('problems.asOf')
    expect(await proposed('posts', '2018-12-31')).toMatchObject({
      problems: { form: expect.stringContaining('Nothing') },
    })
    const id = await town.propose('posts')
    expect(
      await enterPermission(town.installation, town.officer, id, { number: ' ', grantedOn: town.asOf }),
    ).toHaveProperty('problems.number')
    expect(
      await enterPermission(town.installation, town.officer, id, { number: 'S', grantedOn: '2999-01-01' }),
    ).toHaveProperty('problems.grantedOn')
    expect(await exceptFile(town.installation, town.officer, id, post(newId()), 'x')).toHaveProperty(
      'problems.form',
    )
  })
})

describe('no path disposes of', () => {
  let id: string
  beforeAll(async () => {
    id = await town.closedPost('Held back, whatever happens', { image: true })
  })
  test.each<[string, () => Promise<store.ScopeConditions>]>([
    ['a record', async () => ({ record: await recordOf(id) })],
    ['a thing', async () => ({ subject_kind: 'post', subject_id: id })],
    ['a page', async () => ({ page: town.own })],
    ['a person', async () => ({ person: town.author.id })],
    ['a name in it', async () => ({ mentions: 'whatever HAPPENS' })],
    ['words', async () => ({ words: '"held back"' })],
    [
      'a kind and a time',
      async () => ({
        kind: 'post',
        since: new Date('2012-05-01T00:00Z'),
        until: new Date('2012-05-31T00:00Z'),
      }),
    ],
  ])('what a hold covers by %s, though it was placed after the approval', async (_, scope) => {
    const ordered = await begun('posts')
    const placed = done(await hold(await scope()))
    // Whoever reads the list sees it before anything is carried out.
    expect(await onTheList(ordered, id)).toMatchObject({ hindrance: 'held', exception: null })
    await expect(disposeOf(ordered, post(id))).rejects.toThrow('held')
    // Nor does the owner of the database, by hand.
    await expect(
      owner.query(
        `update record set json = null, salt = null, words = '', by_id = null, by_name = null, clauses = '{}', disposition = $1
         where subject_id = $2`,
        [ordered, id],
      ),
    ).rejects.toThrow('held')
    await dispose(later(), ordered)
    expect(await isWhole(post(id))).toBe(true)
    const exceptions = await store.exceptionsOf(town.db, ordered)
    expect(exceptions.map((one) => one.reason)).toContain('It is on legal hold.')
    await owner.query('insert into hold_release values ($1, $2, $3, now())', [
      placed,
      'Over',
      town.officer.id,
    ])
  })
  test('a record that was made after a hold was placed', async () => {
    const placed = done(await hold({ words: 'pangolin' }))
    const future = await town.closedPost('A pangolin crosses Main Street')
    const ordered = await begun('posts')
    await expect(disposeOf(ordered, post(future))).rejects.toThrow('not-on-the-list')
    expect(await store.hindranceOf(town.db, 'posts', post(future))).toBe('held')
    expect((await store.holdsOn(town.db, post(future))).map((one) => one.id)).toEqual([placed])
    await keepAll(ordered)
    expect(await isWhole(post(future))).toBe(true)
    await release(placed)
  })
  test('anything while a hold is being placed: the disposition waits for it, and sees it', async () => {
    const ordered = await begun('posts')
    const other = new pg.Client({ connectionString: town.installation.url })
    await other.connect()
    await other.query('begin')
    const placed = newId<'hold'>()
    await other.query("insert into hold values ($1, 'Doe v. Millbrook', 'Claim', '', $2, now())", [
      placed,
      town.officer.id,
    ])
    await other.query(
      "insert into hold_scope (id, hold, words, placed_by, placed_at) values ($1, $2, 'whatever happens', $3, now())",
      [newId(), placed, town.officer.id],
    )
    const disposal = disposeOf(ordered, post(id))
    const outcome = disposal.then(
      () => 'destroyed',
      (error: Error) => error.message,
    )
    await waitsForLock()
    await other.query('commit')
    await other.end()
    expect(await outcome).toContain('held')
    expect(await isWhole(post(id))).toBe(true)
    await keepAll(ordered)
    await release(placed)
  })
  test('a record that is being collected for a request, or that an open one or an unreleased production needs', async () => {
    const request = await town.oldRequest('Everything about holding back', { open: true })
    const ordered = await begun('posts')
    const other = new pg.Client({ connectionString: town.installation.url })
    await other.connect()
    await other.query('begin')
    await other.query('insert into request_record values ($1, $2, $3, now())', [
      request,
      await recordOf(id),
      town.officer.id,
    ])
    const outcome = disposeOf(ordered, post(id)).then(
      () => 'destroyed',
      (error: Error) => error.message,
    )
    await waitsForLock()
    await other.query('commit')
    await other.end()
    expect(await outcome).toContain('in-open-request')
    await owner.query(
      `insert into request_final_answer (id, request_id, outcome, answer, by, at, closed_on) values ($1, $2, 'provided', 'Here', $3, now(), current_date)`,
      [newId(), request, town.officer.id],
    )
    const production = newId()
    await owner.query(
      'insert into production (id, request_id, by, at, release_when_ready, records) values ($1, $2, $3, now(), false, 1)',
      [production, request, town.officer.id],
    )
    await owner.query('insert into production_record values ($1, $2)', [production, await recordOf(id)])
    await expect(disposeOf(ordered, post(id))).rejects.toThrow('in-unreleased-production')
    await owner.query('update production set cancelled_at = now() where id = $1', [production])
    expect(await store.hindranceOf(town.db, 'posts', post(id))).toBeNull()
    await keepAll(ordered)
  })
  test('a request that was answered, until an order opened it again', async () => {
    const request = await town.oldRequest('Opened again', { open: true, reopened: true })
    expect(await store.hindranceOf(town.db, 'requests', { kind: 'request', id: request })).toBe('in-use')
  })
  test('a post that is on a page, one whose period is not over, or a record that is not in the log', async () => {
    const live = await town.oldPost('Still on the page')
    await town.settled()
    expect(await store.hindranceOf(town.db, 'posts', post(live))).toBe('in-use')
    const young = await town.closedPost('Young', { year: new Date().getFullYear() - 6 })
    expect(await store.hindranceOf(town.db, 'posts', post(young))).toBe('not-due')
    const late = await town.closedPost('One more record')
    await town.db.transaction().execute((tx) =>
      append(tx, {
        kind: 'post.return',
        subject: post(late),
        by: { kind: 'system' },
        content: {},
        at: new Date('2012-06-01T00:00:00Z'),
      }),
    )
    const ordered = await town.propose('posts').then(run)
    expect(await store.hindranceOf(town.db, 'posts', post(late))).toBe('not-in-log')
    await expect(disposeOf(ordered.id, post(late))).rejects.toThrow('not-on-the-list')
    await town.settled()
    expect(await store.hindranceOf(town.db, 'posts', post(late))).toBeNull()
  })
  test.each(['pages', 'decisions', 'people', 'retention', 'unclassified'])(
    'anything of the permanent series %s',
    async (series) => {
      const ordered = newId<'disposition'>()
      const { rows } = await owner.query(
        'select id, subject_kind as kind, subject_id as subject from record where series_of(kind) = $1 limit 1',
        [series],
      )
      const subject = rows[0] ? { kind: rows[0].kind, id: rows[0].subject } : post(id)
      await owner.query("insert into disposition values ($1, $2, '2026-01-01', '', $3, now())", [
        ordered,
        series,
        town.officer.id,
      ])
      await owner.query("insert into disposition_file values ($1, $2, $3, 1, now(), now(), '2019-01-01')", [
        ordered,
        subject.kind,
        subject.id,
      ])
      for (const person of [town.chief, town.ruth])
        await owner.query('insert into disposition_approval values ($1, $2, now())', [ordered, person.id])
      await owner.query('insert into disposition_order values ($1, $2, now())', [ordered, town.officer.id])
      await owner.query('insert into disposition_beginning values ($1, now())', [ordered])
      await expect(disposeOf(ordered, subject)).rejects.toThrow(/permanent|copies-unknown|nothing-left/)
      if (rows[0])
        await expect(
          owner.query(
            `update record set json = null, salt = null, words = '', by_id = null, by_name = null, clauses = '{}', disposition = $1 where subject_id = $2`,
            [ordered, subject.id],
          ),
        ).rejects.toThrow(/permanent|not-on-the-list/)
    },
  )
  test('a file that was taken off the list, or never was on it', async () => {
    const ordered = await town.propose('posts')
    done(await exceptFile(town.installation, town.chief, ordered, post(id), 'History of the town'))
    expect(await exceptFile(town.installation, town.chief, ordered, post(id), 'Twice')).toHaveProperty(
      'problems.form',
    )
    done(await approveDisposition(town.installation, town.chief, ordered))
    await expect(
      owner.query("insert into disposition_file values ($1, 'post', $2, 1, now(), now(), '2019-01-01')", [
        ordered,
        newId(),
      ]),
    ).rejects.toThrow('Nothing can be added')
    done(await approveDisposition(town.installation, town.ruth, ordered))
    done(
      await enterPermission(town.installation, town.officer, ordered, { number: 'S', grantedOn: town.asOf }),
    )
    done(await orderDisposition(town.installation, town.officer, ordered))
    await town.db.transaction().execute((tx) => store.insertBeginning(tx, ordered, new Date()))
    await expect(disposeOf(ordered, post(id))).rejects.toThrow('not-on-the-list')
    await dispose(later(), ordered)
    expect(await isWhole(post(id))).toBe(true)
  })
  test('anything in a transaction that sees an older database', async () => {
    const ordered = await begun('posts')
    for (const level of ['repeatable read', 'serializable'] as const)
      await expect(
        town.db
          .transaction()
          .setIsolationLevel(level)
          .execute((tx) => store.disposeOfFile(tx, ordered, post(id))),
      ).rejects.toThrow('read committed')
    await keepAll(ordered)
  })
  test('anything through a table of the same name that an attacker puts in front', async () => {
    const ordered = await begun('posts')
    const placed = done(await hold({ subject_kind: 'post', subject_id: id }))
    const shadowed = town.db.transaction().execute(async (tx) => {
      await sql`create temporary table hold_scope (like hold_scope) on commit drop`.execute(tx)
      await sql`create temporary table held_record (hold uuid) on commit drop`.execute(tx)
      await store.disposeOfFile(tx, ordered, post(id))
    })
    await expect(shadowed).rejects.toThrow('held')
    await keepAll(ordered)
    expect(await isWhole(post(id))).toBe(true)
    await release(placed)
  })
  test.each([
    "update record set json = null, salt = null, words = '', disposition = gen_random_uuid()",
    'delete from record',
    'delete from record_blob',
    'delete from hold_scope',
    "update hold_scope set words = 'nothing'",
    'delete from hold',
    'update hold_release set hold = gen_random_uuid()',
    'update retention_series set years = 1',
    "insert into retention_kind values ('page.edit', 'posts')",
    "insert into retention_subject values ('page', 'page', 'page')",
    'insert into disposed_file select disposition, subject_kind, subject_id, 1, now() from disposition_file',
    'delete from disposition_exception',
    'update disposition set series = $$posts$$',
    "update disposition_file set subject_id = 'x'",
    'select destroy_post(gen_random_uuid())',
    'alter table record disable trigger record_disposed_lawfully',
    'create or replace function file_hindrance(text, text, text) returns text language sql as $$ select null $$',
    'create or replace view held_record as select null',
  ])('anything by “%s”', async (statement) => {
    await expect(town.installation.pool.query(statement)).rejects.toThrow(/permission denied|must be owner/)
  })
  test('a row of the archive, not even the database’s owner', async () => {
    await expect(owner.query('delete from record where subject_id = $1', [id])).rejects.toThrow(
      'never deleted',
    )
    await expect(
      owner.query('update record set json = null, salt = null where subject_id = $1', [id]),
    ).rejects.toThrow('record_destroyed_as_a_whole')
  })
})

/** Takes every file off a run. */
const keepFiles = (id: store.DispositionId) =>
  owner.query(
    `insert into disposition_exception select disposition, subject_kind, subject_id, 'For the next test', null, now()
     from disposition_file where disposition = $1 on conflict do nothing`,
    [id],
  )
/** Ends a run without destroying anything, so that the next test begins with all of it. */
async function keepAll(id: store.DispositionId) {
  await keepFiles(id)
  await dispose(later(), id)
}
const release = (id: store.HoldId) =>
  owner.query('insert into hold_release values ($1, $2, $3, now())', [id, 'Over', town.officer.id])

/** Until a session of this database waits for a lock. */
async function waitsForLock() {
  for (;;) {
    const { rows } = await owner.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    if (rows.length > 0) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('what knows of copies and files', () => {
  test('every table that hangs on a post, comment or request and holds words is destroyed with it, or said to hold none', async () => {
    const without: Record<string, string> = {
      production_certificate: 'who signs, and a hash',
      request_petition: 'names of factors from the pack',
      request_pause: 'names of reasons from the pack',
      request_code: 'a random code, which opens an empty request from now on',
      disposition_file: 'ids only',
      comment_look: 'names of a model and of a language',
      automatic_review: 'sample, near or neither',
      second_look: 'the month of a sample',
      second_look_judgement: 'keep or hide, and a reason of the pack',
      comment_suggestion: 'places in the comment’s words, and sentences of the pack',
    }
    const { rows } = await owner.query<{ name: string }>(`
      with recursive reach as (
        select c.oid from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname in ('post', 'comment', 'request')
        union
        select k.conrelid from pg_constraint k join reach r on k.confrelid = r.oid where k.contype = 'f')
      select distinct c.relname as name from reach r join pg_class c on c.oid = r.oid
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_type t on t.oid = a.atttypid
      where t.typname in ('text', 'jsonb', 'json', 'bytea', '_text', 'varchar')`)
    const { rows: functions } = await owner.query<{ source: string }>(
      "select prosrc as source from pg_proc where proname ~ '^(destroy_|dispose_of_file)'",
    )
    const source = functions.map((one) => one.source).join('\n')
    const forgotten = rows
      .map((row) => row.name)
      .filter((name) => !without[name] && !new RegExp(`(update|delete from) ${name}\\b`).test(source))
    expect(forgotten).toEqual([])
  })
  test('every column that names a stored file is asked before one is deleted', async () => {
    const { rows } = await owner.query<{ name: string }>(`
      select distinct table_name as name from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where table_schema = 'public' and table_type = 'BASE TABLE'
        and (column_name ~ '(^|_)(blob|sha256|images)$')`)
    const { rows: functions } = await owner.query<{ source: string }>(
      "select prosrc as source from pg_proc where proname = 'blob_in_use'",
    )
    // A production's own hash is that of its parts together; those of a certificate and an import are of files that
    // are not stored; a disposed file is on its way out.
    const known = ['production_bag', 'production_certificate', 'import', 'disposed_blob']
    expect(
      rows
        .map((row) => row.name)
        .filter((name) => !known.includes(name) && !functions[0]?.source.includes(`from ${name}`)),
    ).toEqual([])
  })
})

describe('series', () => {
  test('every kind of record belongs to one that names it, here and in the database', async () => {
    const series = kinds.map(({ kind }) => seriesOf(town.installation.policy.retention, kind))
    expect(kinds.filter((_, n) => series[n]?.others).map(({ kind }) => kind)).toEqual([])
    const { rows } = await owner.query('select series_of(kind) as series from unnest($1::text[]) as kind', [
      kinds.map(({ kind }) => kind),
    ])
    expect(rows.map((row) => row.series)).toEqual(series.map((one) => one.id))
  })
  test('what nobody has classified is kept', () => {
    const series = seriesOf(town.installation.policy.retention, 'balloon.ascent')
    expect(series).toMatchObject({ others: true, keep: 'permanently' })
  })
  test.each([
    ['end-of-year', '2019-05-05T12:00:00Z', '2026-01-01'],
    // In Massachusetts the year is not over yet.
    ['end-of-year', '2020-01-01T02:00:00Z', '2026-01-01'],
    ['day', '2020-02-29T12:00:00Z', '2026-03-01'],
    ['day', '2019-12-31T12:00:00Z', '2026-01-01'],
  ])('six years counted by %s from %s are over on %s', async (counted, event, day) => {
    const { rows } = await owner.query('select disposable_from(6, $1, $2)::text as day', [counted, event])
    expect(rows[0].day).toBe(day)
  })
})

test('Today shows a run to those who may take its next step, and to nobody else', async () => {
  await town.closedPost('Shown on Today')
  const id = await town.propose('posts')
  const seen = async (person: Person) =>
    (await waitingFor(town.db, person, town.installation.policy))
      .filter((one) => one.href.endsWith(id))
      .map((one) => one.title.split(' ')[0])
  expect(await seen(town.chief)).toEqual(['Read'])
  expect(await seen(town.officer)).toEqual([])
  expect(await seen(town.author)).toEqual([])
  done(await approveDisposition(town.installation, town.chief, id))
  expect(await seen(town.chief)).toEqual([])
  done(await approveDisposition(town.installation, town.ruth, id))
  expect(await seen(town.officer)).toEqual(['Carry'])
})

test('collecting a record that is gone adds nothing to a request', async () => {
  const gone = await town.closedPost('Too late to collect')
  const record = await recordOf(gone)
  await dispose(later(), await town.orderedRun('posts'))
  const request: RequestId = await town.oldRequest('All of it', { open: true })
  expect(await collect(town.installation, town.officer, request, [record])).toMatchObject({
    done: 0,
  })
})

test('a certificate that does not name what is gone does not verify', async () => {
  const gone = await town.closedPost('Made to vanish')
  const record = await recordOf(gone)
  const ordered = await town.orderedRun('posts')
  await dispose(later(), ordered)
  const other = await town.closedPost('Made to vanish too')
  await owner.query('alter table record disable trigger record_disposed_lawfully')
  await owner.query(
    `update record set json = null, salt = null, words = '', by_id = null, by_name = null, clauses = '{}', disposition = $1 where subject_id = $2`,
    [ordered, other],
  )
  await owner.query('alter table record enable trigger record_disposed_lawfully')
  expect(record).toBeTruthy()
  expect(await verifyLog(town.db, town.installation.logKey.verifier)).toMatchObject({
    genuine: false,
    problem: expect.stringContaining('does not name it'),
  })
})
