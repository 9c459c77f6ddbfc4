import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { append, type RecordBlob, waczType, warcOnDisk, writeWacz } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import { diskFull, isDiskFull } from '../storage/blobs.ts'
import type { CaptureId } from '../storage/ids.ts'
import { type CaptureJob, captureQueue } from './order.ts'
import { NotCaptured, type Picture, takePicture } from './picture.ts'
import * as store from './store.ts'

/** Lets this process capture pages. `folder` holds what grows meanwhile; no other process uses it. */
export async function registerCaptureJobs(installation: Installation, { folder }: { folder: string }) {
  // What a killed process left behind: its captures begin anew.
  await rm(folder, { recursive: true, force: true })
  await installation.jobs.on<CaptureJob>(captureQueue, ({ capture }) =>
    capturePage(installation, capture, folder),
  )
  await installation.jobs.every('captures.sweep', 5, () => queueOrders(installation))
}

/** Puts into the queue what the command line asked for. */
export const queueOrders = ({ db, jobs }: Pick<Installation, 'db' | 'jobs'>) =>
  db.transaction().execute(async (tx) => {
    for (const capture of await store.askedOnMachine(tx))
      await jobs.enqueue(tx, captureQueue, { capture } satisfies CaptureJob, { key: capture })
  })

/** A page that ends the process each time would otherwise be opened for ever. */
const mostBeginnings = 3

/**
 * Captures one page: browser, web archive, files in the blob store, and last, in one transaction, the record. A crash before
 * that leaves files that nothing names, and the next run begins anew; a run after another one finds it done.
 */
async function capturePage(installation: Installation, id: CaptureId, folder: string) {
  const { db, log } = installation
  const begun = await store.beginCapture(db, id, installation.now())
  const capture = begun === null ? null : await store.captureById(db, id)
  if (begun === null || !capture) return
  if (begun > mostBeginnings)
    return fail(installation, capture, 'Plainview was stopped each time while it captured this page.')
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(path.join(folder, `${id}-`))
  try {
    const picture = await pictureFor(installation, capture, work)
    await keep(installation, capture, picture, work)
  } catch (error) {
    log.warn({ err: error, capture: id }, 'page not captured')
    await fail(installation, capture, reasonOf(error))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function pictureFor(installation: Installation, { address }: store.Capture, folder: string) {
  const { browser, allowPrivate, baseUrl, now } = installation
  if ('missing' in browser) throw new NotCaptured(browser.missing)
  // The department's own pages may be on this very machine; nobody else's page is led there.
  const { origin } = new URL(baseUrl)
  const own = new URL(address).origin === origin ? origin : null
  return takePicture(browser.path, address, { folder, allowPrivate, own, now })
}

/** The most gaps that a record lists one by one; the capture itself has all of them. */
const gapsListed = 100

async function keep(
  installation: Installation,
  capture: store.Capture,
  picture: Picture,
  work: string,
): Promise<void> {
  const { db, blobs } = installation
  const { id, address, reason, page, post, comment, askedByName } = capture
  const { url, title, text, at, status, browser, requests, bytes, gaps, cutShort } = picture
  const file = path.join(work, 'capture.wacz')
  const { datapackage } = await writeWacz(file, {
    title: title || url,
    description: `${address} as it was seen on ${at.toISOString()}`,
    created: at,
    main: { url, at },
    warcs: [warcOnDisk('data.warc.gz', picture.warc)],
    pages: [{ id, url, at, title, text }],
  })
  const files: RecordBlob[] = [
    { ...(await blobs.put(picture.whole, 'image/png')), role: 'screenshot' },
    { ...(await blobs.putStream(createReadStream(file), waczType)), role: 'web-capture' },
  ]
  await db.transaction().execute(async (tx) => {
    const found = await store.lockCapture(tx, id)
    // Another run of the same job was faster; its capture is the one that exists.
    if (!found || found.state === 'done' || found.state === 'failed') return
    const record = await append(tx, {
      kind: 'capture.page',
      subject: { kind: 'capture', id },
      page: page ?? undefined,
      by: { kind: 'system' },
      content: {
        address,
        url,
        title,
        status,
        reason,
        of: { page, post, comment },
        askedBy: askedByName,
        browser,
        requests,
        bytes,
        cutShort,
        notLoaded: gaps.length,
        gaps: gaps.slice(0, gapsListed),
        datapackage,
      },
      words: [title, url, text].filter(Boolean).join('\n'),
      blobs: files,
      at,
    })
    await store.finishCapture(tx, id, { at: installation.now(), title, record })
  })
}

/** Notes why there is no capture: a gap in the archive that whoever looks for the page finds. */
async function fail(installation: Installation, { id, address, page }: store.Capture, because: string) {
  const at = installation.now()
  await installation.db.transaction().execute(async (tx) => {
    const found = await store.lockCapture(tx, id)
    if (!found || found.state === 'done' || found.state === 'failed') return
    await store.failCapture(tx, id, at, because)
    await append(tx, {
      kind: 'capture.failure',
      subject: { kind: 'capture', id },
      page: page ?? undefined,
      by: { kind: 'system' },
      content: { address, because },
      words: address,
      at,
    })
  })
}

function reasonOf(error: unknown): string {
  if (error instanceof NotCaptured) return error.message
  if (isDiskFull(error)) return `${diskFull} Then try again.`
  return 'Something went wrong while the page was captured. Try again; the log of the server says more.'
}
