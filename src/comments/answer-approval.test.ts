import { expect, test } from 'vitest'
import { square, told, toldGone } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { approveAnswer } from './answer-approval.ts'
import { cardsOf } from './card.ts'
import { hideComment } from './moderation.ts'
import { readQueue } from './queue.ts'
import { waitingFor } from './waiting.ts'

const here = await square()
const { on, arrive, remoteRow: row } = here
const town = { remoteId: 'did:fake:town', handle: 'town.example', displayName: 'Town police' }
const answered = (remoteId: string, text: string, more: object = {}) =>
  told(on, remoteId, text, { byUs: true, author: town, ...more })
const raised = async (person: typeof here.chief) =>
  (await waitingFor(here.db, person, here.installation.policy)).filter(
    ({ kind }) => kind === 'comment.unapproved-answer',
  )

test('an answer given in the platform’s app is captured as the department’s, with its edits and its end, and is never moderated', async () => {
  const { installation, avery } = here
  const asks = told(on, 'fake:asks', 'Which street?')
  const later = { postedAt: new Date('2026-05-01T12:05:00Z') }
  await arrive(asks, answered('fake:ours', 'Mill Street.', { inReplyTo: 'fake:asks', ...later }))
  const ours = await row('fake:ours')
  expect(ours).toMatchObject({
    official: true,
    answered_by: null,
    state: 'shown',
    decided_at: expect.any(Date),
    thread: (await row('fake:asks')).id,
  })
  const { cards } = await readQueue(installation, avery.id, { state: 'all' }, 500)
  expect(cards.map(({ text }) => text)).toEqual(['Which street?'])
  expect(
    await hideComment(installation, avery, ours.id, { revision: 1, reason: 'obscenity' }),
  ).toHaveProperty('problems.form')

  await arrive(answered('fake:ours', 'Mill Street, until six.', { change: 'edited', version: '2' }))
  expect(await row('fake:ours')).toMatchObject({ version: 2, decided_at: expect.any(Date) })
  await arrive(toldGone('fake:ours'))
  expect(await here.kindsOf(ours.id)).toEqual([
    'comment.answer',
    'comment.answer-edit',
    'comment.answer-withdrawal',
  ])
})

test('it stands on Today of the page’s administrator and of those who may approve it, until one of them does', async () => {
  const { installation, chief, pio, avery } = here
  await arrive(answered('fake:raised', 'The shelter closes at nine.'))
  const { id, revision } = await row('fake:raised')
  expect(await raised(avery)).toEqual([])
  for (const person of [chief, pio])
    expect(await raised(person)).toMatchObject([
      { title: expect.stringMatching(/nobody approved here/), href: `/console/comments/${id}` },
    ])
  // The administrator is told, and can't approve what the department says.
  expect(await approveAnswer(installation, pio, id, { revision, note: '' })).toHaveProperty('denied')
  expect((await cardsOf(installation, [id]))[0]).toMatchObject({ official: true, unapproved: true })
  done(await approveAnswer(installation, chief, id, { revision, note: 'Agreed by telephone.' }))
  expect(await raised(chief)).toEqual([])
  expect(await approveAnswer(installation, chief, id, { revision, note: '' })).toMatchObject({
    problems: expect.anything(),
  })
  expect(await here.kindsOf(id)).toContain('comment.answer-approval')

  // Other words need an approval of their own.
  await arrive(answered('fake:raised', 'The shelter closes at ten.', { change: 'edited', version: '2' }))
  expect(await raised(pio)).toHaveLength(1)
  const stale = await approveAnswer(installation, chief, id, { revision, note: '' })
  expect(stale).toMatchObject({ problems: expect.anything() })
  await arrive(toldGone('fake:raised'))
  expect(await raised(pio)).toEqual([])
})

test('what the policy does not let the department say can’t be approved afterwards', async () => {
  const { installation, chief } = here
  await arrive(answered('fake:guilty', 'He is guilty of the robbery.'))
  const { id, revision } = await row('fake:guilty')
  expect(await approveAnswer(installation, chief, id, { revision, note: '' })).toMatchObject({
    denied: { because: expect.stringMatching(/does not let the department say/) },
  })
})

test('a visitor’s comment can’t be approved as an answer', async () => {
  const { installation, chief } = here
  await arrive(told(on, 'fake:visitor', 'I speak for the police.'))
  const { id, revision } = await row('fake:visitor')
  expect(await approveAnswer(installation, chief, id, { revision, note: '' })).toMatchObject({
    problems: expect.anything(),
  })
})
