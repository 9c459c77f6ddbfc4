import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { testDesk, value } from '../../test/desk.ts'
import { newId, type PageId } from '../storage/ids.ts'
import { collect } from './collection.ts'

test('a production says when its pages were not captured, from its first record to the day of the order', async () => {
  const desk = await testDesk()
  const { here, officer } = desk
  const page = async (title: string): Promise<PageId> => {
    const id = newId<'page'>()
    await here.db
      .insertInto('page')
      .values({
        id,
        platform: 'fake',
        title,
        address: 'https://square.example',
        slug: null,
        purpose: 'News.',
        scope: '',
        audiences: [],
        website: '',
        contact: '',
        comment_policy: 'open',
        author_line: 'none',
        disclosures: '',
        registered_by: officer.id,
        registered_at: new Date('2026-01-01'),
      })
      .execute()
    return id
  }
  const gap = (on: PageId, since: string, until: string | null) =>
    here.db
      .insertInto('capture_gap')
      .values({
        id: newId(),
        page: on,
        since: new Date(since),
        because: 'The password of Elena Rivera expired.',
        noticed_at: new Date(since),
        ended_at: until ? new Date(until) : null,
      })
      .execute()
  const readme = async (...records: Awaited<ReturnType<typeof desk.record>>[]) => {
    const request = await desk.request()
    value(await collect(here, officer, request, records))
    await desk.releaseTheRest(request)
    const bag = await desk.produced(request)
    expect(await desk.verdict(bag)).toMatchObject({ genuine: true })
    return readFile(path.join(bag, 'data', 'README.txt'), 'utf8')
  }
  const [square, quiet] = [await page('Town Square'), await page('Quiet corner')]
  await gap(square, '2026-01-10T08:00:00Z', '2026-01-10T09:00:00Z')
  await gap(square, '2026-02-03T08:00:00Z', '2026-02-03T12:30:00Z')
  await gap(square, '2026-02-20T08:00:00Z', null)
  const hello = await desk.record({ words: 'Hello', page: square, at: new Date('2026-02-01T12:00:00Z') })
  const other = await desk.record({ words: 'Psst', page: quiet, at: new Date('2026-02-01T12:00:00Z') })

  const text = await readme(hello, other)
  expect(text.split('\n').filter((line) => line.endsWith(': Town Square'))).toEqual([
    '  2026-02-03 08:00 UTC to 2026-02-03 12:30 UTC: Town Square',
    '  2026-02-20 08:00 UTC to now, when this was put together: Town Square',
  ])
  expect(text).toContain('What was changed or deleted in between is not known.')
  // Why is on record; who let a password expire is for nobody to read unreviewed.
  expect(text).not.toContain('Elena')
  expect(await readme(other)).not.toContain('nobody captured')

  // A picture that nobody could get is named with every record of its comment, whether its own record goes out or not.
  const about = { subject: { kind: 'comment', id: newId<'comment'>() }, page: quiet } as const
  const dog = await desk.record({ ...about, words: 'Our dog', at: new Date('2026-02-01T12:00:00Z') })
  const missing = await desk.record({
    ...about,
    kind: 'comment.picture-gap',
    words: 'A picture could not be had',
    at: new Date('2026-02-05T12:00:00Z'),
  })
  const lines = (await readme(dog)).split('\n').filter((line) => line.includes('given up'))
  expect(lines).toEqual([`  given up 2026-02-05 12:00 UTC: Quiet corner (record ${missing})`])
})
