import type { Appeals } from './appeals.ts'
import type { CertificateWording } from './certificate.ts'
import { type CriticismReader, criticismReader } from './criticism.ts'
import type { ActionName, Decision, What, Who } from './decision.ts'
import { type Disclosure, type PageFacts, wordDisclosures } from './disclosures.ts'
import type { Incidents } from './incidents.ts'
import type { Letters } from './letters.ts'
import { type Clause, readPack } from './pack.ts'
import type { RecordsLaw } from './records-law.ts'
import { type RedactionSuggestion, redactionSuggester } from './redaction.ts'
import type { Reports } from './reports.ts'
import type { RetentionSeries } from './retention.ts'
import { PackProblem, type Rule, rulebook } from './rules.ts'
import { type Finding, type ScreeningRule, type ScreenOptions, screener } from './screening.ts'
import { type SuggestionRules, suggestionRules } from './suggestions.ts'

export type { Appeals, BlockReason, NoticeFact } from './appeals.ts'
export type { CertificateWording } from './certificate.ts'
export type { CriticismRead } from './criticism.ts'
/** The policy spine's public face. */
export type {
  ActionName,
  Allowed,
  Decision,
  Denied,
  What,
  Who,
} from './decision.ts'
export type { Disclosure, PageFacts } from './disclosures.ts'
export { fold, spelledWords } from './folding.ts'
export type { LetterPart, Letters, LetterTemplate } from './letters.ts'
export { asTable, measure, readPosts, type Score, score } from './measure.ts'
export type { Clause } from './pack.ts'
export type { FeeRules, HolidayRules, RecordsLaw } from './records-law.ts'
export type { ReportReason, Reports } from './reports.ts'
export { type RetentionSeries, seriesOf } from './retention.ts'
export { PackProblem, type Rule } from './rules.ts'
export type { Finding, ScreeningRule, ScreenOptions } from './screening.ts'
export type { SuggestionCategory, SuggestionRules } from './suggestions.ts'

export interface RemovalReason {
  id: string
  title: string
  /** What it means, for the moderator who chooses it. */
  covers: string
  clause: string
}
/** Why a comment is passed on to somebody who has to act, and to whom. */
export interface EscalationKind {
  id: string
  title: string
  /** What belongs to it, for the moderator who chooses it. */
  covers: string
  /** The roles that receive it; when nobody has one of them, the first role of `otherwise` that somebody has. */
  to: readonly string[]
  otherwise: readonly string[]
  /** Whom it goes to, as people say it: "the shift supervisor". */
  receiver: string
  /** How soon it has to be taken up; 0 is at once. */
  withinMinutes: number
  clause: string
}
export interface Exemption {
  letter: string
  title: string
  covers: string
}

/** A department's written policy, as its pack states it. */
export interface Policy {
  id: string
  title: string
  issued: string
  effective: string
  revised?: string | undefined
  /** What people here are likely to write in, by ISO 639-3. */
  languages: readonly { code: string; title: string }[]
  clauses: readonly Clause[]
  clause(number: string): Clause | undefined
  /** What the policy's words mean, by the clause that defines them. */
  glossary: { clause: string; terms: readonly { term: string; meaning: string }[] }
  rules: readonly Rule[]
  /** Whether `who` may do this, by which rules and clauses; when not, why, and what to do instead. */
  decide(who: Who, action: ActionName, what: What): Decision
  screeningCategories: readonly { id: string; title: string; clauses: readonly string[] }[]
  screeningRules: readonly ScreeningRule[]
  /** What the policy has to say about a text that is to be published, in the order of the text. */
  screen(text: string, options?: ScreenOptions): Finding[]
  /** What the pack's words say of whether a comment criticizes officials or the department. */
  criticismReader: CriticismReader
  /** Whether they find that it does, so that nobody removes it alone. */
  protectedCriticism(text: string): boolean
  /** What moderators are told about comments, and when. */
  suggestions: SuggestionRules
  disclosureParts: readonly Disclosure[]
  /** What a page says about itself, in at most `max` characters, and what found no room. */
  disclosures(facts: PageFacts, max: number): { text: string; left_out: string[] }
  removalReasons: readonly RemovalReason[]
  escalationKinds: readonly EscalationKind[]
  /** The law that the exemptions' letters belong to. */
  exemptionLaw: string
  exemptions: readonly Exemption[]
  /** What may have to be taken out of a text before it is released, in the order of the text. */
  redactionSuggestions(text: string): RedactionSuggestion[]
  retention: readonly RetentionSeries[]
  /** Deadlines and holidays of the law on public records. */
  recordsLaw: RecordsLaw
  /** The letters of that law. */
  letters: Letters
  /** The words in which a production is certified for a court. */
  certificate: CertificateWording
  /** How removals are told and appealed, and when somebody is blocked. */
  appeals: Appeals
  /** When an incident is suggested, and the limits of what is done in one. */
  incidents: Incidents
  /** Why a visitor may report a comment, and what a report weighs. */
  reports: Reports
  commentingNotice: string
  commentingClauses: readonly string[]
}

/** Loads and checks the policy pack in a folder. Throws `PackProblem`: a sentence that says what to mend, and where. */
export async function loadPolicy(folder: string): Promise<Policy> {
  const pack = await readPack(folder)
  const { head, clauses } = pack
  const byNumber = new Map(clauses.map((clause) => [clause.number, clause]))
  const { rules, decide } = rulebook(pack, new Set(byNumber.keys()), {
    removalReasons: pack.removals.map((reason) => reason.id),
    blockReasons: pack.appeals.blocks.reasons.map((reason) => reason.id),
    longestBlockDays: pack.appeals.blocks.longestDays,
  })
  const screen = compiled('screening.json', () => screener(pack.screening))
  const suggestions = compiled('suggestions.json', () => suggestionRules(pack.suggestions, pack.removals))
  const abuse = new Set(pack.criticism.private.abuse)
  const readerOfCriticism = criticismReader(pack.criticism, (text) =>
    suggestions.find(text).some(({ category }) => abuse.has(category)),
  )
  const readCriticism = readerOfCriticism()
  return {
    ...head,
    clauses,
    clause: (number) => byNumber.get(number),
    glossary: pack.glossary,
    rules,
    decide,
    screeningCategories: pack.screening.categories,
    screeningRules: pack.screening.rules,
    screen,
    redactionSuggestions: redactionSuggester(pack.redaction, screen),
    criticismReader: readerOfCriticism,
    protectedCriticism: (text) => readCriticism(text) === 'found',
    suggestions,
    disclosureParts: pack.disclosures,
    disclosures: (facts, max) => wordDisclosures(pack.disclosures, facts, max),
    removalReasons: pack.removals,
    escalationKinds: pack.escalations,
    exemptionLaw: pack.exemptions.law,
    exemptions: pack.exemptions.exemptions,
    retention: pack.retention,
    recordsLaw: pack.recordsLaw,
    letters: {
      templates: pack.letters.letters,
      parts: pack.letters.parts,
      appeal: pack.letters.appeal,
    },
    certificate: pack.certificate,
    appeals: pack.appeals,
    incidents: pack.incidents,
    reports: pack.reports,
    commentingNotice: pack.commenting.notice,
    commentingClauses: pack.commenting.clauses,
  }
}

function compiled<Value>(file: string, compile: () => Value): Value {
  try {
    return compile()
  } catch (error) {
    throw new PackProblem(`${file}: ${error instanceof Error ? error.message : error}`)
  }
}
