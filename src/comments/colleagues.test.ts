import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import type { Person } from '../department/department.ts'
import { claimComment, claimsOfOthers, releaseClaim } from './claim.ts'
import {
  acknowledgeEscalation,
  closeEscalation,
  escalate,
  receiversOf,
  withdrawEscalation,
} from './escalation.ts'
import { keepComment } from './moderation.ts'
import { advise, askColleague, colleaguesOf, withdrawQuestion } from './question.ts'
import { waitingFor } from './waiting.ts'

let here: Awaited<ReturnType<typeof square>>
let sergeant: Person
let detective: Person
beforeAll(async () => {
  here = await square()
  sergeant = await here.person('Ida Holm', 'Sgt.', ['supervisor'])
  detective = await here.person('Noa Levin', 'Det.', ['investigator'])
})
beforeEach(() => here.setClock(null))
const today = async (person: Person, kind: string) =>
  (await waitingFor(here.db, person, here.installation.policy)).filter((item) => item.kind === kind)

describe('a claim', () => {
  test('is the first one’s until it ends, and moves with the person', async () => {
    const { installation, avery, quinn, setClock } = here
    setClock(new Date('2026-09-01T10:00:00Z'))
    const [one, two] = [await here.commented('Claimed one'), await here.commented('Claimed two')]
    expect(await claimComment(installation, avery, one)).toBe(avery.id)
    expect(await claimComment(installation, quinn, one)).toBe(avery.id)
    expect(await claimsOfOthers(installation, quinn, [one, two])).toEqual([
      { comment: one, name: 'Avery Stone' },
    ])
    expect(await claimsOfOthers(installation, avery, [one, two])).toEqual([])
    // Nobody is kept from deciding.
    done(await keepComment(installation, quinn, one, { revision: 1 }))

    await claimComment(installation, avery, two)
    expect(await claimsOfOthers(installation, quinn, [one, two])).toEqual([
      { comment: two, name: 'Avery Stone' },
    ])
    setClock(new Date('2026-09-01T10:00:31Z'))
    expect(await claimsOfOthers(installation, quinn, [two])).toEqual([])
    expect(await claimComment(installation, quinn, two)).toBe(quinn.id)
    await releaseClaim(here.db, quinn)
    expect(await claimsOfOthers(installation, avery, [two])).toEqual([])
  })
  test('is on the comment looked at last, when one person has several windows', async () => {
    const { installation, avery, quinn, db } = here
    const ids = []
    for (let n = 0; n < 6; n++) ids.push(await here.commented(`Window ${n}`))
    await Promise.all(
      ids.flatMap((id) => [avery, quinn].map((person) => claimComment(installation, person, id))),
    )
    for (const { id } of [avery, quinn])
      expect(
        (await db.selectFrom('comment_claim').selectAll().where('person', '=', id).execute()).length,
      ).toBeLessThanOrEqual(1)
  })
  test('is one person’s when two look at once', async () => {
    const { installation, avery, quinn } = here
    for (let round = 0; round < 5; round++) {
      const id = await here.commented(`At once ${round}`)
      const holders = await Promise.all([
        claimComment(installation, avery, id),
        claimComment(installation, quinn, id),
      ])
      expect(new Set(holders).size).toBe(1)
    }
  })
})

describe('a question to a colleague', () => {
  test('stands on their Today, is answered without deciding, and ends with the decision', async () => {
    const { installation, avery, quinn, chief, db } = here
    const id = await here.commented('Is “clown” an attack?')
    expect(await askColleague(installation, avery, id, { asked: avery.id, note: '' })).toHaveProperty(
      'problems',
    )
    expect(await askColleague(installation, avery, id, { asked: here.author.id, note: '' })).toHaveProperty(
      'problems',
    )
    done(await askColleague(installation, avery, id, { asked: quinn.id, note: 'What do you think?' }))
    expect(await askColleague(installation, chief, id, { asked: null, note: '' })).toHaveProperty('problems')
    expect(await today(quinn, 'comment.question')).toMatchObject([
      { href: `/console/comments/${id}`, detail: expect.stringMatching(/Avery Stone.*What do you think/) },
    ])
    expect(await today(chief, 'comment.question')).toEqual([])
    expect(await here.commentRow(id)).toMatchObject({ decided_at: null, state: 'shown', revision: 1 })

    expect(await advise(installation, avery, id, 'Keep it.')).toHaveProperty('problems')
    expect(await advise(installation, quinn, id, ' ')).toHaveProperty('problems.advice')
    done(await advise(installation, quinn, id, 'Keep it: it is about the office.'))
    expect(await today(quinn, 'comment.question')).toEqual([])
    expect(await today(avery, 'comment.question')).toMatchObject([
      { detail: expect.stringMatching(/Quinn Baker.*about the office/) },
    ])
    done(await keepComment(installation, avery, id, { revision: 1 }))
    expect(await today(avery, 'comment.question')).toEqual([])
    expect(await here.kindsOf(id)).toEqual([
      'comment.capture',
      'comment.question',
      'comment.advice',
      'comment.keeping',
    ])
    const row = await db
      .selectFrom('comment_question')
      .selectAll()
      .where('comment', '=', id)
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ outcome: 'decided', advised_by: quinn.id })
  })
  test('to anybody reaches every moderator but the one who asks, and may be taken back', async () => {
    const { installation, avery, quinn, chief } = here
    const id = await here.commented('Hmm, what about this one?')
    done(await askColleague(installation, avery, id, { asked: null, note: '' }))
    for (const person of [quinn, chief]) expect(await today(person, 'comment.question')).toHaveLength(1)
    expect(await today(avery, 'comment.question')).toEqual([])
    expect(await withdrawQuestion(installation, quinn, id)).toHaveProperty('problems')
    done(await withdrawQuestion(installation, avery, id))
    expect(await today(quinn, 'comment.question')).toEqual([])
  })
  test('is for moderators: others neither ask nor are asked', async () => {
    const { installation, avery, db, author } = here
    const id = await here.commented('And this?')
    expect(await askColleague(installation, author, id, { asked: null, note: '' })).toHaveProperty('denied')
    const names = (await colleaguesOf(db, installation.policy, avery, new Date())).map(({ name }) => name)
    expect(names).toContain('Quinn Baker')
    expect(names).not.toContain('Avery Stone')
    expect(names).not.toContain('Lee Park')
  })
})

describe('passing a comment on', () => {
  test('a threat reaches the supervisors at once, is taken up and closed with what was done; the comment stays', async () => {
    const { installation, avery } = here
    const id = await here.commented('I will burn the station down tonight.')
    const { escalation } = done<{ escalation: string }>(
      await escalate(installation, avery, id, { kind: 'threat', note: '' }),
    )
    expect(await escalate(installation, avery, id, { kind: 'threat', note: '' })).toHaveProperty('problems')
    expect(await escalate(installation, avery, id, { kind: 'gossip', note: '' })).toHaveProperty('problems')
    const [item] = await today(sergeant, 'comment.escalation')
    expect(item).toMatchObject({ due: true, href: `/console/escalations/${escalation}` })
    expect(item?.at.getTime()).toBeLessThanOrEqual(Date.now())
    expect(await today(detective, 'comment.escalation')).toEqual([])
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown', decided_at: null, revision: 1 })

    expect(await acknowledgeEscalation(installation, detective, escalation)).toHaveProperty('denied')
    done(await acknowledgeEscalation(installation, sergeant, escalation))
    expect(await withdrawEscalation(installation, avery, escalation)).toHaveProperty('problems')
    expect(await closeEscalation(installation, sergeant, escalation, { measures: ' ' })).toHaveProperty(
      'problems.measures',
    )
    done(await closeEscalation(installation, sergeant, escalation, { measures: 'A patrol spoke to him.' }))
    expect(await today(sergeant, 'comment.escalation')).toEqual([])
    expect(await here.kindsOf(id)).toEqual([
      'comment.capture',
      'comment.escalation',
      'comment.acknowledgement',
      'comment.closure',
    ])
  })
  test('a tip goes to investigators with a day’s time; a key hit by mistake is taken back', async () => {
    const { installation, avery, quinn } = here
    const id = await here.commented('The man in the video works at the bakery.')
    const { escalation } = done<{ escalation: string }>(
      await escalate(installation, avery, id, { kind: 'tip', note: 'See the second video.' }),
    )
    const [item] = await today(detective, 'comment.escalation')
    expect(item?.at.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000)
    expect(await withdrawEscalation(installation, quinn, escalation)).toHaveProperty('denied')
    done(await withdrawEscalation(installation, avery, escalation))
    expect(await today(detective, 'comment.escalation')).toEqual([])
    done(await escalate(installation, quinn, id, { kind: 'tip', note: '' }))
  })
  test('where nobody has the office, it goes to the next one that the policy names', () => {
    const kind = { to: ['supervisor'], otherwise: ['pio', 'chief-executive'] }
    expect(receiversOf(kind, [{ roles: ['supervisor'] }, { roles: ['pio'] }])).toEqual(['supervisor'])
    expect(receiversOf(kind, [{ roles: ['chief-executive'] }])).toEqual(['chief-executive'])
    expect(receiversOf(kind, [{ roles: ['member'] }])).toEqual(['supervisor'])
  })
  test('every role that receives may read what it receives', () => {
    const { policy } = here.installation
    for (const { to, otherwise } of policy.escalationKinds)
      for (const role of [...to, ...otherwise])
        expect(
          policy.decide(
            { kind: 'person', id: 'x', name: 'X', roles: [role], designee: false },
            'escalation.read',
            { type: 'Escalation', id: 'any' },
          ).allowed,
          role,
        ).toBe(true)
  })
})
