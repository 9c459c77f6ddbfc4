import { beforeEach, expect, test } from 'vitest'
import { square, told } from '../../test/square.ts'
import type { RecordId } from '../storage/ids.ts'
import { cardsOf } from './card.ts'
import { keepComment } from './moderation.ts'
import { payOwed } from './owed.job.ts'

const here = await square()
const { on, remoteRow: row } = here
const start = Date.UTC(2026, 8, 1, 10)
const at = (minutes: number) => here.setClock(new Date(start + minutes * 60_000))
beforeEach(() => {
  here.remote.pictures.clear()
  here.remote.alone.clear()
  here.remote.calls.length = 0
})

const records = (comment: string) =>
  here.db
    .selectFrom('record')
    .select(['id', 'kind', 'json'])
    .where('subject_id', '=', comment)
    .orderBy('id')
    .execute()
const filesOf = (record: { id: RecordId } | undefined) =>
  here.db
    .selectFrom('record_blob')
    .select('role')
    .where('record_id', '=', record?.id ?? null)
    .execute()
const contentOf = (record: { json: string | null } | undefined) => JSON.parse(record?.json ?? '{}').content

/** A comment whose picture is refused when it is captured, at minute 0. */
async function withMissing(remoteId: string) {
  at(0)
  const missing = { because: 'Too many calls.', askFor: remoteId }
  return here.commentedThere(remoteId, 'Our dog', {
    pictures: [{ content: null, mediaType: 'image/jpeg', alt: 'A dachshund', missing }],
  })
}
const asked = (name: string) => here.remote.calls.filter((call) => call === `picture ${name}`).length

test('a picture that could not be had is asked for again, and what comes is a record of its own', async () => {
  const { installation, remote, avery } = here
  const comment = await withMissing('fake:later')
  await keepComment(installation, avery, comment.id, { revision: comment.revision })
  const [captured] = await records(comment.id)
  expect(contentOf(captured)).toMatchObject({
    pictures: [{ blob: null }],
    picturesMissing: [{ picture: 1, because: 'Too many calls.' }],
  })
  const [card] = await cardsOf(installation, [comment.id])
  expect(card?.pictures).toMatchObject([
    { blob: null, missing: { because: 'Too many calls.', nextAt: new Date(start + 60_000) } },
  ])
  await payOwed(installation)
  expect(asked('fake:later')).toBe(0)
  at(1)
  await payOwed(installation)
  expect(asked('fake:later')).toBe(1)

  const file = Buffer.from('a picture')
  remote.pictures.set('fake:later', file)
  at(10)
  await payOwed(installation)
  expect(asked('fake:later')).toBe(1)
  at(11)
  await Promise.all([payOwed(installation), payOwed(installation)])
  await payOwed(installation)
  expect(asked('fake:later')).toBe(2)
  const now = await row('fake:later')
  expect(Buffer.from(await installation.blobs.bytes(now.pictures[0]?.blob ?? '')).equals(file)).toBe(true)
  // Whoever kept the comment had not seen it.
  expect(now).toMatchObject({ decided_at: null, version: 1, fingerprint: expect.any(Buffer) })
  const kept = await records(comment.id)
  expect(kept.map(({ kind }) => kind)).toEqual(['comment.capture', 'comment.keeping', 'comment.picture'])
  expect(kept[0]?.json).toBe(captured?.json)
  expect(contentOf(kept[2])).toMatchObject({
    version: 1,
    picture: 1,
    alt: 'A dachshund',
    missingSince: new Date(start).toISOString(),
    tries: 2,
  })
  const files = await filesOf(kept[2])
  expect(files.map(({ role }) => role).sort()).toEqual(['picture', 'wire'])
  expect((await cardsOf(installation, [comment.id]))[0]?.pictures[0]).not.toHaveProperty('missing')
})

test('a picture that stays refused is given up after four days, once, and that is a gap on record', async () => {
  const { installation } = here
  const comment = await withMissing('fake:never')
  for (let hour = 0; hour <= 24 * 6; hour++) {
    at(1 + hour * 60)
    await payOwed(installation)
  }
  expect(asked('fake:never')).toBe(6)
  const all = await records(comment.id)
  expect(all.map(({ kind }) => kind)).toEqual(['comment.capture', 'comment.picture-gap'])
  expect(contentOf(all[1])).toMatchObject({
    picture: 1,
    because: 'There is no such picture.',
    missingSince: new Date(start).toISOString(),
    tries: 6,
  })
  const [card] = await cardsOf(installation, [comment.id])
  expect(card?.pictures).toMatchObject([
    { blob: null, missing: { because: 'There is no such picture.', nextAt: null } },
  ])
})

test('a picture that its platform can’t be asked for is a gap at once', async () => {
  at(0)
  const { id } = await here.commentedThere('fake:unaskable', 'Look', {
    pictures: [{ content: null, mediaType: 'image/jpeg', alt: '' }],
  })
  expect(await here.kindsOf(id)).toEqual(['comment.capture', 'comment.picture-gap'])
})

test('a platform that asks us to wait is not asked for the next one', async () => {
  const { installation, remote } = here
  await withMissing('fake:wait-1')
  await withMissing('fake:wait-2')
  for (const name of ['fake:wait-1', 'fake:wait-2'])
    remote.pictures.set(name, {
      outcome: 'later',
      because: 'Wait.',
      retryAfterSeconds: 1800,
      uncertain: false,
    })
  at(1)
  await payOwed(installation)
  expect(asked('fake:wait-1') + asked('fake:wait-2')).toBe(1)
})

test('after an edit a picture of the first words still comes to them, and the new words do not wait again', async () => {
  const { installation, remote, avery } = here
  const { id } = await withMissing('fake:edited')
  const edited = { change: 'edited', version: '2' } as const
  const { revision } = await here.commentedThere('fake:edited', 'Our cat', edited)
  await keepComment(installation, avery, id, { revision })
  remote.pictures.set('fake:edited', Buffer.from('a dog'))
  at(2)
  await payOwed(installation)
  expect(await row('fake:edited')).toMatchObject({ pictures: [], decided_at: expect.any(Date) })
  const first = await here.db
    .selectFrom('comment_version')
    .select('pictures')
    .where('comment', '=', id)
    .where('version', '=', 1)
    .executeTakeFirstOrThrow()
  expect(first.pictures).toMatchObject([{ blob: expect.any(String), alt: 'A dachshund' }])
})

test('what goes over the wire is kept later for a comment that came in a rush, as long as it reads the same', async () => {
  const { installation, remote, db } = here
  at(0)
  await here.arrive(
    told(on, 'fake:rush', 'Help', { wireLater: true }),
    told(on, 'fake:changed', 'Help!', { wireLater: true }),
  )
  remote.alone.set('fake:rush', '1').set('fake:changed', '2')
  at(2)
  await Promise.all([payOwed(installation), payOwed(installation)])
  const [rush, changed] = [await row('fake:rush'), await row('fake:changed')]
  expect(await here.kindsOf(rush.id)).toEqual(['comment.capture', 'comment.wire'])
  expect(await here.kindsOf(changed.id)).toEqual(['comment.capture'])
  const [, wire] = await records(rush.id)
  expect(await filesOf(wire)).toMatchObject([{ role: 'wire' }])
  // Both are over: nothing is asked for any more.
  const left = await db
    .selectFrom('comment_owed')
    .select('id')
    .where('comment', 'in', [rush.id, changed.id])
    .where('ended_at', 'is', null)
    .execute()
  expect(left).toEqual([])
})
