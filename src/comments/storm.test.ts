import { expect, test } from 'vitest'
import { square, told } from '../../test/square.ts'
import { verifyLog } from '../archive/archive.ts'
import { sequence } from '../archive/log.ts'
import { pollComments } from './poll.job.ts'
import { readQueue } from './queue.ts'

const onPlatform = 800
const onOwnPage = 200

test('a thousand comments within an hour: each is captured once, waits in the queue, and is in the log', async () => {
  const here = await square()
  const { installation, remote, on, avery, db } = here
  const texts = [
    'Is the bridge open?',
    'The chief should resign',
    'I am going to kill you tonight',
    'Thank you all',
  ]
  const words = (n: number) => `${texts[n % texts.length]} ${n}`
  const storm = Array.from({ length: onPlatform }, (_, n) =>
    told(on, `fake:storm-${n}`, words(n), { postedAt: new Date(Date.UTC(2026, 4, 1, 12, 0, n)) }),
  )

  // The platform tells more at each poll, and all of the earlier ones again, while visitors write and somebody reads.
  for (let n = 1; n <= 4; n++) {
    remote.changes = storm.slice(0, (onPlatform / 4) * n)
    await Promise.all([
      pollComments(installation),
      pollComments(installation),
      ...Array.from({ length: onOwnPage / 4 }, (_, visitor) => here.commented(words(n * 1000 + visitor))),
      readQueue(installation, avery.id, { order: 'harm' }),
    ])
  }
  await pollComments(installation)
  await sequence(db, installation.logKey)

  const total = onPlatform + onOwnPage
  const rows = await db
    .selectFrom('comment as c')
    .leftJoin('record as r', (join) =>
      join
        .on('r.subject_kind', '=', 'comment')
        .on('r.kind', '=', 'comment.capture')
        .on(({ eb, cast, ref }) => eb('r.subject_id', '=', cast<string>(ref('c.id'), 'text'))),
    )
    .leftJoin('log_entry as e', 'e.record_id', 'r.id')
    .select(['c.id', 'r.id as record', 'e.position'])
    .execute()
  expect(rows).toHaveLength(total)
  expect(new Set(rows.map(({ id }) => id)).size).toBe(total)
  expect(rows.filter(({ record, position }) => record === null || position === null)).toEqual([])
  const { size } = await db
    .selectFrom('checkpoint')
    .select(({ fn }) => fn.max('tree_size').as('size'))
    .executeTakeFirstOrThrow()
  expect(rows.every(({ position }) => position !== null && position < size)).toBe(true)
  expect(await verifyLog(db, installation.logKey.verifier)).toMatchObject({ genuine: true, waiting: 0 })

  const read: { id: string; harm: number; text: string }[] = []
  let after: string | null = null
  do {
    const part: Awaited<ReturnType<typeof readQueue>> = await readQueue(
      installation,
      avery.id,
      { order: 'harm', after },
      100,
    )
    expect(part.waiting).toBe(total)
    read.push(...part.cards)
    after = part.next
  } while (after)
  expect(new Set(read.map(({ id }) => id)).size).toBe(total)
  expect(read.map(({ harm }) => harm)).toEqual(read.map(({ harm }) => harm).sort((a, b) => b - a))
  // What threatens somebody comes before all else.
  const threats = read.filter(({ text }) => text.startsWith('I am going to kill'))
  expect(threats.length).toBeGreaterThan(200)
  expect(read.slice(0, threats.length)).toEqual(threats)
}, 120_000)
