import { type Answer, type Person, problem } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Tx } from '../storage/database.ts'
import { type CommentId, newId } from '../storage/ids.ts'
import { hideAll, keepAll, reopenAll, restoreAll } from './decide-all.ts'
import { lastFreshReport } from './report-store.ts'
import {
  type Comment,
  commentById,
  type DecisionMade,
  decisionsOn,
  lastDecisions,
  lockComment,
  lockTogether,
  lockWithCopies,
  openConsultation,
  openConsultations,
} from './store.ts'

/** What a moderator saw when they decided; when the comment went on since, they are told instead. */
export interface Seen {
  revision: number
}
/** Deciding about identical comments as well: those that had arrived when the moderator looked. */
export interface WithCopies {
  until: Date
}
/** What became of a comment and its copies. */
export interface Together<Value> {
  /** Of the comment itself. */
  first: Value
  done: number
  /** Copies that could not be decided about in the same way; they wait for a decision of their own. */
  left: number
}

/** Leaves a comment where it is. */
export const keepComment = async (
  installation: Installation,
  person: Person,
  id: CommentId,
  { revision, note = '' }: Seen & { note?: string },
): Promise<Answer<CommentId>> =>
  deciding<CommentId>(installation, id, revision, async (tx, comment) => {
    const answer = await only(keepAll(tx, installation, person, [comment], { note, together: null }))
    return 'done' in answer ? { done: id } : answer
  })

/** Hides a comment for one of the policy's reasons, or asks a second person where the policy wants one. */
export const hideComment = (
  installation: Installation,
  person: Person,
  id: CommentId,
  { revision, reason, note = '' }: Seen & { reason: string; note?: string },
): Promise<Answer<'hidden' | 'asked'>> =>
  deciding(installation, id, revision, (tx, comment) =>
    only(hideAll(tx, installation, person, [comment], { reason, note, together: null })),
  )

/** Shows a hidden comment again. */
export const restoreComment = (
  installation: Installation,
  person: Person,
  id: CommentId,
  { revision, note = '' }: Seen & { note?: string },
): Promise<Answer<CommentId>> =>
  deciding<CommentId>(installation, id, revision, async (tx, comment) => {
    const answer = await only(restoreAll(tx, installation, person, [comment], { note, together: null }))
    return 'done' in answer ? { done: id } : answer
  })

/** Shows a locked, hidden comment again, in the caller's transaction. */
export const showAgain = (
  tx: Tx,
  installation: Installation,
  person: Person,
  comment: Comment,
  note: string,
): Promise<Answer<'shown'>> => only(restoreAll(tx, installation, person, [comment], { note, together: null }))

/** Takes one's own last decision back: the comment is as before and waits again. */
export const reopenComment = (
  installation: Installation,
  person: Person,
  id: CommentId,
  { revision }: Seen,
): Promise<Answer<CommentId>> =>
  deciding<CommentId>(installation, id, revision, async (tx, comment) => {
    const answer = await only(reopenAll(tx, installation, person, [comment]))
    return 'done' in answer ? { done: id } : answer
  })

/** Keeps a comment and all that wait and read the same, each with a decision of its own, or none. */
export const keepCopies = (
  installation: Installation,
  person: Person,
  id: CommentId,
  { revision, note = '', until }: Seen & WithCopies & { note?: string },
): Promise<Answer<Together<'kept'>>> =>
  decidingAll(installation, id, { revision, until }, (tx, comments, together) =>
    keepAll(tx, installation, person, comments, { note, together }),
  )

/** Hides a comment and all that wait and read the same; where the policy wants a second person, it wants one for each. */
export const hideCopies = (
  installation: Installation,
  person: Person,
  id: CommentId,
  { revision, reason, note = '', until }: Seen & WithCopies & { reason: string; note?: string },
): Promise<Answer<Together<'hidden' | 'asked'>>> =>
  decidingAll(installation, id, { revision, until }, (tx, comments, together) =>
    hideAll(tx, installation, person, comments, { reason, note, together }),
  )

/** Takes back what was decided with one key, as far as nobody has decided anything else since. */
export function reopenTogether(
  installation: Installation,
  person: Person,
  id: CommentId,
  { revision }: Seen,
): Promise<Answer<Together<'open'>>> {
  return installation.db.transaction().execute(async (tx) => {
    const seen = await commentById(tx, id)
    const together = seen && (await togetherOf(tx, [seen])).get(id)
    if (!together) return problem('This was decided about one comment alone. Take that back.')
    const all = await lockTogether(tx, together)
    const first = all.find((one) => one.id === id)
    if (!first || first.revision !== revision) return problem(await whatHappened(tx, first ?? seen))
    const now = await togetherOf(tx, all)
    const mine = all.filter((one) => now.get(one.id) === together && !one.deleted_at)
    return summed(first, mine, await reopenAll(tx, installation, person, mine))
  })
}

/** With which others each comment was decided or asked about the last time, by comment. */
async function togetherOf(tx: Tx, comments: readonly Comment[]): Promise<Map<CommentId, string | null>> {
  const [wishes, last] = [await openConsultations(tx, comments), await lastDecisions(tx, comments)]
  return new Map(comments.map(({ id }) => [id, (wishes.get(id) ?? last.get(id))?.together ?? null]))
}

async function only<Value>(answers: Promise<Answer<Value>[]>): Promise<Answer<Value>> {
  return (await answers)[0] as Answer<Value>
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
    const hindrance = await hindranceTo(tx, comment, revision)
    return hindrance ? problem(hindrance) : decide(tx, comment)
  })
}

/** The same for a comment and its copies. When the comment itself can't be decided about, nothing is. */
function decidingAll<Value>(
  { db }: Installation,
  id: CommentId,
  { revision, until }: Seen & WithCopies,
  decide: (tx: Tx, comments: readonly Comment[], together: string) => Promise<Answer<Value>[]>,
): Promise<Answer<Together<Value>>> {
  return db.transaction().execute(async (tx) => {
    const seen = await commentById(tx, id)
    if (!seen) return problem('This comment does not exist.')
    const locked = await lockWithCopies(tx, seen, until)
    const first = locked.find((one) => one.id === id) ?? seen
    const hindrance = await hindranceTo(tx, first, revision)
    if (hindrance) return problem(hindrance)
    // Its words changed between the two looks: then the others are copies of what it was.
    const copies = locked.filter((one) => one.id !== id && equal(one.fingerprint, first.fingerprint))
    const together = newId()
    const [answer] = await decide(tx, [first], together)
    if (!answer || !('done' in answer)) return answer ?? problem('This comment does not exist.')
    return summed(first, [first, ...copies], [answer, ...(await decide(tx, copies, together))])
  })
}

function summed<Value>(
  first: Comment,
  comments: readonly Comment[],
  answers: readonly Answer<Value>[],
): Answer<Together<Value>> {
  const answer = answers[comments.findIndex(({ id }) => id === first.id)]
  if (!answer) return problem('Something else was decided about this comment since.')
  if (!('done' in answer)) return answer
  const done = answers.filter((one) => 'done' in one).length
  return { done: { first: answer.done, done, left: answers.length - done } }
}

const equal = (one: Buffer | null, other: Buffer | null) =>
  one !== null && other !== null && one.equals(other)

/** Why nothing can be decided about a locked comment by somebody who saw this revision; null when it can. */
async function hindranceTo(tx: Tx, comment: Comment, revision: number): Promise<string | null> {
  if (comment.revision !== revision) return whatHappened(tx, comment)
  return comment.deleted_at ? 'Its author deleted this comment. Nothing is left to decide.' : null
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
  const reported = await lastFreshReport(tx, comment.id)
  const latest = Math.max(comment.edited_at?.getTime() ?? 0, comment.deleted_at?.getTime() ?? 0)
  if (comment.deleted_at?.getTime() === latest && latest > 0)
    return 'Its author deleted this comment a moment ago. Nothing is left to decide.'
  if (
    reported &&
    reported.at.getTime() >= Math.max(latest, last?.at.getTime() ?? 0, asked?.at.getTime() ?? 0)
  )
    return 'A visitor reported this comment a moment ago. Read the report, then decide.'
  if (asked && asked.at >= (last?.at ?? asked.at))
    return `${asked.byName} asked a second person about this comment a moment ago. Read it again, then decide.`
  if (last && last.at.getTime() >= latest)
    return `${last.byName} ${pastTense[last.decision]} a moment ago. Read it again, then decide.`
  return 'The author changed this comment since you opened it. Read the new words, then decide.'
}
