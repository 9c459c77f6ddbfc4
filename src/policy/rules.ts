import {
  type CedarValueJson,
  type EntityJson,
  policySetTextToParts,
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  type SchemaJson,
  schemaToJson,
  statefulIsAuthorized,
  type TypeAndId,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs'
import { type ActionName, actionNames, type Decision, type Denied, type What, type Who } from './decision.ts'

/** A rule of the pack: a Cedar policy, with the clauses that it carries out and the sentences that explain it. */
export interface Rule {
  id: string
  effect: 'permit' | 'forbid'
  actions: readonly ActionName[]
  clauses: readonly string[]
  because: string
  wayForward: string
  /** The rule as the pack's author wrote it. */
  text: string
}

export interface Rulebook {
  rules: readonly Rule[]
  decide(who: Who, action: ActionName, what: What): Decision
}

/** A pack that can't be used. The message is a sentence that names the file and what to change in it. */
export class PackProblem extends Error {
  override name = 'PackProblem'
}

const rulesFile = 'rules.cedar'
const schemaFile = 'schema.cedarschema'

/** So many answers are at hand: each screen asks anew what its person may do. A few megabytes. */
const mostRemembered = 5000

/** Cedar keeps what it parsed under a name, for the life of the process; each pack loaded gets its own. */
let loaded = 0

/**
 * Reads and checks the rules, and answers by them. `facts` is the context that every question is asked in.
 * Throws `PackProblem` when the rules don't fit the schema or lack an explanation.
 */
export function rulebook(
  source: { rules: string; schema: string },
  clauses: ReadonlySet<string>,
  facts: Readonly<Record<string, CedarValueJson>>,
): Rulebook {
  const schema = readSchema(source.schema)
  const rules = readRules(source.rules, clauses)
  checkAgainstSchema(rules, source.schema)
  for (const action of actionNames)
    if (!rules.some((rule) => rule.effect === 'permit' && rule.actions.includes(action)))
      throw new PackProblem(`${rulesFile}: no rule permits "${action}" to anybody. Write one.`)

  loaded += 1
  const schemaName = `schema-${loaded}`
  preparseSchema(schemaName, source.schema)
  // Each question goes to the rules about its action alone: every rule names its actions, so no other could apply.
  const book = new Map(
    actionNames.map((action) => {
      const about = rules.filter((rule) => rule.actions.includes(action))
      const permits = about.filter((rule) => rule.effect === 'permit')
      return [
        action,
        {
          all: preparsed(`${loaded} ${action}`, about),
          permits,
          permitting: preparsed(`${loaded} ${action}, permits`, permits),
        },
      ]
    }),
  )
  const attributesOf = declaredAttributes(schema)

  function ask(policySet: string, principal: EntityJson, action: ActionName, resource: EntityJson) {
    const answer = statefulIsAuthorized({
      principal: principal.uid as TypeAndId,
      action: { type: 'Action', id: action },
      resource: resource.uid as TypeAndId,
      context: facts,
      preparsedSchemaName: schemaName,
      preparsedPolicySetId: policySet,
      validateRequest: true,
      entities: [principal, resource],
    })
    if (answer.type === 'failure')
      throw new Error(`Asked whether ${action} is allowed: ${sentences(answer.errors)}`)
    const { decision, diagnostics } = answer.response
    // Cedar skips a rule that fails. A forbidding rule that was skipped must not let anything through.
    if (diagnostics.errors.length > 0)
      throw new Error(
        `Asked whether ${action} is allowed: ${sentences(diagnostics.errors.map((e) => e.error))}`,
      )
    return { decision, reasons: rules.filter((rule) => diagnostics.reason.includes(rule.id)) }
  }

  function answer(principal: EntityJson, action: ActionName, resource: EntityJson): Decision {
    const about = book.get(action)
    if (!about) throw new Error(`The policy's rules know nothing of the action ${action}.`)
    const { all, permits, permitting } = about
    const { decision, reasons } = ask(all, principal, action, resource)
    if (decision === 'allow')
      return { allowed: true, action, rules: reasons.map((rule) => rule.id), clauses: citedBy(reasons) }
    const permitted = reasons.length > 0 && ask(permitting, principal, action, resource).decision === 'allow'
    // Who lacks the role is told whose task it is, before anything that would be in that person's way.
    return denial(action, permitted ? reasons : permits)
  }

  const given = new Map<string, Decision>()
  return {
    rules,
    decide(who, action, what) {
      const principal = principalOf(who)
      const resource = resourceOf(what, attributesOf)
      // A rule knows nothing but the question, so the same question has the same answer.
      const question = JSON.stringify([principal, action, resource])
      const known = given.get(question)
      if (known) return known
      const decision = Object.freeze(answer(principal, action, resource))
      given.set(question, decision)
      const oldest = given.size > mostRemembered && given.keys().next().value
      if (oldest) given.delete(oldest)
      return decision
    },
  }
}

/** Cedar keeps what it parsed under this name. */
function preparsed(name: string, rules: readonly Rule[]): string {
  preparsePolicySet(name, { staticPolicies: Object.fromEntries(rules.map((rule) => [rule.id, rule.text])) })
  return name
}

function denial(action: ActionName, because: readonly Rule[]): Denied {
  return {
    allowed: false,
    action,
    rules: because.map((rule) => rule.id),
    clauses: citedBy(because),
    because: [...new Set(because.map((rule) => rule.because))].join(' '),
    wayForward: [...new Set(because.map((rule) => rule.wayForward))].join(' '),
  }
}

const citedBy = (rules: readonly Rule[]) => [...new Set(rules.flatMap((rule) => rule.clauses))]

function principalOf(who: Who): EntityJson {
  switch (who.kind) {
    case 'person':
      return {
        uid: { type: 'Person', id: who.id },
        attrs: { id: who.id, roles: [...who.roles], designee: who.designee },
        parents: [],
      }
    case 'visitor':
      return { uid: { type: 'Visitor', id: 'visitor' }, attrs: {}, parents: [] }
    case 'platform':
      return { uid: { type: 'Platform', id: who.name }, attrs: {}, parents: [] }
    case 'system':
      return { uid: { type: 'System', id: 'system' }, attrs: {}, parents: [] }
  }
}

/**
 * Only what the schema declares reaches the rules; everything else that a caller knows is no concern of theirs.
 * A person who is acted upon must not collide with the person who acts, should they be the same.
 */
function resourceOf(what: What, attributesOf: ReadonlyMap<string, ReadonlySet<string>>): EntityJson {
  const type = what.type === 'Person' ? 'Member' : what.type
  const declared = attributesOf.get(type)
  if (!declared) throw new Error(`The policy's rules know nothing of the type ${what.type}.`)
  const attrs = Object.entries(what).filter(([name, value]) => declared.has(name) && value !== undefined)
  return { uid: { type, id: what.id }, attrs: Object.fromEntries(attrs) as EntityJson['attrs'], parents: [] }
}

function readSchema(text: string): SchemaJson<string> {
  const answer = schemaToJson(text)
  if (answer.type === 'failure') throw new PackProblem(`${schemaFile}: ${sentences(answer.errors)}`)
  const declared = new Set(Object.keys(answer.json['']?.actions ?? {}))
  const missing = actionNames.filter((action) => !declared.has(action))
  if (missing.length > 0)
    throw new PackProblem(
      `${schemaFile}: declare the action${missing.length > 1 ? 's' : ''} ${missing.join(', ')}.`,
    )
  const unknown = [...declared].filter((action) => !(actionNames as readonly string[]).includes(action))
  if (unknown.length > 0)
    throw new PackProblem(`${schemaFile}: nothing ever asks about ${unknown.join(', ')}. Take it out.`)
  return answer.json
}

function declaredAttributes(schema: SchemaJson<string>) {
  return new Map(
    Object.entries(schema['']?.entityTypes ?? {}).map(([type, declaration]) => {
      const shape =
        declaration && typeof declaration === 'object' && 'shape' in declaration
          ? declaration.shape
          : undefined
      return [type, new Set(Object.keys(shape && 'attributes' in shape ? (shape.attributes ?? {}) : {}))]
    }),
  )
}

function readRules(text: string, clauses: ReadonlySet<string>): Rule[] {
  const parts = policySetTextToParts(text)
  if (parts.type === 'failure') throw new PackProblem(`${rulesFile}: ${sentences(parts.errors)}`)
  const rules = parts.policies.map((policy) => readRule(policy, clauses))
  const seen = new Set<string>()
  for (const { id } of rules) {
    if (seen.has(id)) throw new PackProblem(`${rulesFile}: two rules have the @id "${id}". Rename one.`)
    seen.add(id)
  }
  // Cedar hands the rules over in an order of its own; readers expect that of the file.
  const place = (rule: Rule) => text.indexOf(`@id("${rule.id}")`)
  return rules.sort((a, b) => place(a) - place(b))
}

function readRule(text: string, clauses: ReadonlySet<string>): Rule {
  const parsed = policyToJson(text)
  if (parsed.type === 'failure') throw new PackProblem(`${rulesFile}: ${sentences(parsed.errors)}`)
  const { annotations = {}, effect, action } = parsed.json
  const id = annotations.id
  if (!id) throw new PackProblem(`${rulesFile}: give every rule an @id. This one has none: ${opening(text)}`)
  const annotation = (name: 'clauses' | 'because' | 'wayForward') => {
    const value = annotations[name]?.trim()
    if (!value) throw new PackProblem(`${rulesFile}: the rule "${id}" needs an annotation @${name}("…").`)
    return value
  }
  const cited = annotation('clauses')
    .split(',')
    .map((clause) => clause.trim())
  for (const clause of cited)
    if (!clauses.has(clause))
      throw new PackProblem(
        `${rulesFile}: the rule "${id}" cites ${clause}, which clauses.json does not have.`,
      )
  return {
    id,
    effect,
    actions: actionsIn(action, id),
    clauses: cited,
    because: annotation('because'),
    wayForward: annotation('wayForward'),
    text,
  }
}

type ActionConstraint = Extract<ReturnType<typeof policyToJson>, { type: 'success' }>['json']['action']

function actionsIn(action: ActionConstraint, id: string): ActionName[] {
  const entities =
    action.op === 'All'
      ? []
      : action.op === '=='
        ? 'entity' in action
          ? [action.entity]
          : []
        : 'entities' in action
          ? action.entities
          : [action.entity]
  if (entities.length === 0)
    throw new PackProblem(`${rulesFile}: the rule "${id}" must name its actions: action in [Action::"…"].`)
  return entities.map((entity) => ('__entity' in entity ? entity.__entity : entity).id as ActionName)
}

function checkAgainstSchema(rules: readonly Rule[], schema: string) {
  const answer = validate({
    schema,
    policies: { staticPolicies: Object.fromEntries(rules.map((rule) => [rule.id, rule.text])) },
  })
  if (answer.type === 'failure') throw new PackProblem(`${rulesFile}: ${sentences(answer.errors)}`)
  const [first] = answer.validationErrors
  if (first) throw new PackProblem(`${rulesFile}: the rule "${first.policyId}": ${sentences([first.error])}`)
}

const opening = (text: string) => text.replace(/\s+/g, ' ').slice(0, 80)

const sentences = (errors: readonly { message: string; help: string | null }[]) =>
  errors.map((error) => [error.message, error.help].filter(Boolean).join('; ')).join('. ')
