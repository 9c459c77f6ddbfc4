import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { nameDepartment } from '../../test/department.ts'
import { square, told } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import type { CommentId } from '../storage/ids.ts'
import { caseByCode, decideAppeal, fileAppeal } from './appeal.ts'
import * as appeals from './appeal-store.ts'
import { agreeToBlock, blocksFor, endBlock, endBlocksDue, proposeBlock, refuseBlock } from './block.ts'
import { blockById, isInForce } from './block-store.ts'
import { carryCall } from './call.job.ts'
import { submitComment } from './capture.ts'
import { hideComment, restoreComment } from './moderation.ts'
import { openCode } from './notice.ts'

let here: Awaited<ReturnType<typeof square>>
let owner: pg.Client
beforeAll(async () => {
  here = await square()
  await nameDepartment(here.db)
  Object.assign(here.fake.platform.capabilities, { blocks: { alsoDoes: 'They can’t read it either.' } })
  owner = new pg.Client({ connectionString: here.installation.ownerUrl })
  await owner.connect()
})
afterAll(() => owner.end())
beforeEach(() => {
  here.remote.calls.length = 0
  here.remote.trouble = null
  here.installation.jobs.enqueued.length = 0
  here.setClock(null)
})

const proposal = { reason: 'repeated-removals', days: 14, narrower: 'A new advertisement comes each hour.' }
const later = (days: number) => here.setClock(new Date(Date.now() + days * 86_400_000))
let addresses = 0
const address = () => `203.0.114.${addresses++}`
let authors = 0

/** Somebody on the other platform, of whose comments so many were hidden; the newest comes first. */
async function author(removals: number) {
  const { on, installation, db, avery } = here
  const name = `did:fake:author-${authors++}`
  const author = { remoteId: name, handle: `${name}.example` }
  const spam = Array.from({ length: removals }, (_, n) =>
    told(on, `${name}-${n}`, `Cheap phones number ${n}`, { author }),
  )
  await here.arrive(...spam)
  const rows = await db.selectFrom('comment').select('id').where('author_remote_id', '=', name).execute()
  for (const { id } of rows)
    done(await hideComment(installation, avery, id, { revision: 1, reason: 'off-topic' }))
  installation.jobs.enqueued.length = 0
  return { name, comments: rows.map(({ id }) => id), first: rows[0]?.id as CommentId }
}
async function blocked(removals = 3) {
  const someone = await author(removals)
  const block = done(await proposeBlock(here.installation, here.avery, someone.first, proposal))
  done(await agreeToBlock(here.installation, here.quinn, block))
  return { ...someone, block }
}
const kinds = async (id: CommentId) =>
  (await here.kindsOf(id)).filter((kind) => kind.startsWith('comment.block'))
const runCalls = () => here.installation.jobs.run('comment.call')

describe('a block', () => {
  test('rests on removals that stand: those taken back, under appeal or too old don’t count', async () => {
    const { installation, avery, quinn } = here
    const { first, comments } = await author(3)
    expect(
      await proposeBlock(installation, avery, first, { ...proposal, reason: 'disagreeable' }),
    ).toMatchObject({
      denied: { because: expect.stringMatching(/only for a reason that the policy gives/) },
    })
    expect(await proposeBlock(installation, avery, first, { ...proposal, days: 31 })).toMatchObject({
      denied: { because: expect.stringMatching(/not a later one/) },
    })
    const [one, two] = comments as [CommentId, CommentId]
    done(await restoreComment(installation, quinn, one, { revision: (await here.commentRow(one)).revision }))
    const tooFew = { denied: { because: expect.stringMatching(/too few/) } }
    expect(await proposeBlock(installation, avery, first, proposal)).toMatchObject(tooFew)
    done(
      await hideComment(installation, avery, one, {
        revision: (await here.commentRow(one)).revision,
        reason: 'off-topic',
      }),
    )
    const { code_sealed } = await here.db
      .selectFrom('comment_notice')
      .select('code_sealed')
      .where('comment', '=', two)
      .executeTakeFirstOrThrow()
    done(
      await fileAppeal(
        installation,
        { code: openCode(installation, code_sealed ?? ''), text: 'Why?' },
        address(),
      ),
    )
    expect(await proposeBlock(installation, avery, first, proposal)).toMatchObject(tooFew)
    const appeal = (await appeals.appealOn(here.db, two))?.id ?? ''
    done(await decideAppeal(installation, quinn, appeal, { outcome: 'upheld', reasons: 'It sells phones.' }))
    expect(await proposeBlock(installation, avery, first, { ...proposal, narrower: ' ' })).toMatchObject({
      problems: { narrower: expect.stringMatching(/single comments/) },
    })
    later(91)
    expect(await proposeBlock(installation, avery, first, proposal)).toMatchObject(tooFew)
    here.setClock(null)
    expect(await proposeBlock(installation, avery, first, proposal)).toHaveProperty('done')
  })

  test('takes two people, in the database too', async () => {
    const { installation, avery, quinn, pio } = here
    const { first } = await author(3)
    const block = done(await proposeBlock(installation, avery, first, proposal))
    expect(await agreeToBlock(installation, avery, block)).toMatchObject({
      denied: { because: expect.stringMatching(/second person/) },
    })
    await expect(
      owner.query("insert into comment_block_agreement values ($1, $2, now(), now() + interval '1 day')", [
        block,
        avery.id,
      ]),
    ).rejects.toThrow('nobody blocks an author alone')
    expect(await runCalls()).toBe(0)
    expect((await blocksFor(installation, quinn)).map(({ href }) => href)).toContain(
      `/console/blocks/${block}`,
    )
    expect((await blocksFor(installation, avery)).map(({ href }) => href)).not.toContain(
      `/console/blocks/${block}`,
    )
    expect(await blocksFor(installation, here.author)).toEqual([])

    const answers = await Promise.all([quinn, pio].map((who) => agreeToBlock(installation, who, block)))
    expect(answers.filter((one) => 'done' in one)).toHaveLength(1)
    expect(answers.find((one) => 'problems' in one)).toMatchObject({
      problems: { form: expect.stringMatching(/agreed to this a moment ago/) },
    })
    expect(await proposeBlock(installation, avery, first, proposal)).toMatchObject({
      problems: { form: expect.stringMatching(/blocked already/) },
    })
  })

  test('is not agreed to when its ground is gone, and a refused one can’t come into force', async () => {
    const { installation, avery, quinn } = here
    const { first } = await author(3)
    const block = done(await proposeBlock(installation, avery, first, proposal))
    done(
      await restoreComment(installation, quinn, first, { revision: (await here.commentRow(first)).revision }),
    )
    expect(await agreeToBlock(installation, quinn, block)).toMatchObject({
      denied: { because: expect.stringMatching(/too few/) },
    })
    done(await refuseBlock(installation, quinn, block, 'One of them is back.'))
    expect(await agreeToBlock(installation, here.pio, block)).toMatchObject({
      problems: { form: expect.stringMatching(/did not agree/) },
    })
    expect(await kinds(first)).toEqual(['comment.block-proposal', 'comment.block-refusal'])
  })

  test('is carried out on the platform, ends on its day by itself, each once, whatever dies on the way', async () => {
    const { installation, remote } = here
    const { first, name, block } = await blocked()
    const [job] = installation.jobs.enqueued.filter(({ queue }) => queue === 'comment.call')
    const { call } = (job?.data as { call: string }) ?? {}
    remote.trouble = new Error('power cut')
    await expect(carryCall(installation, call)).rejects.toThrow('power cut')
    await runCalls()
    expect([...remote.blocked.values()]).toContain(name)

    await endBlocksDue(installation)
    expect((await blockById(here.db, block))?.end).toBeNull()
    later(14.01)
    await Promise.all([endBlocksDue(installation), endBlocksDue(installation)])
    await endBlocksDue(installation)
    await runCalls()
    expect(remote.calls.filter((one) => one === `unblock ${name}`)).toHaveLength(1)
    expect([...remote.blocked.values()]).not.toContain(name)
    expect(await blockById(here.db, block)).toMatchObject({ end: { cause: 'date', byName: null } })
    expect(await kinds(first)).toEqual([
      'comment.block-proposal',
      'comment.block',
      'comment.block-effect',
      'comment.block-end',
      'comment.block-effect',
    ])
  })

  test('where a message tells of it, is carried out once its author was told, or could not be in time', async () => {
    const { installation, remote, fake } = here
    Object.assign(fake.platform.capabilities, { notices: { max: 1000, unit: 'graphemes' } })
    onTestFinished(() => {
      Object.assign(fake.platform.capabilities, { notices: undefined })
    })
    const callsAbout = (name: string) => remote.calls.filter((call) => call.endsWith(` ${name}`))
    const reversed = () =>
      installation.jobs.enqueued
        .filter(({ queue }) => queue === 'comment.call')
        .reverse()
        .map(({ data }) => (data as { call: string }).call)
    const { name } = await blocked()
    const [blocking, telling] = reversed()
    if (!blocking || !telling) throw new Error('Nothing is to be carried.')
    await carryCall(installation, blocking)
    expect(callsAbout(name)).toEqual([])
    await carryCall(installation, telling)
    await carryCall(installation, blocking)
    expect(callsAbout(name)).toEqual([`tell ${name}`, `block ${name}`])

    const other = await blocked()
    const [late] = reversed()
    await carryCall(installation, late ?? '')
    expect(callsAbout(other.name)).toEqual([])
    later(16 / (24 * 60))
    await carryCall(installation, late ?? '')
    expect(callsAbout(other.name)).toEqual([`block ${other.name}`])
  })

  test('that ended before the platform was reached is never set there, and a newer one stays', async () => {
    const { installation, remote, quinn, avery } = here
    const { first, name, block } = await blocked()
    done(await endBlock(installation, quinn, block, 'They asked us to.'))
    // The end overtook the beginning.
    const waiting = installation.jobs.enqueued.filter(({ queue }) => queue === 'comment.call').reverse()
    const second = done(await proposeBlock(installation, avery, first, proposal))
    done(await agreeToBlock(installation, quinn, second))
    await runCalls()
    for (const { data } of waiting) await carryCall(installation, (data as { call: string }).call)
    expect([...remote.blocked.values()].filter((one) => one === name)).toHaveLength(1)
    expect(remote.calls.filter((call) => call.includes(name))).toEqual([`block ${name}`])
  })

  test('on the own page is of a browser: its comments are not taken, others’ are, and it hears why and how to appeal', async () => {
    const { installation, avery, quinn } = here
    const { comment, token } = done(await submitComment(installation, here.submission('Cheap phones one')))
    const more = { token, clientAddress: address() }
    const ids = [comment]
    for (const text of ['Cheap phones two', 'Cheap phones three'])
      ids.push(done(await submitComment(installation, here.submission(text, more))).comment)
    for (const id of ids)
      if (id) done(await hideComment(installation, avery, id, { revision: 1, reason: 'off-topic' }))
    const block = done(await proposeBlock(installation, avery, comment as CommentId, proposal))
    done(await agreeToBlock(installation, quinn, block))
    const refused = await submitComment(installation, here.submission('Cheap phones four', more))
    const sentence = 'problems' in refused ? (refused.problems.form ?? '') : ''
    expect(sentence).toMatch(/not taken here until .* Repeated removals \(policy IV\.A\.2\.iv\.1\).*appeal/)
    expect(await submitComment(installation, here.submission('Is the shelter open?'))).toHaveProperty('done')

    // The code in that sentence opens the appeal; a third person ends the block.
    const code = /Code for the appeal: (\S+),/.exec(sentence)?.[1] ?? ''
    expect(await caseByCode(installation, code)).toMatchObject({
      contested: { kind: 'block' },
      stands: true,
      words: null,
    })
    done(await fileAppeal(installation, { code, text: 'It was my son.' }, address()))
    const appeal = (await appeals.appealOn(here.db, comment as CommentId))?.id ?? ''
    for (const who of [avery, quinn])
      expect(
        await decideAppeal(installation, who, appeal, { outcome: 'upheld', reasons: 'x' }),
      ).toHaveProperty('denied')
    done(
      await decideAppeal(installation, here.osei, appeal, { outcome: 'reversed', reasons: 'He said sorry.' }),
    )
    expect(await blockById(here.db, block)).toMatchObject({ end: { cause: 'appeal' } })
    expect(await submitComment(installation, here.submission('Sorry for the phones.', more))).toHaveProperty(
      'done',
    )
  })

  test('is over at its last moment, even before the job has come by', () => {
    const agreement = { by: here.quinn.id, byName: '', at: new Date(0), endsAt: new Date(1000) }
    expect(isInForce({ agreement, end: null }, new Date(999))).toBe(true)
    expect(isInForce({ agreement, end: null }, new Date(1000))).toBe(false)
    expect(isInForce({ agreement: null, end: null }, new Date(0))).toBe(false)
    expect(isInForce(null, new Date(0))).toBe(false)
  })

  test('is not offered where no page can block', async () => {
    const { capabilities } = here.fake.platform
    const before = capabilities.blocks
    Object.assign(capabilities, { blocks: undefined })
    const { first } = await author(3)
    expect(await proposeBlock(here.installation, here.avery, first, proposal)).toMatchObject({
      problems: { form: expect.stringMatching(/lets no page block/) },
    })
    Object.assign(capabilities, { blocks: before })
  })
})
