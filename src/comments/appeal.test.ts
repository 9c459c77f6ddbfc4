import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { nameDepartment } from '../../test/department.ts'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { exchangeOf } from '../../test/warc.ts'
import type { CommentId } from '../storage/ids.ts'
import {
  appealsFor,
  caseByCode,
  decideAppeal,
  fileAppeal,
  fileAppealByAddress,
  isOverdue,
  whoMayDecide,
} from './appeal.ts'
import * as store from './appeal-store.ts'
import { carryCall, sweepCalls } from './call.job.ts'
import { submitComment } from './capture.ts'
import { cardsOf } from './card.ts'
import { conversationUnder } from './conversation.ts'
import { hideComment, restoreComment } from './moderation.ts'
import { noticeMissing, noticeText, openCode } from './notice.ts'

let here: Awaited<ReturnType<typeof square>>
let owner: pg.Client
beforeAll(async () => {
  here = await square()
  await nameDepartment(here.db)
  owner = new pg.Client({ connectionString: here.installation.ownerUrl })
  await owner.connect()
})
afterAll(() => owner.end())
beforeEach(() => {
  here.remote.calls.length = 0
  here.remote.told.length = 0
  here.remote.trouble = null
  here.installation.jobs.enqueued.length = 0
  here.setClock(null)
  carriesNotices(false)
})

const carriesNotices = (yes: boolean) =>
  Object.assign(here.fake.platform.capabilities, {
    notices: yes ? { max: 1000, unit: 'graphemes' } : undefined,
  })

let visitors = 0
const address = () => `198.51.100.${visitors++}`
let spam = 0
const spamText = () => `Cheap phones at phones${spam++}.example`

async function remoteComment(): Promise<CommentId> {
  const name = `appeal-${spam}`
  const url = `https://fake.example/c/${name}`
  return (await here.commentedThere(`fake:${name}`, spamText(), { url })).id
}
const hide = async (id: CommentId, who = here.avery) =>
  hideComment(here.installation, who, id, {
    revision: (await here.commentRow(id)).revision,
    reason: 'off-topic',
  })

/** A hidden comment of the own page, and the code that its author has. */
async function hidden() {
  const id = await here.commented(spamText())
  expect(await hide(id)).toEqual({ done: 'hidden' })
  return { id, code: await codeFor(id) }
}
async function codeFor(id: CommentId) {
  const row = await here.db
    .selectFrom('comment_notice')
    .select('code_sealed')
    .where('comment', '=', id)
    .where('about', '=', 'removal')
    .orderBy('at', 'desc')
    .executeTakeFirstOrThrow()
  return openCode(here.installation, row.code_sealed ?? '')
}
async function appealed(text = 'It was about the shelter.') {
  const { id, code } = await hidden()
  done(await fileAppeal(here.installation, { code, text }, address()))
  const appeal = (await store.appealOn(here.db, id))?.id ?? ''
  return { id, code, appeal }
}
const contents = async (id: CommentId, kind: string) =>
  (
    await here.db
      .selectFrom('record')
      .select('json')
      .where('subject_id', '=', id)
      .where('kind', '=', kind)
      .orderBy('id')
      .execute()
  ).map(({ json }) => JSON.parse(json ?? '{}').content)

describe('the notice', () => {
  test('of the own page stands in place of the comment, with the code only for the browser it was written with', async () => {
    const { installation, avery, storm } = here
    const { comment, token } = done(await submitComment(installation, here.submission(spamText())))
    if (!comment) throw new Error('Not taken.')
    await hideComment(installation, avery, comment, { revision: 1, reason: 'off-topic' })
    const seenBy = async (token?: string) =>
      (await conversationUnder(installation, storm.publication.id, { token })).threads
        .map(({ first }) => first)
        .find(({ id }) => id === comment)
    const code = await codeFor(comment)
    expect(await seenBy(token)).toMatchObject({
      standing: 'removed',
      text: null,
      removal: { reason: 'Off topic', clause: 'IV.A.2.iv.1' },
      appealAt: `/comment-appeals/${code}`,
    })
    expect(await seenBy()).toMatchObject({ standing: 'removed', appealAt: null })
    expect((await contents(comment, 'comment.removal'))[0]).toMatchObject({ notice: { way: 'page' } })
  })

  test('that no platform carries is on record as such, and the comment’s address opens the appeal', async () => {
    const id = await remoteComment()
    await hide(id)
    expect((await contents(id, 'comment.removal'))[0].notice).toEqual({
      way: 'none',
      because: 'Fake Town Square lets no page write to somebody who commented there.',
    })
    expect((await cardsOf(here.installation, [id]))[0]?.notTold).toMatch(/lets no page write/)
    expect(await here.installation.jobs.run('comment.call')).toBe(0)
    const { url } = await here.commentRow(id)
    const typed = { address: `${url}?ref=app`, handle: '@JO.example', text: 'Please look again.' }
    for (const wrong of [{ handle: 'somebody else' }, { address: 'https://fake.example/c/none' }])
      expect(await fileAppealByAddress(here.installation, { ...typed, ...wrong }, address())).toMatchObject({
        problems: { address: expect.stringMatching(/no removed comment with this address and name/) },
      })
    const code = done(await fileAppealByAddress(here.installation, typed, address()))
    const found = await caseByCode(here.installation, code)
    // A name and an address prove nothing, so the removed words are not shown for them.
    expect(found).toMatchObject({ appeal: { text: 'Please look again.', filedBy: 'address' }, words: null })
  })

  test('goes out by the platform once, in private, with reason, clause, code and deadline, whatever dies on the way', async () => {
    carriesNotices(true)
    const { installation, remote } = here
    const id = await remoteComment()
    await hide(id)
    const { id: call } = await here.db
      .selectFrom('comment_call')
      .select('id')
      .where('comment', '=', id)
      .executeTakeFirstOrThrow()
    // The platform took it, and the process died before it could write that down.
    remote.trouble = new Error('power cut')
    await expect(carryCall(installation, call)).rejects.toThrow('power cut')
    // One of two workers finds the other at it, and is tried again by the queue.
    await Promise.allSettled([carryCall(installation, call), carryCall(installation, call)])
    await carryCall(installation, call)
    expect(remote.told).toHaveLength(1)
    expect(remote.told[0]).toMatchObject({
      author: 'did:fake:jo',
      comment: (await here.commentRow(id)).remote_id,
    })
    const { text } = remote.told[0] ?? { text: '' }
    const code = await codeFor(id)
    for (const part of [
      'Millbrook Police',
      'Off topic',
      'IV.A.2.iv.1',
      code,
      `/comment-appeals/${code}`,
      'until',
    ])
      expect(text).toContain(part)
    expect(await contents(id, 'comment.notice')).toEqual([
      expect.objectContaining({ about: 'removal', way: 'platform', outcome: 'done' }),
    ])
    // The code opens the appeal, so no record repeats it.
    const { rows } = await owner.query('select json from record where subject_id = $1', [id])
    expect(JSON.stringify(rows)).not.toContain(code)
    // Whoever was sent a code appeals with it, and nobody in their place.
    expect(
      await fileAppealByAddress(
        installation,
        { address: (await here.commentRow(id)).url ?? '', handle: 'jo.example', text: 'Look again.' },
        address(),
      ),
    ).toMatchObject({ problems: { address: expect.stringMatching(/was sent a code/) } })
  })

  test('leaves nothing of what went over the wire: the code that opens the appeal would be in it', async () => {
    carriesNotices(true)
    const id = await remoteComment()
    await hide(id)
    await here.installation.jobs.run('comment.effect')
    const wire = [exchangeOf('your code is')]
    here.remote.trouble = { outcome: 'refused', because: 'They take no messages.', wire }
    await here.installation.jobs.run('comment.call')
    expect(await contents(id, 'comment.notice')).toMatchObject([{ outcome: 'refused' }])
    const files = await here.db
      .selectFrom('record_blob')
      .innerJoin('record', 'record.id', 'record_blob.record_id')
      .select('role')
      .where('subject_id', '=', id)
      .where('role', '=', 'wire')
      .execute()
    expect(files).toEqual([])
  })

  test('is not sent for a removal that was taken back at once', async () => {
    carriesNotices(true)
    const id = await remoteComment()
    await hide(id)
    const [call] = here.installation.jobs.enqueued.filter(({ queue }) => queue === 'comment.call')
    expect(call?.startAfter?.getTime()).toBeGreaterThan(Date.now() + 60_000)
    const { revision } = await here.commentRow(id)
    done(await restoreComment(here.installation, here.quinn, id, { revision }))
    await here.installation.jobs.run('comment.call')
    expect(here.remote.told).toEqual([])
    expect(await contents(id, 'comment.notice')).toMatchObject([
      { outcome: 'refused', because: expect.stringMatching(/shown again/) },
    ])
  })

  test('that the platform refuses to carry says why on the card, and the comment’s address opens the appeal', async () => {
    carriesNotices(true)
    const id = await remoteComment()
    await hide(id)
    const because = 'The author takes private messages only from accounts that they follow.'
    here.remote.trouble = { outcome: 'refused', because }
    await here.installation.jobs.run('comment.call')
    const notTold = async () => (await cardsOf(here.installation, [id]))[0]?.notTold
    expect(await notTold()).toBe(because)
    expect(await contents(id, 'comment.notice')).toMatchObject([{ outcome: 'refused', because }])
    const { url } = await here.commentRow(id)
    done(
      await fileAppealByAddress(
        here.installation,
        { address: url ?? '', handle: 'jo.example', text: 'Look again.' },
        address(),
      ),
    )
    const { revision } = await here.commentRow(id)
    done(await restoreComment(here.installation, here.avery, id, { revision }))
    expect(await notTold()).toBeNull()
  })

  test('whose job disappeared is put back, and a removal that came about without one gets one', async () => {
    carriesNotices(true)
    const id = await remoteComment()
    await hide(id)
    here.installation.jobs.enqueued.length = 0
    here.setClock(new Date(Date.now() + 20 * 60_000))
    await sweepCalls(here.installation)
    await sweepCalls(here.installation)
    expect(here.installation.jobs.enqueued).toHaveLength(1)

    const { id: other } = await hidden()
    await owner.query('delete from comment_notice where comment = $1', [other])
    await Promise.all([noticeMissing(here.installation), noticeMissing(here.installation)])
    expect(
      await here.db.selectFrom('comment_notice').selectAll().where('comment', '=', other).execute(),
    ).toHaveLength(1)
  })

  test.each([
    ['as the notice’s link has it', (id: string) => `/town-news/posts/1/comments/${id}`],
    [
      'of the comment by itself',
      (id: string) => `http://localhost:4370/town-news/posts/1/comments/${id}?after=x`,
    ],
    ['in the conversation', (id: string) => `http://localhost:4370/town-news/posts/1#comment-${id}`],
  ])('on the own page is found by the address %s, and not on another site', async (_, addressOf) => {
    const { id } = await hidden()
    const { author_name: handle } = await here.commentRow(id)
    const typed = { handle, text: 'Please look again.' }
    const elsewhere = `https://elsewhere.example/comments/${id}`
    expect(
      await fileAppealByAddress(here.installation, { ...typed, address: elsewhere }, address()),
    ).toHaveProperty('problems.address')
    done(await fileAppealByAddress(here.installation, { ...typed, address: addressOf(id) }, address()))
  })

  test('has no words but those of the pack', () => {
    const { appeals } = here.installation.policy
    const facts = {
      department: 'A',
      page: 'B',
      reason: 'C',
      clause: 'D',
      address: 'E',
      code: 'F',
      until: 'G',
      days: '7',
      ends: 'H',
    }
    expect(
      noticeText(
        { appeals: { ...appeals, notices: { ...appeals.notices, removal: '{code}/{until}/{reason}' } } },
        'removal',
        facts,
      ),
    ).toBe('F/G/C')
  })
})

describe('an appeal', () => {
  test('has a deadline in business days, and counts as received on the next one when it comes on a weekend', async () => {
    const { code, id } = await hidden()
    // A Friday evening in Massachusetts is Saturday in UTC; Saturday is not counted. Monday the 25th is Memorial Day.
    here.setClock(new Date('2026-05-24T02:00:00Z'))
    await here.db
      .updateTable('comment_notice')
      .set({ appeal_until: '2026-06-30' })
      .where('comment', '=', id)
      .execute()
    done(await fileAppeal(here.installation, { code, text: 'Look again.' }, address()))
    const row = await here.db
      .selectFrom('comment_appeal')
      .selectAll()
      .where('comment', '=', id)
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ received_on: '2026-05-26', due: '2026-06-09' })
    expect(isOverdue(row, '2026-06-09')).toBe(false)
    expect(isOverdue(row, '2026-06-10')).toBe(true)
  })

  test('is taken once a removal, however it is sent', async () => {
    const { code, id } = await hidden()
    const answers = await Promise.all(
      ['One.', 'Two.'].map((text) => fileAppeal(here.installation, { code, text }, address())),
    )
    expect(answers.filter((one) => 'done' in one)).toHaveLength(1)
    expect(answers.find((one) => 'problems' in one)).toMatchObject({
      problems: { form: expect.stringMatching(/appealed already/) },
    })
    expect(await contents(id, 'comment.appeal')).toHaveLength(1)
  })

  test('is refused after its days, and the refusal is on record', async () => {
    const { code, id } = await hidden()
    here.setClock(new Date(Date.now() + 61 * 86_400_000))
    expect(await fileAppeal(here.installation, { code, text: 'Look again.' }, address())).toMatchObject({
      denied: { because: expect.stringMatching(/days for an appeal/), clauses: ['IV.A.2.iv.1'] },
    })
    expect(await store.appealOn(here.db, id)).toBeUndefined()
    const { rows } = await owner.query(
      "select from record where kind = 'decision.refusal' and subject_kind = 'appeal'",
    )
    expect(rows).not.toEqual([])
  })

  test.each([
    ['without a reason', '   ', /why the comment should be shown/],
    ['that is too long', 'x'.repeat(3001), /3,000 characters/],
  ])('%s is sent back with what to do', async (_what, text, because) => {
    const { code } = await hidden()
    expect(await fileAppeal(here.installation, { code, text }, address())).toMatchObject({
      problems: { text: expect.stringMatching(because) },
    })
  })

  test('with a code that nobody has finds nothing, and many in an hour are told to wait', async () => {
    const from = address()
    const { code } = await hidden()
    const strange = 'zzzz-zzzz-zzzz-zzzz-zzzz'
    expect(await caseByCode(here.installation, strange)).toBeNull()
    expect(await fileAppeal(here.installation, { code: strange, text: 'x' }, from)).toMatchObject({
      problems: { form: expect.stringMatching(/Nothing has this code/) },
    })
    const sent = { address: 'https://fake.example/none', handle: 'x', text: 'y' }
    for (let n = 0; n < 10; n++) await fileAppealByAddress(here.installation, sent, from)
    expect(await fileAppeal(here.installation, { code, text: 'Look again.' }, from)).toMatchObject({
      problems: { form: expect.stringMatching(/in an hour/) },
    })
  })

  test('waits for everybody who may decide, the first deadline first, and for nobody with a part in the removal', async () => {
    const first = await appealed('First.')
    here.setClock(new Date(Date.now() + 7 * 86_400_000))
    const second = await appealed('Second.')
    here.setClock(null)
    const of = async (person: typeof here.avery) =>
      (await appealsFor(here.installation, person)).map(({ href }) => href.split('/').at(-1))
    const quinns = await of(here.quinn)
    expect(quinns.indexOf(first.appeal)).toBeGreaterThanOrEqual(0)
    expect(quinns.indexOf(first.appeal)).toBeLessThan(quinns.indexOf(second.appeal))
    expect(await of(here.chief)).toContain(first.appeal)
    expect(await of(here.avery)).not.toContain(first.appeal)
    expect(await of(here.author)).toEqual([])
    here.setClock(new Date(Date.now() + 40 * 86_400_000))
    expect((await appealsFor(here.installation, here.quinn))[0]?.detail).toMatch(/^Overdue/)
  })

  test('is not decided by who removed the comment, nor by who agreed to it, in the database either', async () => {
    const { appeal } = await appealed()
    expect(
      await decideAppeal(here.installation, here.avery, appeal, { outcome: 'upheld', reasons: 'No.' }),
    ).toMatchObject({ denied: { because: expect.stringMatching(/no part in the decision/) } })
    await expect(
      owner.query("insert into comment_appeal_decision values ($1, 'upheld', 'No.', $2, now())", [
        appeal,
        here.avery.id,
      ]),
    ).rejects.toThrow(/no part in the removal/)

    const id = await here.commented('The chief is a useless idiot and should resign.')
    const wish = async (who: typeof here.avery) =>
      hideComment(here.installation, who, id, {
        revision: (await here.commentRow(id)).revision,
        reason: 'personal-attack',
      })
    expect([await wish(here.avery), await wish(here.quinn)]).toEqual([{ done: 'asked' }, { done: 'hidden' }])
    done(
      await fileAppeal(here.installation, { code: await codeFor(id), text: 'It is criticism.' }, address()),
    )
    const other = (await store.appealOn(here.db, id))?.id ?? ''
    for (const who of [here.avery, here.quinn])
      expect(
        await decideAppeal(here.installation, who, other, { outcome: 'reversed', reasons: 'Yes.' }),
      ).toHaveProperty('denied')
    expect(
      await decideAppeal(here.installation, here.osei, other, {
        outcome: 'reversed',
        reasons: 'It is criticism.',
      }),
    ).toEqual({ done: 'reversed' })
  })

  test('goes to the chief executive or a designee when no other moderator is left', async () => {
    const { avery, quinn, pio, osei, chief } = here
    const all = await whoMayDecide(here.installation, [avery.id])
    expect(all.moderatorsLeft).toBe(true)
    const few = await whoMayDecide(here.installation, [avery.id, quinn.id, pio.id])
    expect(few).toMatchObject({ moderatorsLeft: false })
    expect(few.people.map(({ id }) => id).sort()).toEqual([osei.id, chief.id].sort())
    expect(
      await whoMayDecide(here.installation, [avery.id, quinn.id, pio.id, osei.id, chief.id]),
    ).toMatchObject({
      people: [],
    })
  })

  test('that is upheld leaves the comment hidden and says why', async () => {
    const { id, code, appeal } = await appealed()
    expect(
      await decideAppeal(here.installation, here.quinn, appeal, { outcome: 'upheld', reasons: ' ' }),
    ).toMatchObject({ problems: { reasons: expect.stringMatching(/Write why/) } })
    done(
      await decideAppeal(here.installation, here.quinn, appeal, {
        outcome: 'upheld',
        reasons: 'It sells phones.',
      }),
    )
    expect(await here.commentRow(id)).toMatchObject({ state: 'hidden' })
    expect(await caseByCode(here.installation, code)).toMatchObject({
      appeal: { decision: { outcome: 'upheld', reasons: 'It sells phones.' } },
    })
  })

  test('of which two people decide at once is decided by the first, and the comment is shown again once, there too', async () => {
    carriesNotices(true)
    const id = await remoteComment()
    await hide(id)
    await here.installation.jobs.run('comment.effect')
    await here.installation.jobs.run('comment.call')
    done(await fileAppeal(here.installation, { code: await codeFor(id), text: 'Look again.' }, address()))
    const appeal = (await store.appealOn(here.db, id))?.id ?? ''
    const { remote_id } = await here.commentRow(id)
    expect(here.remote.hidden.has(remote_id)).toBe(true)
    const answers = await Promise.all(
      [here.quinn, here.osei].map((who) =>
        decideAppeal(here.installation, who, appeal, { outcome: 'reversed', reasons: 'It is on topic.' }),
      ),
    )
    expect(answers.filter((one) => 'done' in one)).toHaveLength(1)
    expect(answers.find((one) => 'problems' in one)).toMatchObject({
      problems: { form: expect.stringMatching(/decided on this appeal a moment ago.*first decision counts/) },
    })
    await here.installation.jobs.run('comment.effect')
    await here.installation.jobs.run('comment.call')
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown' })
    expect(here.remote.hidden.has(remote_id)).toBe(false)
    expect(here.remote.told.map(({ text }) => text)).toEqual([
      expect.stringMatching(/removed a comment of yours/),
      expect.stringMatching(/you were right/),
    ])
    expect((await here.kindsOf(id)).filter((kind) => kind !== 'comment.effect')).toEqual([
      'comment.capture',
      'comment.removal',
      'comment.notice',
      'comment.appeal',
      'comment.appeal-decision',
      'comment.restoration',
      'comment.notice',
    ])
  })

  test('about a comment that a colleague showed again has nothing left to undo', async () => {
    const { id, code, appeal } = await appealed()
    const { revision } = await here.commentRow(id)
    done(await restoreComment(here.installation, here.pio, id, { revision }))
    done(
      await decideAppeal(here.installation, here.quinn, appeal, { outcome: 'reversed', reasons: 'Right.' }),
    )
    expect((await here.kindsOf(id)).filter((kind) => kind === 'comment.restoration')).toHaveLength(1)
    // A second removal is another one, with a code and an appeal of its own.
    expect(await hide(id, here.quinn)).toEqual({ done: 'hidden' })
    expect(await codeFor(id)).not.toBe(code)
  })
})
