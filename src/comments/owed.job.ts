import { append, type Entry, keepAnswer, type RecordBlob } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import { openAccount, pageById } from '../pages/pages.ts'
import type { Outcome, PlatformAccount } from '../platforms/contract.ts'
import type { Tx } from '../storage/database.ts'
import type { CommentId, PageId } from '../storage/ids.ts'
import {
  type Due,
  insertOwed,
  lockOwed,
  type NewOwed,
  type Owed,
  pagesOwed,
  takeDue,
  updateOwed,
} from './owed-store.ts'
import { wordsOf } from './picture.ts'
import { type Comment, insertPicture, lockComment } from './store.ts'

/*
 * What the capture of a comment could not get at once: a picture that was refused, or, in a rush, what goes over the wire
 * when the comment is read by itself. It is asked for again, with growing gaps, and what comes is a record of its own: the
 * record of the capture goes on saying what was there at the time.
 */

const minute = 60_000
const hour = 60 * minute
/** How long after the capture, and after each try, the next one is. After the last, four days on, it is given up. */
const gaps = [minute, 10 * minute, hour, 6 * hour, 24 * hour, 72 * hour]

/** As much as is asked for on a page in one go: the next poll needs the platform too. */
const mostAtOnce = 100
/** A process that died while it asked keeps the others from it for so long. */
const takenFor = 10 * minute

/** Notes what the capture of a version lacks, in its transaction. What a platform can't be asked for is a gap at once. */
export async function owe(
  tx: Tx,
  of: { comment: CommentId; page: PageId; version: number; at: Date },
  lacking: readonly NewOwed[],
): Promise<void> {
  const rows = await insertOwed(tx, { ...of, next: new Date(of.at.getTime() + (gaps[0] ?? 0)) }, lacking)
  for (const row of rows)
    if (row.picture !== null && row.ask_for === null) await giveUp(tx, of.page, row, row.because, of.at)
}

/** Asks the platforms for what is due. */
export async function payOwed(installation: Installation): Promise<void> {
  const { db, log, now } = installation
  for (const page of await pagesOwed(db, now()))
    try {
      await payPage(installation, page)
    } catch (error) {
      log.error({ err: error, page }, 'what comments are owed was not asked for')
    }
}

async function payPage(installation: Installation, id: PageId): Promise<void> {
  const { db, platforms, now } = installation
  const page = await pageById(db, id)
  if (!page || !platforms.all().some(({ kind }) => kind === page.platform)) return
  const account = await openAccount(installation, page)
  if (account.outcome !== 'done') return
  const until = new Date(now().getTime() + takenFor)
  const due = await takeDue(db, id, { now: now(), until, most: mostAtOnce })
  const platform = platforms.get(page.platform).title
  for (const one of due) {
    const asked =
      one.picture === null
        ? await readAgain(installation, account.value, platform, one)
        : await getPicture(installation, account.value, platform, one)
    // Asked to wait: the others are due again when this process gives them up.
    if (asked === 'wait') return
  }
}

async function getPicture(
  installation: Installation,
  account: PlatformAccount,
  platform: string,
  due: Due,
): Promise<'wait' | 'go on'> {
  const { blobs } = installation
  const had: Outcome<{ content: Uint8Array; mediaType: string }> =
    due.ask_for !== null && account.readPicture
      ? await account.readPicture(due.ask_for)
      : { outcome: 'refused', because: 'The platform gives it out no more.' }
  if (had.outcome !== 'done') return again(installation, due, had)
  // Before the transaction: a file without a record does no harm, a record without its file would.
  const file = await blobs.put(had.value.content, had.value.mediaType)
  const wire = await keepAnswer(blobs, null, had.wire)
  await underLock(installation, due, async (tx, { comment, owed, at }) => {
    if (owed.picture === null) return
    await updateOwed(tx, owed.id, { ended_at: at, outcome: 'had', tries: owed.tries + 1 })
    const picture = await insertPicture(tx, comment, owed.version, owed.picture, file)
    await append(tx, {
      ...about(comment, platform, at),
      kind: 'comment.picture',
      content: {
        version: owed.version,
        picture: owed.picture + 1,
        alt: picture.alt,
        mediaType: had.value.mediaType,
        missingSince: owed.since.toISOString(),
        because: owed.because,
        tries: owed.tries + 1,
      },
      words: wordsOf(comment.author_name, '', [picture]),
      blobs: [{ ...file, role: 'picture' }, ...wire],
    })
  })
  return 'go on'
}

async function readAgain(
  installation: Installation,
  account: PlatformAccount,
  platform: string,
  due: Due,
): Promise<'wait' | 'go on'> {
  const { blobs } = installation
  const read = await account.readComment?.(due.remote_id)
  if (read && read.outcome !== 'done') return again(installation, due, read)
  // Another version's wire is no witness to this one; the platform's answer to the poll is.
  const same = read?.value?.version === due.remote_version
  const wire: RecordBlob[] = same && read ? await keepAnswer(blobs, null, read.wire) : []
  await underLock(installation, due, async (tx, { comment, owed, at }) => {
    const outcome = wire.length > 0 ? 'had' : 'missing'
    await updateOwed(tx, owed.id, { ended_at: at, outcome, tries: owed.tries + 1 })
    if (wire.length > 0)
      await append(tx, {
        ...about(comment, platform, at),
        kind: 'comment.wire',
        content: { version: owed.version, remoteVersion: due.remote_version, because: owed.because },
        words: comment.author_name,
        blobs: wire,
      })
  })
  return 'go on'
}

/** Changes something owed with its comment locked; nothing where somebody ended it or asked for it meanwhile. */
const underLock = (
  { db, now }: Installation,
  due: Due,
  change: (tx: Tx, locked: { comment: Comment; owed: Owed; at: Date }) => Promise<void>,
): Promise<void> =>
  db.transaction().execute(async (tx) => {
    const comment = await lockComment(tx, due.comment)
    const owed = await lockOwed(tx, due)
    if (comment && owed) await change(tx, { comment, owed, at: now() })
  })

const about = (comment: Comment, platform: string, at: Date) =>
  ({
    subject: { kind: 'comment', id: comment.id },
    page: comment.page,
    by: { kind: 'platform', name: platform },
    at,
  }) satisfies Partial<Entry>

/** Notes that it was not had: it is asked for again, or given up after the last try. */
async function again(
  installation: Installation,
  due: Due,
  trouble: Exclude<Outcome<never>, { outcome: 'done' }>,
): Promise<'wait' | 'go on'> {
  await underLock(installation, due, async (tx, { comment, owed, at }) => {
    const tries = owed.tries + 1
    const gap = gaps[tries]
    if (gap === undefined) {
      await updateOwed(tx, owed.id, { tries })
      if (owed.picture === null) await updateOwed(tx, owed.id, { ended_at: at, outcome: 'missing' })
      else await giveUp(tx, comment.page, { ...owed, tries }, trouble.because, at)
      return
    }
    const asked = trouble.outcome === 'later' ? (trouble.retryAfterSeconds ?? 0) * 1000 : 0
    const next = new Date(at.getTime() + Math.max(gap, asked))
    await updateOwed(tx, owed.id, { tries, next_at: next, because: trouble.because })
  })
  return trouble.outcome === 'later' ? 'wait' : 'go on'
}

/** A picture that nobody could get is a gap in the capture, and on record as one (policy IV.A.2.iii.1). */
async function giveUp(
  tx: Tx,
  page: PageId,
  owed: Pick<Due, 'id' | 'comment' | 'version' | 'picture' | 'tries' | 'since'>,
  because: string,
  at: Date,
) {
  await updateOwed(tx, owed.id, { ended_at: at, outcome: 'missing', because })
  await append(tx, {
    kind: 'comment.picture-gap',
    subject: { kind: 'comment', id: owed.comment },
    page,
    by: { kind: 'system' },
    content: {
      version: owed.version,
      picture: (owed.picture ?? 0) + 1,
      because,
      missingSince: owed.since.toISOString(),
      tries: owed.tries,
    },
    words: `A picture of this comment could not be had: ${because}`,
    at,
  })
}
