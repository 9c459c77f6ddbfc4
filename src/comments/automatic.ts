import { createHash } from 'node:crypto'
import { z } from 'zod'
import { append } from '../archive/archive.ts'
import { type Answer, consider, type Person, personById, problem, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Tx } from '../storage/database.ts'
import { newId } from '../storage/ids.ts'
import type { Suggestions } from '../suggestions/suggestions.ts'
import {
  type AutomaticHiding,
  decidedBefore,
  decisionById,
  markReviewed,
  mistakesOf,
  switchedOn,
  trialOf,
} from './automatic-store.ts'
import { hideAll } from './decide-all.ts'
import { type Comment, lockComment } from './store.ts'

/** So near above the threshold, a person looks at everything. */
const near = 0.03

export const automaticForm = z.object({
  threshold: z.coerce
    .number('Write a number, like 95.')
    .min(1, 'Write a number between 1 and 100.')
    .max(100, 'Write a number between 1 and 100.')
    .transform((percent) => percent / 100),
  sample: z.coerce
    .number('Write a number, like 10.')
    .min(1, 'At least 1 in 100 is looked at by a person.')
    .max(100, 'Write a number between 1 and 100.')
    .transform((percent) => percent / 100),
  why: z
    .string()
    .trim()
    .min(10, 'Say why, in a sentence: it is kept on record.')
    .max(2000, 'Keep it under 2,000 characters.'),
})

/** Has comments of a category hidden without a person, from a threshold on, in the name of who switches it on. */
export function switchOn(
  installation: Installation,
  person: Person,
  category: string,
  { threshold, sample, why }: z.output<typeof automaticForm>,
): Promise<Answer<string>> {
  const known = installation.policy.suggestions.categories.find(({ id }) => id === category)
  return installation.db.transaction().execute(async (tx) => {
    if (!known?.automatic || !known.reason) return problem(known?.never ?? 'There is no such category.')
    const { least } = known.automatic
    if (threshold < least)
      return {
        problems: {
          threshold: `The policy allows ${Math.round(least * 100)} at least. Below that, people decide.`,
        },
      }
    const decision = await consider(tx, installation, person, 'comment.automate', {
      type: 'Comment',
      id: category,
      reason: known.reason,
    })
    if (!decision.allowed) return { denied: decision }
    const at = installation.now()
    await end(tx, person, category, at)
    const id = newId()
    await tx
      .insertInto('automatic_hiding')
      .values({
        id,
        category,
        reason: known.reason,
        threshold,
        sample,
        why,
        by: person.id,
        at,
        ended_at: null,
        ended_by: null,
      })
      .execute()
    await append(tx, {
      kind: 'comment.automation',
      subject: { kind: 'automatic-hiding', id },
      by: whoIs(person),
      decision,
      content: { category, reason: known.reason, threshold, sample, why },
      words: why,
      at,
    })
    return { done: id }
  })
}

/** From now on, people decide about this category again. What was hidden stays as it is. */
export function switchOff(
  installation: Installation,
  person: Person,
  category: string,
): Promise<Answer<string>> {
  return installation.db.transaction().execute(async (tx) => {
    const decision = await consider(tx, installation, person, 'comment.automate', {
      type: 'Comment',
      id: category,
    })
    if (!decision.allowed) return { denied: decision }
    const at = installation.now()
    const ended = await end(tx, person, category, at)
    if (!ended) return problem('It is switched off already.')
    await append(tx, {
      kind: 'comment.automation-end',
      subject: { kind: 'automatic-hiding', id: ended },
      by: whoIs(person),
      decision,
      content: { category },
      at,
    })
    return { done: category }
  })
}

/** By when somebody looks at what was hidden automatically at this moment. */
export const reviewDue = ({ policy }: Pick<Installation, 'policy'>, hiddenAt: Date): Date =>
  new Date(hiddenAt.getTime() + policy.suggestions.automaticReview.withinHours * 3_600_000)

/** What thresholds for a category would have done in the days that the policy sets, and which were mistakes at the least one. */
export async function tryOut(
  { db, policy, now }: Pick<Installation, 'db' | 'policy' | 'now'>,
  { id, least }: { id: string; least: number },
) {
  const { days } = policy.suggestions.automaticReview
  const since = new Date(now().getTime() - days * 86_400_000)
  // From the least that is allowed to certainty, in five steps.
  const thresholds = Array.from(
    { length: 5 },
    (_, n) => Math.round((least + ((1 - least) * n) / 4) * 100) / 100,
  )
  const [trials, mistakes] = await Promise.all([
    trialOf(db, id, thresholds, since),
    mistakesOf(db, id, least, since),
  ])
  return { days, trials, mistakes }
}

/** A person looked at what was hidden automatically, and agrees. Who does not shows the comment again. */
export function agree(installation: Installation, person: Person, id: string): Promise<Answer<string>> {
  return installation.db.transaction().execute(async (tx) => {
    const made = await decisionById(tx, id)
    const comment = made && (await lockComment(tx, made.comment))
    if (!comment) return problem('There is nothing like that to look at.')
    if (comment.state !== 'hidden') return problem('This comment was shown again in the meantime.')
    const decision = await consider(
      tx,
      installation,
      person,
      'comment.keep',
      { type: 'Comment', id: comment.id },
      comment.page,
    )
    if (!decision.allowed) return { denied: decision }
    const at = installation.now()
    if (!(await markReviewed(tx, id, person.id, at))) return problem('A colleague looked at it already.')
    await append(tx, {
      kind: 'comment.automatic-review',
      subject: { kind: 'comment', id: comment.id },
      page: comment.page,
      by: whoIs(person),
      decision,
      content: { decision: id, outcome: 'agreed', text: comment.text, version: comment.version },
      words: comment.text,
      at,
    })
    return { done: id }
  })
}

/**
 * Hides a comment that reaches a threshold which somebody switched on. The policy is asked as for the system itself:
 * it refuses criticism, and off topic in any case. Nothing is hidden that a person decided about.
 */
export async function hideIfSwitchedOn(
  tx: Tx,
  installation: Installation,
  comment: Comment,
  { suggestions, criticism }: Suggestions,
): Promise<void> {
  if (comment.state === 'hidden' || comment.decided_at || comment.deleted_at || criticism) return
  for (const rule of await switchedOn(tx, { lock: true })) {
    const found = suggestions.find(({ category }) => category === rule.category)
    if (!found || found.score < rule.threshold) continue
    const answers = await person(tx, rule)
    if (!answers || (await decidedBefore(tx, comment.id, comment.version))) return
    const title =
      installation.policy.suggestions.categories.find(({ id }) => id === rule.category)?.title ??
      rule.category
    const [answer] = await hideAll(tx, installation, answers, [comment], {
      reason: rule.reason,
      note: `Hidden automatically: “${title}” with ${percent(found.score)} of 100, threshold ${percent(rule.threshold)}, switched on by ${rule.byName}.`,
      together: null,
      automatic: {
        id: rule.id,
        category: rule.category,
        score: found.score,
        threshold: rule.threshold,
        switchedOnBy: rule.byName,
        switchedOnAt: rule.at.toISOString(),
        review: reviewOf(rule, comment.id, found.score),
      },
    })
    if (answer && 'done' in answer) return
  }
}

/** Whether a person has to look: near the threshold always, else for a share that depends on the comment's id alone. */
export function reviewOf(
  { id, threshold, sample }: Pick<AutomaticHiding, 'id' | 'threshold' | 'sample'>,
  comment: string,
  score: number,
): 'sample' | 'near' | 'neither' {
  if (score < threshold + near) return 'near'
  const draw = createHash('sha256').update(`${id} ${comment}`).digest().readUInt32BE() / 2 ** 32
  return draw < sample ? 'sample' : 'neither'
}

/** Who switched it on answers for it, and is who the removal is ascribed to; after they left, nothing is hidden any more. */
const person = (tx: Tx, rule: AutomaticHiding) => personById(tx, rule.by)

const percent = (share: number) => Math.round(share * 100)

async function end(tx: Tx, by: Person, category: string, at: Date): Promise<string | null> {
  const ended = await tx
    .updateTable('automatic_hiding')
    .set({ ended_at: at, ended_by: by.id })
    .where('category', '=', category)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return ended?.id ?? null
}
