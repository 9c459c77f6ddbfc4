import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { done, town as fakeTown } from '../../test/town.ts'
import { recordsAbout } from '../archive/archive.ts'
import type { CaptureId } from '../storage/ids.ts'
import { newId } from '../storage/ids.ts'
import { queueOrders, registerCaptureJobs } from './capture.job.ts'
import { findBrowser } from './chromium.ts'
import { captureQueue, orderCapture, orderOnMachine, retryCapture, type Wanted } from './order.ts'
import { captureById } from './store.ts'

let town: Awaited<ReturnType<typeof fakeTown>>
let folder: string
/** There is a file, and it is no browser: what a broken installation of Chromium is like. */
const broken = { path: import.meta.filename }
const anywhere = { kind: 'address' } as const

beforeAll(async () => {
  town = await fakeTown()
  folder = await mkdtemp(path.join(tmpdir(), 'plainview-captures-'))
  town.installation.browser = broken
  await registerCaptureJobs(town.installation, { folder })
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(() => {
  town.installation.browser = broken
})

const ask = (address: string, person = town.chief, wanted: Wanted = anywhere) =>
  orderCapture(town.installation, person, { wanted, address, reason: 'A complaint names this page.' })
const state = async (id: CaptureId) => (await captureById(town.db, id))?.state
const kindsOf = async (id: CaptureId) =>
  (await recordsAbout(town.db, { kind: 'capture', id })).map(({ kind }) => kind)
const run = () => town.installation.jobs.run(captureQueue)

describe('asking for a capture', () => {
  test('leaves a record of who asked, for what and why, and one job', async () => {
    const id = done(await ask('https://example.org/asked'))
    expect(await kindsOf(id)).toEqual(['capture.order'])
    expect(town.installation.jobs.enqueued.filter(({ queue }) => queue === captureQueue)).toEqual([
      { queue: captureQueue, data: { capture: id }, key: id },
    ])
    await run()
  })

  test('two people who ask for the same address at once get one capture', async () => {
    const asked = await Promise.all([
      ask('https://example.org/both', town.chief),
      ask('https://example.org/both', town.osei),
    ])
    const [first, second] = asked.map(done)
    expect(first).toBe(second)
    expect(await run()).toBe(1)
  })

  test('a post is captured only where it can be seen, and any address only with a reason', async () => {
    const nowhere = await ask('https://fake.example/other', town.pio, { kind: 'page', id: town.page })
    expect(nowhere).toEqual({ problems: { address: expect.stringMatching(/any more/) } })
    const why = await orderCapture(town.installation, town.chief, {
      wanted: anywhere,
      address: 'https://example.org/',
      reason: ' ',
    })
    expect(why).toEqual({ problems: { reason: expect.stringMatching(/Say why/) } })
  })

  test('an official page may be captured by whoever answers for pages, another address not', async () => {
    const id = done(await ask('https://fake.example/town', town.pio, { kind: 'page', id: town.page }))
    expect(await captureById(town.db, id)).toMatchObject({ page: town.page, state: 'waiting' })
    const answer = await ask('https://example.org/else', town.pio)
    expect(answer).toMatchObject({ denied: { rules: ['capture-other-addresses'] } })
    const refusals = await town.db
      .selectFrom('record')
      .select('subject_kind')
      .where('kind', '=', 'decision.refusal')
      .execute()
    expect(refusals).toContainEqual({ subject_kind: 'capture' })
    await run()
  })

  test('without a browser the answer says what to install, and nothing is left waiting', async () => {
    town.installation.browser = await findBrowser('/nowhere/chromium')
    const answer = await ask('https://example.org/no-browser')
    expect(answer).toEqual({ problems: { form: expect.stringMatching(/PLAINVIEW_CHROMIUM/) } })
    expect(await run()).toBe(0)
  })
})

describe('on the command line of the machine', () => {
  const order = (address: string, reason = '') => orderOnMachine(town.installation, { address, reason })

  test('the operator has an official page captured, which the running server finds without a queue', async () => {
    const id = done(await order('https://fake.example/town'))
    expect(await captureById(town.db, id)).toMatchObject({
      page: town.page,
      askedBy: null,
      askedByName: 'The command line',
      state: 'waiting',
    })
    expect(done(await order('https://fake.example/town'))).toBe(id)
    expect(await run()).toBe(0)
    await queueOrders(town.installation)
    expect(await run()).toBe(1)
    expect(await kindsOf(id)).toEqual(['capture.order', 'capture.failure'])
    await queueOrders(town.installation)
    expect(await run()).toBe(0)
  })

  test('any other address needs a reason', async () => {
    expect(await order('https://example.org/fair')).toEqual({
      problems: { reason: expect.stringMatching(/--reason/) },
    })
    expect(await order('not an address')).toHaveProperty('problems.address')
    const id = done(await order('https://example.org/fair', 'A complaint names it.'))
    expect(await captureById(town.db, id)).toMatchObject({ page: null, reason: 'A complaint names it.' })
    await queueOrders(town.installation)
    await run()
  })
})

describe('a capture that fails', () => {
  test('says why, is a record, leaves no files, and can be tried again', async () => {
    const id = done(await ask('https://example.org/fails'))
    await run()
    expect(await captureById(town.db, id)).toMatchObject({
      state: 'failed',
      failedBecause: expect.stringMatching(/did not start/),
      record: null,
    })
    expect(await readdir(folder)).toEqual([])
    expect(done(await retryCapture(town.installation, town.osei, id))).toBe(id)
    expect(await state(id)).toBe('waiting')
    expect(await captureById(town.db, id)).toMatchObject({ askedByName: 'Dana Osei' })
    await run()
    expect(await kindsOf(id)).toEqual([
      'capture.order',
      'capture.failure',
      'capture.order',
      'capture.failure',
    ])
  })

  test('tried again by two people becomes one capture, also when somebody asked anew meanwhile', async () => {
    const id = done(await ask('https://example.org/again'))
    await run()
    const anew = done(await ask('https://example.org/again'))
    expect(anew).not.toBe(id)
    expect(done(await retryCapture(town.installation, town.chief, id))).toBe(anew)
    expect(await run()).toBe(1)
    const both = await Promise.all(
      [town.chief, town.osei].map((one) => retryCapture(town.installation, one, anew)),
    )
    expect(both.map(done)).toEqual([anew, anew])
    expect(await run()).toBe(1)
  })

  test('whose process died is begun anew, but not for ever', async () => {
    const id = done(await ask('https://example.org/kills'))
    const dead = { begun: 3, begun_at: new Date() }
    await town.db.updateTable('capture').set(dead).where('id', '=', id).execute()
    await run()
    expect(await captureById(town.db, id)).toMatchObject({
      state: 'failed',
      failedBecause: expect.stringMatching(/stopped each time/),
    })
  })

  test('a job for a capture that ended, or never was, does nothing', async () => {
    const id = done(await ask('https://example.org/ended'))
    await run()
    const before = await kindsOf(id)
    await town.db.transaction().execute(async (tx) => {
      await town.installation.jobs.enqueue(tx, captureQueue, { capture: id })
      await town.installation.jobs.enqueue(tx, captureQueue, { capture: newId() })
    })
    expect(await run()).toBe(2)
    expect(await kindsOf(id)).toEqual(before)
  })
})
