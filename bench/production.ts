import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { open, rm } from 'node:fs/promises'
import path from 'node:path'
import { json } from 'node:stream/consumers'
import { sql } from 'kysely'
import type { Answer } from '../src/department/department.ts'
import { formats } from '../src/requests/formats/formats.ts'
import { orderProduction } from '../src/requests/production.ts'
import { receiveByForm } from '../src/requests/requests.ts'
import type { Ground } from './ground.ts'
import type { Produced } from './production.child.ts'
import { count, median, type Row, timed } from './row.ts'
import { townOf } from './town.ts'

/** A records request that takes in everything of years, produced in a process of its own to see its memory. */
export const production: Row = {
  name: 'production',
  async measure(ground: Ground) {
    const { installation, quick, folder } = ground
    const { db } = installation
    const records = quick ? 5_000 : 100_000
    await ground.archive(records)
    const { records: officer } = await townOf(installation)
    const request = value(
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
      select ${request.id}, record.id, ${officer.id}, now() from record join log_entry on record_id = record.id
      order by record.id desc limit ${records}`.execute(db)
    await sql`insert into request_review (request_id, record_id, decision, revision, by, at)
      select request_id, record_id, 'release', 1, by, at from request_record
      where request_id = ${request.id}`.execute(db)
    const ordered = value(
      await orderProduction(installation, officer, request.id, { releaseWhenReady: false }),
    )
    const { milliseconds, idleBytes, peakBytes, bytes } = await produced(ground, ordered)
    const inFormats = await produced(
      ground,
      value(
        await orderProduction(installation, officer, request.id, {
          releaseWhenReady: false,
          formats: formats.map(({ name }) => name),
        }),
      ),
    )
    // Each into a new file: a production has no old blocks to write over either.
    const files = [1, 2, 3].map((n) => path.join(folder, `bytes-${n}`))
    const disk = []
    for (const file of files) disk.push(await timed(() => write(file, bytes)))
    for (const file of files) await rm(file)
    const factor = milliseconds / median(disk)
    const mib = peakBytes / 2 ** 20
    return [
      {
        what: `production of ${count(records)} records (${count(bytes / 1e6)} MB): memory`,
        measured: `${count(mib)} MiB at the peak of the process`,
        target: '≤ 300 MB',
        reference: `the process before it began: ${count(idleBytes / 2 ** 20)} MiB`,
        met: peakBytes <= 300e6,
      },
      {
        what: `production of ${count(records)} records: time`,
        measured: `${(milliseconds / 1000).toFixed(1)} s = ${factor.toFixed(1)} × the disk`,
        target: '≤ 3 × the disk',
        reference: `writing the same bytes to a new file, with fsync: ${(median(disk) / 1000).toFixed(1)} s`,
        met: factor <= 3,
      },
      {
        what: `the same in all formats (${formats.map(({ name }) => name).join(', ')}; ${count(inFormats.bytes / 1e6)} MB): memory`,
        measured: `${count(inFormats.peakBytes / 2 ** 20)} MiB at the peak of the process, in ${(inFormats.milliseconds / 1000).toFixed(1)} s`,
        target: '≤ 300 MB',
        reference: `the process before it began: ${count(inFormats.idleBytes / 2 ** 20)} MiB`,
        met: inFormats.peakBytes <= 300e6,
      },
    ]
  },
}

/** Makes a production in a process of its own. */
async function produced({ run, folder, appUrl }: Ground, production: string): Promise<Produced> {
  const child = run('bench/production.child.ts', [folder, appUrl, production])
  const ended = once(child, 'exit')
  const said = (await json(child.stdout as never)) as Produced
  await ended
  return said
}

function value<Value>(answer: Answer<Value>): Value {
  if ('done' in answer) return answer.done
  throw new Error(`Refused: ${JSON.stringify(answer)}`)
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
