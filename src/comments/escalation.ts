import { type Answer, consider, type Person, people, problem } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Decision, EscalationKind, What } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import { type CommentId, newId } from '../storage/ids.ts'
import { recordAmongColleagues } from './colleagues-record.ts'
import { changeEscalation, type Escalation, insertEscalation, lockEscalation } from './escalation-store.ts'
import { type Comment, lockComment } from './store.ts'

/**
 * Passes a comment on to those whom the pack names for this kind: a threat to the shift supervisor, a tip to
 * investigations. It decides nothing about the comment, which stays where it is and lawful until somebody decides.
 */
export function escalate(
  installation: Installation,
  person: Person,
  id: CommentId,
  { kind, note }: { kind: string; note: string },
): Promise<Answer<{ escalation: string; receiver: string }>> {
  const { db, policy, now } = installation
  const sort = policy.escalationKinds.find((one) => one.id === kind)
  return db.transaction().execute(async (tx) => {
    const comment = await lockComment(tx, id)
    if (!comment) return problem('This comment does not exist.')
    if (!sort) return problem('Choose what it is: the policy names the kinds of comments that are passed on.')
    const escalation = newId()
    const decision = await consider(
      tx,
      installation,
      person,
      'escalation.make',
      { type: 'Escalation', id: escalation },
      comment.page,
    )
    if (!decision.allowed) return { denied: decision }
    const at = now()
    const receivers = receiversOf(sort, await people(tx, at))
    const row = {
      id: escalation,
      comment: id,
      version: comment.version,
      kind,
      clause: sort.clause,
      receivers,
      note,
      by: person.id,
      at,
      due_at: new Date(at.getTime() + sort.withinMinutes * 60_000),
    }
    if (!(await insertEscalation(tx, row))) return problem(`This comment went to ${sort.receiver} already.`)
    await recordAmongColleagues(tx, 'comment.escalation', comment, person, decision, {
      content: {
        escalation,
        escalationKind: kind,
        clause: sort.clause,
        receivers,
        dueAt: row.due_at.toISOString(),
        note,
      },
      words: note,
      at,
    })
    return { done: { escalation, receiver: sort.receiver } }
  })
}

/** The roles that receive this kind: those that the pack names, or, where nobody has one, the first of the others. */
export function receiversOf(
  { to, otherwise }: Pick<EscalationKind, 'to' | 'otherwise'>,
  staff: readonly Pick<Person, 'roles'>[],
): string[] {
  const held = (role: string) => staff.some(({ roles }) => (roles as readonly string[]).includes(role))
  if (to.some(held)) return to.filter(held)
  const next = otherwise.find(held)
  // Whoever gets the role later finds it.
  return next ? [next] : [...to]
}

/** Takes an escalation back that nobody has taken up: a key was hit by mistake. */
export const withdrawEscalation = (installation: Installation, person: Person, id: string) =>
  changing(
    installation,
    person,
    id,
    'escalation.withdraw',
    async (tx, { escalation, comment, decision, at }) => {
      if (escalation.acknowledged_at)
        return problem(`${escalation.acknowledgedByName} has taken it up. It is closed with a note now.`)
      await changeEscalation(tx, id, { withdrawn_at: at })
      await recordAmongColleagues(tx, 'comment.withdrawal', comment, person, decision, {
        content: { escalation: id },
        at,
      })
      return { done: id }
    },
  )

/** Takes an escalation up: somebody works on it. */
export const acknowledgeEscalation = (installation: Installation, person: Person, id: string) =>
  changing(
    installation,
    person,
    id,
    'escalation.acknowledge',
    async (tx, { escalation, comment, decision, at }) => {
      if (escalation.acknowledged_at)
        return problem(`${escalation.acknowledgedByName} has taken it up already.`)
      await changeEscalation(tx, id, { acknowledged_by: person.id, acknowledged_at: at })
      await recordAmongColleagues(tx, 'comment.acknowledgement', comment, person, decision, {
        content: { escalation: id },
        at,
      })
      return { done: id }
    },
  )

/** Closes an escalation with what was done about it. */
export const closeEscalation = (
  installation: Installation,
  person: Person,
  id: string,
  { measures }: { measures: string },
) =>
  changing(
    installation,
    person,
    id,
    'escalation.close',
    async (tx, { escalation, comment, decision, at }) => {
      const words = measures.trim()
      if (!words) return { problems: { measures: 'Write what was done, or why nothing had to be.' } }
      await changeEscalation(tx, id, {
        // Who closes what nobody took up has taken it up.
        ...(escalation.acknowledged_at ? {} : { acknowledged_by: person.id, acknowledged_at: at }),
        closed_by: person.id,
        closed_at: at,
        measures: words,
      })
      await recordAmongColleagues(tx, 'comment.closure', comment, person, decision, {
        content: { escalation: id, measures: words },
        words,
        at,
      })
      return { done: id }
    },
  )

/** What the policy looks at when somebody wants to do something with an escalation. */
export const asWhat = ({ id, receivers, by, withdrawn_at }: Escalation): What => ({
  type: 'Escalation',
  id,
  // What was taken back is nobody's to receive any more.
  receivers: withdrawn_at ? [] : receivers,
  makerId: by,
})

function changing(
  installation: Installation,
  person: Person,
  id: string,
  action: 'escalation.withdraw' | 'escalation.acknowledge' | 'escalation.close',
  change: (
    tx: Tx,
    found: { escalation: Escalation; comment: Comment; decision: Decision; at: Date },
  ) => Promise<Answer<string>>,
): Promise<Answer<string>> {
  return installation.db.transaction().execute(async (tx) => {
    const escalation = await lockEscalation(tx, id)
    const comment = escalation && (await lockComment(tx, escalation.comment))
    if (!comment || escalation.withdrawn_at) return problem('This was taken back, or never passed on.')
    const decision = await consider(tx, installation, person, action, asWhat(escalation), comment.page)
    if (!decision.allowed) return { denied: decision }
    if (escalation.closed_at) return problem(`${escalation.closedByName} has closed this already.`)
    return change(tx, { escalation, comment, decision, at: installation.now() })
  })
}
