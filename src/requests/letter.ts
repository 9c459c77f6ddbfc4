import { capital } from '../capital.ts'
import type { LetterPart, LetterTemplate, Policy } from '../policy/policy.ts'
import { refusesOrder, standingOrder } from './appeal-order.ts'
import { longDay } from './long-day.ts'
import type { RecordsRequest } from './store.ts'

/** What a letter is filled from, beside the request. */
export interface LetterFacts {
  department: string
  /** Who signs it. */
  officer: string
  /** Where the requester follows the request. */
  address: string
  /** What the review withholds: by exemption, why, and of how many records. */
  withheld: readonly { exemptions: readonly string[]; why: string; records: number }[]
  /** The fee estimate in words, when there is one. */
  estimate: string
}
/** What the person who writes it has chosen. */
export interface LetterChoices {
  why: string
  exemptions: readonly string[]
  /** YYYY-MM-DD; empty when no day was chosen. */
  newDue: string
  factors: readonly string[]
}

/** A letter's subject and body from its template. Whoever sends it may still change every word. */
export function fillLetter(
  template: LetterTemplate,
  request: RecordsRequest,
  facts: LetterFacts,
  choices: LetterChoices,
  policy: Policy,
): { subject: string; body: string } {
  const { recordsLaw: law } = policy
  const lawPlaces = placesOfLaw(policy)
  const ordered = standingOrder(request.orders)
  const places: Record<string, string> = {
    ...lawPlaces,
    number: request.number,
    requester: request.requesterName ?? 'requester',
    text: quoted(request.text),
    receivedOn: longDay(request.receivedOn),
    responseDue: longDay(request.responseDue),
    due: longDay(request.due),
    orderedOn: ordered ? longDay(ordered.determinedOn) : '(no order)',
    orderDue: ordered ? longDay(ordered.due) : '(no order)',
    newDue: choices.newDue ? longDay(choices.newDue) : '(choose the day above)',
    department: facts.department,
    signature: `${facts.officer}\nRecords access officer\n${facts.department}`,
    address: facts.address,
    why: choices.why.trim() || '(say why)',
    withheld: withheldInWords(facts, choices),
    factors: law.petitionFactors
      .filter((one) => choices.factors.includes(one.id))
      .map((one) => `- ${one.title}: `)
      .join('\n'),
    estimate: facts.estimate || '(make the estimate first)',
    appeal: fill(policy.letters.appeal, lawPlaces),
  }
  return { subject: fill(template.subject, places), body: fill(template.body, places) }
}

/**
 * What the letter must not be sent without and does not say, a sentence a part; null when nothing is missing. The
 * finished text is looked at, so a part that somebody deleted is missing.
 */
export function missingParts(
  template: LetterTemplate,
  body: string,
  request: RecordsRequest,
  choices: LetterChoices,
  withheld: LetterFacts['withheld'],
  policy: Policy,
): string | null {
  const { recordsLaw: law, letters } = policy
  const says = (words: string) => plainly(body).includes(plainly(words))
  const reasons = [...withheld.map((one) => one.why), choices.why].filter((one) => one.trim())
  const letters_ = [...new Set([...withheld.flatMap((one) => one.exemptions), ...choices.exemptions])]
  const holds: Record<LetterPart, () => boolean> = {
    exemption: () => letters_.length > 0 && letters_.every((letter) => says(`(${letter})`)),
    why: () => reasons.length > 0 && reasons.every(says),
    appeal: () => says(`${law.appealDays} calendar days`) && says(law.supervisor.replace(/^the /, '')),
    court: () => /\bcourt\b/i.test(body),
    day: () => says(longDay(choices.newDue || request.due)),
    factors: () =>
      choices.factors.length > 0 &&
      law.petitionFactors
        .filter((one) => choices.factors.includes(one.id))
        .every(({ title }) => isExplained(body, title)),
  }
  const missing = template.needs.filter((part) => !holds[part]())
  if (missing.length === 0) return null
  return `This letter can’t be sent yet. ${missing.map((part) => fill(letters.parts[part], placesOfLaw(policy))).join(' ')}`
}

/** A factor's title with some words of how it applies after it. */
function isExplained(body: string, title: string): boolean {
  const at = body.indexOf(title)
  if (at === -1) return false
  const [line = ''] = body.slice(at + title.length).split('\n- ')
  return (line.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) >= 3
}

const plainly = (text: string) => text.replace(/\s+/g, ' ').trim().toLowerCase()

function placesOfLaw({ recordsLaw: law, exemptionLaw }: Policy): Record<string, string> {
  return {
    law: law.law,
    exemptionLaw,
    appealDays: String(law.appealDays),
    appealTo: law.appealTo,
    appealBusinessDays: String(law.appealBusinessDays),
    supervisor: law.supervisor,
    supervisorCapital: capital(law.supervisor),
    ownWordBusinessDays: String(law.ownWordBusinessDays),
    petitionBusinessDays: String(law.petitionBusinessDays),
  }
}

/**
 * Whether a letter fits where its request stands: a first response only once, one after an order only after an order,
 * and no refusal of what was ordered.
 */
export function fits(template: LetterTemplate, request: RecordsRequest): boolean {
  if (template.when === 'ordered' && !standingOrder(request.orders)) return false
  if (refusesOrder(request.orders, template.outcome)) return false
  return !(request.acknowledgement && ['respond', 'extend'].includes(template.does))
}

/** A template's own words about when to use it, with the law's numbers in them. */
export const whenToUse = (template: LetterTemplate, policy: Policy): string =>
  fill(template.use, placesOfLaw(policy))

/** The places of a text filled in one pass: what a requester wrote is never read as a place. */
const fill = (text: string, places: Readonly<Record<string, string>>) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole)

const quoted = (text: string) =>
  text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')

function withheldInWords({ withheld }: LetterFacts, { exemptions, why }: LetterChoices): string {
  const lines = withheld.map(
    (one) =>
      `- ${one.exemptions.map((letter) => `(${letter})`).join(' ')} ${one.why.trim()} (${one.records} ${one.records === 1 ? 'record' : 'records'})`,
  )
  if (exemptions.length > 0 || why.trim())
    lines.push(`- ${exemptions.map((letter) => `(${letter})`).join(' ')} ${why.trim()}`)
  return lines.join('\n') || '(choose the exemption and say why it applies)'
}
