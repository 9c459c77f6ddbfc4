import type { Answer, Person } from '../department/department.ts'
import { departmentProfile } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { LetterTemplate } from '../policy/policy.ts'
import { newId, type RequestId } from '../storage/ids.ts'
import { owedCents, publicSince, refusesOrder, standingOrder } from './appeal-order.ts'
import { keepClosure } from './closure.ts'
import { petitionLimit } from './deadline.ts'
import { estimateInWords } from './fee.ts'
import { latestEstimate } from './fee-store.ts'
import { fillLetter, type LetterChoices, type LetterFacts, missingParts } from './letter.ts'
import { insertLetter, type LetterId, withheldReasons } from './letter-store.ts'
import { longDay } from './long-day.ts'
import { codeOf, officeCalendar } from './receipt.ts'
import { type Change, changing, keepExtension, keepResponse, recordChange } from './response.ts'
import { type RecordsRequest, requestById } from './store.ts'
import * as waits from './wait-store.ts'

export interface WantedLetter extends LetterChoices {
  template: string
  subject: string
  body: string
}

/**
 * Sends a letter: keeps it, shows it to the requester, and does what it is for, all or nothing. A letter that lacks
 * a part which the law wants is not sent.
 */
export async function sendLetter(
  installation: Installation,
  person: Person,
  id: RequestId,
  wanted: WantedLetter,
): Promise<Answer<LetterId>> {
  const { policy } = installation
  const template = policy.letters.templates.find((one) => one.id === wanted.template)
  if (!template) return { problems: { form: 'There is no such letter.' } }
  const action = template.does === 'close' ? 'request.close' : 'request.enter'
  const about = (request: RecordsRequest) => ({
    refusesOrder: refusesOrder(request.orders, template.outcome),
  })
  try {
    return await changing(
      installation,
      person,
      id,
      action,
      (change) => keepLetter(change, template, wanted),
      { about },
    )
  } catch (error) {
    if (error instanceof Undone) return { problems: error.problems }
    throw error
  }
}

async function keepLetter(
  change: Change,
  template: LetterTemplate,
  wanted: WantedLetter,
): Promise<Answer<LetterId>> {
  const { policy } = change.installation
  const { id } = change.request
  if (template.when === 'ordered' && !standingOrder(change.request.orders))
    return { problems: { form: 'No order sets a day for this request. Enter it under Appeal first.' } }

  const withheld = template.does === 'close' ? await withheldReasons(change.tx, id) : []
  const missing = missingParts(template, wanted.body, change.request, wanted, withheld, policy)
  if (missing) return { problems: { body: missing } }
  const letter = newId<'letter'>()
  await insertLetter(change.tx, {
    id: letter,
    request: id,
    template: template.id,
    recipient: template.does === 'petition' ? 'supervisor' : 'requester',
    subject: wanted.subject,
    body: wanted.body,
    by: change.person.id,
    at: change.at,
    sentOn: change.today,
  })
  await recordChange(
    change,
    'request.letter',
    { letter, template: template.id, subject: wanted.subject, body: wanted.body },
    wanted.subject,
  )
  const hindrance = await effect(template, change, wanted, withheld, letter)
  // Nothing of the letter is kept when what it announces can't be done.
  if (hindrance) throw new Undone(hindrance)
  return { done: letter }
}

class Undone extends Error {
  problems: Record<string, string>
  constructor(problems: Record<string, string>) {
    super('The letter was not sent.')
    this.problems = problems
  }
}

async function effect(
  template: LetterTemplate,
  change: Change,
  wanted: WantedLetter,
  withheld: LetterFacts['withheld'],
  letter: LetterId,
): Promise<Record<string, string> | null> {
  switch (template.does) {
    case 'inform':
      return null
    case 'respond':
      return (await keepResponse(change, wanted.body))
        ? null
        : { form: 'The first written response was sent already. Choose another letter.' }
    case 'estimate':
      if (!(await latestEstimate(change.tx, change.request.id)))
        return { form: 'Make the fee estimate first; the letter says what is in it.' }
      await keepResponse(change, wanted.body)
      return null
    case 'ask':
      return wait(change, 'clarification')
    case 'extend':
    case 'agree':
      if (!wanted.newDue) return { newDue: 'Choose the day by which the records will be provided.' }
      return problemsIn(
        await keepExtension(change, {
          basis: template.does === 'extend' ? 'own-word' : 'agreed',
          due: wanted.newDue,
          reason: wanted.body,
        }),
      )
    case 'petition':
      return petition(change, wanted, letter)
    case 'close':
      return problemsIn(
        await keepClosure(change, {
          outcome: template.outcome ?? 'provided',
          answer: wanted.body,
          exemptions: [
            ...new Set([...withheld.flatMap((one) => one.exemptions), ...wanted.exemptions]),
          ].sort(),
          saysHowToAppeal: template.needs.includes('appeal'),
        }),
      )
  }
}

const problemsIn = (answer: Answer<null>) => ('problems' in answer ? answer.problems : null)

async function petition(change: Change, wanted: WantedLetter, letter: LetterId) {
  const { tx, installation, request, today, person } = change
  const { policy } = installation
  if (await waits.petitionOf(tx, request.id))
    return { form: 'A petition for more time was filed already, and there is one at most.' }
  const limit = petitionLimit(
    { receivedOn: request.receivedOn, publicSince: publicSince(request.orders) },
    await officeCalendar(tx, policy),
    policy.recordsLaw,
  ).toString()
  if (today > limit)
    return {
      form: `A petition had to be filed by ${longDay(limit)}. Agree on a later day with the requester.`,
    }
  await waits.insertPetition(tx, {
    request: request.id,
    letter,
    factors: [...wanted.factors],
    filedOn: today,
    by: person.id,
  })
  await recordChange(change, 'request.petition', { factors: wanted.factors, filedOn: today, letter })
  return wait(change, 'petition')
}

/** Notes what the request waits for; the pack says which clock that stops. */
export async function wait(change: Change, reason: string): Promise<Record<string, string> | null> {
  const { tx, installation, request, today, person, at } = change
  const rule = installation.policy.recordsLaw.pauses.find((one) => one.id === reason)
  if (!rule) return { form: `The pack knows no reason “${reason}” to wait.` }
  if (request.waits.some((one) => one.reason === reason && one.endedOn === null)) return null
  // A day that the supervisor ordered does not move for what the department waits for.
  const stops = standingOrder(request.orders) ? 'nothing' : rule.stops
  await waits.insertWait(tx, {
    id: newId<'pause'>(),
    request: request.id,
    reason,
    stops,
    beganOn: today,
    by: person.id,
    at,
  })
  await recordChange(change, 'request.wait', { reason, stops, beganOn: today })
  return null
}

/** A letter of the pack, filled in for a request. Throws when the pack has no such letter. */
export async function draftLetter(
  installation: Installation,
  person: Person,
  id: RequestId,
  name: string,
  choices: LetterChoices,
): Promise<{ template: LetterTemplate; facts: LetterFacts; subject: string; body: string }> {
  const { policy, db } = installation
  const template = policy.letters.templates.find((one) => one.id === name)
  const request = await requestById(db, id)
  if (!template || !request) throw new Error(`There is no letter ${name}, or no request ${id}.`)
  const facts = await letterFacts(installation, person, request)
  return { template, facts, ...fillLetter(template, request, facts, choices, policy) }
}

/** What a letter of this request is filled from. */
async function letterFacts(
  installation: Installation,
  person: Person,
  { id, orders }: RecordsRequest,
): Promise<LetterFacts> {
  const { db, baseUrl } = installation
  const [profile, code, withheld, estimate] = await Promise.all([
    departmentProfile(db),
    codeOf(installation, id),
    withheldReasons(db, id),
    latestEstimate(db, id),
  ])
  const { fees } = installation.policy.recordsLaw
  return {
    department: profile?.name ?? 'The department',
    officer: person.name,
    address: `${baseUrl}/records-requests/${code}`,
    withheld,
    estimate: estimate ? estimateInWords(estimate, fees, owedCents(estimate.fee.totalCents, orders)) : '',
  }
}
