import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { appealsFile } from './appeals.ts'
import { certificateFile } from './certificate.ts'
import { incidentsFile } from './incidents.ts'
import { lettersFile } from './letters.ts'
import { checkNames } from './numbers.ts'
import { recordsLawFile } from './records-law.ts'
import { redactionFile } from './redaction.ts'
import { reportsFile } from './reports.ts'
import { retentionFile } from './retention.ts'
import { PackProblem } from './rules.ts'
import { suggestionsFile } from './suggestions.ts'

/** One provision of the written policy, in words of our own. */
export interface Clause {
  number: string
  title: string
  summary: string
}

const sentence = z.string('must be a text').trim().min(1, 'must not be empty')
const identifier = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be small letters, digits and dashes')
const day = z.iso.date('must be a date like 2017-11-21')

const head = z.strictObject({
  id: sentence,
  title: sentence,
  issued: day,
  effective: day,
  revised: day.optional(),
  accreditation: z.array(sentence),
  // What people here write in. A machine that guesses among few languages guesses better.
  languages: z
    .array(
      z.strictObject({
        code: z.string().regex(/^[a-z]{3}$/, 'must be a code of ISO 639-3, like "eng"'),
        title: sentence,
      }),
    )
    .default([]),
})
const clauses = z
  .array(z.strictObject({ number: sentence, title: sentence, summary: sentence }))
  .min(1, 'must hold at least one clause')
const glossary = z.strictObject({
  clause: sentence,
  terms: z.array(z.strictObject({ term: sentence, meaning: sentence })),
})
const removals = z
  .array(z.strictObject({ id: identifier, title: sentence, covers: sentence, clause: sentence }))
  .min(1, 'must hold at least one reason')
const roleNames = z.array(identifier).min(1, 'must name at least one role')
const escalations = z.array(
  z.strictObject({
    id: identifier,
    title: sentence,
    covers: sentence,
    to: roleNames,
    otherwise: roleNames,
    receiver: sentence,
    withinMinutes: z.int('must be a whole number').min(0, 'must not be negative'),
    clause: sentence,
  }),
)
const commenting = z.strictObject({ notice: sentence, clauses: z.array(sentence).min(1) })
const disclosures = z.array(
  z.strictObject({
    id: identifier,
    title: sentence,
    clause: sentence,
    variants: z
      .array(
        sentence.refine(
          (text) => Array.from(text.matchAll(/\{(\w*)\}/g)).every(([, name]) => factNames.has(name ?? '')),
          'may name only {departmentName}, {pagePurpose}, {website} and {contact}',
        ),
      )
      .min(1, 'must hold at least one wording'),
  }),
)
const factNames = new Set(['departmentName', 'pagePurpose', 'website', 'contact'])
const exemptions = z.strictObject({
  law: sentence,
  exemptions: z.array(
    z.strictObject({
      letter: z.string().regex(/^[a-z]{1,2}$/, 'must be a letter'),
      title: sentence,
      covers: sentence,
    }),
  ),
})
const patterns = z.array(z.string().min(1))
const screening = z.strictObject({
  categories: z.array(z.strictObject({ id: identifier, title: sentence, clauses: z.array(sentence).min(1) })),
  lists: z.record(z.string(), z.array(z.string().min(1)).min(1)),
  parts: z.record(z.string(), z.string()),
  abbreviations: z.array(sentence),
  rules: z.array(
    z.strictObject({
      id: identifier,
      category: identifier,
      clauses: z.array(sentence).min(1).optional(),
      severity: z.enum(['stop', 'warn'], 'must be "stop" or "warn"'),
      reason: sentence,
      suggestion: z.string().optional(),
      patterns: patterns.min(1, 'must hold at least one pattern'),
      unless: patterns.optional(),
      needs: patterns.optional(),
      unlessText: patterns.optional(),
      cased: z.boolean().optional(),
      disguised: z.boolean().optional(),
      check: z.enum(checkNames, `must be one of ${checkNames.join(', ')}`).optional(),
      audiences: z.array(sentence).min(1).optional(),
    }),
  ),
})
const criticism = z.strictObject({
  targets: z.array(sentence).min(1),
  addresses: z.array(sentence).min(1),
  judgements: z.array(sentence).min(1),
  phrases: z.array(sentence).min(1),
  private: z.strictObject({
    names: z.array(z.string().regex(/^\p{Lu}\p{L}+$/u, 'must be one word with a capital')).min(1),
    kin: z.array(sentence).min(1),
    abuse: z.array(sentence).min(1),
  }),
  questions: z.array(sentence).min(1),
})

/** Reads a pack's files. Throws `PackProblem` with a sentence that names the file and the field that are wrong. */
export async function readPack(folder: string) {
  const pack = {
    head: await readJson(folder, 'pack.json', head),
    clauses: await readJson(folder, 'clauses.json', clauses),
    glossary: await readJson(folder, 'glossary.json', glossary),
    removals: await readJson(folder, 'removals.json', removals),
    escalations: await readJson(folder, 'escalations.json', escalations),
    commenting: await readJson(folder, 'commenting.json', commenting),
    appeals: await readJson(folder, 'appeals.json', appealsFile),
    incidents: await readJson(folder, 'incidents.json', incidentsFile),
    reports: await readJson(folder, 'reports.json', reportsFile),
    disclosures: await readJson(folder, 'disclosures.json', disclosures),
    exemptions: await readJson(folder, 'exemptions.json', exemptions),
    retention: await readJson(folder, 'retention.json', retentionFile),
    recordsLaw: await readJson(folder, 'records-law.json', recordsLawFile),
    redaction: await readJson(folder, 'redaction.json', redactionFile),
    letters: await readJson(folder, 'letters.json', lettersFile),
    certificate: await readJson(folder, 'certificate.json', certificateFile),
    screening: await readJson(folder, 'screening.json', screening),
    criticism: await readJson(folder, 'criticism.json', criticism),
    suggestions: await readJson(folder, 'suggestions.json', suggestionsFile),
    rules: await readText(folder, 'rules.cedar'),
    schema: await readText(folder, 'schema.cedarschema'),
  }
  onlyOnce(
    'clauses.json',
    'number',
    pack.clauses.map(({ number }) => number),
  )
  onlyOnce(
    'glossary.json',
    'term',
    pack.glossary.terms.map(({ term }) => term),
  )
  onlyOnce(
    'removals.json',
    'id',
    pack.removals.map(({ id }) => id),
  )
  onlyOnce(
    'appeals.json',
    'id',
    pack.appeals.blocks.reasons.map(({ id }) => id),
  )
  onlyOnce(
    'reports.json',
    'id',
    pack.reports.reasons.map(({ id }) => id),
  )
  onlyOnce(
    'disclosures.json',
    'id',
    pack.disclosures.map(({ id }) => id),
  )
  onlyOnce(
    'escalations.json',
    'id',
    pack.escalations.map(({ id }) => id),
  )
  onlyOnce(
    'exemptions.json',
    'letter',
    pack.exemptions.exemptions.map(({ letter }) => letter),
  )
  onlyOnce(
    'suggestions.json',
    'id',
    [...pack.suggestions.categories, ...pack.suggestions.screening.rules].map(({ id }) => id),
  )
  onlyOnce(
    'retention.json',
    'id',
    pack.retention.map(({ id }) => id),
  )
  onlyOnce(
    'screening.json',
    'id',
    pack.screening.rules.map(({ id }) => id),
  )

  onlyOnce(
    'letters.json',
    'id',
    pack.letters.letters.map(({ id }) => id),
  )
  for (const { id, does, outcome } of pack.letters.letters)
    if ((does === 'close') !== (outcome !== undefined))
      throw new PackProblem(`letters.json: "${id}" needs an outcome exactly when it closes a request.`)

  const known = new Set(pack.clauses.map((clause) => clause.number))
  const mustExist = (file: string, where: string, cited: readonly string[]) => {
    for (const clause of cited)
      if (!known.has(clause))
        throw new PackProblem(`${file}: ${where} cites ${clause}, which clauses.json does not have.`)
  }
  mustExist('glossary.json', 'it', [pack.glossary.clause])
  for (const one of pack.removals) mustExist('removals.json', `"${one.id}"`, [one.clause])
  mustExist('appeals.json', 'it', pack.appeals.clauses)
  for (const one of pack.appeals.blocks.reasons) mustExist('appeals.json', `"${one.id}"`, [one.clause])
  mustExist('reports.json', 'it', pack.reports.clauses)
  for (const { id, removal } of pack.reports.reasons)
    if (removal && !pack.removals.some((one) => one.id === removal))
      throw new PackProblem(
        `reports.json: "${id}" speaks of the removal reason "${removal}", which removals.json does not list.`,
      )
  for (const one of pack.incidents.holding?.reasons ?? [])
    mustExist('incidents.json', `"${one.id}"`, [one.clause])
  for (const one of pack.escalations) mustExist('escalations.json', `"${one.id}"`, [one.clause])
  for (const one of pack.disclosures) mustExist('disclosures.json', `"${one.id}"`, [one.clause])
  mustExist('commenting.json', 'the notice', pack.commenting.clauses)
  for (const one of pack.screening.categories)
    mustExist('screening.json', `the category "${one.id}"`, one.clauses)

  for (const { category } of pack.redaction.categories)
    if (!pack.screening.categories.some((one) => one.id === category))
      throw new PackProblem(
        `redaction.json: it names the category "${category}", which screening.json does not list.`,
      )
  const categories = new Map(pack.screening.categories.map((category) => [category.id, category]))
  const screeningRules = pack.screening.rules.map((rule) => {
    const category = categories.get(rule.category)
    if (!category)
      throw new PackProblem(
        `screening.json: the rule "${rule.id}" is of the category "${rule.category}", which categories does not list.`,
      )
    mustExist('screening.json', `the rule "${rule.id}"`, rule.clauses ?? [])
    return { ...rule, clauses: rule.clauses ?? category.clauses }
  })
  return { ...pack, screening: { ...pack.screening, rules: screeningRules } }
}

async function readJson<Schema extends z.ZodType>(folder: string, file: string, schema: Schema) {
  const text = await readText(folder, file)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new PackProblem(`${file}: this is not JSON. ${error instanceof Error ? error.message : ''}`.trim())
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const field = fieldName(issue?.path ?? [])
    throw new PackProblem(`${file}: ${field ? `${field}: ` : ''}${issue?.message ?? 'is wrong'}.`)
  }
  return parsed.data
}

/** `rules[3].severity`, counted from one, as people count. */
const fieldName = (path: readonly PropertyKey[]) =>
  path.reduce<string>(
    (name, key) =>
      typeof key === 'number' ? `${name}[${key + 1}]` : name ? `${name}.${String(key)}` : String(key),
    '',
  )

async function readText(folder: string, file: string): Promise<string> {
  try {
    return await readFile(path.join(folder, file), 'utf8')
  } catch (error) {
    throw new PackProblem(
      `${file}: the policy pack in ${folder} has no such file, or it can't be read (${error instanceof Error && 'code' in error ? error.code : error}).`,
    )
  }
}

function onlyOnce(file: string, field: string, values: readonly string[]) {
  const seen = new Set<string>()
  for (const value of values) {
    if (seen.has(value))
      throw new PackProblem(`${file}: two entries have the ${field} "${value}". Change one.`)
    seen.add(value)
  }
}
