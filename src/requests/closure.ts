import { append } from '../archive/archive.ts'
import { type Person, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { RequestId } from '../storage/ids.ts'
import { type Answer, consider, denied, done, problems } from './answer.ts'
import { appealNotice } from './outcomes.ts'
import { todayHere } from './receipt.ts'
import { closedAlready, unknown } from './response.ts'
import * as store from './store.ts'

export interface WantedClosure {
  outcome: store.Outcome
  answer: string
  /** Letters of the exemptions that allow what is withheld. */
  exemptions: string[]
}

/** Ends a request with a written answer and stops its clock. */
export async function closeRequest(
  installation: Installation,
  person: Person,
  id: RequestId,
  wanted: WantedClosure,
): Promise<Answer> {
  const { db, policy } = installation
  const decision = await consider(installation, whoIs(person), 'request.close', id)
  if (!decision.allowed) return denied(decision)
  const known = policy.exemptions.map((one) => one.letter)
  const closedOn = await todayHere(installation)
  const at = installation.now()
  return db.transaction().execute(async (tx) => {
    const request = await store.lockRequest(tx, id)
    if (!request) return problems(unknown)
    const found = considerClosure(request, await store.productionsOf(tx, id), wanted, known)
    if (found) return problems(found)
    const { outcome } = wanted
    const exemptions = withholds(outcome) ? wanted.exemptions : []
    const answer = needsNotice(outcome)
      ? `${wanted.answer}\n\n${appealNotice(policy.recordsLaw)}`
      : wanted.answer
    await store.insertClosure(tx, id, { outcome, answer, exemptions, by: person.id, at, closedOn })
    await append(tx, {
      kind: 'request.closure',
      subject: { kind: 'request', id },
      by: whoIs(person),
      decision,
      content: {
        number: request.number,
        outcome,
        answer,
        exemptions,
        closedOn,
        due: request.due,
        inTime: closedOn <= request.due,
      },
      words: `${request.number} ${answer}`,
      at,
    })
    return done(null)
  })
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
