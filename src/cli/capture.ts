import { createWriteStream, existsSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { readRecord, waczType } from '../archive/archive.ts'
import type { LogKey } from '../archive/note.ts'
import { recordProof } from '../archive/record-proof.ts'
import { withProof } from '../archive/wacz-proof.ts'
import { captureById, orderOnMachine } from '../captures/captures.ts'
import type { Policy } from '../policy/policy.ts'
import type { Blobs } from '../storage/blobs.ts'
import type { Db } from '../storage/database.ts'
import type { CaptureId, RecordId } from '../storage/ids.ts'

interface Here {
  db: Db
  blobs: Blobs
  policy: Policy
  logKey: LogKey | null
  now(): Date
}

/**
 * `plainview capture ADDRESS`: has the running server capture what is there now, and writes the web archive with the proof of its record.
 */
export async function capture(
  here: Here,
  { address, reason, out }: { address: string; reason: string; out: string },
): Promise<number> {
  if (!address || address.startsWith('--')) {
    console.error('Say what to capture: plainview capture https://… --reason "Why"')
    return 2
  }
  // What is there already is somebody's.
  if (existsSync(out)) {
    console.error(`There is a ${out} already. Name another file with --out.`)
    return 1
  }
  const answer = await orderOnMachine(here, { address, reason })
  if (!('done' in answer)) {
    console.error('denied' in answer ? answer.denied.because : Object.values(answer.problems).join(' '))
    return 1
  }
  console.log(
    'A browser opens it now, for a minute and a half at most. Ctrl-C stops watching, not the capture.',
  )
  const record = await captured(here.db, answer.done)
  if (!record) return 1
  await writeOut(here, record, out)
  console.log(`It is the record ${record} of the archive, and with its proof the file ${out}.`)
  return 0
}

/** The record of a capture that has ended; null, with a sentence, when it failed. */
async function captured(db: Db, id: CaptureId): Promise<RecordId | null> {
  let said = ''
  while (true) {
    const found = await captureById(db, id)
    if (found?.state === 'failed') console.error(found.failedBecause)
    if (!found || found.state === 'failed') return null
    if (found.record) return found.record
    if (found.state !== said) console.log(found.state === 'waiting' ? 'Waiting …' : 'Being captured …')
    said = found.state
    await second()
  }
}

/** With its proof, for which it waits until the log has the record: some seconds. */
async function writeOut({ db, blobs, logKey }: Here, id: RecordId, file: string) {
  if (!logKey) throw new Error('The data folder has no key of the log.')
  const kept = (await readRecord(db, id))?.blobs.find(({ mediaType }) => mediaType === waczType)
  if (!kept) throw new Error(`The record ${id} has no web archive.`)
  let proof = await recordProof(db, logKey, id)
  while (!proof) {
    await second()
    proof = await recordProof(db, logKey, id)
  }
  const { stream } = await withProof(() => blobs.read(kept.sha256), `${JSON.stringify(proof, null, 1)}\n`)
  await pipeline(stream, createWriteStream(file, { flags: 'wx' }))
}

const second = () => new Promise((resolve) => setTimeout(resolve, 1000))
