import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { readable, recordsAbout } from '../archive/archive.ts'
import { mayRead } from '../archive/reading-right.ts'
import { type Person, whoIs } from '../department/department.ts'
import { newId } from '../storage/ids.ts'
import { acknowledgeEscalation, asWhat, escalate, withdrawEscalation } from './escalation.ts'
import { escalationById } from './escalation-store.ts'
import { hideComment } from './moderation.ts'
import { notePassedOnOpening, passedOn } from './passed-on.ts'
import { advise, askColleague } from './question.ts'

let here: Awaited<ReturnType<typeof square>>
let sergeant: Person
let detective: Person
beforeAll(async () => {
  here = await square()
  sergeant = await here.person('Ida Holm', 'Sgt.', ['supervisor'])
  detective = await here.person('Noa Levin', 'Det.', ['investigator'])
})

const passOn = async (id: Awaited<ReturnType<typeof here.commented>>, kind = 'threat') => {
  const { escalation } = done<{ escalation: string }>(
    await escalate(here.installation, here.avery, id, { kind, note: '' }),
  )
  const row = await escalationById(here.db, escalation)
  if (!row) throw new Error('It is not passed on.')
  return row
}
const linesFor = async (person: Person, comment: string) =>
  (
    await readable(
      here.installation,
      whoIs(person),
      await recordsAbout(here.db, { kind: 'comment', id: comment }),
    )
  ).map(({ kind }) => kind)

describe('whoever a comment was passed on to', () => {
  test('sees it in its thread, with what its author made of it since, and not the words of hidden neighbours', async () => {
    const { installation, avery } = here
    const first = await here.commented('Filth, nothing but filth.')
    const second = await here.commented('Calm down.', { inReplyTo: first })
    const threat = await here.commented('I will burn your house down.', { inReplyTo: second })
    await here.commented('Report him!', { inReplyTo: threat })
    done(await hideComment(installation, avery, first, { revision: 1, reason: 'obscenity', note: '' }))
    const seen = await passedOn(installation, await passOn(threat))
    expect(seen.above).toMatchObject([
      { state: 'hidden', text: '' },
      { state: 'shown', text: 'Calm down.' },
    ])
    expect(seen.below).toMatchObject({ count: 1, first: [{ text: 'Report him!' }] })
    expect(seen.versions).toMatchObject([{ version: 1, text: 'I will burn your house down.' }])
    expect(Object.keys(seen)).not.toContain('hints')
  })

  test('reads the records of this comment and of what they were told, not those of the moderators’ talk', async () => {
    const { installation, avery, quinn } = here
    const id = await here.commented('I know where the sergeant’s kids go to school.')
    const other = await here.commented('Thank you for the shelter.')
    done(await askColleague(installation, avery, id, { asked: quinn.id, note: 'A threat?' }))
    done(await advise(installation, quinn, id, 'Yes.'))
    const threat = await passOn(id)
    const tip = await passOn(id, 'tip')
    done(await acknowledgeEscalation(installation, sergeant, threat.id))
    done(await acknowledgeEscalation(installation, detective, tip.id))

    expect(await linesFor(sergeant, id)).toEqual([
      'comment.capture',
      'comment.escalation',
      'comment.acknowledgement',
    ])
    const [mine] = (await recordsAbout(here.db, { kind: 'comment', id })).filter(
      ({ kind, by }) => kind === 'comment.acknowledgement' && by.id === detective.id,
    )
    if (!mine) throw new Error('The detective took nothing up.')
    expect(await mayRead(installation, whoIs(sergeant), mine.id)).toMatchObject({ allowed: false })
    expect(await mayRead(installation, whoIs(detective), mine.id)).toMatchObject({
      allowed: true,
      rules: ['read-passed-on-records'],
    })
    expect(await linesFor(sergeant, other)).toEqual([])
    expect(await linesFor(here.author, id)).toEqual([])
    expect(await linesFor(avery, id)).toHaveLength(7)
    expect(await mayRead(installation, whoIs(sergeant), newId())).toMatchObject({ allowed: false })
  })

  test('sees nothing of it any more when it was taken back', async () => {
    const { installation, avery, policy } = { ...here, policy: here.installation.policy }
    const id = await here.commented('You will regret this.')
    const threat = await passOn(id)
    expect(policy.decide(whoIs(sergeant), 'escalation.open', asWhat(threat)).allowed).toBe(true)
    expect(policy.decide(whoIs(detective), 'escalation.open', asWhat(threat)).allowed).toBe(false)
    done(await withdrawEscalation(installation, avery, threat.id))
    const taken = await escalationById(here.db, threat.id)
    if (!taken) throw new Error('It is gone.')
    expect(policy.decide(whoIs(sergeant), 'escalation.open', asWhat(taken)).allowed).toBe(false)
    expect(await linesFor(sergeant, id)).toEqual([])
  })

  test('leaves a record when they open what is hidden from the public, and a picture of it', async () => {
    const { installation, avery, db } = here
    const content = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const { id, revision, pictures } = await here.commentedThere('pic-1', 'You are next.', {
      pictures: [{ content, mediaType: 'image/png', alt: '' }],
    })
    const threat = await passOn(id)
    const decision = here.installation.policy.decide(whoIs(sergeant), 'escalation.open', asWhat(threat))
    const openings = async () =>
      (
        await db
          .selectFrom('record')
          .select('json')
          .where('kind', '=', 'record.opening')
          .where('by_id', '=', sergeant.id)
          .orderBy('id')
          .execute()
      ).map(({ json }) => JSON.parse(json ?? '{}').content)
    const open = (file?: string) => notePassedOnOpening(installation, sergeant, decision, threat, file)
    await open()
    expect(await openings()).toEqual([])
    done(await hideComment(installation, avery, id, { revision, reason: 'personal-attack', note: '' }))
    await open()
    await open(pictures[0]?.blob ?? '')
    expect(await openings()).toMatchObject([
      { restrictions: ['hidden'] },
      { restrictions: ['hidden'], file: pictures[0]?.blob },
    ])
    const seen = await passedOn(installation, threat)
    expect(seen.versions[0]?.pictures).toHaveLength(1)
  })
})
