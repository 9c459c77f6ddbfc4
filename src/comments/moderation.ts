import { append } from '../archive/archive.ts'
import { type Answer, consider, type Person, problem, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { pageById } from '../pages/pages.ts'
import type { Decision, Denied, What } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import { type CommentId, newId } from '../storage/ids.ts'
import { noticeOfRemoval } from './notice.ts'
import {
  type Comment,
  changeComment,
  type DecisionMade,
  decisionsOn,
  endConsultation,
  lockComment,
  openConsultation,
} from './store.ts'

/** What a moderator saw when they decided; when the comment went on since, they are told instead. */
export interface Seen {
  revision: number
}

/** Leaves a comment where it is. */
export function keepComment(
  installation: Installation,
  person: Person,
  id: CommentId,
  { revision, note = '' }: Seen & { note?: string },
): Promise<Answer<CommentId>> {
  return deciding<CommentId>(installation, id, revision, async (tx, comment) => {
    if (comment.state === 'hidden')
      return problem('This comment is hidden. Show it again if it should not be.')
    const decision = await consider(tx, installation, person, 'comment.keep', what(comment), comment.page)
    if (!decision.allowed) return { denied: decision }
    const at = installation.now()
    await endConsultation(tx, id, 'kept', at)
    await changeComment(tx, comment, { state: 'shown', decided_at: at })
    await insertDecision(tx, comment, person, { decision: 'keep', note, at })
    await record(tx, 'comment.keeping', comment, person, decision, { note }, at)
    return { done: id }
  })
}

/**
 * Hides a comment for one of the policy's reasons. Criticism is protected: one person's wish to hide it becomes a
 * question to a second, and only that person's agreement hides it (policy IV.A.2.iv.1).
 */
export function hideComment(
  installation: Installation,
  person: Person,
  id: CommentId,
  { revision, reason, note = '' }: Seen & { reason: string; note?: string },
): Promise<Answer<'hidden' | 'asked'>> {
  const { policy } = installation
  return deciding<'hidden' | 'asked'>(installation, id, revision, async (tx, comment) => {
    if (comment.state === 'hidden') return problem('This comment is hidden already.')
    const page = await pageById(tx, comment.page)
    if (!page) throw new Error(`Comment ${id} has lost its page.`)
    const { capabilities, title } = installation.platforms.get(page.platform)
    const hosted = capabilities.comments === 'received'
    if (!hosted && !capabilities.hideComments)
      return problem(`${title} lets no page hide a comment. Report it to ${title} itself, and keep it here.`)

    const asked = await openConsultation(tx, id)
    const second = asked && asked.by !== person.id ? asked : null
    const wanted = {
      ...what(comment),
      reason,
      protectedCriticism: policy.protectedCriticism(comment.text),
      secondPerson: second !== null,
      topicAnnounced: page.commentTopic !== '',
    }
    const at = installation.now()
    const alone = policy.decide(whoIs(person), 'comment.hide', wanted)
    // Nothing is missing but somebody who agrees: the wish becomes a question.
    if (!alone.allowed && decideWithSecond(installation, person, wanted)) {
      if (asked) return problem('You asked for a second person already. Somebody else has to agree.')
      await tx
        .insertInto('comment_consultation')
        .values({ id: newId(), comment: id, version: comment.version, reason, note, by: person.id, at })
        .execute()
      await changeComment(tx, comment, { decided_at: null })
      await record(tx, 'comment.consultation', comment, person, alone, { reason, note }, at)
      return { done: 'asked' }
    }

    const decision = await consider(tx, installation, person, 'comment.hide', wanted, comment.page)
    if (!decision.allowed) return { denied: decision }
    if (second && second.reason !== reason)
      return problem(
        `${second.byName} asked whether to hide this for “${titleOf(installation, second.reason)}”. Agree to that reason, or keep the comment.`,
      )

    const clause = policy.removalReasons.find((one) => one.id === reason)?.clause ?? ''
    await endConsultation(tx, id, second ? 'agreed' : 'withdrawn', at)
    await changeComment(tx, comment, { state: 'hidden', decided_at: at })
    const made = await insertDecision(tx, comment, person, {
      decision: 'hide',
      reason,
      clause,
      second_person: second?.by ?? null,
      note,
      at,
    })
    const notice = await noticeOfRemoval(tx, installation, { id: made, comment: id, at }, page)
    await record(
      tx,
      'comment.removal',
      comment,
      person,
      decision,
      {
        reason,
        clause,
        note,
        secondPerson: second?.byName ?? null,
        notice,
      },
      at,
    )
    if (!hosted) await orderEffect(tx, installation, comment, made, 'hide', at)
    return { done: 'hidden' }
  })
}

const decideWithSecond = ({ policy }: Installation, person: Person, wanted: What) =>
  policy.decide(whoIs(person), 'comment.hide', { ...wanted, secondPerson: true }).allowed

/** Shows a hidden comment again. */
export function restoreComment(
  installation: Installation,
  person: Person,
  id: CommentId,
  { revision, note = '' }: Seen & { note?: string },
): Promise<Answer<CommentId>> {
  return deciding<CommentId>(installation, id, revision, async (tx, comment) => {
    if (comment.state !== 'hidden') return problem('This comment is not hidden.')
    const at = installation.now()
    const denied = await showAgain(tx, installation, person, comment, note, at)
    return denied ?? { done: id }
  })
}

/** Shows a locked, hidden comment again, in the caller's transaction; the refusal, when the policy says no. */
export async function showAgain(
  tx: Tx,
  installation: Installation,
  person: Person,
  comment: Comment,
  note: string,
  at: Date,
): Promise<{ denied: Denied } | null> {
  const denied = await show(tx, installation, person, comment, note, at)
  if (!denied) await changeComment(tx, comment, { state: 'shown', decided_at: at })
  return denied
}

/** Takes one's own last decision back: the comment is as before and waits again. */
export function reopenComment(
  installation: Installation,
  person: Person,
  id: CommentId,
  { revision }: Seen,
): Promise<Answer<CommentId>> {
  return deciding<CommentId>(installation, id, revision, async (tx, comment) => {
    const at = installation.now()
    const asked = await openConsultation(tx, id)
    const [last] = await decisionsOn(tx, id)
    const mine = asked ? asked.by === person.id : comment.decided_at && last?.by === person.id
    if (!mine) return problem('You have decided nothing about this comment that could be taken back.')

    if (comment.state === 'hidden' && !asked) {
      const denied = await show(tx, installation, person, comment, '', at)
      if (denied) return denied
    } else {
      const decision = await consider(tx, installation, person, 'comment.keep', what(comment), comment.page)
      if (!decision.allowed) return { denied: decision }
      await endConsultation(tx, id, 'withdrawn', at)
      await insertDecision(tx, comment, person, { decision: 'reopen', note: '', at })
      await record(tx, 'comment.reopening', comment, person, decision, {}, at)
    }
    await changeComment(tx, comment, {
      state: comment.state === 'held' ? 'held' : 'shown',
      decided_at: null,
    })
    return { done: id }
  })
}

/** Locks the comment and makes sure that it is still what the moderator looked at. */
function deciding<Value>(
  { db }: Installation,
  id: CommentId,
  revision: number,
  decide: (tx: Tx, comment: Comment) => Promise<Answer<Value>>,
): Promise<Answer<Value>> {
  return db.transaction().execute(async (tx) => {
    const comment = await lockComment(tx, id)
    if (!comment) return problem('This comment does not exist.')
    if (comment.revision !== revision) return problem(await whatHappened(tx, comment))
    if (comment.deleted_at) return problem('Its author deleted this comment. Nothing is left to decide.')
    return decide(tx, comment)
  })
}

const pastTense: Record<DecisionMade['decision'], string> = {
  keep: 'kept this comment',
  hide: 'hid this comment',
  restore: 'showed this comment again',
  reopen: 'took a decision about this comment back',
}

/** Why a moderator's view of a comment is not the present one, in a sentence. */
async function whatHappened(tx: Tx, comment: Comment): Promise<string> {
  const [last] = await decisionsOn(tx, comment.id)
  const asked = await openConsultation(tx, comment.id)
  const latest = Math.max(comment.edited_at?.getTime() ?? 0, comment.deleted_at?.getTime() ?? 0)
  if (comment.deleted_at?.getTime() === latest && latest > 0)
    return 'Its author deleted this comment a moment ago. Nothing is left to decide.'
  if (asked && asked.at >= (last?.at ?? asked.at))
    return `${asked.byName} asked a second person about this comment a moment ago. Read it again, then decide.`
  if (last && last.at.getTime() >= latest)
    return `${last.byName} ${pastTense[last.decision]} a moment ago. Read it again, then decide.`
  return 'The author changed this comment since you opened it. Read the new words, then decide.'
}

/** The part that every return to the public has: the decision, its record, and the platform's share. */
async function show(
  tx: Tx,
  installation: Installation,
  person: Person,
  comment: Comment,
  note: string,
  at: Date,
): Promise<{ denied: Denied } | null> {
  const decision = await consider(tx, installation, person, 'comment.restore', what(comment), comment.page)
  if (!decision.allowed) return { denied: decision }
  const made = await insertDecision(tx, comment, person, { decision: 'restore', note, at })
  await record(tx, 'comment.restoration', comment, person, decision, { note }, at)
  const page = await pageById(tx, comment.page)
  if (page && installation.platforms.get(page.platform).capabilities.comments !== 'received')
    await orderEffect(tx, installation, comment, made, 'show', at)
  return null
}

async function insertDecision(
  tx: Tx,
  comment: Comment,
  person: Person,
  made: {
    decision: DecisionMade['decision']
    reason?: string
    clause?: string
    second_person?: DecisionMade['second_person']
    note: string
    at: Date
  },
): Promise<string> {
  const id = newId()
  await tx
    .insertInto('comment_decision')
    .values({
      id,
      comment: comment.id,
      version: comment.version,
      by: person.id,
      reason: null,
      clause: null,
      second_person: null,
      ...made,
    })
    .execute()
  return id
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

/** The words that were decided about are in every record of a decision: it can be judged by itself. */
const record = (
  tx: Tx,
  kind: string,
  comment: Comment,
  person: Person,
  decision: Decision,
  content: Record<string, unknown>,
  at: Date,
) =>
  append(tx, {
    kind,
    subject: { kind: 'comment', id: comment.id },
    page: comment.page,
    by: whoIs(person),
    decision,
    content: { ...content, author: comment.author_name, text: comment.text, version: comment.version },
    words: comment.text,
    at,
  })

const what = (comment: Comment) => ({ type: 'Comment', id: comment.id })

const titleOf = ({ policy }: Installation, reason: string) =>
  policy.removalReasons.find((one) => one.id === reason)?.title ?? reason
