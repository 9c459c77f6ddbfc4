import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { submitComment } from './capture.ts'
import {
  declareIncident,
  endIncident,
  endIncidentsDue,
  endSlowing,
  minutesToWait,
  slowNewAuthors,
  stormFor,
} from './incident.ts'
import { figuresOf, slowingsOf } from './incident-store.ts'
import { hideComment, keepComment } from './moderation.ts'

let here: Awaited<ReturnType<typeof square>>
beforeAll(async () => {
  here = await square()
})
beforeEach(() => here.setClock(null))

const declared = async (pages = [here.own], hours = 2) =>
  done(
    await declareIncident(here.installation, here.chief, { reason: 'The bridge is closed.', pages, hours }),
  )
const kinds = async (id: string) =>
  (
    await here.db.selectFrom('record').select('kind').where('subject_id', '=', id).orderBy('id').execute()
  ).map(({ kind }) => kind)
const send = (text: string, token?: string) =>
  submitComment(here.installation, here.submission(text, { token }))
const later = (minutes: number) => here.setClock(new Date(Date.now() + minutes * 60_000))

describe('an incident', () => {
  test('is declared by the chief or the information officer, not by a moderator, and has an end', async () => {
    const wish = { reason: 'The bridge is closed.', pages: [here.own], hours: 2 }
    expect(await declareIncident(here.installation, here.avery, wish)).toMatchObject({
      denied: { clauses: ['IV.A.2.iv'] },
    })
    expect(await declareIncident(here.installation, here.chief, { ...wish, hours: 73 })).toMatchObject({
      denied: { rules: ['incident-has-an-end'] },
    })
    expect(await declareIncident(here.installation, here.chief, { ...wish, pages: [] })).toMatchObject({
      problems: { pages: expect.any(String) },
    })
  })

  test('ends at its time, with all that was done in it, recorded once whoever comes first', async () => {
    const id = await declared()
    done(await slowNewAuthors(here.installation, here.chief, id, 10))
    await endIncidentsDue(here.installation)
    expect(await kinds(id)).not.toContain('incident.end')
    later(121)
    await Promise.all([
      endIncidentsDue(here.installation),
      endIncidentsDue(here.installation),
      endIncident(here.installation, here.avery, id),
    ])
    await endIncidentsDue(here.installation)
    expect(await kinds(id)).toEqual([
      'incident.declaration',
      'incident.slowing',
      'incident.slowing-end',
      'incident.end',
    ])
    expect(await endIncident(here.installation, here.avery, id)).toHaveProperty('problems')
  })
})

describe('slowing new authors', () => {
  test('lets somebody new write once in so many minutes, and tells them when', async () => {
    const id = await declared()
    done(await slowNewAuthors(here.installation, here.chief, id, 10))
    const first = done(await send('Is the bridge open?'))
    const second = await send('The chief should resign.', first.token)
    expect(second).toMatchObject({ problems: { form: expect.stringContaining('again in 10 minutes') } })
    // Somebody else is not kept from writing by that.
    done(await send('Thank you all.'))
    later(11)
    done(await send('The chief should resign.', first.token))
    expect((await slowingsOf(here.db, id))[0]?.slowed).toBe(1)
    done(await endSlowing(here.installation, here.avery, id))
    done(await send('And the deputy.', first.token))
    done(await endIncident(here.installation, here.chief, id))
  })

  test('does not slow whom a moderator knows from a kept comment', async () => {
    const known = done(await send('I live by the bridge.'))
    if (!known.comment) throw new Error('Not taken.')
    done(await keepComment(here.installation, here.avery, known.comment, { revision: 1 }))
    const id = await declared()
    done(await slowNewAuthors(here.installation, here.chief, id, 10))
    done(await send('It is closed now.', known.token))
    done(await send('And open again.', known.token))
    done(await endIncident(here.installation, here.chief, id))
  })

  test('of two comments that come together takes one', async () => {
    const { token } = done(await send('Before the storm'))
    const id = await declared()
    done(await slowNewAuthors(here.installation, here.chief, id, 10))
    later(20)
    const answers = await Promise.all([send('One', token), send('Two', token)])
    expect(answers.filter((answer) => 'done' in answer)).toHaveLength(1)
    done(await endIncident(here.installation, here.chief, id))
  })

  test('is not possible on a platform, nor for longer than the policy allows', async () => {
    const id = await declared([here.page])
    expect(await slowNewAuthors(here.installation, here.chief, id, 10)).toHaveProperty('problems')
    expect(await slowNewAuthors(here.installation, here.chief, id, 61)).toMatchObject({
      denied: { rules: ['slowing-is-narrow'] },
    })
    done(await endIncident(here.installation, here.chief, id))
  })

  test('keeps nobody waiting longer than its minutes, nor anybody who never wrote', () => {
    const now = new Date('2026-03-01T12:00:00Z')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 7200 }), (every, seconds) => {
        const last = new Date(now.getTime() - seconds * 1000)
        const wait = minutesToWait({ last, kept: false }, every, now)
        expect(wait).toBeLessThanOrEqual(every)
        expect(wait === 0).toBe(seconds >= every * 60)
        expect(minutesToWait({ last, kept: true }, every, now)).toBe(0)
      }),
    )
    expect(minutesToWait({ last: null, kept: false }, 10, now)).toBe(0)
  })
})

test('the summary counts what was written in the incident, on its pages, and how it was decided', async () => {
  const at = new Date()
  const id = await declared()
  const [kept, hidden] = [
    await here.commented('Puffin one'),
    await here.commented('Puffin two, cheap watches'),
  ]
  await here.commented('Puffin three')
  done(await keepComment(here.installation, here.avery, kept, { revision: 1 }))
  done(await hideComment(here.installation, here.avery, hidden, { revision: 1, reason: 'off-topic' }))
  const figures = await figuresOf(here.db, id, at, new Date(Date.now() + 1000))
  expect(figures).toMatchObject({ received: 3, kept: 1, hidden: 1, waiting: 1, deleted: 0 })
  expect(figures.medianMinutes).toBeGreaterThanOrEqual(0)
  done(await endIncident(here.installation, here.chief, id))
})

test('an incident is suggested from the pack’s number of comments on, to those who may declare it', async () => {
  const { comments } = here.installation.policy.incidents.suggest
  expect(await stormFor(here.installation, here.chief)).toEqual([])
  for (let n = 0; n < comments; n++) await here.commented(`Heron ${n}`)
  expect(await stormFor(here.installation, here.chief)).toHaveLength(1)
  expect(await stormFor(here.installation, here.avery)).toEqual([])
  const id = await declared()
  expect(await stormFor(here.installation, here.chief)).toEqual([])
  done(await endIncident(here.installation, here.chief, id))
})
