import { appendMany } from '../archive/archive.ts'
import {
  type Answer,
  consider,
  type Person,
  problem,
  type TodayItem,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Policy } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import { newId, type PageId, parseId } from '../storage/ids.ts'
import * as store from './hold-store.ts'
import { asIncident, closeHold, isOurs, recordIncident, whileOpen } from './incident.ts'
import { pagesOf } from './incident-store.ts'

export interface HoldProposal {
  /** Null when none was chosen. */
  page: PageId | null
  reason: string
  hours: number
  /** Why hiding single comments and slowing new authors is not enough. */
  narrower: string
}

const hourMs = 3_600_000

/**
 * Proposes to hold all comments on a page for review, before they are shown. That is a prior restraint (decision 081), so
 * a second person must agree; the chief executive's proposal needs nobody else's.
 */
export function proposeHold(
  installation: Installation,
  person: Person,
  incident: string,
  { page, reason, hours, narrower }: HoldProposal,
): Promise<Answer<string>> {
  const { policy, now } = installation
  return whileOpen(installation, incident, async (tx, { ends_at }) => {
    const place = (await pagesOf(tx, incident)).find(({ id }) => id === page)
    if (!page || !place) return { problems: { page: 'Choose one of the incident’s pages.' } }
    if (!isOurs(installation, place.platform))
      return {
        problems: { page: `${place.title} is on a platform, which shows comments before we see them.` },
      }
    await store.lockPageHolds(tx, page)
    const open = await store.openProposalOn(tx, page)
    if (open) return problem(`${open.byName} proposed that already. Answer that proposal.`)
    if (await store.holdOn(tx, page, now())) return problem('Comments on this page are held already.')

    const wanted = await whatOf(tx, installation, incident, { page, reason, hours })
    const decision = await consider(tx, installation, person, 'incident.hold', wanted, page)
    if (!decision.allowed) return { denied: decision }
    if (!narrower.trim())
      return {
        problems: {
          narrower: 'Say why hiding single comments and slowing new authors is not enough. It is on record.',
        },
      }
    const at = now()
    const id = newId()
    const clause = reasonOf(policy, reason)?.clause ?? ''
    const row = { id, incident, page, reason, clause, hours, narrower: narrower.trim(), by: person.id, at }
    await store.insertHold(tx, row)
    await recordIncident(
      tx,
      'incident.hold-proposal',
      incident,
      person,
      decision,
      at,
      { hold: id, reason, clause, hours, narrower: row.narrower },
      page,
    )
    const alone = { ...wanted, proposedBy: person.id }
    if (policy.decide(whoIs(person), 'incident.agree', alone).allowed)
      await putInForce(tx, installation, person, { ...row, byName: person.name }, ends_at)
    return { done: id }
  })
}

/** Those of these pages whose comments are not held yet, and that nobody proposed to hold. */
export async function pagesToHold<Place extends { id: PageId }>(
  { db, now }: Installation,
  pages: readonly Place[],
): Promise<Place[]> {
  const open = await Promise.all(
    pages.map(
      async ({ id }) => !((await store.openProposalOn(db, id)) || (await store.holdOn(db, id, now()))),
    ),
  )
  return pages.filter((_, n) => open[n])
}

/** Agrees as the second person: from now on the page's comments are held, until the hours are over. */
export function agreeToHold(
  installation: Installation,
  person: Person,
  incident: string,
  id: string,
): Promise<Answer<string>> {
  return answering(installation, incident, id, async (tx, hold, incidentEnds) => {
    const { denied } = await putInForce(tx, installation, person, hold, incidentEnds)
    return denied ? { denied } : { done: id }
  })
}

/** Does not agree, or takes one's own proposal back. */
export function refuseHold(
  installation: Installation,
  person: Person,
  incident: string,
  id: string,
): Promise<Answer<string>> {
  return answering(installation, incident, id, async (tx, hold) => {
    const decision = await consider(
      tx,
      installation,
      person,
      'incident.refuse',
      asIncident(incident),
      hold.page,
    )
    if (!decision.allowed) return { denied: decision }
    const at = installation.now()
    await store.insertRefusal(tx, { hold: id, by: person.id, at })
    await recordIncident(tx, 'incident.hold-refusal', incident, person, decision, at, { hold: id }, hold.page)
    return { done: id }
  })
}

/** Ends a hold before its time. One person does; what was held is shown at once. */
export function endHold(
  installation: Installation,
  person: Person,
  incident: string,
  id: string,
): Promise<Answer<string>> {
  return whileOpen(installation, incident, async (tx) => {
    const hold = parseId(id) && (await store.lockHold(tx, id)) && (await store.holdById(tx, id))
    if (!hold?.agreedAt || hold.incident !== incident) return problem('There is no such hold.')
    if (hold.endedAt) return problem('Comments are not held any more.')
    const decision = await consider(tx, installation, person, 'incident.end', asIncident(incident), hold.page)
    if (!decision.allowed) return { denied: decision }
    await closeHold(tx, installation, incident, hold, { by: person, cause: 'by hand', decision })
    return { done: id }
  })
}

/** Ends the holds whose hours are over, each once, whichever process gets there first. */
export async function endHoldsDue(installation: Installation): Promise<void> {
  const { db, now, policy } = installation
  for (const { id, incident } of await store.holdsDue(db, now(), 100))
    await whileOpen(installation, incident, async (tx) => {
      const hold = (await store.lockHold(tx, id)) && (await store.holdById(tx, id))
      if (!hold || hold.endedAt) return { done: id }
      const decision = policy.decide({ kind: 'system' }, 'incident.end', asIncident(incident))
      await closeHold(tx, installation, incident, hold, { by: null, cause: 'time', decision })
      return { done: id }
    })
}

/** As many as a transaction shows: a part of a second's work, so that a crash repeats little. */
const batch = 200

/**
 * Shows what holds that have ended held, unless a moderator decided about it. A batch is shown and recorded in one transaction:
 * after a crash it is all done or all still to do, and of two workers each takes others.
 */
export async function releaseHeld(installation: Installation): Promise<number> {
  const { db, now, policy } = installation
  let released = 0
  for (;;) {
    const shown = await db.transaction().execute(async (tx) => {
      const at = now()
      const comments = await store.lockReleasable(tx, at, batch)
      if (comments.length === 0) return 0
      await store.markReleased(tx, comments, at)
      await appendMany(
        tx,
        comments.map((comment) => ({
          kind: 'comment.release',
          subject: { kind: 'comment', id: comment.id },
          page: comment.page,
          by: { kind: 'system' } as const,
          decision: policy.decide({ kind: 'system' }, 'comment.release', { type: 'Comment', id: comment.id }),
          content: {
            hold: comment.hold,
            heldSince: comment.heldSince.toISOString(),
            author: comment.author_name,
            text: comment.text,
            version: comment.version,
          },
          words: comment.text,
          at,
        })),
      )
      return comments.length
    })
    released += shown
    if (shown < batch) return released
  }
}

/** Proposals that wait for this person's agreement. */
export async function holdsFor(
  { db, policy }: Pick<Installation, 'db' | 'policy'>,
  person: Person,
): Promise<TodayItem[]> {
  if (!policy.decide(whoIs(person), 'incident.refuse', asIncident('any')).allowed) return []
  return (await store.openProposals(db))
    .filter(({ by }) => by !== person.id)
    .map((one) => ({
      kind: 'incident.hold',
      title: `Proposal to hold comments on “${one.pageTitle}”`,
      detail: `${one.byName} asks a second person: ${holdReasonTitle(policy, one.reason)}, for ${one.hours} ${one.hours === 1 ? 'hour' : 'hours'}.`,
      href: `/console/incidents/${one.incident}`,
      at: one.at,
    }))
}

export const reasonOf = (policy: Policy, id: string) =>
  policy.incidents.holding?.reasons.find((reason) => reason.id === id)
export const holdReasonTitle = (policy: Policy, id: string) => reasonOf(policy, id)?.title ?? id

/** Decides about the agreement and, when it is allowed, holds the page's comments from now on. */
async function putInForce(
  tx: Tx,
  installation: Installation,
  person: Person,
  hold: Pick<store.Hold, 'id' | 'incident' | 'page' | 'reason' | 'clause' | 'hours' | 'by' | 'byName'>,
  incidentEnds: Date,
) {
  const { id, incident, page, reason, clause, hours, by, byName } = hold
  const wanted = await whatOf(tx, installation, incident, { page, reason, hours })
  const decision = await consider(
    tx,
    installation,
    person,
    'incident.agree',
    { ...wanted, proposedBy: by },
    page,
  )
  if (!decision.allowed) return { denied: decision }
  const at = installation.now()
  const endsAt = new Date(Math.min(at.getTime() + hours * hourMs, incidentEnds.getTime()))
  await store.insertAgreement(tx, { hold: id, by: person.id, at, ends_at: endsAt })
  await recordIncident(
    tx,
    'incident.hold',
    incident,
    person,
    decision,
    at,
    { hold: id, reason, clause, proposedBy: byName, endsAt: endsAt.toISOString() },
    page,
  )
  await installation.jobs.enqueue(tx, 'comment.release', {}, { startAfter: endsAt, key: id })
  return { denied: null }
}

async function whatOf(
  tx: Tx,
  { policy, now }: Installation,
  incident: string,
  { page, reason, hours }: { page: PageId; reason: string; hours: number },
) {
  const { holding } = policy.incidents
  const last = await store.lastHeldUntil(tx, page)
  const rest = (holding?.againAfterHours ?? 0) * hourMs
  return {
    ...asIncident(incident),
    reason,
    reasons: holding?.reasons.map(({ id }) => id) ?? [],
    hours,
    longestHours: holding?.longestHours ?? 0,
    rested: !last || now().getTime() >= last.getTime() + rest,
  }
}

/** Locks a proposal that nobody has answered, in an incident that goes on. */
function answering(
  installation: Installation,
  incident: string,
  id: string,
  answer: (tx: Tx, hold: store.Hold, incidentEnds: Date) => Promise<Answer<string>>,
): Promise<Answer<string>> {
  return whileOpen(installation, incident, async (tx, { ends_at }) => {
    const hold = parseId(id) && (await store.lockHold(tx, id)) && (await store.holdById(tx, id))
    if (!hold || hold.incident !== incident) return problem('There is no such proposal.')
    if (hold.agreedAt) return problem(`${hold.agreedName} agreed to this a moment ago.`)
    if (hold.refusedAt) return problem(`${hold.refuserName} did not agree to this.`)
    await store.lockPageHolds(tx, hold.page)
    return answer(tx, hold, ends_at)
  })
}
