import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import type { Installation } from '../installation.ts'
import type { CommentId, PageId } from '../storage/ids.ts'
import { editComment, submitComment } from './capture.ts'
import { conversationUnder } from './conversation.ts'
import {
  agreeToHold,
  endHold,
  endHoldsDue,
  holdsFor,
  pagesToHold,
  proposeHold,
  refuseHold,
  releaseHeld,
} from './hold.ts'
import { holdById } from './hold-store.ts'
import { declareIncident, endIncident, endIncidentsDue } from './incident.ts'
import { measuresOn } from './measures.ts'
import { hideComment, keepComment, reopenComment, restoreComment } from './moderation.ts'
import { publicHolds } from './public-counts-store.ts'

let here: Awaited<ReturnType<typeof square>>
/** Each test holds a page of its own moment: a page's comments are not held twice within a day. */
let clock = Date.now()
beforeAll(async () => {
  here = await square()
})
beforeEach(() => {
  clock += 10 * 24 * hour
  here.setClock(new Date(clock))
})
const hour = 3_600_000
const later = (minutes: number) => here.setClock(new Date(clock + minutes * 60_000))

const wish = (more: object = {}) => ({
  page: here.own as PageId,
  reason: 'violence',
  hours: 2,
  narrower: 'They come faster than three people can read them.',
  ...more,
})
const declared = async (pages: PageId[] = [here.own]) =>
  done(await declareIncident(here.installation, here.chief, { reason: 'A riot.', pages, hours: 12 }))
const heldPage = async () => {
  const incident = await declared()
  const hold = done(await proposeHold(here.installation, here.pio, incident, wish()))
  done(await agreeToHold(here.installation, here.osei, incident, hold))
  return { incident, hold }
}
const send = async (text: string, token?: string) =>
  done(await submitComment(here.installation, here.submission(text, { token })))
const sent = async (text: string) => (await send(text)).comment as CommentId
const stateOf = async (id: CommentId) => (await here.commentRow(id)).state
const revisionOf = async (id: CommentId) => ({ revision: (await here.commentRow(id)).revision })
const readBy = async (token?: string) =>
  (await conversationUnder(here.installation, here.storm.publication.id, { token, take: 200 })).threads.map(
    ({ first }) => first,
  )
const kindsOfIncident = async (id: string) =>
  (
    await here.db.selectFrom('record').select('kind').where('subject_id', '=', id).orderBy('id').execute()
  ).map(({ kind }) => kind)

describe('comments are held for review', () => {
  test('and that is offered only for pages that are not held, nor proposed to be', async () => {
    const { installation, pio, osei } = here
    const offered = async () => (await pagesToHold(installation, [{ id: here.own }])).length
    const incident = await declared()
    expect(await offered()).toBe(1)
    const hold = done(await proposeHold(installation, pio, incident, wish()))
    expect(await offered()).toBe(0)
    done(await agreeToHold(installation, osei, incident, hold))
    expect(await offered()).toBe(0)
    done(await endHold(installation, osei, incident, hold))
    expect(await offered()).toBe(1)
  })

  test('when two people want it, and not by one alone', async () => {
    const { installation, pio, osei, avery, db } = here
    const incident = await declared()
    expect(await proposeHold(installation, avery, incident, wish())).toMatchObject({
      denied: { rules: ['hold-for-review'], clauses: expect.arrayContaining(['IV.A.2.iv.1']) },
    })
    const hold = done(await proposeHold(installation, pio, incident, wish()))
    expect(await stateOf(await sent('Not yet'))).toBe('shown')
    expect(await agreeToHold(installation, pio, incident, hold)).toMatchObject({
      denied: { rules: ['hold-by-two'] },
    })
    expect(await holdsFor(installation, osei)).toHaveLength(1)
    expect(await holdsFor(installation, pio)).toEqual([])
    expect(await holdsFor(installation, avery)).toEqual([])
    const answers = await Promise.all([
      agreeToHold(installation, osei, incident, hold),
      agreeToHold(installation, here.chief, incident, hold),
    ])
    expect(answers.filter((answer) => 'done' in answer)).toHaveLength(1)
    expect(await stateOf(await sent('Now'))).toBe('held')
    expect(await holdsFor(installation, osei)).toEqual([])
    expect(await kindsOfIncident(incident)).toEqual(
      expect.arrayContaining(['incident.declaration', 'incident.hold-proposal', 'incident.hold']),
    )
    expect((await holdById(db, hold))?.agreedBy).not.toBe(pio.id)
    done(await endIncident(installation, avery, incident))
  })

  test('when the chief executive proposes it', async () => {
    const incident = await declared()
    done(await proposeHold(here.installation, here.chief, incident, wish()))
    expect(await stateOf(await sent('At once'))).toBe('held')
    done(await endIncident(here.installation, here.chief, incident))
  })

  test.each([
    ['longer than the policy allows', { hours: 5 }, { denied: { rules: ['hold-is-for-hours'] } }],
    [
      'for no reason of the policy',
      { reason: 'criticism' },
      { denied: { rules: ['hold-for-lawful-reasons'] } },
    ],
    ['without a word on what is narrower', { narrower: ' ' }, { problems: { narrower: expect.any(String) } }],
  ])('never %s', async (_, more, answer) => {
    const incident = await declared()
    expect(await proposeHold(here.installation, here.chief, incident, wish(more))).toMatchObject(answer)
    done(await endIncident(here.installation, here.chief, incident))
  })

  test('never on a platform, which shows them before we see them, nor on a page outside the incident', async () => {
    const incident = await declared([here.page])
    for (const page of [here.page, here.own])
      expect(await proposeHold(here.installation, here.chief, incident, wish({ page }))).toHaveProperty(
        'problems.page',
      )
    done(await endIncident(here.installation, here.chief, incident))
  })

  test('never where the pack does not allow it', async () => {
    const incident = await declared()
    const { policy } = here.installation
    const strict = {
      ...here.installation,
      policy: { ...policy, incidents: { ...policy.incidents, holding: null } },
    }
    expect(await proposeHold(strict, here.chief, incident, wish())).toHaveProperty('denied')
    done(await endIncident(here.installation, here.chief, incident))
  })

  test('not again until the page has rested, so that holds never make a chain', async () => {
    const { incident, hold } = await heldPage()
    later(30)
    done(await endHold(here.installation, here.avery, incident, hold))
    later(60 + 23 * 60)
    const next = await declared()
    expect(await proposeHold(here.installation, here.chief, next, wish())).toMatchObject({
      denied: { rules: ['hold-is-not-renewed'] },
    })
    later(31 + 24 * 60)
    done(await proposeHold(here.installation, here.chief, next, wish()))
    done(await endIncident(here.installation, here.chief, next))
  })

  test('no longer than the incident goes on', async () => {
    const incident = await declared()
    later(11 * 60)
    const hold = done(await proposeHold(here.installation, here.chief, incident, wish()))
    expect((await holdById(here.db, hold))?.endsAt).toEqual(new Date(clock + 12 * hour))
    later(12 * 60)
    expect(await stateOf(await sent('After the incident'))).toBe('shown')
    await endIncidentsDue(here.installation)
    expect((await holdById(here.db, hold))?.cause).toBe('time')
  })

  test('by nobody when the second person does not agree', async () => {
    const incident = await declared()
    const hold = done(await proposeHold(here.installation, here.pio, incident, wish()))
    done(await refuseHold(here.installation, here.osei, incident, hold))
    expect(await agreeToHold(here.installation, here.chief, incident, hold)).toHaveProperty('problems')
    expect(await stateOf(await sent('Free'))).toBe('shown')
    done(await endIncident(here.installation, here.chief, incident))
  })
})

describe('while they are held', () => {
  test('all are alike, and each is on record at once', async () => {
    const { installation, avery, pio } = here
    const known = await send('I write here often.')
    done(await keepComment(installation, avery, known.comment as CommentId, { revision: 1 }))
    const { incident } = await heldPage()
    for (const [text, token] of [
      ['Thank you, officers.', undefined],
      ['The chief should resign.', undefined],
      ['Whoever they know', known.token],
    ] as const) {
      const { comment, heldUntil } = await send(text, token)
      expect(await stateOf(comment as CommentId), text).toBe('held')
      expect(heldUntil).toEqual(new Date(clock + 2 * hour))
      const record = await here.db
        .selectFrom('record')
        .select(['kind', 'json', 'clauses'])
        .where('subject_id', '=', String(comment))
        .executeTakeFirstOrThrow()
      expect(record).toMatchObject({
        kind: 'comment.capture',
        clauses: expect.arrayContaining(['IV.A.2.iv']),
      })
      expect(record.json).toContain('heldForReview')
    }
    expect(await measuresOn(installation, here.own)).toMatchObject({
      hold: {
        since: new Date(clock),
        until: new Date(clock + 2 * hour),
        because: expect.stringMatching(/violence/),
      },
    })
    done(await endIncident(installation, pio, incident))
    expect((await measuresOn(installation, here.own)).hold).toBeNull()
  })

  test('only their author sees them', async () => {
    const { incident } = await heldPage()
    const { comment, token } = await send('Only I read this.')
    expect((await readBy()).map(({ id }) => id)).not.toContain(comment)
    expect((await readBy(token)).find(({ id }) => id === comment)).toMatchObject({
      standing: 'held',
      text: 'Only I read this.',
      mine: true,
    })
    // Nobody answers what nobody sees.
    expect(
      await submitComment(here.installation, here.submission('Answer', { inReplyTo: comment })),
    ).toHaveProperty('problems')
    done(await endIncident(here.installation, here.chief, incident))
  })

  test('what was shown before can’t be changed into something unread, what is held can', async () => {
    const before = await send('Written before')
    const { incident } = await heldPage()
    const during = await send('Written now')
    // What would be refused is not offered.
    expect((await readBy(before.token)).find(({ id }) => id === before.comment)).toMatchObject({
      ...{ mine: true, editable: false, frozen: true },
    })
    expect((await readBy(during.token)).find(({ id }) => id === during.comment)).toMatchObject({
      ...{ mine: true, editable: true, frozen: false },
    })
    expect(
      await editComment(here.installation, before.comment as CommentId, before.token, 'Changed'),
    ).toMatchObject({ denied: { rules: ['not-changed-past-a-hold'] } })
    done(await editComment(here.installation, during.comment as CommentId, during.token, 'Changed'))
    expect(await stateOf(during.comment as CommentId)).toBe('held')
    done(await endIncident(here.installation, here.chief, incident))
    expect((await readBy(before.token)).find(({ id }) => id === before.comment)).toMatchObject({
      ...{ editable: true, frozen: false },
    })
  })

  test('a moderator’s decision is final for the comment; taken back, it is held again', async () => {
    const { installation, avery } = here
    const { incident } = await heldPage()
    const [kept, hidden, wavering, restored] = [
      await sent('Keep me'),
      await sent('Cheap watches'),
      await sent('Perhaps'),
      await sent('Cheap clocks'),
    ]
    done(await keepComment(installation, avery, kept, { revision: 1 }))
    done(await hideComment(installation, avery, hidden, { revision: 1, reason: 'off-topic' }))
    done(await keepComment(installation, avery, wavering, { revision: 1 }))
    done(await hideComment(installation, avery, restored, { revision: 1, reason: 'off-topic' }))
    expect([await stateOf(kept), await stateOf(hidden)]).toEqual(['shown', 'hidden'])
    // The record says that nobody had seen it.
    for (const [id, kind] of [
      [kept, 'comment.keeping'],
      [hidden, 'comment.removal'],
    ] as const) {
      const { json } = await here.db
        .selectFrom('record')
        .select('json')
        .where('subject_id', '=', id)
        .where('kind', '=', kind)
        .executeTakeFirstOrThrow()
      expect(JSON.parse(String(json)).content).toMatchObject({ heldForReview: true })
    }
    done(await reopenComment(installation, avery, wavering, await revisionOf(wavering)))
    expect(await stateOf(wavering)).toBe('held')
    done(await reopenComment(installation, avery, restored, await revisionOf(restored)))
    expect(await stateOf(restored)).toBe('held')
    done(
      await hideComment(installation, avery, restored, {
        ...(await revisionOf(restored)),
        reason: 'off-topic',
      }),
    )
    done(await restoreComment(installation, avery, restored, await revisionOf(restored)))
    expect(await stateOf(restored)).toBe('shown')
    // The public log tells it while it lasts, and when it ended.
    const told = { page: 'Town news', from: new Date(clock), reason: 'violence', held: 4, removed: 2 }
    const [lasting] = await publicHolds(here.db, installation.now())
    expect(lasting).toMatchObject({ ...told, to: null, released: 0 })

    later(30)
    done(await endIncident(installation, here.chief, incident))
    await installation.jobs.run('comment.release')
    const [ended] = await publicHolds(here.db, installation.now())
    expect(ended).toMatchObject({ ...told, to: new Date(clock + 30 * 60_000), released: 1 })
    expect(JSON.stringify(ended)).not.toMatch(/Avery|Osei|Keep me|Cheap/)
    expect(await stateOf(wavering)).toBe('shown')
    expect((await here.commentRow(wavering)).decided_at).toBeNull()
    expect(await stateOf(hidden)).toBe('hidden')
    for (const [id, times] of [
      [kept, 0],
      [hidden, 0],
      [wavering, 1],
    ] as const)
      expect((await here.kindsOf(id)).filter((kind) => kind === 'comment.release')).toHaveLength(times)
    // Nothing holds it any more when it waits again.
    done(await keepComment(installation, avery, wavering, await revisionOf(wavering)))
    done(await reopenComment(installation, avery, wavering, await revisionOf(wavering)))
    expect(await stateOf(wavering)).toBe('shown')
  })
})

describe('at the end', () => {
  test('its time counts and not the job: what comes later is shown', async () => {
    const { incident } = await heldPage()
    later(119)
    const last = await sent('A minute before')
    later(120)
    const next = await sent('At the end')
    expect([await stateOf(last), await stateOf(next)]).toEqual(['held', 'shown'])
    done(await endIncident(here.installation, here.chief, incident))
    await releaseHeld(here.installation)
  })

  test('all that nobody decided about is shown, once, whoever comes first and whatever breaks off', async () => {
    const { installation, db } = here
    const { incident, hold } = await heldPage()
    const ids: CommentId[] = []
    for (let n = 0; n < 7; n++) ids.push(await sent(`Held ${n}`))
    expect(await releaseHeld(installation)).toBe(0)
    later(121)
    let calls = 0
    const breaking: Installation = {
      ...installation,
      policy: {
        ...installation.policy,
        decide(...question) {
          if (++calls === 4) throw new Error('The power is out.')
          return installation.policy.decide(...question)
        },
      },
    }
    await expect(releaseHeld(breaking)).rejects.toThrow('power')
    expect(await stateOf(ids[0] as CommentId)).toBe('held')
    await Promise.all([
      endHoldsDue(installation),
      endHoldsDue(installation),
      releaseHeld(installation),
      releaseHeld(installation),
    ])
    await releaseHeld(installation)
    for (const id of ids) {
      expect(await stateOf(id)).toBe('shown')
      expect(await here.kindsOf(id)).toEqual(['comment.capture', 'comment.release'])
    }
    expect(await holdById(db, hold)).toMatchObject({ held: 7, released: 7, cause: 'time', enderName: null })
    expect((await kindsOfIncident(incident)).filter((kind) => kind === 'incident.hold-end')).toHaveLength(1)
    done(await endIncident(installation, here.chief, incident))
  })

  test('one person ends it before, and what was held is shown at once', async () => {
    const { incident, hold } = await heldPage()
    const id = await sent('Soon')
    done(await endHold(here.installation, here.avery, incident, hold))
    expect(await endHold(here.installation, here.avery, incident, hold)).toHaveProperty('problems')
    expect(await stateOf(await sent('After'))).toBe('shown')
    await here.installation.jobs.run('comment.release')
    expect(await stateOf(id)).toBe('shown')
    done(await endIncident(here.installation, here.chief, incident))
  })

  test('what comes in the moment of the end is not left behind', async () => {
    const { incident, hold } = await heldPage()
    const [, ...ids] = await Promise.all([
      endHold(here.installation, here.avery, incident, hold),
      ...Array.from({ length: 8 }, (_, n) => sent(`At the door ${n}`)),
    ])
    await here.installation.jobs.run('comment.release')
    for (const id of ids) expect(await stateOf(id)).toBe('shown')
    done(await endIncident(here.installation, here.chief, incident))
  })
})
