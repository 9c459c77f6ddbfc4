import { appendMany, type Entry } from '../archive/archive.ts'
import { type Answer, type Person, problem, recordRefusal, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { type Page, pageById } from '../pages/pages.ts'
import type { Allowed, Decision, Denied, Who } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import { newId } from '../storage/ids.ts'
import { criticismDetector } from './criticism.ts'
import { stillHeld } from './hold-store.ts'
import { noticesOf, noticeWay } from './notice.ts'
import { endQuestions } from './question-store.ts'
import {
  type Comment,
  type Consultation,
  endConsultations,
  insertConsultations,
  insertDecisions,
  lastDecisions,
  markDecided,
  openConsultations,
} from './store.ts'

/*
 * Decisions about one comment or about many that read the same. Each comment is judged by itself and gets a decision
 * and a record of its own; the statements are as few for a thousand as for one. All comments were locked by the
 * caller, and the answers are in their order.
 */

/** Why a comment was left as it is. */
type Left = { denied: Denied } | { problems: Record<string, string> }
interface Made {
  note: string
  /** Joins what was decided with one key; null for a single comment. */
  together: string | null
}

/** Hidden without a person looking, by a threshold that somebody switched on. */
export interface Automatic {
  id: string
  category: string
  score: number
  threshold: number
  switchedOnBy: string
  switchedOnAt: string
  /** Whether a person has to look at it afterwards, and why. */
  review: 'sample' | 'near' | 'neither'
}

export async function keepAll(
  tx: Tx,
  installation: Installation,
  person: Person,
  comments: readonly Comment[],
  { note, together }: Made,
): Promise<Answer<'kept'>[]> {
  const at = installation.now()
  const { go, answers } = await judge(tx, installation, person, comments, (comment) => {
    if (comment.state === 'hidden')
      return problem('This comment is hidden. Show it again if it should not be.')
    return asked(installation, person, 'comment.keep', what(comment))
  })
  const kept = go.map(({ comment }) => comment)
  await endConsultations(tx, kept, 'kept', at)
  await endQuestions(tx, idsOf(kept), 'decided', at)
  await markDecided(tx, kept, { state: 'shown', at })
  await insertDecisions(tx, kept, { decision: 'keep', note, by: person.id, at, together })
  await record(tx, person, 'comment.keeping', go, (comment) => ({ note, ...heldUntilNow(comment) }), at)
  return answers(() => ({ done: 'kept' }))
}

/**
 * Hides comments for one of the policy's reasons. Criticism is protected: one person's wish to hide it becomes a
 * question to a second, and only that person's agreement hides it (policy IV.A.2.iv.1).
 */
export async function hideAll(
  tx: Tx,
  installation: Installation,
  person: Person,
  comments: readonly Comment[],
  { reason, note, together, automatic }: Made & { reason: string; automatic?: Automatic },
): Promise<Answer<'hidden' | 'asked'>[]> {
  const { policy } = installation
  const at = installation.now()
  const criticizes = readOnce(await criticismDetector(installation, tx))
  const wishes = await openConsultations(tx, comments)
  const pages = await pagesOf(tx, installation, comments)
  const secondOf = (comment: Comment): Consultation | null => {
    const wish = wishes.get(comment.id)
    return wish && wish.by !== person.id ? wish : null
  }
  const { go, answers } = await judge(tx, installation, person, comments, (comment) => {
    if (comment.official) return problem('The department wrote this itself. Take the answer back instead.')
    if (comment.state === 'hidden') return problem('This comment is hidden already.')
    const { topicAnnounced, cannotHide } = pages.get(comment.page) ?? {}
    if (cannotHide) return problem(cannotHide)
    const second = secondOf(comment)
    const wanted = {
      ...what(comment),
      reason,
      protectedCriticism: criticizes(comment.text),
      secondPerson: second !== null,
      topicAnnounced: topicAnnounced ?? false,
    }
    if (automatic) {
      const decision = policy.decide({ kind: 'system' }, 'comment.hideAutomatically', {
        ...wanted,
        switchedOn: true,
      })
      // No refusal to record: the comment waits for a person, like all others.
      return decision.allowed ? { decision } : problem(decision.because)
    }
    const answer = asked(installation, person, 'comment.hide', wanted)
    if ('decision' in answer && second && second.reason !== reason)
      return problem(
        `${second.byName} asked whether to hide this for “${titleOf(installation, second.reason)}”. Agree to that reason, or keep the comment.`,
      )
    // Nothing is missing but somebody who agrees: the wish becomes a question.
    if (
      'denied' in answer &&
      policy.decide(whoIs(person), 'comment.hide', { ...wanted, secondPerson: true }).allowed
    )
      return wishes.has(comment.id)
        ? problem('You asked for a second person already. Somebody else has to agree.')
        : { decision: answer.denied }
    return answer
  })

  const wished = go.filter(({ decision }) => !decision.allowed)
  const hidden = go.filter(({ decision }) => decision.allowed)
  await insertConsultations(
    tx,
    wished.map(({ comment }) => comment),
    { reason, note, by: person.id, at, together },
  )
  await markDecided(
    tx,
    wished.map(({ comment }) => comment),
    { at: null },
  )
  await record(tx, person, 'comment.consultation', wished, () => ({ reason, note }), at)

  const gone = hidden.map(({ comment }) => comment)
  const agreed = gone.filter((comment) => secondOf(comment))
  const clause = policy.removalReasons.find((one) => one.id === reason)?.clause ?? ''
  await endConsultations(tx, agreed, 'agreed', at)
  await endConsultations(tx, gone, 'withdrawn', at)
  await endQuestions(tx, idsOf(gone), 'decided', at)
  await markDecided(tx, gone, { state: 'hidden', at })
  const decisions = await insertDecisions(tx, gone, {
    decision: 'hide',
    reason,
    clause,
    seconds: gone.map((comment) => secondOf(comment)?.by ?? null),
    note,
    by: person.id,
    at,
    together,
    automatic: automatic?.id ?? null,
  })
  if (automatic)
    for (const decision of decisions)
      await tx
        .insertInto('automatic_review')
        .values({
          decision,
          why: automatic.review,
          score: automatic.score,
          reviewed_at: null,
          reviewed_by: null,
        })
        .execute()
  const removals = gone.map((comment, n) => ({
    id: decisions[n] as string,
    comment: comment.id,
    at,
    page: comment.page,
  }))
  for (const { page } of pages.values()) {
    const here = removals.filter((removal) => removal.page === page.id)
    if (here.length > 0) await noticesOf(tx, installation, 'removal', here, page)
  }
  await record(
    tx,
    automatic ? { kind: 'system' } : person,
    'comment.removal',
    hidden,
    (comment) => ({
      reason,
      clause,
      note,
      secondPerson: secondOf(comment)?.byName ?? null,
      ...(automatic ? { automatic } : {}),
      ...heldUntilNow(comment),
      notice: noticeWay(installation, pages.get(comment.page)?.page as Page),
    }),
    at,
  )
  for (const [n, comment] of gone.entries())
    if (!pages.get(comment.page)?.hosted)
      await orderEffect(tx, installation, comment, decisions[n] as string, 'hide', at)
  return answers(({ decision }) => ({ done: decision.allowed ? 'hidden' : 'asked' }))
}

/** Shows hidden comments again; those that only wait again are held while their page's comments are. */
export async function restoreAll(
  tx: Tx,
  installation: Installation,
  person: Person,
  comments: readonly Comment[],
  { note, together, waits = false }: Made & { waits?: boolean },
): Promise<Answer<'shown'>[]> {
  const at = installation.now()
  const pages = await pagesOf(tx, installation, comments)
  const { go, answers } = await judge(tx, installation, person, comments, (comment) =>
    comment.state === 'hidden'
      ? asked(installation, person, 'comment.restore', what(comment))
      : problem('This comment is not hidden.'),
  )
  const shown = go.map(({ comment }) => comment)
  if (waits) await markWaiting(tx, shown, at, 'shown')
  else await markDecided(tx, shown, { state: 'shown', at })
  const decisions = await insertDecisions(tx, shown, {
    decision: 'restore',
    note,
    by: person.id,
    at,
    together,
  })
  await record(tx, person, 'comment.restoration', go, () => ({ note }), at)
  for (const [n, comment] of shown.entries())
    if (!pages.get(comment.page)?.hosted)
      await orderEffect(tx, installation, comment, decisions[n] as string, 'show', at)
  return answers(() => ({ done: 'shown' }))
}

/** Takes one's own last decisions back: the comments are as before and wait again. */
export async function reopenAll(
  tx: Tx,
  installation: Installation,
  person: Person,
  comments: readonly Comment[],
): Promise<Answer<'open'>[]> {
  const at = installation.now()
  const [wishes, last] = [await openConsultations(tx, comments), await lastDecisions(tx, comments)]
  const mine = (comment: Comment) => {
    const wish = wishes.get(comment.id)
    return wish
      ? wish.by === person.id
      : comment.decided_at !== null && last.get(comment.id)?.by === person.id
  }
  const hidden = comments.filter((one) => mine(one) && one.state === 'hidden' && !wishes.has(one.id))
  const shown = await restoreAll(tx, installation, person, hidden, { note: '', together: null, waits: true })
  const restored = new Map(hidden.map((comment, n) => [comment.id, shown[n] as Answer<'shown'>]))

  const rest = comments.filter(({ id }) => !restored.has(id))
  const { go, answers } = await judge(tx, installation, person, rest, (comment) =>
    mine(comment)
      ? asked(installation, person, 'comment.keep', what(comment))
      : problem('You have decided nothing about this comment that could be taken back.'),
  )
  const open = go.map(({ comment }) => comment)
  await endConsultations(tx, open, 'withdrawn', at)
  await markWaiting(tx, open, at)
  await insertDecisions(tx, open, { decision: 'reopen', note: '', by: person.id, at, together: null })
  await record(tx, person, 'comment.reopening', go, () => ({}), at)
  const reopened = new Map(rest.map((comment, n) => [comment.id, answers(() => ({ done: 'open' }))[n]]))
  return comments.map(({ id }) => {
    const answer = restored.get(id) ?? reopened.get(id)
    return answer && 'done' in answer ? { done: 'open' } : (answer as Left)
  })
}

interface Judged {
  comment: Comment
  decision: Decision
}

/** Judges each comment, keeps a record of each refusal, and tells apart those that the decision is carried out about. */
async function judge(
  tx: Tx,
  { now }: Installation,
  person: Person,
  comments: readonly Comment[],
  of: (comment: Comment) => { decision: Decision } | Left,
) {
  const judged = comments.map((comment) => ({ comment, answer: of(comment) }))
  for (const { comment, answer } of judged)
    if ('denied' in answer)
      await recordRefusal(tx, whoIs(person), answer.denied, what(comment), { at: now(), page: comment.page })
  return {
    go: judged.flatMap(({ comment, answer }): Judged[] =>
      'decision' in answer ? [{ comment, decision: answer.decision }] : [],
    ),
    answers: <Value>(carriedOut: (one: Judged) => { done: Value }): Answer<Value>[] =>
      judged.map(({ comment, answer }) =>
        'decision' in answer ? carriedOut({ comment, decision: answer.decision }) : answer,
      ),
  }
}

/** Lets comments wait again, in `state` unless it stays as it is. While a hold lasts, they are held like all that waits. */
async function markWaiting(tx: Tx, comments: readonly Comment[], at: Date, state?: 'shown') {
  const held = await stillHeld(tx, comments, at)
  const among = (inHold: boolean) => comments.filter(({ id }) => held.has(id) === inHold)
  await markDecided(tx, among(false), { ...(state ? { state } : {}), at: null })
  await markDecided(tx, among(true), { state: 'held', at: null })
}

/** A comment and its copies are read once. */
function readOnce(criticizes: (text: string) => boolean) {
  const read = new Map<string, boolean>()
  return (text: string): boolean => {
    const known = read.get(text)
    if (known !== undefined) return known
    const answer = criticizes(text)
    read.set(text, answer)
    return answer
  }
}

function asked(
  { policy }: Installation,
  person: Person,
  action: 'comment.keep' | 'comment.hide' | 'comment.restore',
  about: Parameters<Installation['policy']['decide']>[2],
): { decision: Allowed } | { denied: Denied } {
  const decision = policy.decide(whoIs(person), action, about)
  return decision.allowed ? { decision } : { denied: decision }
}

/** What the pages of these comments say about hiding. */
async function pagesOf(tx: Tx, { platforms }: Installation, comments: readonly Comment[]) {
  const pages = new Map<
    Comment['page'],
    { page: Page; hosted: boolean; topicAnnounced: boolean; cannotHide: string | null }
  >()
  for (const id of new Set(comments.map(({ page }) => page))) {
    const page = await pageById(tx, id)
    if (!page) throw new Error(`A comment has lost its page ${id}.`)
    const { capabilities, title } = platforms.get(page.platform)
    const hosted = capabilities.comments === 'received'
    pages.set(id, {
      page,
      hosted,
      topicAnnounced: page.commentTopic !== '',
      cannotHide:
        hosted || capabilities.hideComments
          ? null
          : `${title} lets no page hide a comment. Report it to ${title} itself, and keep it here.`,
    })
  }
  return pages
}

/** Writes the intent and puts the work into the queue, in the caller's transaction: no crash loses it. */
async function orderEffect(
  tx: Tx,
  { jobs }: Installation,
  comment: Comment,
  decision: string,
  effect: 'hide' | 'show',
  at: Date,
) {
  const id = newId()
  await tx
    .insertInto('comment_effect')
    .values({ id, comment: comment.id, decision, effect, intent_at: at })
    .execute()
  await jobs.enqueue(tx, 'comment.effect', { effect: id }, { key: id })
}

/** Whether nobody but its author had seen it before the decision. */
const heldUntilNow = ({ state }: Comment) => (state === 'held' ? { heldForReview: true } : {})

/** The words that were decided about are in every record of a decision: it can be judged by itself. */
const record = (
  tx: Tx,
  by: Person | Extract<Who, { kind: 'system' }>,
  kind: string,
  judged: readonly Judged[],
  content: (comment: Comment) => Record<string, unknown>,
  at: Date,
) =>
  appendMany(
    tx,
    judged.map(
      ({ comment, decision }): Entry => ({
        kind,
        subject: { kind: 'comment', id: comment.id },
        page: comment.page,
        by: 'kind' in by ? by : whoIs(by),
        decision,
        content: {
          ...content(comment),
          author: comment.author_name,
          text: comment.text,
          version: comment.version,
        },
        words: comment.text,
        at,
      }),
    ),
  )

const what = (comment: Comment) => ({ type: 'Comment', id: comment.id })
const idsOf = (comments: readonly Comment[]) => comments.map(({ id }) => id)

const titleOf = ({ policy }: Installation, reason: string) =>
  policy.removalReasons.find((one) => one.id === reason)?.title ?? reason
