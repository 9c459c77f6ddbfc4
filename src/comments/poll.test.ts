import sharp from 'sharp'
import { beforeEach, describe, expect, test } from 'vitest'
import { square, told, toldGone } from '../../test/square.ts'
import { exchangeOf } from '../../test/warc.ts'
import { gapsFor } from '../pages/pages.ts'
import type { CommentChange } from '../platforms/contract.ts'
import { keepComment } from './moderation.ts'
import { renditionOf } from './picture.ts'
import { pollComments } from './poll.job.ts'
import { takePoll } from './poll-store.ts'

const here = await square()
const { on } = here
beforeEach(() => {
  here.remote.changes = []
  here.remote.poll = null
  here.remote.meanwhile = null
  here.setClock(null)
})
const row = (remoteId: string) =>
  here.db.selectFrom('comment').selectAll().where('remote_id', '=', remoteId).executeTakeFirst()

test('a comment that is new, changed, then deleted is captured once each, however often it is told', async () => {
  const { installation, remote, avery, db } = here
  const remoteId = 'fake:a'
  const polls = async () => {
    await Promise.all([pollComments(installation), pollComments(installation)])
    await pollComments(installation)
  }
  remote.changes = [told(on, remoteId, 'Is the shelter open?')]
  await polls()
  const first = await row(remoteId)
  if (!first) throw new Error('Not captured.')
  expect(first).toMatchObject({ author_name: 'Jo Reyes', author_handle: 'jo.example', version: 1 })
  expect(remote.known).toContainEqual({ remoteId, version: '1' })
  await keepComment(installation, avery, first.id, { revision: 1 })

  remote.changes = [told(on, remoteId, 'Is the shelter open to dogs?', { change: 'edited', version: '2' })]
  await polls()
  expect(await row(remoteId)).toMatchObject({
    version: 2,
    decided_at: null,
    text: expect.stringMatching(/dogs/),
  })

  // Back to the first words: platforms that name versions by their content give them their first name again.
  remote.changes = [told(on, remoteId, 'Is the shelter open?', { change: 'edited', version: '1' })]
  await polls()
  expect(await row(remoteId)).toMatchObject({ version: 3, text: 'Is the shelter open?' })

  remote.changes = [toldGone(remoteId)]
  await polls()
  expect(await row(remoteId)).toMatchObject({ deleted_at: expect.any(Date), text: 'Is the shelter open?' })
  expect(await here.kindsOf(first.id)).toEqual([
    'comment.capture',
    'comment.keeping',
    'comment.edit',
    'comment.edit',
    'comment.deletion',
  ])
  const blobs = await db
    .selectFrom('record_blob')
    .innerJoin('record', 'record.id', 'record_blob.record_id')
    .select(['sha256', 'role'])
    .where('subject_id', '=', first.id)
    .execute()
  expect(blobs).toHaveLength(4)
  for (const blob of blobs) expect(await installation.blobs.has(blob.sha256)).toBe(true)
})

test('answers find their thread, whatever the order in which they are told', async () => {
  const { installation, remote } = here
  remote.changes = [
    told(on, 'fake:answer', 'Yes.', {
      inReplyTo: 'fake:question',
      postedAt: new Date('2026-05-01T12:05:00Z'),
    }),
    told(on, 'fake:question', 'Open?'),
  ]
  await pollComments(installation)
  const question = await row('fake:question')
  expect(await row('fake:answer')).toMatchObject({ in_reply_to: question?.id, thread: question?.id })
})

test('a process that dies half-way goes on with the next poll', async () => {
  const { installation, remote } = here
  remote.changes = [told(on, 'fake:one', 'One'), told(on, 'fake:two', 'Two')]
  let puts = 0
  const dying = {
    ...installation,
    blobs: {
      ...installation.blobs,
      put: (content: Uint8Array, mediaType: string) =>
        ++puts === 2 ? Promise.reject(new Error('killed')) : installation.blobs.put(content, mediaType),
    },
  }
  await pollComments(dying)
  expect(await row('fake:two')).toBeUndefined()
  expect(await here.db.selectFrom('comment_poll').select('trouble').executeTakeFirst()).toMatchObject({
    trouble: expect.stringMatching(/half-way/),
  })
  await pollComments(installation)
  expect(await row('fake:two')).toBeDefined()
  expect(await here.db.selectFrom('comment_poll').selectAll().executeTakeFirst()).toMatchObject({
    trouble: null,
    read_at: expect.any(Date),
  })
})

test('a platform that is busy is left alone until it said, and its word is kept for the moderators', async () => {
  const { installation, remote, setClock } = here
  setClock(new Date('2026-09-01T10:00:00Z'))
  remote.poll = { outcome: 'later', because: 'Too many requests.', retryAfterSeconds: 600, uncertain: false }
  await pollComments(installation)
  remote.poll = null
  remote.changes = [told(on, 'fake:late', 'Late')]
  setClock(new Date('2026-09-01T10:05:00Z'))
  await pollComments(installation)
  expect(await row('fake:late')).toBeUndefined()
  setClock(new Date('2026-09-01T10:10:01Z'))
  await pollComments(installation)
  expect(await row('fake:late')).toBeDefined()
})

test('odd content is captured: a NUL, a broken surrogate, no display name, nothing but a picture', async () => {
  const { installation, remote } = here
  const author = { remoteId: 'did:fake:odd', handle: 'odd.example' }
  remote.changes = [
    told(on, 'fake:odd', 'a\0b\ud800', { author }),
    told(on, 'fake:empty', '', { author }),
    told(on, 'fake:odd-picture', 'Look', {
      pictures: [{ content: null, mediaType: 'image/png', alt: 'a\0b' }],
    }),
    told('fake:unknown-post', 'fake:stray', 'Elsewhere'),
    toldGone('fake:never-seen'),
  ]
  await pollComments(installation)
  expect(await row('fake:odd')).toMatchObject({ text: 'ab\ufffd', author_name: 'odd.example' })
  expect(await row('fake:empty')).toMatchObject({ text: '' })
  expect(await row('fake:odd-picture')).toMatchObject({ pictures: [{ alt: 'ab' }] })
  expect(await row('fake:stray')).toBeUndefined()
})

test('a deleted comment that is there again waits again', async () => {
  const { installation, remote } = here
  remote.changes = [told(on, 'fake:again', 'Hello')]
  await pollComments(installation)
  remote.changes = [toldGone('fake:again')]
  await pollComments(installation)
  remote.changes = [told(on, 'fake:again', 'Hello')]
  await pollComments(installation)
  expect(await row('fake:again')).toMatchObject({ deleted_at: null, version: 2 })
})

test('a comment that went with its author’s account is not said to be deleted by them', async () => {
  const { installation, remote, db } = here
  remote.changes = [told(on, 'fake:closed', 'Hello')]
  await pollComments(installation)
  const because = 'The platform closed its author’s account.'
  remote.changes = [{ ...toldGone('fake:closed'), because } as CommentChange]
  await pollComments(installation)
  const comment = await row('fake:closed')
  expect(comment).toMatchObject({ gone_because: because, deleted_at: expect.any(Date) })
  const record = await db
    .selectFrom('record')
    .select('json')
    .where('subject_id', '=', comment?.id ?? '')
    .where('kind', '=', 'comment.deletion')
    .executeTakeFirstOrThrow()
  expect(JSON.parse(record.json ?? '').content).toMatchObject({ because })
  remote.changes = [told(on, 'fake:closed', 'Hello')]
  await pollComments(installation)
  expect(await row('fake:closed')).toMatchObject({ gone_because: null, deleted_at: null })
})

test('pictures are kept byte for byte, on record with their descriptions; one that could not be had is known to be missing', async () => {
  const { installation, remote, db } = here
  const file = await sharp({ create: { width: 30, height: 20, channels: 3, background: 'brown' } })
    .jpeg()
    .withExif({ IFD0: { Copyright: 'A neighbor' } })
    .toBuffer()
  remote.changes = [
    told(on, 'fake:pictures', 'Our dog', {
      language: 'en',
      pictures: [
        { content: file, mediaType: 'image/jpeg', alt: 'A brown dachshund' },
        { content: null, mediaType: 'image/jpeg', alt: 'Its collar' },
      ],
    }),
  ]
  await pollComments(installation)
  const comment = await row('fake:pictures')
  const [dog, collar] = comment?.pictures ?? []
  expect(comment?.language).toBe('en')
  expect(collar).toEqual({ blob: null, mediaType: 'image/jpeg', alt: 'Its collar' })
  expect(Buffer.from(await installation.blobs.bytes(dog?.blob ?? '')).equals(file)).toBe(true)
  // What reaches a moderator's browser is made anew: no word of the camera is in it.
  const rendition = await renditionOf(installation.blobs, dog?.blob ?? '')
  const metadata = await sharp(rendition ?? undefined).metadata()
  expect([metadata.format, metadata.exif]).toEqual(['webp', undefined])
  const found = await db
    .selectFrom('record')
    .innerJoin('record_blob', 'record_blob.record_id', 'record.id')
    .select(['sha256', 'role', 'words'])
    .where('subject_id', '=', comment?.id ?? '')
    .execute()
  expect(found).toContainEqual({
    sha256: dog?.blob,
    role: 'picture',
    words: expect.stringContaining('A brown dachshund'),
  })
  const text = await installation.blobs.put(Buffer.from('no picture'), 'image/png')
  expect(await renditionOf(installation.blobs, text.sha256)).toBeNull()
  const drawing = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"/>')
  const { sha256 } = await installation.blobs.put(drawing, 'image/svg+xml')
  expect(await renditionOf(installation.blobs, sha256)).toBeNull()
})

test('what went over the wire is kept with each change that it brought, and a poll that brings nothing keeps nothing', async () => {
  const { installation, remote, db } = here
  const polls = async (...changes: typeof remote.changes) => {
    remote.changes = changes.map((one) => ({ ...one, wire: [exchangeOf(`about ${one.remoteId}`)] }))
    await pollComments(installation)
    await pollComments(installation)
  }
  const wires = () => db.selectFrom('record_blob').select('sha256').where('role', '=', 'wire').execute()
  await polls(told(on, 'fake:wired', 'Hello'), told(on, 'fake:other', 'Hi'))
  expect(await wires()).toHaveLength(2)
  await polls(told(on, 'fake:wired', 'Hello!', { change: 'edited', version: '2' }))
  await polls(toldGone('fake:wired'))
  expect(await wires()).toHaveLength(4)
})

describe('a gap in the capture', () => {
  const minutes = (n: number) => new Date(Date.UTC(2031, 5, 1, 12, n))
  const gaps = () => here.db.selectFrom('capture_gap').selectAll().orderBy('since').execute()
  const gapRecords = () =>
    here.db
      .selectFrom('record')
      .select(['kind', 'json'])
      .where('kind', 'like', 'page.gap%')
      .orderBy('id')
      .execute()
  const poll = (n: number) => {
    here.setClock(minutes(n))
    return pollComments(here.installation)
  }

  test('is none while it is short; then it is on record once, and again when it ends, with what was read back', async () => {
    await poll(0)
    // The page was not read since the tests before.
    const before = { gaps: (await gaps()).length, records: (await gapRecords()).length }
    here.remote.poll = { outcome: 'later', because: 'The platform is down.', uncertain: false }
    await poll(5)
    expect(await gaps()).toHaveLength(before.gaps)
    await Promise.all([poll(11), poll(11)])
    await poll(12)
    expect(await gaps()).toHaveLength(before.gaps + 1)
    expect((await gaps()).at(-1)).toMatchObject({
      since: minutes(0),
      because: 'The platform is down.',
      ended_at: null,
    })
    expect((await gapsFor(here.installation, here.avery)).map(({ title }) => title)).toEqual([
      expect.stringMatching(/can’t be read/),
    ])

    here.remote.poll = null
    here.remote.changes = [told(on, 'fake:in-the-gap', 'Is anybody there?', { postedAt: minutes(7) })]
    await poll(20)
    expect((await gaps()).at(-1)).toMatchObject({ ended_at: minutes(20) })
    const records = (await gapRecords()).slice(before.records)
    expect(records.map(({ kind }) => kind)).toEqual(['page.gap', 'page.gap-end'])
    expect(JSON.parse(records[1]?.json ?? '{}').content).toMatchObject({
      from: minutes(0).toISOString(),
      until: minutes(20).toISOString(),
      readBack: 1,
    })
    expect(await gapsFor(here.installation, here.avery)).toEqual([])
  })

  test('is found at the next start when Plainview itself did not run', async () => {
    await poll(30)
    const before = (await gaps()).length
    await poll(200)
    expect((await gaps()).slice(before)).toMatchObject([
      { since: minutes(30), ended_at: minutes(200), because: expect.stringMatching(/did not run/) },
    ])
  })

  test('does not begin anew when a process dies in a reading: another one takes over', async () => {
    await poll(210)
    const take = (n: number) => takePoll(here.db, here.remoteStorm.publication.page, minutes(n))
    expect(await take(211)).not.toBeNull()
    expect(await take(212)).toBeNull()
    expect(await take(217)).not.toBeNull()
  })
})

describe('two processes', () => {
  test('read a page one at a time', async () => {
    const { installation, remote, setClock } = here
    setClock(new Date('2031-12-01T10:00:00Z'))
    let polls = 0
    remote.meanwhile = async () => {
      polls += 1
      await pollComments(installation)
    }
    await pollComments(installation)
    expect(polls).toBe(1)
  })

  test('never bring in what one read before the other took the page over', async () => {
    const { installation, remote, setClock } = here
    const start = new Date('2032-01-01T10:00:00Z')
    const later = new Date('2032-01-01T10:06:00Z')
    setClock(start)
    remote.changes = [told(on, 'fake:race', 'First')]
    await pollComments(installation)
    // The one that reads "Second" stands still for longer than its lease, while its author writes "Third".
    remote.changes = [told(on, 'fake:race', 'Second', { change: 'edited', version: '2' })]
    remote.meanwhile = async () => {
      remote.meanwhile = null
      remote.changes = [told(on, 'fake:race', 'Third', { change: 'edited', version: '3' })]
      setClock(later)
      await pollComments(installation)
    }
    await pollComments(installation)
    expect(await row('fake:race')).toMatchObject({ text: 'Third', version: 2 })
    const state = await here.db.selectFrom('comment_poll').selectAll().executeTakeFirst()
    expect(state).toMatchObject({ taken_by: null, read_at: later })
  })
})

test('one comment that can’t be brought in keeps no other from being captured, and the page counts as not read', async () => {
  const { installation, remote, setClock } = here
  setClock(new Date('2032-02-01T10:00:00Z'))
  const put = (content: Uint8Array, mediaType: string) =>
    Buffer.from(content).includes('Broken')
      ? Promise.reject(new Error('not this one'))
      : installation.blobs.put(content, mediaType)
  remote.changes = [told(on, 'fake:broken', 'Broken'), told(on, 'fake:whole', 'Whole')]
  await pollComments({ ...installation, blobs: { ...installation.blobs, put } })
  expect(await row('fake:whole')).toBeDefined()
  expect(await here.db.selectFrom('comment_poll').select('trouble').executeTakeFirst()).toMatchObject({
    trouble: expect.stringMatching(/half-way/),
  })
})

test('what came before the platform’s trouble is captured, and the page counts as not read', async () => {
  const { installation, remote, setClock } = here
  setClock(new Date('2032-02-01T10:10:00Z'))
  remote.poll = {
    outcome: 'later',
    because: 'Too many requests.',
    uncertain: false,
    soFar: [told(on, 'fake:in-time', 'In time')],
  }
  await pollComments(installation)
  expect(await row('fake:in-time')).toBeDefined()
  expect(await here.db.selectFrom('comment_poll').select('trouble').executeTakeFirst()).toMatchObject({
    trouble: 'Too many requests.',
  })
})
