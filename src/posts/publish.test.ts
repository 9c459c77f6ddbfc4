import { gunzipSync } from 'node:zlib'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { done, town } from '../../test/town.ts'
import { exchangeOf } from '../../test/warc.ts'
import { StorageFull } from '../storage/blobs.ts'
import type { PostId, RecordId } from '../storage/ids.ts'
import { saveDraft } from './draft.ts'
import { fateOf } from './fate.ts'
import { cancelSchedule, deletePost, publishNow, schedulePost } from './publication.ts'
import { publish, sweep } from './publish.job.ts'
import { approvePost, submitPost } from './review.ts'
import { postById } from './store.ts'

let millbrook: Awaited<ReturnType<typeof town>>
beforeAll(async () => {
  millbrook = await town()
})
beforeEach(() => {
  millbrook.fake.there.clear()
  millbrook.fake.calls.length = 0
  millbrook.fake.connection(null)
  millbrook.fake.overTheWire([])
  millbrook.installation.jobs.enqueued.length = 0
  millbrook.setClock(null)
})

async function ordered(text: string) {
  const { installation, approved, chief, db } = millbrook
  const post = await approved(text)
  done(await publishNow(installation, chief, post.id, post.version))
  const { id } = await db
    .selectFrom('publication')
    .select('id')
    .where('post', '=', post.id)
    .executeTakeFirstOrThrow()
  return { ...post, publication: id }
}
const state = async (id: PostId) => (await postById(millbrook.db, id))?.state
const recordsOf = async (id: PostId, kind: string) =>
  (await millbrook.records(kind)).filter((record) => String(subjectOf(record)) === id)
// biome-ignore lint/suspicious/noExplicitAny: the column's name is the archive's own matter
const subjectOf = (record: any) => record.subject_id
const edited = async (id: PostId, text: string) => {
  const { installation, author, chief, page } = millbrook
  const version = (await postById(millbrook.db, id))?.version ?? 0
  const saved = done(
    await saveDraft(installation, author, id, { version, text, link: '', pages: [page], alts: {} }),
  )
  done(await submitPost(installation, author, id, saved.version))
  done(await approvePost(installation, chief, id, saved.version))
  return saved.version
}

describe('publishing', () => {
  test('brings the approved words to the page once, with the author’s line, and keeps the platform’s answer', async () => {
    const { installation, fake } = millbrook
    const post = await ordered('Main Street is closed until noon.')
    expect(await state(post.id)).toBe('publishing')
    await installation.jobs.run('post.publish')
    await publish(installation, post.publication)

    expect([...fake.there.values()].map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Main Street is closed until noon\.\n\n— Officer Lee Park/),
    ])
    expect(fake.calls.filter((call) => call === 'publish')).toHaveLength(1)
    expect(await state(post.id)).toBe('published')
    expect(await recordsOf(post.id, 'post.publication')).toHaveLength(1)
  })

  test.each([
    ['done', null, false],
    ['found after a crash', new Error('killed'), true],
    ['refused', { outcome: 'refused', because: 'Not here.' } as const, false],
  ])(
    'the record of a publication that is %s names what went over the wire, as a WARC',
    async (_, trouble, after) => {
      const { installation, fake, db } = millbrook
      fake.overTheWire([exchangeOf('as it was answered')])
      const post = await ordered(`Elm Street is closed, ${_}.`)
      if (trouble) fake.order('publish', trouble, { after })
      await publish(installation, post.publication).catch(() => publish(installation, post.publication))
      const [record] = await recordsOf(post.id, 'post.publication')
      const files = await db
        .selectFrom('record_blob')
        .select(['sha256', 'role', 'media_type'])
        .where('record_id', '=', record?.id as RecordId)
        .where('role', '=', 'wire')
        .execute()
      expect(files).toMatchObject([{ media_type: 'application/warc' }])
      const file = gunzipSync(await installation.blobs.bytes(files[0]?.sha256 ?? ''))
      expect(file.toString()).toContain('as it was answered')
    },
  )

  test('two workers at once publish it once', async () => {
    const { installation, fake } = millbrook
    const post = await ordered('The parade begins at ten.')
    await Promise.all([1, 2, 3, 4].map(() => publish(installation, post.publication)))
    expect(fake.calls.filter((call) => call === 'publish')).toHaveLength(1)
    expect(await recordsOf(post.id, 'post.publication')).toHaveLength(1)
  })

  test.each([
    ['before the platform had it', { after: false }],
    ['after the platform had it', { after: true }],
  ])('a process that dies %s leaves one post and one record', async (_, when) => {
    const { installation, fake } = millbrook
    const post = await ordered(`A storm is coming, ${_}.`)
    fake.order('publish', new Error('killed'), when)
    await expect(publish(installation, post.publication)).rejects.toThrow('killed')
    expect(await recordsOf(post.id, 'post.publication')).toHaveLength(0)
    await publish(installation, post.publication)
    expect(fake.there.size).toBe(1)
    expect(fake.calls.filter((call) => call === 'publish')).toHaveLength(when.after ? 1 : 2)
    expect(await recordsOf(post.id, 'post.publication')).toHaveLength(1)
    expect(await state(post.id)).toBe('published')
  })

  test('a process that dies while it keeps the platform’s answer leaves one post and one record', async () => {
    const { installation, fake } = millbrook
    const post = await ordered('Step 1 of the flood watch.')
    const dying = {
      ...installation,
      // The one file that is kept is the platform's answer.
      blobs: { ...installation.blobs, put: () => Promise.reject(new Error('killed')) },
    }
    await expect(publish(dying, post.publication)).rejects.toThrow('killed')
    expect(fake.there.size).toBe(1)
    await publish(installation, post.publication)
    expect(fake.there.size).toBe(1)
    expect(await recordsOf(post.id, 'post.publication')).toHaveLength(1)
  })

  test('a process that dies while it writes the record leaves no publication without one', async () => {
    const { installation, fake } = millbrook
    const post = await ordered('Step 2 of the flood watch.')
    let looks = 0
    const dying = {
      ...installation,
      // The clock is looked at for the attempt, for its end, and for the record.
      now() {
        if (++looks === 3) throw new Error('killed')
        return installation.now()
      },
    }
    await expect(publish(dying, post.publication)).rejects.toThrow('killed')
    expect(fake.there.size).toBe(1)
    expect(await state(post.id)).toBe('publishing')
    await publish(installation, post.publication)
    expect(fake.there.size).toBe(1)
    expect(await recordsOf(post.id, 'post.publication')).toHaveLength(1)
  })

  test('when the platform can’t say whether it has it, nothing is sent again', async () => {
    const { installation, fake } = millbrook
    const post = await ordered('Road work on Elm Street.')
    fake.order(
      'publish',
      { outcome: 'later', because: 'The platform did not answer.', uncertain: true },
      { after: true },
    )
    await expect(publish(installation, post.publication)).rejects.toThrow(/did not answer/)
    fake.order('find', { outcome: 'later', because: 'Still no answer.', uncertain: false })
    await expect(publish(installation, post.publication)).rejects.toThrow(/Still no answer/)
    expect(fake.calls.filter((call) => call === 'publish')).toHaveLength(1)
    expect((await fateOf(millbrook.db, post.id))[0]?.words).toMatch(/Still no answer/)
    await publish(installation, post.publication)
    expect(fake.there.size).toBe(1)
    expect(fake.calls.filter((call) => call === 'publish')).toHaveLength(1)
  })

  test('a platform that is busy is asked again when it said', async () => {
    const { installation, fake } = millbrook
    const post = await ordered('Bring your pets inside tonight.')
    fake.order('publish', {
      outcome: 'later',
      because: 'Too many requests.',
      retryAfterSeconds: 300,
      uncertain: false,
    })
    await installation.jobs.run('post.publish')
    const again = installation.jobs.enqueued.find((job) => job.queue === 'post.publish')
    expect(again?.startAfter?.getTime()).toBeGreaterThan(Date.now() + 290_000)
    // The sweeper knows that a retry is on its way.
    installation.jobs.enqueued.length = 0
    await sweep(installation)
    expect(installation.jobs.enqueued).toEqual([])
    await publish(installation, post.publication)
    expect(await state(post.id)).toBe('published')
  })

  test('a refusal is kept with its sentence, and publishing may be ordered again', async () => {
    const { installation, fake, chief } = millbrook
    const post = await ordered('Lost dog found on Pine Road.')
    fake.order('publish', { outcome: 'refused', because: 'The account is suspended.' })
    await installation.jobs.run('post.publish')
    expect(await state(post.id)).toBe('refused')
    expect((await fateOf(millbrook.db, post.id))[0]?.words).toBe('Not taken: The account is suspended.')
    expect(await recordsOf(post.id, 'post.publication')).toHaveLength(1)

    done(await publishNow(installation, chief, post.id, post.version))
    await installation.jobs.run('post.publish')
    expect(await state(post.id)).toBe('published')
    expect(fake.there.size).toBe(1)
  })

  test('a full disk stops it with a clear word before anything goes out, and loses nothing', async () => {
    const { installation, fake } = millbrook
    const post = await ordered('The library closes early.')
    const full = {
      ...installation,
      blobs: { ...installation.blobs, room: async () => 500 },
    }
    await expect(publish(full, post.publication)).rejects.toThrow(StorageFull)
    expect(fake.there.size).toBe(0)
    expect((await fateOf(millbrook.db, post.id))[0]?.words).toMatch(/disk is full/)
    await publish(installation, post.publication)
    expect(await state(post.id)).toBe('published')
  })

  test('a page that lost its approval since takes nothing', async () => {
    const { installation, fake, db, page } = millbrook
    const post = await ordered('Coffee with a cop on Friday.')
    await db.updateTable('page').set({ revision: 2 }).where('id', '=', page).execute()
    await installation.jobs.run('post.publish')
    await db.updateTable('page').set({ revision: 1 }).where('id', '=', page).execute()
    expect(fake.there.size).toBe(0)
    expect((await fateOf(millbrook.db, post.id))[0]?.words).toMatch(/not approved/)
  })

  test('a publication without a job is found by the sweeper', async () => {
    const { installation, setClock } = millbrook
    const post = await ordered('Trick-or-treat hours are five to eight.')
    installation.jobs.enqueued.length = 0
    await sweep(installation)
    expect(installation.jobs.enqueued).toEqual([])
    setClock(new Date(Date.now() + 11 * 60_000))
    await sweep(installation)
    expect(installation.jobs.enqueued).toContainEqual(
      expect.objectContaining({ queue: 'post.publish', data: { publication: post.publication } }),
    )
    await installation.jobs.run('post.publish')
    expect(await state(post.id)).toBe('published')
  })
})

describe('after publishing', () => {
  test('a change needs a new approval, and then reaches the page', async () => {
    const { installation, fake, chief, author, page } = millbrook
    const post = await ordered('The hearing is on Monday.')
    await installation.jobs.run('post.publish')
    const saved = done(
      await saveDraft(installation, author, post.id, {
        version: post.version,
        text: 'The hearing is on Tuesday.',
        link: '',
        pages: [page],
        alts: {},
      }),
    )
    expect(await publishNow(installation, chief, post.id, saved.version)).toHaveProperty('denied')
    expect([...fake.there.values()][0]?.text).toMatch(/Monday/)

    done(await submitPost(installation, author, post.id, saved.version))
    done(await approvePost(installation, chief, post.id, saved.version))
    done(await publishNow(installation, chief, post.id, saved.version))
    fake.order('edit', new Error('killed'), { after: true })
    await expect(installation.jobs.run('post.edit')).rejects.toThrow('killed')
    millbrook.setClock(new Date(Date.now() + 11 * 60_000))
    await sweep(installation)
    await installation.jobs.run('post.edit')
    expect([...fake.there.values()].map(({ text }) => text)).toEqual([expect.stringMatching(/Tuesday/)])
    expect(await recordsOf(post.id, 'post.edit')).toHaveLength(1)
    expect(await state(post.id)).toBe('published')
  })

  test('a deletion takes it off the page and leaves its records', async () => {
    const { installation, fake, chief } = millbrook
    const post = await ordered('Wrong date, will be deleted.')
    await installation.jobs.run('post.publish')
    done(await deletePost(installation, chief, post.id, 'The date was wrong.'))
    fake.order('delete', new Error('killed'), { after: true })
    await expect(installation.jobs.run('post.delete')).rejects.toThrow('killed')
    millbrook.setClock(new Date(Date.now() + 11 * 60_000))
    await sweep(installation)
    await installation.jobs.run('post.delete')
    expect(fake.there.size).toBe(0)
    expect(fake.calls.filter((call) => call === 'delete')).toHaveLength(1)
    expect((await fateOf(millbrook.db, post.id))[0]?.words).toBe('Deleted there.')
    // The decision, and that it is gone.
    expect(await recordsOf(post.id, 'post.deletion')).toHaveLength(2)
    expect(await recordsOf(post.id, 'post.publication')).toHaveLength(1)
  })

  test('a post deleted before it went out never goes out', async () => {
    const { installation, fake, chief } = millbrook
    const post = await ordered('Never mind this one.')
    done(await deletePost(installation, chief, post.id, 'Not needed.'))
    await installation.jobs.run('post.publish')
    await installation.jobs.run('post.delete')
    expect(fake.there.size).toBe(0)
    expect(fake.calls).not.toContain('publish')
    expect(await state(post.id)).toBe('deleted')
  })

  test('two changes reach the page in order, whichever job runs first', async () => {
    const { installation, fake, chief } = millbrook
    const post = await ordered('First words.')
    await installation.jobs.run('post.publish')
    const second = await edited(post.id, 'Second words.')
    done(await publishNow(installation, chief, post.id, second))
    const third = await edited(post.id, 'Third words.')
    done(await publishNow(installation, chief, post.id, third))
    const waiting = installation.jobs.enqueued.filter((job) => job.queue === 'post.edit').reverse()
    installation.jobs.enqueued.splice(0, Number.POSITIVE_INFINITY, ...waiting)
    await installation.jobs.run('post.edit')
    expect([...fake.there.values()][0]?.text).toMatch(/^Third words/)
    expect(await state(post.id)).toBe('published')
  })
})

describe('a set time', () => {
  const local = '2031-05-01T09:00'

  test('publishes then, and not before', async () => {
    const { installation, fake, chief, approved, setClock } = millbrook
    setClock(new Date('2031-04-30T12:00:00Z'))
    const post = await approved('The farmers’ market opens.')
    expect(await schedulePost(installation, chief, post.id, post.version, '2031-04-29T09:00')).toHaveProperty(
      'problems.at',
      expect.stringMatching(/has passed/),
    )
    done(await schedulePost(installation, chief, post.id, post.version, local))
    expect(await state(post.id)).toBe('scheduled')
    const job = installation.jobs.enqueued.find(({ queue }) => queue === 'post.schedule')
    expect(job?.startAfter?.toISOString()).toBe('2031-05-01T13:00:00.000Z')

    await installation.jobs.run('post.schedule')
    expect(await state(post.id)).toBe('scheduled')
    setClock(new Date('2031-05-01T13:02:00Z'))
    // Its job is gone: the sweeper notices.
    await sweep(installation)
    await installation.jobs.run('post.schedule')
    await installation.jobs.run('post.publish')
    expect(fake.there.size).toBe(1)
  })

  test('is void when the post is changed or the time taken away', async () => {
    const { installation, fake, chief, author, page, approved, setClock } = millbrook
    setClock(new Date('2031-04-30T12:00:00Z'))
    const changed = await approved('The market moves.')
    done(await schedulePost(installation, chief, changed.id, changed.version, local))
    const { version } = changed
    done(
      await saveDraft(installation, author, changed.id, {
        version,
        text: 'It moves not.',
        link: '',
        pages: [page],
        alts: {},
      }),
    )
    const cancelled = await approved('The market closes.')
    done(await schedulePost(installation, chief, cancelled.id, cancelled.version, local))
    done(await cancelSchedule(installation, chief, cancelled.id))
    setClock(new Date('2031-05-01T13:02:00Z'))
    await installation.jobs.run('post.schedule')
    expect(installation.jobs.enqueued).toEqual([])
    expect(fake.there.size).toBe(0)
    expect(await state(changed.id)).toBe('draft')
    expect(await state(cancelled.id)).toBe('approved')
  })
})
