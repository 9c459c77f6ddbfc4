import { append } from '../archive/archive.ts'
import { type Answer, type Person, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Decision } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import type { RecordId, RequestId } from '../storage/ids.ts'
import { considerRequest } from './consideration.ts'
import { closedAlready, unknown } from './response.ts'
import * as reviews from './review-store.ts'
import * as store from './store.ts'

/** A group of records that say the same, as the person who decides saw it. */
export interface SeenGroup {
  alike: string
  seen: number
}
export interface WantedReview {
  decision: 'release' | 'withhold'
  exemptions: readonly string[]
  why: string
}

/**
 * Decides about the records of the groups. Where some of a group are decided about and others not, only the others: what
 * was redacted is never released along with records that say the same. Answers how many records that were.
 */
export function reviewGroups(
  installation: Installation,
  person: Person,
  id: RequestId,
  groups: readonly SeenGroup[],
  wanted: WantedReview,
): Promise<Answer<number>> {
  const found = considerReview(
    wanted,
    installation.policy.exemptions.map((one) => one.letter),
  )
  if (found) return Promise.resolve({ problems: found })
  const { decision, why } = wanted
  const exemptions = decision === 'release' ? [] : wanted.exemptions
  return deciding(
    installation,
    person,
    id,
    groups,
    { decision, exemptions, why },
    (tx, records, at) =>
      reviews.upsertReviews(tx, id, records, {
        decision,
        exemptions,
        why: decision === 'release' ? '' : why.trim(),
        by: person.id,
        at,
      }),
    (group) => (group.undecided.length > 0 ? group.undecided : group.records),
  )
}

/** Takes the decisions about the groups back: their records wait for review again. */
export const reopenGroups = (
  installation: Installation,
  person: Person,
  id: RequestId,
  groups: readonly SeenGroup[],
): Promise<Answer<number>> =>
  deciding(
    installation,
    person,
    id,
    groups,
    { decision: 'reopen' },
    (tx, records) => reviews.deleteReviews(tx, id, records),
    (group) => group.records,
  )

/** What stands against such a decision, a sentence a field; null when nothing does. */
export function considerReview(
  { decision, exemptions, why }: WantedReview,
  known: readonly string[],
): Record<string, string> | null {
  if (decision === 'release') return null
  if (exemptions.length === 0)
    return { exemptions: 'Withholding a record needs the exemption that allows it. Choose at least one.' }
  const stranger = exemptions.find((letter) => !known.includes(letter))
  if (stranger) return { exemptions: `There is no exemption (${stranger}).` }
  if (!why.trim())
    return {
      why: 'Say why the exemption applies to this record. The requester reads it in the withheld log.',
    }
  return null
}

async function deciding(
  installation: Installation,
  person: Person,
  id: RequestId,
  groups: readonly SeenGroup[],
  content: object,
  apply: (tx: Tx, records: readonly RecordId[], at: Date) => Promise<unknown>,
  about: (group: { records: RecordId[]; undecided: RecordId[] }) => RecordId[],
): Promise<Answer<number>> {
  if (groups.length === 0) return { problems: { form: 'Tick at least one record.' } }
  return reviewing<number>(installation, person, id, async (tx, decision, request, at) => {
    const now = await reviews.groupsNow(
      tx,
      id,
      groups.map((one) => one.alike),
    )
    for (const { alike, seen } of groups) {
      const group = now.get(alike)
      if (!group)
        return { problems: { form: 'Somebody took this record out of the collection a moment ago.' } }
      if (group.seen !== seen)
        return {
          problems: {
            form: `${group.byName ?? 'Somebody'} decided about ${groups.length === 1 ? 'this' : 'one of these'} a moment ago. Nothing was changed; look at it again.`,
          },
        }
    }
    const records = [...now.values()].flatMap(about)
    await apply(tx, records, at)
    await recordReview(tx, { id, number: request.number, person, decision, content, records, at })
    return { done: records.length }
  })
}

/** Runs `work` with the request locked, for somebody who may review, while the request is open. */
export async function reviewing<Value>(
  installation: Installation,
  person: Person,
  id: RequestId,
  work: (tx: Tx, decision: Decision, request: store.RecordsRequest, at: Date) => Promise<Answer<Value>>,
  action: 'request.review' | 'request.confirm' = 'request.review',
): Promise<Answer<Value>> {
  const decision = await considerRequest(installation, whoIs(person), action, id)
  if (!decision.allowed) return { denied: decision }
  const at = installation.now()
  return installation.db.transaction().execute(async (tx) => {
    const request = await store.lockRequest(tx, id)
    if (!request) return { problems: unknown }
    if (request.closure) return { problems: { form: closedAlready(request) } }
    return work(tx, decision, request, at)
  })
}

/** One record for one decision, however many records it was about. What is taken out is not repeated in it. */
export const recordReview = (
  tx: Tx,
  {
    id,
    number,
    person,
    decision,
    content,
    records,
    at,
  }: {
    id: RequestId
    number: string
    person: Person
    decision: Decision
    content: object
    records: readonly RecordId[]
    at: Date
  },
) =>
  append(tx, {
    kind: 'request.review',
    subject: { kind: 'request', id },
    by: whoIs(person),
    decision,
    content: { number, ...content, records },
    words: number,
    at,
  })
