import { append } from '../archive/archive.ts'
import {
  type Answer,
  consider,
  departmentProfile,
  type Person,
  problem,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { pageById } from '../pages/pages.ts'
import { authorLine, textFor } from '../posts/posts.ts'
import { type CommentId, newId } from '../storage/ids.ts'
import { asWritten, isVisible } from './capture.ts'
import { longestComment } from './limits.ts'
import { insertComment, insertDeletion, livePublication, lockComment } from './store.ts'

/** As its author's id; a visitor's begins with "visitor:". */
const departmentItself = 'department'

/**
 * Answers a visitor's comment on an own page for the department: screened like a post, signed as the page's posts are
 * (policy IV.A.3.i.2), shown at once and marked as the department's. Nobody moderates it.
 */
export async function answerForDepartment(
  installation: Installation,
  person: Person,
  to: CommentId,
  typed: string,
): Promise<Answer<CommentId>> {
  const { db, policy, platforms } = installation
  const words = asWritten(typed)
  if (!words) return { problems: { text: 'Write the answer.' } }
  return db.transaction().execute<Answer<CommentId>>(async (tx) => {
    const parent = await lockComment(tx, to)
    const page = parent && (await pageById(tx, parent.page))
    if (!parent || !page) return problem('There is no such comment.')
    const { title, capabilities } = platforms.get(page.platform)
    if (capabilities.comments !== 'received')
      return problem(`This comment is on ${title}. Answer it there, with the page’s account.`)
    const publication = await livePublication(tx, page.id, parent.publication)
    if (!publication || !isVisible(parent))
      return problem('The comment, or its post, is not on the page any more. There is nothing to answer.')

    const department = (await departmentProfile(tx))?.name ?? 'The department'
    const text = textFor(words, authorLine(page.authorLine, person, department))
    if ([...text].length > longestComment)
      return {
        problems: {
          text: `With the line that names you the answer has ${[...text].length.toLocaleString('en-US')} characters. There is room for ${longestComment.toLocaleString('en-US')}.`,
        },
      }
    const id = newId<'comment'>()
    const findings = policy.screen(text).filter(({ severity }) => severity === 'stop')
    const wanted = { type: 'Comment', id, blockingFindings: findings.length }
    const decision = await consider(tx, installation, person, 'comment.answer', wanted, page.id)
    if (!decision.allowed) {
      const [first] = findings
      const may = policy.decide(whoIs(person), 'comment.answer', { ...wanted, blockingFindings: 0 })
      return first && may.allowed
        ? {
            problems: {
              text: `${decision.because} “${text.slice(first.start, first.end)}”: ${first.reason}`,
            },
          }
        : { denied: decision }
    }
    const at = installation.now()
    await insertComment(tx, {
      ...{ id, page: page.id, publication: publication.id },
      ...{ remote_id: id, remote_version: '1', url: null, in_reply_to: to, thread: parent.thread },
      ...{ author_remote_id: departmentItself, author_name: department, author_handle: null },
      ...{ text, language: null, state: 'shown', posted_at: at, captured_at: at },
      // Nothing is left to decide.
      decided_at: at,
      answered_by: person.id,
      official: true,
    })
    await append(tx, {
      kind: 'comment.answer',
      subject: { kind: 'comment', id },
      page: page.id,
      by: whoIs(person),
      decision,
      content: {
        post: publication.post,
        publication: publication.id,
        author: { name: department, person: person.name },
        text,
        inReplyTo: to,
        answered: { author: parent.author_name, text: parent.text, version: parent.version },
        postedAt: at.toISOString(),
        version: 1,
      },
      words: text,
      at,
    })
    return { done: id }
  })
}

/** Takes an answer of the department off the page. Its record stays. */
export function withdrawAnswer(
  installation: Installation,
  person: Person,
  id: CommentId,
  reason: string,
): Promise<Answer<CommentId>> {
  const why = reason.trim()
  return installation.db.transaction().execute<Answer<CommentId>>(async (tx) => {
    const comment = await lockComment(tx, id)
    if (!comment?.official) return problem('This is no answer of the department.')
    if (!comment.answered_by)
      return problem('This answer was given on the platform. Delete it there; the deletion is captured.')
    if (comment.deleted_at) return problem('This answer was taken back already.')
    if (!why) return { problems: { note: 'Say why it is taken back. It is kept on record.' } }
    // Whoever may speak for the department may take back what was said.
    const decision = await consider(
      tx,
      installation,
      person,
      'comment.answer',
      { type: 'Comment', id, blockingFindings: 0 },
      comment.page,
    )
    if (!decision.allowed) return { denied: decision }
    const at = installation.now()
    await insertDeletion(tx, comment, at)
    await append(tx, {
      kind: 'comment.answer-withdrawal',
      subject: { kind: 'comment', id },
      page: comment.page,
      by: whoIs(person),
      decision,
      content: { reason: why, text: comment.text, version: comment.version },
      words: `${why}\n${comment.text}`,
      at,
    })
    return { done: id }
  })
}
