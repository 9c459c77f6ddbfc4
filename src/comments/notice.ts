import { append } from '../archive/archive.ts'
import { departmentProfile, timeZoneHere } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { type Page, pageById } from '../pages/pages.ts'
import type { NoticeFact, Policy } from '../policy/policy.ts'
import { localDay, longDay, newCode } from '../requests/requests.ts'
import type { Tx } from '../storage/database.ts'
import { type CommentId, newId } from '../storage/ids.ts'
import * as store from './appeal-store.ts'

/** How an author hears of what was decided: by the page itself, by the platform, or not at all, and why. */
export type NoticeWay = { way: 'page' } | { way: 'platform' } | { way: 'none'; because: string }

/** A removal that somebody undoes at once is not worth a message. */
const graceMinutes = 2

/** Codes are sealed for this purpose. */
const sealedFor = 'comment.appeal-code'

/** How an author on this page can be told something that nobody else reads. */
export function noticeWay({ platforms }: Pick<Installation, 'platforms'>, page: Page): NoticeWay {
  const { title, capabilities } = platforms.get(page.platform)
  if (capabilities.comments === 'received') return { way: 'page' }
  if (capabilities.notices) return { way: 'platform' }
  return { way: 'none', because: `${title} lets no page write to somebody who commented there.` }
}

/**
 * Sees to it that authors on a page hear of removals or blocks, why, and how to appeal (policy IV.A.2.iv.1), in the
 * caller's transaction: each gets a code, and where a platform carries the notices, the intents and the work.
 */
export async function noticesOf(
  tx: Tx,
  installation: Installation,
  about: 'removal' | 'block',
  made: readonly { id: string; comment: CommentId; at: Date }[],
  page: Page,
): Promise<NoticeWay> {
  const { policy, secrets } = installation
  const way = noticeWay(installation, page)
  const zone = await timeZoneHere(tx)
  const notices = made.map(({ id, comment, at }) => ({
    id: newId(),
    comment,
    removal: about === 'removal' ? id : null,
    block: about === 'block' ? id : null,
    about,
    way: way.way,
    why_none: way.way === 'none' ? way.because : null,
    ...sealedCode(secrets, newCode()),
    appeal_until: localDay(at, zone).add({ days: policy.appeals.fileWithinDays }).toString(),
    at,
  }))
  const added = await store.insertNotices(tx, notices)
  if (way.way === 'platform')
    for (const notice of notices.filter(({ id }) => added.has(id)))
      await orderTelling(
        tx,
        installation,
        notice,
        new Date(notice.at.getTime() + (about === 'removal' ? graceMinutes * 60_000 : 0)),
      )
  return way
}

/** The same for the answer to an appeal, which always stands on the appeal's own page too. */
export async function noticeOfAnswer(
  tx: Tx,
  installation: Installation,
  appeal: store.Against & { comment: CommentId },
  outcome: 'upheld' | 'reversed',
  page: Page,
  at: Date,
): Promise<void> {
  if (noticeWay(installation, page).way !== 'platform') return
  const notice = {
    id: newId(),
    comment: appeal.comment,
    removal: appeal.removal,
    block: appeal.block,
    about: outcome,
    way: 'platform' as const,
    why_none: null,
    code_digest: null,
    code_sealed: null,
    appeal_until: null,
    at,
  }
  if ((await store.insertNotices(tx, [notice])).size > 0) await orderTelling(tx, installation, notice, at)
}

/** Tells of removals that came about without it, so that none is without a notice. Each is on record. */
export async function noticeMissing(installation: Installation): Promise<void> {
  const { db, now } = installation
  for (const removal of await store.removalsWithoutNotice(db, 100))
    await db.transaction().execute(async (tx) => {
      const page = await pageById(tx, removal.page)
      if (!page) throw new Error(`Comment ${removal.comment} has lost its page.`)
      const way = await noticesOf(tx, installation, 'removal', [removal], page)
      await append(tx, {
        kind: 'comment.notice',
        subject: { kind: 'comment', id: removal.comment },
        page: page.id,
        by: { kind: 'system' },
        content: { about: 'removal', decision: removal.id, ...way },
        words: '',
        at: now(),
      })
    })
}

/** A notice's words: those of the pack, filled in. */
export function noticeText(
  { appeals }: Pick<Policy, 'appeals'>,
  about: keyof Policy['appeals']['notices'],
  facts: Record<NoticeFact, string>,
): string {
  return appeals.notices[about].replace(/\{(\w+)\}/g, (_, name: NoticeFact) => facts[name])
}

/** A removal's notice as its author reads it, with the code that opens the appeal; null when there is none. */
export async function wordsOfNotice(installation: Installation, id: string): Promise<string | null> {
  const { db, policy } = installation
  const told = await store.noticeById(db, id)
  if (!told) return null
  const code = installation.secrets.open(told.code_sealed, sealedFor)
  const zone = await timeZoneHere(db)
  return noticeText(policy, told.about, {
    department: (await departmentProfile(db))?.name ?? 'The department',
    page: told.page_title,
    reason: reasonTitle(policy, told.reason),
    clause: told.clause,
    address: `${installation.baseUrl}${appealPath(code)}`,
    code,
    until: told.appeal_until ? longDay(told.appeal_until) : '',
    days: String(policy.appeals.decideWithinBusinessDays),
    ends: told.ends_at ? longDay(localDay(told.ends_at, zone).toString()) : '',
  })
}

/** What a reason for a removal or a block is called. */
export const reasonTitle = (
  { removalReasons, appeals }: Pick<Policy, 'removalReasons' | 'appeals'>,
  reason: string,
): string => [...removalReasons, ...appeals.blocks.reasons].find(({ id }) => id === reason)?.title ?? reason

export const appealPath = (code: string) => `/comment-appeals/${code}`

export const openCode = ({ secrets }: Pick<Installation, 'secrets'>, sealed: string) =>
  secrets.open(sealed, sealedFor)

export const digestOf = ({ secrets }: Pick<Installation, 'secrets'>, code: string) =>
  secrets.digest(code, sealedFor)

/** A code as it is kept: to be found by its digest, and shown again to whom it belongs. */
export const sealedCode = (secrets: Installation['secrets'], code: string) => ({
  code_digest: secrets.digest(code, sealedFor),
  code_sealed: secrets.seal(code, sealedFor),
})

/** Has a notice carried by its platform. */
const orderTelling = (
  tx: Tx,
  installation: Installation,
  { id, comment, at }: { id: string; comment: CommentId; at: Date },
  startAfter: Date,
) =>
  orderCall(
    tx,
    installation,
    { effect: 'tell', notice: id, block: null, comment, intent_at: at, retry_at: startAfter },
    startAfter,
  )

/** Writes the intent and puts the work into the queue, in the caller's transaction: no crash loses it. */
export async function orderCall(
  tx: Tx,
  { jobs }: Pick<Installation, 'jobs'>,
  call: Omit<Parameters<typeof store.insertCall>[1], 'id'>,
  startAfter: Date,
) {
  const id = newId()
  await store.insertCall(tx, { id, ...call })
  await jobs.enqueue(tx, 'comment.call', { call: id }, { startAfter, key: id })
}
