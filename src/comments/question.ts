import {
  type Answer,
  consider,
  type Person,
  people,
  personById,
  problem,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Policy } from '../policy/policy.ts'
import type { Db, Tx } from '../storage/database.ts'
import { type CommentId, newId, type PersonId } from '../storage/ids.ts'
import { recordAmongColleagues } from './colleagues-record.ts'
import { endQuestions, insertAdvice, insertQuestion, lockQuestion } from './question-store.ts'
import { type Comment, lockComment } from './store.ts'

/** Asks a colleague, or any, what they think of a comment. It stays where it is, and anybody may still decide. */
export function askColleague(
  installation: Installation,
  person: Person,
  id: CommentId,
  { asked, note }: { asked: PersonId | null; note: string },
): Promise<Answer<{ question: string; name: string | null }>> {
  return underLock<{ question: string; name: string | null }>(installation, id, async (tx, comment) => {
    const colleague = asked && (await personById(tx, asked, installation.now()))
    if (asked && (!colleague || asked === person.id || !advises(installation.policy, colleague)))
      return problem('Choose a colleague who decides on comments, or anybody.')
    if (await lockQuestion(tx, id)) return problem('A colleague is asked about this comment already.')
    const decision = await consider(tx, installation, person, 'comment.ask', what(id), comment.page)
    if (!decision.allowed) return { denied: decision }
    const at = installation.now()
    const question = newId()
    await insertQuestion(tx, {
      id: question,
      comment: id,
      version: comment.version,
      asked,
      note,
      by: person.id,
      at,
    })
    await recordAmongColleagues(tx, 'comment.question', comment, person, decision, {
      content: { question, asked: colleague ? colleague.name : null, note },
      words: note,
      at,
    })
    return { done: { question, name: colleague ? colleague.name : null } }
  })
}

/** Answers what a colleague asked, without deciding. */
export function advise(
  installation: Installation,
  person: Person,
  id: CommentId,
  advice: string,
): Promise<Answer<CommentId>> {
  return underLock<CommentId>(installation, id, async (tx, comment) => {
    const words = advice.trim()
    if (!words) return { problems: { advice: 'Write what you think.' } }
    const question = await lockQuestion(tx, id)
    if (!question) return problem('Nobody asks about this comment any more.')
    if (question.by === person.id) return problem('You asked this yourself. A colleague has to answer.')
    if (question.advice) return problem('A colleague has answered this already.')
    const decision = await consider(tx, installation, person, 'comment.advise', what(id), comment.page)
    if (!decision.allowed) return { denied: decision }
    const at = installation.now()
    await insertAdvice(tx, question.id, words, person.id, at)
    await recordAmongColleagues(tx, 'comment.advice', comment, person, decision, {
      content: { question: question.id, advice: words },
      words,
      at,
    })
    return { done: id }
  })
}

/** Takes one's own question back. */
export function withdrawQuestion(
  installation: Installation,
  person: Person,
  id: CommentId,
): Promise<Answer<CommentId>> {
  return underLock<CommentId>(installation, id, async (tx, comment) => {
    const question = await lockQuestion(tx, id)
    if (question?.by !== person.id) return problem('You ask nobody about this comment.')
    const decision = await consider(tx, installation, person, 'comment.ask', what(id), comment.page)
    if (!decision.allowed) return { denied: decision }
    const at = installation.now()
    await endQuestions(tx, [id], 'withdrawn', at)
    await recordAmongColleagues(tx, 'comment.question', comment, person, decision, {
      content: { question: question.id, withdrawn: true },
      at,
    })
    return { done: id }
  })
}

/** Those whom this person can ask: everybody else who decides on comments. */
export const colleaguesOf = async (db: Db, policy: Policy, person: Person, now: Date): Promise<Person[]> =>
  (await people(db, now)).filter((one) => one.id !== person.id && advises(policy, one))

const advises = (policy: Policy, person: Person) =>
  policy.decide(whoIs(person), 'comment.advise', what('any')).allowed

function underLock<Value>(
  { db }: Installation,
  id: CommentId,
  work: (tx: Tx, comment: Comment) => Promise<Answer<Value>>,
): Promise<Answer<Value>> {
  return db.transaction().execute(async (tx) => {
    const comment = await lockComment(tx, id)
    if (!comment) return problem('This comment does not exist.')
    if (comment.deleted_at) return problem('Its author deleted this comment. Nothing is left to ask.')
    return work(tx, comment)
  })
}

const what = (id: string) => ({ type: 'Comment', id })
