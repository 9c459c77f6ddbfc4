import type { Answer, Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { RequestId } from '../storage/ids.ts'
import { refusesOrder } from './appeal-order.ts'
import { appealNotice } from './outcomes.ts'
import { type Change, changing, closedAlready, keepResponse, recordChange } from './response.ts'
import * as store from './store.ts'

export interface WantedClosure {
  outcome: store.Outcome
  answer: string
  /** Letters of the exemptions that allow what is withheld. */
  exemptions: string[]
  /** The answer was checked to say it already. */
  saysHowToAppeal?: boolean
}

/** Ends a request with a written answer and stops its clock. */
export const closeRequest = (
  installation: Installation,
  person: Person,
  id: RequestId,
  wanted: WantedClosure,
): Promise<Answer<null>> =>
  changing(installation, person, id, 'request.close', (change) => keepClosure(change, wanted), {
    about: (request) => ({ refusesOrder: refusesOrder(request.orders, wanted.outcome) }),
  })

/** The same inside another change. */
export async function keepClosure(change: Change, wanted: WantedClosure): Promise<Answer<null>> {
  const { tx, installation, person, request, today, at } = change
  const { policy } = installation
  const known = policy.exemptions.map((one) => one.letter)
  const found = considerClosure(request, await store.productionsOf(tx, request.id), wanted, known)
  if (found) return { problems: found }
  const { outcome } = wanted
  const exemptions = withholds(outcome) ? wanted.exemptions : []
  const notice = appealNotice(policy.recordsLaw)
  const answer =
    needsNotice(outcome) && !wanted.answer.includes(notice) && !wanted.saysHowToAppeal
      ? `${wanted.answer}\n\n${notice}`
      : wanted.answer
  await keepResponse(change, answer)
  await store.insertClosure(tx, request.id, {
    outcome,
    answer,
    exemptions,
    by: person.id,
    at,
    closedOn: today,
  })
  await recordChange(
    change,
    'request.closure',
    { outcome, answer, exemptions, closedOn: today, due: request.due, inTime: today <= request.due },
    answer,
  )
  return { done: null }
}

/** What stands against closing a request like this, a sentence a field; null when nothing does. */
export function considerClosure(
  request: store.RecordsRequest,
  productions: readonly store.Production[],
  { outcome, exemptions }: WantedClosure,
  known: readonly string[],
): Record<string, string> | null {
  if (request.closure) return { form: closedAlready(request) }
  if (productions.some((one) => !one.bag && !one.cancelledAt))
    return { form: 'A production is still being made. Wait until it is ready, or cancel it.' }
  if (withholds(outcome) && exemptions.length === 0)
    return { exemptions: 'Withholding records needs the exemption that allows it. Tick at least one.' }
  const stranger = exemptions.find((letter) => !known.includes(letter))
  if (stranger) return { exemptions: `There is no exemption (${stranger}).` }
  const made = productions.filter((one) => one.bag)
  if (outcome.startsWith('provided') && made.length > 0 && !made.some((one) => one.releasedAt))
    return {
      outcome: 'The production is ready, but the requester can’t take it yet. Release it first.',
    }
  return null
}

const withholds = (outcome: store.Outcome) => outcome === 'denied' || outcome === 'provided-in-part'

/** A refusal must say how to appeal (950 CMR 32.06(3)), so the sentence is added and not left to memory. */
const needsNotice = (outcome: store.Outcome) => withholds(outcome) || outcome === 'no-records'
