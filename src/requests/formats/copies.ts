import { mkdir } from 'node:fs/promises'
import type { BagCopy } from '../../archive/archive.ts'
import { departmentProfile, timeZoneHere } from '../../department/department.ts'
import type { Installation } from '../../installation.ts'
import { type Production, productionsBefore } from '../store.ts'
import { formatsNamed, inTurn } from './formats.ts'
import { batesPrefix, numbered } from './numbering.ts'
import { releasedRecords } from './released.ts'

/**
 * The records of a production in the formats that were ordered beside the bag's own, format after format. Each has been
 * rendered before. `aside` is a folder for what grows while it is written; `onProgress` is called every 500 records.
 */
export async function* copiesFor(
  { db, blobs, platforms }: Pick<Installation, 'db' | 'blobs' | 'platforms'>,
  production: Production,
  number: string,
  aside: string,
  onProgress: () => Promise<void>,
): AsyncGenerator<BagCopy> {
  const chosen = formatsNamed(production.formats)
  if (!chosen) throw new Error(`One of these formats is unknown: ${production.formats.join(', ')}`)
  if (chosen.length === 0) return
  await mkdir(aside, { recursive: true })
  const prefix = batesPrefix(number, await productionsBefore(db, production))
  const zone = await timeZoneHere(db)
  async function* records() {
    let nth = 0
    for await (const one of numbered(releasedRecords({ db, platforms }, production.id), prefix, zone)) {
      if (nth++ % 500 === 0) await onProgress()
      yield one
    }
  }
  const department = (await departmentProfile(db))?.name ?? 'The department'
  const released = { number, department, orderedAt: production.at, records, blobs, aside }
  for (const format of inTurn(chosen)) yield* format.files(released)
}
