import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Installation } from '../installation.ts'
import { wordsOfCaptions } from './captions.ts'
import { languageOf } from './language.ts'
import { type PictureReader, startPictureReader } from './picture-reader.ts'
import * as store from './reading-store.ts'

type Here = Pick<Installation, 'db' | 'blobs' | 'folder' | 'policy' | 'now' | 'log' | 'jobs'>

/** Lets this process read pictures and captions, and tell languages, in the background. */
export async function registerReadingJobs(here: Here) {
  await here.jobs.every('archive.reading', 3, () => readFiles(here))
  await here.jobs.every('archive.languages', 3, () => tellLanguages(here))
}

/** A picture that takes longer is left to another process: longer than the strips of a tall one may take. */
const leaseFor = 600_000
/** A file that can't be read three times is not tried again. */
const mostAttempts = 3
/** A turn is short, so that a process that is asked to stop does not keep anybody waiting; the reader starts in a second. */
const turn = 20_000
const longestCaptions = 5_000_000
/** What an uploaded picture can't be, and a scan of a poster can: it is left alone. */
const longestPicture = 60_000_000

/**
 * Reads the files that wait, one after the other, until none waits or the turn is over. Each is kept when it was read:
 * a process that dies loses the one it was at. `startReader` is called only when there is a picture.
 */
export async function readFiles(
  { db, blobs, folder, policy, now, log }: Omit<Here, 'jobs'>,
  startReader = () =>
    startPictureReader(
      path.join(folder, 'reading'),
      policy.languages.map(({ code }) => code),
    ),
) {
  const began = performance.now()
  const pictures = await store.picturesAreRead(db)
  const open: { reader: PictureReader | null } = { reader: null }
  const close = async () => {
    await open.reader?.close()
    open.reader = null
  }
  try {
    while (performance.now() - began < turn) {
      const at = now()
      const until = new Date(at.getTime() + leaseFor)
      const next = await store.takeFile(db, { now: at, until, pictures })
      if (!next) break
      try {
        const words = next.mediaType.startsWith('image/')
          ? await readPicture(next.file)
          : wordsOfCaptions(Buffer.from(await bytesOf(next.file, longestCaptions)).toString('utf8'))
        await store.keepReading(db, next.file, words, null)
      } catch (error) {
        log.warn({ err: error, file: next.file }, 'a file could not be read')
        // Whatever was wrong with it, the next file gets a fresh reader.
        await close()
        if (next.attempts >= mostAttempts)
          await store.keepReading(db, next.file, '', error instanceof Error ? error.message : String(error))
      }
    }
  } finally {
    await close()
  }

  async function readPicture(file: string) {
    const content = await bytesOf(file, longestPicture)
    open.reader ??= await startReader()
    return open.reader.read(content)
  }
  async function bytesOf(file: string, most: number) {
    const pieces: Buffer[] = []
    let length = 0
    for await (const piece of await blobs.read(file)) {
      length += piece.length
      if (length > most) throw new Error(`The file is longer than ${most / 1_000_000} MB.`)
      pieces.push(piece)
    }
    return Buffer.concat(pieces)
  }
}

const languagesAtOnce = 500
const languagesATurn = 20

/** Looks at the language of what came into the log, in its order. */
export async function tellLanguages({ db, policy }: Pick<Here, 'db' | 'policy'>) {
  const likely = policy.languages.map(({ code }) => code)
  for (let n = 0; n < languagesATurn; n++) {
    const { from, to, records } = await store.recordsWithoutLanguage(db, languagesAtOnce)
    if (records.length === 0) return
    const found: { id: (typeof records)[number]['id']; at: Date; language: string }[] = []
    for (const [place, { id, at, words }] of records.entries()) {
      const language = languageOf(words, likely)
      if (language) found.push({ id, at, language })
      // Others wait for this thread.
      if (place % 50 === 49) await setImmediate()
    }
    await store.keepLanguages(db, { from, to }, found)
  }
}
