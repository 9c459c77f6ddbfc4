import { append } from '../archive/archive.ts'
import { type Answer, problem } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Policy, ReportReason, Who } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import { type CommentId, newId } from '../storage/ids.ts'
import { asWritten, isVisible, tooMany, visitorTokenFrom, wrote } from './capture.ts'
import { criticismDetector } from './criticism.ts'
import { harmWith } from './harm.ts'
import { longestReport } from './limits.ts'
import * as store from './report-store.ts'
import { type Comment, changeComment, commentById, countUse, lockComment } from './store.ts'
import { looksOf } from './suggestion-store.ts'

const perMinute = 3
const perHour = 20
const dayMs = 86_400_000
/** As long as the cookie. */
const browserDays = 30

/** What a visitor sends about a comment on the department's own page. */
export interface ReportForm {
  reason: string
  explanation: string
  /** A field that people don't see; programs that fill in every field do. */
  honeypot: string
  /** Only digests of it are kept, until the day ends. */
  clientAddress: string
  /** What the visitor's cookie held. */
  token?: string | undefined
}

/**
 * Takes a visitor's report of a comment. It hides nothing and takes no decision back: it is on record, it may move the
 * comment up in the order of reading, and what a moderator kept is shown once more only for a reason that nobody
 * considered (policy IV.A.2.iv.1). Answers with the token for the visitor's cookie.
 */
export async function reportComment(
  installation: Installation,
  id: CommentId,
  typed: ReportForm,
): Promise<Answer<{ token: string }>> {
  const { db, policy } = installation
  const token = visitorTokenFrom(typed.token)
  if (typed.honeypot) return { done: { token } }
  const reason = policy.reports.reasons.find((one) => one.id === typed.reason)
  const explanation = asWritten(typed.explanation)
  const length = [...explanation].length
  const problems = {
    ...(reason ? {} : { reason: 'Choose what is wrong with the comment.' }),
    ...(length > longestReport
      ? {
          explanation: `There is room for ${longestReport.toLocaleString('en-US')} characters. Yours has ${length.toLocaleString('en-US')}: shorten it, please.`,
        }
      : {}),
  }
  if (!reason || Object.keys(problems).length > 0) return { problems }

  const at = installation.now()
  const uses = await countUse(db, connectionDigest(installation, 'any', typed.clientAddress, at), at)
  const many = tooMany('reports', uses, { perMinute, perHour })
  if (many) return problem(many)

  return db.transaction().execute<Answer<{ token: string }>>(async (tx) => {
    const comment = await lockComment(tx, id)
    if (!comment || !isVisible(comment))
      return problem('This comment left the page a moment ago, so there is nothing to report.')
    if (comment.official)
      return problem('The department wrote this itself. Tell the department what is wrong with it.')
    if (wrote(installation, comment, token))
      return problem('You wrote this comment yourself. You can change or delete it under the post.')
    const reporters = reportersOf(installation, id, token, typed.clientAddress, at)
    const digests = reporters.map(({ digest }) => digest)
    if (await store.reportedBy(tx, id, digests, at)) return problem(alreadyReported)

    const who: Who = { kind: 'visitor' }
    const decision = policy.decide(who, 'comment.report', { type: 'Comment', id })
    if (!decision.allowed) return { denied: decision }
    const fresh = isFresh(policy, reason, await store.reasonsConsidered(tx, comment))
    const report = { id: newId(), comment: id, version: comment.version, reason: reason.id, explanation, at }
    await store.insertReport(tx, { ...report, fresh })
    await store.insertReporters(tx, id, reporters)
    await move(tx, installation, comment, fresh)
    await append(tx, {
      kind: 'comment.report',
      subject: { kind: 'comment', id },
      page: comment.page,
      by: who,
      decision,
      content: {
        report: report.id,
        reason: reason.id,
        explanation,
        shownOnceMore: fresh && comment.decided_at !== null,
        author: comment.author_name,
        text: comment.text,
        version: comment.version,
      },
      words: explanation ? `${reason.title}: ${explanation}` : reason.title,
      at,
    })
    return { done: { token } }
  })
}

const alreadyReported =
  'You reported this comment already, or somebody on your connection did today. The moderators see it; more reports change nothing.'

/** Whether this browser reported the comment already. */
export const hasReported = async (
  installation: Pick<Installation, 'db' | 'secrets' | 'now'>,
  comment: CommentId,
  token: string | undefined,
): Promise<boolean> =>
  token !== undefined &&
  store.reportedBy(
    installation.db,
    comment,
    [browserDigest(installation, comment, token)],
    installation.now(),
  )

/** A comment that a visitor may report, or read that they did; null for what is on no page of ours. */
export async function reportable(
  { db }: Pick<Installation, 'db'>,
  id: CommentId,
  publication: string,
): Promise<Comment | null> {
  const comment = await commentById(db, id)
  return comment && comment.publication === publication && isVisible(comment) ? comment : null
}

/** Whether a report names what neither a moderator nor an earlier report named about this version. */
export function isFresh(
  { suggestions }: Pick<Policy, 'suggestions'>,
  reason: ReportReason,
  considered: { removals: readonly string[]; categories: readonly string[]; reports: readonly string[] },
): boolean {
  if (considered.reports.includes(reason.id)) return false
  if (!reason.removal) return true
  const suggested = suggestions.categories.filter(({ id }) => considered.categories.includes(id))
  return ![...considered.removals, ...suggested.map((one) => one.reason)].includes(reason.removal)
}

/**
 * Puts a reported comment into its new place. What is fresh raises the revision, so that nobody decides without having
 * read it, and lets a kept comment wait once more; the decision about it stands until somebody decides anew.
 */
async function move(tx: Tx, installation: Installation, comment: Comment, fresh: boolean) {
  const { policy } = installation
  const suggestions = ((await looksOf(tx, [comment.id])).get(comment.id)?.suggestions ?? []).filter(
    ({ withheld }) => !withheld,
  )
  const harm = harmWith(policy, suggestions, {
    reports: await store.countReports(tx, comment.id),
    protectedCriticism: (await criticismDetector(installation, tx))(comment.text),
  })
  if (fresh) await changeComment(tx, comment, { harm, decided_at: null })
  else
    await tx
      .updateTable('comment')
      .set({ harm })
      .where('id', '=', comment.id)
      .where('harm', '!=', harm)
      .execute()
}

type Keys = Pick<Installation, 'secrets'>

/** How a second report is known: by the browser for as long as its cookie lasts, by the connection until the day ends. */
const reportersOf = (keys: Keys, comment: CommentId, token: string, address: string, at: Date) => [
  { digest: browserDigest(keys, comment, token), until: new Date(at.getTime() + browserDays * dayMs) },
  {
    digest: connectionDigest(keys, comment, address, at),
    until: new Date(Math.floor(at.getTime() / dayMs + 1) * dayMs),
  },
]

/** Another digest for each comment, so that nobody can be followed from one to another. */
const browserDigest = ({ secrets }: Keys, comment: CommentId, token: string) =>
  secrets.digest(`${comment} ${token}`, 'comment.reporter')

/** Another one each day as well. */
const connectionDigest = ({ secrets }: Keys, comment: CommentId | 'any', address: string, at: Date) =>
  secrets.digest(`${at.toISOString().slice(0, 10)} ${comment} ${address}`, 'comment.reporter')
