import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { open, rm } from 'node:fs/promises'
import path from 'node:path'
import { json } from 'node:stream/consumers'
import { sql } from 'kysely'
import { formats } from '../src/requests/formats/formats.ts'
import { numbered } from '../src/requests/formats/numbering.ts'
import { releasedRecords } from '../src/requests/formats/released.ts'
import { orderProduction } from '../src/requests/production.ts'
import { receiveByForm } from '../src/requests/requests.ts'
import type { ProductionId } from '../src/requests/store.ts'
import type { RequestId } from '../src/storage/ids.ts'
import type { Ground } from './ground.ts'
import type { Produced } from './production.child.ts'
import { count, median, type Result, type Row, timed } from './row.ts'
import { done, townOf } from './town.ts'

/** Records requests that take in everything of years, produced in processes of their own to see their memory. */
export const production: Row = {
  name: 'production',
  async measure(ground: Ground) {
    const records = ground.quick ? 5_000 : 100_000
    await ground.archive(records)
    const request = await requestFor(ground, records)
    const bag = await produced(ground, request, [])
    const alone: Result[] = []
    for (const format of inText) {
      const made = await produced(ground, request, [format])
      alone.push(memoryOf(`the same with ${format} (${megabytes(made)})`, made))
    }
    const inFormats = await produced(ground, request, inText)
    const disk = await writingTimes(ground, bag.bytes)
    const factor = bag.milliseconds / median(disk)
    return [
      memoryOf(`production of ${count(records)} records (${megabytes(bag)})`, bag),
      {
        what: `production of ${count(records)} records: time`,
        measured: `${(bag.milliseconds / 1000).toFixed(1)} s = ${factor.toFixed(1)} × the disk`,
        target: '≤ 3 × the disk',
        reference: `writing the same bytes to a new file, with fsync: ${(median(disk) / 1000).toFixed(1)} s`,
        met: factor <= 3,
      },
      ...alone,
      memoryOf(
        `the same in all formats but page images (${inText.join(', ')}; ${megabytes(inFormats)})`,
        inFormats,
      ),
      ...(await pageImageRows(ground)),
    ]
  },
}

/** Page images are drawn dot by dot: those of 100,000 records would take an hour. */
const inText = formats.map(({ name }) => name).filter((name) => name !== 'page-images')

async function pageImageRows(ground: Ground): Promise<Result[]> {
  const records = ground.quick ? 50 : 500
  const made = await produced(ground, await requestFor(ground, records), ['page-images'])
  let pages = 0
  for await (const one of numbered(releasedRecords(ground.installation, made.production), '', 'UTC'))
    pages += one.pages.length + one.attachments.length
  return [
    memoryOf(`page images of ${count(records)} records (${count(pages)} pages; ${megabytes(made)})`, made),
    {
      what: 'page images, their bag included',
      measured: `${(pages / (made.milliseconds / 1000)).toFixed(1)} pages/s`,
      target: 'none set',
      reference: '',
      met: null,
    },
  ]
}

const megabytes = ({ bytes }: Produced) => `${count(bytes / 1e6)} MB`

function memoryOf(what: string, { milliseconds, idleBytes, peakBytes }: Produced): Result {
  return {
    what: `${what}: memory`,
    measured: `${count(peakBytes / 1e6)} MB at the peak of the process, in ${(milliseconds / 1000).toFixed(1)} s`,
    target: '≤ 300 MB',
    reference: `the process before it began: ${count(idleBytes / 1e6)} MB`,
    met: peakBytes <= 300e6,
  }
}

/** A request whose newest `records` records have been reviewed for release. */
async function requestFor({ installation }: Ground, records: number): Promise<RequestId> {
  const { db } = installation
  const { records: officer } = await townOf(installation)
  const { id } = done(
    await receiveByForm(
      installation,
      {
        text: 'Every post and every comment of the last years, with all decisions about them.',
        name: 'Dana Whitfield',
        contact: {},
      },
      '2001:db8:bec::1',
    ),
  )
  await sql`insert into request_record (request_id, record_id, by, at)
    select ${id}, record.id, ${officer.id}, now() from record join log_entry on record_id = record.id
    order by record.id desc limit ${records}`.execute(db)
  await sql`insert into request_review (request_id, record_id, decision, revision, by, at)
    select request_id, record_id, 'release', 1, by, at from request_record
    where request_id = ${id}`.execute(db)
  return id
}

/** Orders a production and makes it in a process of its own. */
async function produced(
  { run, folder, appUrl, installation }: Ground,
  request: RequestId,
  formats: readonly string[],
): Promise<Produced & { production: ProductionId }> {
  const { records: officer } = await townOf(installation)
  const production = done(
    await orderProduction(installation, officer, request, { releaseWhenReady: false, formats: [...formats] }),
  )
  const child = run('bench/production.child.ts', [folder, appUrl, production])
  const ended = once(child, 'exit')
  const said = (await json(child.stdout as never)) as Produced
  await ended
  return { ...said, production }
}

/** Milliseconds that the disk takes for as many bytes. Each time into a new file: a production has no old blocks to write over either. */
async function writingTimes({ folder }: Ground, bytes: number): Promise<number[]> {
  const files = [1, 2, 3].map((n) => path.join(folder, `bytes-${n}`))
  const times = []
  for (const file of files) times.push(await timed(() => write(file, bytes)))
  for (const file of files) await rm(file)
  return times
}

/** Writes as many bytes as a production has, as fast as the disk takes them. */
async function write(file: string, bytes: number) {
  const piece = randomBytes(2 ** 20)
  const into = await open(file, 'w')
  try {
    for (let left = bytes; left > 0; left -= piece.length)
      await into.write(piece, 0, Math.min(left, piece.length))
    await into.sync()
  } finally {
    await into.close()
  }
}
