import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { type Answer, problem, recordRefusal } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Denied, Who } from '../policy/policy.ts'
import { isDiskFull } from '../storage/blobs.ts'
import type { ImportId, PageId } from '../storage/ids.ts'
import { mayImport, newImportId, startImport } from './starting.ts'
import { importById } from './store.ts'
import { full } from './upload.ts'
import * as store from './upload-store.ts'
import { folderOf, hasNoRoom, nameOfFile, roomFor } from './workplace.ts'

/** Unfinished uploads at a time: each keeps room on the disk. */
const mostUploads = 20
/** Milliseconds after which an unfinished upload is given up. */
export const keptFor = 7 * 24 * 3_600_000
/** A request that has sent nothing for so long has lost its line, and another one may go on. */
const leaseFor = 30_000
const gone =
  'This upload is not there any more: it was discarded, or nothing came for a week. Choose the file and import it from its beginning.'

/** What a browser says of the file that it is going to send in pieces. */
export interface Announced {
  page: PageId | null
  fileName: string
  bytes: number
  modified: Date | null
}

/** Begins an upload in pieces. */
export async function beginUpload(
  installation: Installation,
  who: Who,
  { page, fileName, bytes, modified }: Announced,
): Promise<Answer<ImportId>> {
  if (!page) return { problems: { page: 'Choose the page whose history this is.' } }
  const decision = await mayImport(installation, who, page)
  if (!decision.allowed) return { denied: decision }
  const name = nameOfFile(fileName)
  if (!name) return { problems: { file: 'Choose the file that the platform gave you.' } }
  if (bytes === 0) return { problems: { file: 'This file is empty. Download the export again.' } }
  if (!Number.isSafeInteger(bytes) || bytes < 0)
    return { problems: { file: 'The browser did not say how large the file is. Try another browser.' } }
  const upload = {
    id: newImportId(),
    page,
    by: who,
    fileName: name,
    bytes,
    modified,
    at: installation.now(),
  }
  const limits = { most: mostUploads, room: await roomFor(installation) }
  const begun = await store.insertUpload(installation.db, upload, limits)
  if (begun === 'no room') return { problems: { file: full } }
  if (begun === 'too many')
    return problem(
      `${mostUploads} uploads are unfinished. Finish or discard some of them first; the list of imports shows them.`,
    )
  return { done: upload.id }
}

const placeOf = (here: Pick<Installation, 'folder'>, id: ImportId) => path.join(folderOf(here, id), 'upload')

/** Where an upload goes on: what the database knows to be written, as far as this machine's disk has it. */
export async function uploadState(
  installation: Installation,
  id: ImportId,
): Promise<(store.Upload & { received: number }) | null> {
  const upload = await store.uploadById(installation.db, id)
  if (!upload) return null
  const { size } = await stat(placeOf(installation, id)).catch(() => ({ size: 0 }))
  return { ...upload, received: Math.min(upload.received, size) }
}

type Piece =
  | { received: number }
  | { denied: Denied }
  /** Another request writes to it, or the piece begins elsewhere: whoever sends asks where it goes on. */
  | { problem: 'gone' | 'taken' | 'elsewhere' | 'too long' | 'full' }

/**
 * Adds what comes to an upload from `offset` on. A line that breaks leaves what came before it: that is written out to the disk
 * before it is counted, so that a crash or a power cut loses pieces and never leaves holes.
 */
export async function receivePiece(
  installation: Installation,
  who: Who,
  id: ImportId,
  { offset, body }: { offset: number; body: AsyncIterable<Uint8Array> },
): Promise<Piece> {
  const { db, policy, now, log } = installation
  const found = await store.uploadById(db, id)
  if (!found) return { problem: 'gone' }
  const decision = policy.decide(who, 'import.start', {
    type: 'Import',
    id: found.page,
    pageRegistered: true,
  })
  if (!decision.allowed) return { denied: decision }
  const by = randomUUID()
  const lease = () => new Date(now().getTime() + leaseFor)
  if (!(await store.takeUpload(db, id, { by, now: now(), until: lease() }))) return { problem: 'taken' }

  // Between the first look and this one another request may have added to it.
  const upload = await uploadState(installation, id)
  let received = upload?.received ?? 0
  let trouble: 'too long' | 'full' | null = null
  try {
    if (!upload) return { problem: 'gone' }
    if (offset !== received) return { problem: 'elsewhere' }
    await mkdir(folderOf(installation, id), { recursive: true })
    const file = await open(placeOf(installation, id), constants.O_RDWR | constants.O_CREAT)
    let written = received
    let renewed = performance.now()
    try {
      // What an unfinished piece left behind.
      await file.truncate(received)
      for await (const piece of body) {
        if (written + piece.length > upload.bytes) {
          trouble = 'too long'
          break
        }
        if (await hasNoRoom(installation, written, piece.length)) {
          trouble = 'full'
          break
        }
        let at = 0
        while (at < piece.length)
          at += (await file.write(piece, at, piece.length - at, written + at)).bytesWritten
        written += piece.length
        if (performance.now() - renewed < leaseFor / 3) continue
        // Whoever has it now has begun where the database says; nothing of ours counts any more.
        if (!(await store.keepUpload(db, id, by, lease()))) return { problem: 'taken' }
        renewed = performance.now()
      }
    } catch (error) {
      if (isDiskFull(error)) trouble = 'full'
      else log.info({ err: error, upload: id }, 'a piece of an upload broke off')
    } finally {
      await file.sync().then(
        () => {
          received = written
        },
        (error) => log.warn({ err: error, upload: id }, 'a piece of an upload was not written'),
      )
      await file.close()
    }
  } finally {
    await store.noteReceived(db, id, by, received, now())
  }
  return trouble ? { problem: trouble } : { received }
}

/**
 * Imports an upload of which everything has come. `sha256` is what the browser made of the file; the import compares it with what lies
 * here before it reads anything. Asking twice imports once.
 */
export async function importUpload(
  installation: Installation,
  who: Who,
  id: ImportId,
  sha256: string,
): Promise<Answer<ImportId>> {
  if (await importById(installation.db, id)) return { done: id }
  const upload = await uploadState(installation, id)
  if (!upload) return problem(gone)
  if (!/^[0-9a-f]{64}$/.test(sha256))
    return problem('The browser did not send the checksum of the file. Reload this page and try again.')
  if (upload.received < upload.bytes)
    return problem('Not all of the file has arrived. Choose it again; the rest of it is sent then.')
  const by = randomUUID()
  const until = new Date(installation.now().getTime() + leaseFor)
  if (!(await store.takeUpload(installation.db, id, { by, now: installation.now(), until })))
    return (await importById(installation.db, id))
      ? { done: id }
      : problem('Another window is sending this file. Wait a minute, then choose it again.')
  const answer = await startImport(installation, who, {
    id,
    page: upload.page,
    fileName: upload.fileName,
    place: placeOf(installation, id),
    uploaded: true,
    bytes: upload.bytes,
    sha256,
  })
  if (!('done' in answer))
    await store.noteReceived(installation.db, id, by, upload.received, installation.now())
  return answer
}

/** Gives an unfinished upload up, and takes away what has come of it. Nothing of it ever was in the archive. */
export async function discardUpload(
  installation: Installation,
  who: Who,
  id: ImportId,
): Promise<Answer<null>> {
  const { db, policy, now } = installation
  const what = { type: 'Import', id }
  const decision = policy.decide(who, 'import.cancel', what)
  if (!decision.allowed) {
    await db.transaction().execute((tx) => recordRefusal(tx, who, decision, what, { at: now() }))
    return { denied: decision }
  }
  if (!(await store.uploadById(db, id))) return problem(gone)
  await store.deleteUpload(db, id)
  await rm(folderOf(installation, id), { recursive: true, force: true })
  return { done: null }
}

/** Takes away uploads of which nothing has come for a week. */
export async function removeForgotten(installation: Pick<Installation, 'db' | 'folder' | 'now' | 'log'>) {
  const now = installation.now()
  for (const id of await store.deleteForgotten(installation.db, new Date(now.getTime() - keptFor), now)) {
    installation.log.info({ upload: id }, 'an upload was not finished, and is taken away')
    await rm(folderOf(installation, id), { recursive: true, force: true })
  }
}
