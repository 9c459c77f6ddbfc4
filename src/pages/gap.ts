import { append } from '../archive/archive.ts'
import { type Person, type TodayItem, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Policy } from '../policy/policy.ts'
import type { Db, Tx } from '../storage/database.ts'
import { newId, type PageId } from '../storage/ids.ts'
import * as store from './gap-store.ts'
import { whatIsLost } from './what-is-lost.ts'

/** A page that was not read for so long has a gap. What a shorter hiccup left out, the next reading brings in time. */
const gapAfter = 10 * 60_000

const notRunning = 'Plainview did not run, or did not get to reading this page.'

/**
 * Notes that a page could not be read, or was read again, in the transaction that says so. Once it lasts, it is a gap, and
 * a gap is on record when it begins and when it ends (policy IV.A.2.iii.1): what nobody captured can't be produced, and
 * whoever asks must be able to learn that.
 */
export async function noteGap(
  tx: Tx,
  page: { id: PageId; title: string },
  {
    lastRead,
    at,
    trouble,
    readBack,
  }: {
    lastRead: Date | null
    at: Date
    trouble: string | null
    /** How many comments of the time between two moments are captured now. */
    readBack(from: Date, until: Date): Promise<number>
  },
): Promise<void> {
  const open = await store.lockOpenGap(tx, page.id)
  const lasts = lastRead !== null && at.getTime() - lastRead.getTime() >= gapAfter
  if (trouble) {
    if (open || !lasts) return
    await store.insertGap(tx, {
      id: newId(),
      page: page.id,
      since: lastRead,
      because: trouble,
      noticed_at: at,
      ended_at: null,
    })
    const words = `The comments on “${page.title}” can’t be read since ${lastRead.toISOString()}: ${trouble}`
    await record(tx, 'page.gap', page.id, { from: lastRead.toISOString(), because: trouble }, words, at)
    return
  }
  if (open) await store.endGap(tx, open.id, at)
  else if (lasts)
    await store.insertGap(tx, {
      id: newId(),
      page: page.id,
      since: lastRead,
      because: notRunning,
      noticed_at: at,
      ended_at: at,
    })
  else return
  const { since, because } = open ?? { since: lastRead as Date, because: notRunning }
  const words = `The comments on “${page.title}” were not read from ${since.toISOString()} to ${at.toISOString()}: ${because}`
  await record(
    tx,
    'page.gap-end',
    page.id,
    {
      from: since.toISOString(),
      until: at.toISOString(),
      because,
      readBack: await readBack(since, at),
      unknown: whatIsLost,
    },
    words,
    at,
  )
}

const record = (tx: Tx, kind: string, page: PageId, content: object, words: string, at: Date) =>
  append(tx, {
    kind,
    subject: { kind: 'page', id: page },
    page,
    by: { kind: 'system' },
    content: { ...content },
    words,
    at,
  })

/** The gaps that last, for those who can do something about them: whoever connects pages, and those who moderate. */
export async function gapsFor(
  { db, policy }: Pick<Installation, 'db' | 'policy'>,
  person: Person,
): Promise<TodayItem[]> {
  if (!mayAct(policy, person)) return []
  return (await store.openGaps(db)).map(({ page, title, because, since }) => ({
    kind: 'page.gap',
    title: `Comments on “${title}” can’t be read`,
    detail: because,
    href: `/console/pages/${page}`,
    at: since,
    due: true,
  }))
}

const mayAct = (policy: Policy, person: Person) =>
  policy.decide(whoIs(person), 'comment.keep', { type: 'Comment', id: 'any' }).allowed ||
  policy.decide(whoIs(person), 'page.connect', { type: 'Page', id: 'any' }).allowed

/** The last gaps in what was captured of a page, newest first. */
export const gapsOf = (db: Db, page: PageId) => store.gapsOf(db, page, 10)
