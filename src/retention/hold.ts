import { append, readQuery, tsqueryOf } from '../archive/archive.ts'
import {
  type Answer,
  consider,
  type Person,
  type Problems,
  problem,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Tx } from '../storage/database.ts'
import { newId } from '../storage/ids.ts'
import * as store from './store.ts'

export interface WantedHold {
  /** The case, claim or matter: what everybody calls it. */
  matter: string
  reason: string
  /** Who has such records, and what was said to them. */
  custodians: string
  scopes: readonly store.ScopeConditions[]
}

/** Puts on hold everything that any of the scopes covers, now and in future. */
export async function placeHold(
  installation: Installation,
  person: Person,
  wanted: WantedHold,
): Promise<Answer<store.HoldId>> {
  const { matter, reason, custodians, scopes } = wanted
  const id = newId<'hold'>()
  const at = installation.now()
  return installation.db.transaction().execute(async (tx) => {
    const decision = await consider(tx, installation, person, 'hold.place', { type: 'Hold', id })
    if (!decision.allowed) return { denied: decision }
    const problems = {
      ...(matter.trim() ? {} : { matter: 'Name the case or matter that the records are needed for.' }),
      ...(reason.trim() ? {} : { reason: 'Say why the records must be kept. It stays on record.' }),
      ...(await scopeProblems(tx, scopes)),
    }
    if (Object.keys(problems).length > 0) return { problems }
    await store.insertHold(tx, { id, matter, reason, custodians, placed_by: person.id, placed_at: at })
    await store.insertScopes(tx, id, scopes.map(asSought), { newId, by: person.id, at })
    await append(tx, {
      kind: 'retention.hold',
      subject: { kind: 'hold', id },
      by: whoIs(person),
      decision,
      content: { matter, reason, custodians, covers: scopes },
      words: [matter, reason, custodians].join('\n'),
      at,
    })
    return { done: id }
  })
}

/** Lets a hold cover more. Taking something out of one means releasing it and placing another. */
export async function widenHold(
  installation: Installation,
  person: Person,
  id: store.HoldId,
  scopes: readonly store.ScopeConditions[],
): Promise<Answer<store.HoldId>> {
  const at = installation.now()
  return installation.db.transaction().execute(async (tx) => {
    const hold = await lockHolds(tx, [id])
    if (!hold) return problem(unknown)
    const decision = await consider(tx, installation, person, 'hold.place', { type: 'Hold', id })
    if (!decision.allowed) return { denied: decision }
    const ended = endedSentence(hold)
    if (ended) return problem(ended)
    const problems = await scopeProblems(tx, scopes)
    if (Object.keys(problems).length > 0) return { problems }
    await store.insertScopes(tx, id, scopes.map(asSought), { newId, by: person.id, at })
    await append(tx, {
      kind: 'retention.widening',
      subject: { kind: 'hold', id },
      by: whoIs(person),
      decision,
      content: { matter: hold.matter, covers: scopes },
      words: hold.matter,
      at,
    })
    return { done: id }
  })
}

/** Ends a hold. What another hold covers stays held. */
export async function releaseHold(
  installation: Installation,
  person: Person,
  id: store.HoldId,
  reason: string,
): Promise<Answer<store.HoldId>> {
  const at = installation.now()
  return installation.db.transaction().execute(async (tx) => {
    const hold = await lockHolds(tx, [id])
    if (!hold) return problem(unknown)
    const decision = await consider(tx, installation, person, 'hold.release', { type: 'Hold', id })
    if (!decision.allowed) return { denied: decision }
    const ended = endedSentence(hold)
    if (ended) return problem(ended)
    if (!reason.trim())
      return { problems: { reason: 'Say why the records are no longer needed. It stays on record.' } }
    await store.insertRelease(tx, { hold: id, reason, by: person.id, at })
    await append(tx, {
      kind: 'retention.release',
      subject: { kind: 'hold', id },
      by: whoIs(person),
      decision,
      content: { matter: hold.matter, reason },
      words: `${hold.matter}\n${reason}`,
      at,
    })
    return { done: id }
  })
}

/** Makes a hold part of another one, which covers from then on what both covered. */
export async function mergeHolds(
  installation: Installation,
  person: Person,
  id: store.HoldId,
  into: store.HoldId,
  reason: string,
): Promise<Answer<store.HoldId>> {
  const at = installation.now()
  return installation.db.transaction().execute(async (tx) => {
    const hold = await lockHolds(tx, [id, into])
    const other = await store.holdById(tx, into)
    if (!hold) return problem(unknown)
    const decision = await consider(tx, installation, person, 'hold.place', { type: 'Hold', id })
    if (!decision.allowed) return { denied: decision }
    const ended = endedSentence(hold)
    if (ended) return problem(ended)
    if (!other || other.id === id || other.state !== 'in-force')
      return { problems: { into: 'Choose another hold that is in force.' } }
    if (!reason.trim())
      return { problems: { reason: 'Say why the two belong together. It stays on record.' } }
    await store.insertMerge(tx, { hold: id, into_hold: into, reason, by: person.id, at })
    for (const subject of [id, into])
      await append(tx, {
        kind: 'retention.merge',
        subject: { kind: 'hold', id: subject },
        by: whoIs(person),
        decision,
        content: {
          hold: id,
          matter: hold.matter,
          into,
          intoMatter: other.matter,
          reason,
          covers: hold.scopes.length,
        },
        words: `${hold.matter}\n${other.matter}\n${reason}`,
        at,
      })
    return { done: into }
  })
}

/** The conditions with what the archive makes of their words, so that a hold covers what its search finds. */
function asSought(scope: store.ScopeConditions): store.ScopeConditions & { sought?: string } {
  const term = scope.words ? readQuery(scope.words).term : undefined
  return term ? { ...scope, sought: tsqueryOf(term) } : scope
}

const unknown = 'There is no such hold.'

/** The first of the holds, with nobody else able to change any of them until the transaction ends. */
async function lockHolds(tx: Tx, ids: readonly store.HoldId[]): Promise<store.Hold | null> {
  for (const id of ids.toSorted()) await store.lockHold(tx, id)
  return ids[0] ? store.holdById(tx, ids[0]) : null
}

function endedSentence(hold: store.Hold): string | null {
  if (hold.release) return `${hold.release.byName} released this hold already.`
  return hold.merge ? `This hold became part of “${hold.merge.intoMatter}”. Change that one.` : null
}

async function scopeProblems(tx: Tx, scopes: readonly store.ScopeConditions[]): Promise<Problems> {
  if (scopes.length === 0 || scopes.some((scope) => Object.values(scope).every((value) => value == null)))
    return { covers: 'Say which records are held: at least one condition.' }
  for (const scope of scopes) {
    if (scope.words) {
      const { problem, term } = readQuery(scope.words)
      if (problem !== undefined) return { words: problem }
      if (!(await store.canBeSearched(tx, tsqueryOf(term))))
        return { words: 'These words are too common to search for. Use others, or “mentions”.' }
    }
    if (scope.since && scope.until && scope.until < scope.since)
      return { until: 'The last day lies before the first. Exchange the two, or leave one empty.' }
    if (scope.record && !(await store.recordExists(tx, scope.record)))
      return { records: `There is no record ${scope.record}. Copy the address of its screen.` }
  }
  return {}
}
