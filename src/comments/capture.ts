import { randomBytes } from 'node:crypto'
import { append } from '../archive/archive.ts'
import { type Answer, departmentProfile, problem, recordRefusal } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { pageById } from '../pages/pages.ts'
import type { Who } from '../policy/policy.ts'
import { type CommentId, newId, type PageId } from '../storage/ids.ts'
import { whyNotTaken } from './block.ts'
import { asRead } from './fingerprint.ts'
import { holdWhileWriting, insertHeld } from './hold-store.ts'
import { tooSoon } from './incident.ts'
import { editMinutes, longestComment, longestName } from './limits.ts'
import { openCode } from './notice.ts'
import {
  type Comment,
  commentById,
  countUse,
  insertComment,
  insertDeletion,
  insertEdit,
  livePublication,
  lockComment,
} from './store.ts'
import { suggest } from './suggest.ts'

const perMinute = 5
const perHour = 30

/** What a visitor sends from the department's own page. */
export interface Submission {
  page: PageId
  publication: string
  name: string
  email?: string | undefined
  text: string
  inReplyTo?: CommentId | undefined
  /** A field that people don't see; programs that fill in every field do. */
  honeypot: string
  /** The network address it came from. Only a digest of it is kept, for a day. */
  clientAddress: string
  /** What the visitor's cookie held, from an earlier comment. */
  token?: string | undefined
}
export interface Submitted {
  /** Null when a program was answered as if all had gone well. */
  comment: CommentId | null
  /** For the visitor's cookie: with it they change and delete what they wrote. */
  token: string
  /** Until when it is held for review at the latest; null when it is shown at once. */
  heldUntil: Date | null
}

/**
 * Takes a visitor's comment: shown at once, unless all comments on the page are held for review, and on record in the same
 * transaction (policy IV.A.2.iv).
 */
export async function submitComment(
  installation: Installation,
  typed: Submission,
): Promise<Answer<Submitted>> {
  const { db, secrets } = installation
  const token = visitorTokenFrom(typed.token)
  if (typed.honeypot) return { done: { comment: null, token, heldUntil: null } }

  const name = typed.name.trim().replace(/\s+/g, ' ')
  const text = asWritten(typed.text)
  const email = typed.email?.trim() ?? ''
  const problems = {
    ...nameProblem(name),
    ...textProblem(text),
    ...(email && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)
      ? { email: 'Write the whole address, like name@example.org, or leave it empty.' }
      : {}),
  }
  if (Object.keys(problems).length > 0) return { problems }

  const at = installation.now()
  const uses = await countUse(db, addressDigest(installation, typed.clientAddress, at), at)
  const many = tooMany('comments', uses, { perMinute, perHour })
  if (many) return problem(many)

  return db.transaction().execute(async (tx) => {
    const page = await pageById(tx, typed.page)
    const publication = await livePublication(tx, typed.page, typed.publication)
    if (!page || !publication)
      return problem('This post was taken down a moment ago, so it takes no comments.')
    if (page.commentPolicy !== 'open') return problem('This page takes no comments.')
    const department = (await departmentProfile(tx))?.name ?? ''
    if ([department, page.title].some((own) => own && asRead(own) === asRead(name)))
      return { problems: { name: 'That is the department’s own name. Say what you want to be called.' } }
    const parent = typed.inReplyTo ? await commentById(tx, typed.inReplyTo) : null
    if (typed.inReplyTo && (!parent || parent.publication !== publication.id || !isVisible(parent)))
      return problem('The comment you answer was removed a moment ago. You can still write one of your own.')

    const id = newId<'comment'>()
    const who: Who = { kind: 'visitor', name }
    const blocked = await whyNotTaken(tx, installation, page.id, authorOf(installation, token))
    const soon = blocked ? null : await tooSoon(tx, installation, page.id, authorOf(installation, token))
    // Its end counts, not the job's: a hold whose time is over holds nothing.
    const hold = (await holdWhileWriting(tx, page.id, at)) ?? null
    const what = {
      type: 'Comment',
      id,
      blocked: blocked !== null,
      tooSoon: soon !== null,
      held: hold !== null,
    }
    const decision = installation.policy.decide(who, 'comment.submit', what)
    if (!decision.allowed) {
      if (!blocked && !soon) return { denied: decision }
      await recordRefusal(tx, who, decision, what, { at, page: page.id })
      if (!blocked) return problem(soon?.because ?? '')
      const code = blocked.codeSealed && openCode(installation, blocked.codeSealed)
      return problem(
        `${blocked.because}${code ? ` Code for the appeal: ${code}, under “Your comment was removed?”.` : ''}`,
      )
    }
    await insertComment(tx, {
      id,
      page: page.id,
      publication: publication.id,
      remote_id: id,
      remote_version: '1',
      url: null,
      in_reply_to: parent?.id ?? null,
      thread: parent?.thread ?? id,
      author_remote_id: authorOf(installation, token),
      author_name: name,
      author_handle: null,
      text,
      language: null,
      state: hold ? 'held' : 'shown',
      posted_at: at,
      captured_at: at,
    })
    if (hold) await insertHeld(tx, id, hold.id, at)
    if (email)
      await tx
        .insertInto('comment_contact')
        .values({ comment: id, sealed: secrets.seal(email, 'comment.contact') })
        .execute()
    await append(tx, {
      kind: 'comment.capture',
      subject: { kind: 'comment', id },
      page: page.id,
      by: who,
      decision,
      content: {
        post: publication.post,
        publication: publication.id,
        author: { name },
        text,
        inReplyTo: parent?.id ?? null,
        postedAt: at.toISOString(),
        version: 1,
        ...(hold ? { heldForReview: { hold: hold.id, until: hold.until.toISOString() } } : {}),
      },
      words: text,
      at,
    })
    await suggest(tx, installation, id)
    return { done: { comment: id, token, heldUntil: hold?.until ?? null } }
  })
}

/** Changes a visitor's own comment, within ten minutes. Both versions stay on record. */
export async function editComment(
  installation: Installation,
  id: CommentId,
  token: string | undefined,
  typed: string,
): Promise<Answer<CommentId>> {
  const text = asWritten(typed)
  const problems = textProblem(text)
  if (problems) return { problems }
  return installation.db.transaction().execute(async (tx) => {
    const comment = await lockComment(tx, id)
    const hindrance = hindranceTo(installation, comment, token)
    if (!comment || hindrance) return problem(hindrance ?? '')
    if (comment.state === 'hidden')
      return problem('This comment was removed, so it can’t be changed any more.')
    if (!mayStillEdit(comment, installation.now()))
      return problem(
        `A comment can be changed for ${editMinutes} minutes. You can still delete it, and write another.`,
      )
    if (text === comment.text) return { done: id }

    const who: Who = { kind: 'visitor', name: comment.author_name }
    const at = installation.now()
    const what = editOf(comment, (await holdWhileWriting(tx, comment.page, at)) !== undefined)
    const decision = installation.policy.decide(who, 'comment.submit', what)
    if (!decision.allowed) {
      await recordRefusal(tx, who, decision, what, { at, page: comment.page })
      return { denied: decision }
    }
    const before = comment.text
    const version = await insertEdit(tx, comment, { text, remoteVersion: String(comment.version + 1), at })
    await append(tx, {
      kind: 'comment.edit',
      subject: { kind: 'comment', id },
      page: comment.page,
      by: who,
      decision,
      content: { before, text, version },
      words: text,
      at,
    })
    await suggest(tx, installation, id)
    return { done: id }
  })
}

/** Takes a visitor's own comment off the page. Its record stays: it is a public record (policy IV.A.2.iii.1). */
export function deleteComment(
  installation: Installation,
  id: CommentId,
  token: string | undefined,
): Promise<Answer<CommentId>> {
  return installation.db.transaction().execute(async (tx) => {
    const comment = await lockComment(tx, id)
    const hindrance = hindranceTo(installation, comment, token)
    if (!comment || hindrance) return problem(hindrance ?? '')
    const at = installation.now()
    await insertDeletion(tx, comment, at)
    await append(tx, {
      kind: 'comment.deletion',
      subject: { kind: 'comment', id },
      page: comment.page,
      by: { kind: 'visitor', name: comment.author_name },
      content: { text: comment.text, version: comment.version },
      words: comment.text,
      at,
    })
    return { done: id }
  })
}

/** The visitor's e-mail address, for a moderator who has to write to them; null when they left none. */
export async function contactOf({ db, secrets }: Installation, comment: CommentId): Promise<string | null> {
  const row = await db
    .selectFrom('comment_contact')
    .select('sealed')
    .where('comment', '=', comment)
    .executeTakeFirst()
  return row ? secrets.open(row.sealed, 'comment.contact') : null
}

/** Whether the holder of `token` wrote this comment. */
export const wrote = (
  installation: Pick<Installation, 'secrets'>,
  comment: Pick<Comment, 'author_remote_id'>,
  token: string | undefined,
) => comment.author_remote_id === authorWith(installation, token)

export const mayStillEdit = (comment: Pick<Comment, 'posted_at' | 'state'>, now: Date) =>
  comment.state !== 'hidden' && now <= editableUntil(comment)

/** Whether a change would be refused only because the page's comments are `held` just now. */
export const isFrozen = (
  { policy }: Pick<Installation, 'policy'>,
  comment: Pick<Comment, 'id' | 'state'>,
  held: boolean,
) => !policy.decide({ kind: 'visitor' }, 'comment.submit', editOf(comment, held)).allowed

/** A change, for the policy. What is shown was written before the hold, or read in it; new words would be neither. */
const editOf = ({ id, state }: Pick<Comment, 'id' | 'state'>, held: boolean) => ({
  type: 'Comment',
  id,
  held,
  pastHold: held && state === 'shown',
})

/** The last moment at which its author can change a comment. */
export const editableUntil = ({ posted_at }: Pick<Comment, 'posted_at'>) =>
  new Date(posted_at.getTime() + editMinutes * 60_000)

/** Whether readers see its words. */
export const isVisible = (comment: Pick<Comment, 'state' | 'deleted_at'>) =>
  comment.state === 'shown' && comment.deleted_at === null

function hindranceTo(
  installation: Installation,
  comment: Comment | undefined,
  token: string | undefined,
): string | null {
  if (!comment) return 'This comment does not exist.'
  if (!wrote(installation, comment, token))
    return 'Only the browser that this comment was written with can change or delete it.'
  if (comment.deleted_at) return 'You deleted this comment already.'
  return null
}

/** The words as they were typed; only the line ends of forms and blank space around them are made uniform. */
export const asWritten = (text: string) => text.replace(/\r\n?/g, '\n').trim()

function textProblem(text: string): { text: string } | null {
  const length = [...text].length
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(text)) return { text: 'Write your comment.' }
  if (length > longestComment)
    return {
      text: `A comment can have ${longestComment.toLocaleString('en-US')} characters. Yours has ${length.toLocaleString('en-US')}: shorten it, or write two.`,
    }
  if (text.includes('\0'))
    return { text: 'There is a character in it that can’t be kept. Type the text again.' }
  return null
}

function nameProblem(name: string): { name: string } | null {
  if (!/[\p{L}\p{N}]/u.test(name)) return { name: 'Say what you want to be called.' }
  if ([...name].length > longestName)
    return { name: `A name can have ${longestName} characters. Shorten it, please.` }
  if (name.includes('\0')) return { name: 'There is a character in it that can’t be kept. Type it again.' }
  return null
}

/** What somebody is told whose connection sent more `things` than are taken; null as long as it did not. */
export function tooMany(
  things: string,
  uses: { minute: number; hour: number },
  { perMinute, perHour }: { perMinute: number; perHour: number },
): string | null {
  if (uses.minute <= perMinute && uses.hour <= perHour) return null
  return `Many ${things} came from your connection in the last ${uses.hour > perHour ? 'hour. Please try again in an hour.' : 'minute. Please wait a minute and send it again.'} What you wrote is still here.`
}

/** The token of a visitor's cookie, or a new one for who has none. */
export const visitorTokenFrom = (token: string | undefined): string =>
  isToken(token) ? token : randomBytes(24).toString('base64url')

const isToken = (token: string | undefined): token is string =>
  token !== undefined && /^[\w-]{32}$/.test(token)

/** How the page knows the holder of `token` as an author; null for somebody who has none. */
export const authorWith = (installation: Pick<Installation, 'secrets'>, token: string | undefined) =>
  isToken(token) ? authorOf(installation, token) : null

const authorOf = ({ secrets }: Pick<Installation, 'secrets'>, token: string) =>
  `visitor:${secrets.digest(token, 'comment.author')}`

/** Another digest each day, so that nobody's comments can be followed by their address. */
const addressDigest = ({ secrets }: Installation, address: string, at: Date) =>
  secrets.digest(`${at.toISOString().slice(0, 10)} ${address}`, 'comment.rate')
