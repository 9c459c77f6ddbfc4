import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { sheriffDecides, smallPack } from '../../test/small-pack.ts'
import { loadPolicy } from './policy.ts'

const policy = await loadPolicy('policy/4.37')
type Pack = Parameters<typeof smallPack>
const loading = async (...pack: Pack) => loadPolicy(await smallPack(...pack))

describe('another department’s pack', () => {
  test('answers with its own clauses, words and numbers', async () => {
    const other = await loading()
    const member = { kind: 'person', id: 'p', name: 'P', roles: ['chief-executive'], designee: true } as const
    expect(other.decide(member, 'post.approve', { type: 'Post', id: '1' })).toEqual({
      allowed: false,
      action: 'post.approve',
      rules: ['sheriff'],
      clauses: ['12.1'],
      because: 'Only the sheriff does that.',
      wayForward: 'Ask the sheriff.',
    })
    expect(
      other.decide({ ...member, roles: ['sheriff'] }, 'post.approve', { type: 'Post', id: '1' }),
    ).toMatchObject({ allowed: true, clauses: ['12.1'] })
    expect(other.screen('Bananas on Main Street.')).toMatchObject([{ rule: 'no-fruit', clause: ['12.2'] }])
    expect(other.screen('He is guilty.')).toEqual([])
    expect(other.recordsLaw.responseBusinessDays).toBe(7)
    expect(other.protectedCriticism('The sheriff must resign')).toBe(true)
  })

  test('leaves a pack loaded before it as it was', async () => {
    await loading()
    expect(policy.decide({ kind: 'visitor' }, 'post.approve', { type: 'Post', id: '1' }).clauses).toContain(
      'IV.A.2.i',
    )
  })
})

describe('a pack that can’t be used is refused with the file and the field', () => {
  test.each<[string, Pack, RegExp]>([
    ['a file is missing', [{}, { 'clauses.json': null }], /^clauses\.json: .*no such file/],
    ['it is not JSON', [{}, { 'removals.json': '[' }], /^removals\.json: this is not JSON/],
    [
      'a clause has no summary',
      [{ 'clauses.json': ([one]) => [{ ...one, summary: undefined }] }],
      /^clauses\.json: \[1\]\.summary: must be a text\.$/,
    ],
    ['there are no clauses', [{ 'clauses.json': () => [] }], /^clauses\.json: must hold at least one clause/],
    [
      'two clauses have one number',
      [{ 'clauses.json': ([one]) => [one, one] }],
      /^clauses\.json: two entries have the number "12\.1"/,
    ],
    [
      'a date is none',
      [{ 'pack.json': (head) => ({ ...head, effective: 'May 11' }) }],
      /^pack\.json: effective: must be a date like 2017-11-21/,
    ],
    [
      'a field is unknown',
      [{ 'pack.json': (head) => ({ ...head, motto: 'Serve' }) }],
      /^pack\.json: .*motto/,
    ],
    [
      'a removal reason cites an unknown clause',
      [{ 'removals.json': ([one]) => [{ ...one, clause: '9' }] }],
      /^removals\.json: "spam" cites 9, which clauses\.json does not have\.$/,
    ],
    [
      'a disclosure cites an unknown clause',
      [{ 'disclosures.json': ([one]) => [{ ...one, clause: '9' }] }],
      /^disclosures\.json: "who" cites 9/,
    ],
    [
      'a disclosure names a fact that nobody knows',
      [{ 'disclosures.json': ([one]) => [{ ...one, variants: ['{motto}'] }] }],
      /^disclosures\.json: \[1\]\.variants\[1\]: may name only \{departmentName\}/,
    ],
    [
      'the notice cites an unknown clause',
      [{ 'commenting.json': (one) => ({ ...one, clauses: ['9'] }) }],
      /^commenting\.json: the notice cites 9/,
    ],
    [
      'the glossary cites an unknown clause',
      [{ 'glossary.json': (one) => ({ ...one, clause: '9' }) }],
      /^glossary\.json: it cites 9/,
    ],
    [
      'a screening rule cites an unknown clause',
      [{ 'screening.json': (one) => ({ ...one, rules: [{ ...one.rules[0], clauses: ['9'] }] }) }],
      /^screening\.json: the rule "no-fruit" cites 9/,
    ],
    [
      'a screening category cites an unknown clause',
      [{ 'screening.json': (one) => ({ ...one, categories: [{ ...one.categories[0], clauses: ['9'] }] }) }],
      /^screening\.json: the category "fruit" cites 9/,
    ],
    [
      'redaction names an unknown category',
      [{ 'redaction.json': (one) => ({ ...one, categories: [{ category: 'nuts', exemption: 'a' }] }) }],
      /^redaction\.json: it names the category "nuts"/,
    ],
    [
      'a screening rule is of no category',
      [{ 'screening.json': (one) => ({ ...one, rules: [{ ...one.rules[0], category: 'nuts' }] }) }],
      /^screening\.json: the rule "no-fruit" is of the category "nuts"/,
    ],
    [
      'a severity is unknown',
      [{ 'screening.json': (one) => ({ ...one, rules: [{ ...one.rules[0], severity: 'shout' }] }) }],
      /^screening\.json: rules\[1\]\.severity: must be "stop" or "warn"/,
    ],
    [
      'a deadline is no number of days',
      [{ 'records-law.json': (law) => ({ ...law, responseBusinessDays: 2.5 }) }],
      /^records-law\.json: responseBusinessDays: must be a whole number of days/,
    ],
  ])('%s', async (_what, pack, sentence) => {
    await expect(loading(...pack)).rejects.toThrow(sentence)
    await expect(loading(...pack)).rejects.toThrow(expect.objectContaining({ name: 'PackProblem' }))
  })

  const withPattern = (pattern: string, parts = {}): Pack => [
    { 'screening.json': (one) => ({ ...one, parts, rules: [{ ...one.rules[0], patterns: [pattern] }] }) },
  ]
  test.each<[string, string, RegExp]>([
    [
      'is broken',
      '(banana',
      /^screening\.json: the rule "no-fruit", patterns: .*The pattern is|Unterminated/,
    ],
    ['names a list that is not there', '{vegetables}', /there is no list and no part called \{vegetables\}/],
    ['repeats without end', '(a+)+b', /repeat at most so many times/],
    ['repeats without end, in braces', 'a{2,}b', /repeat at most so many times/],
    ['repeats a group often', '(?:ab?){0,40}c', /a group may be repeated at most five times/],
    ['has lengths that multiply', 'a{0,99}b{0,99}a{0,99}b{0,99}c', /too many open lengths/],
  ])('a pattern that %s', async (_what, pattern, sentence) => {
    await expect(loading(...withPattern(pattern))).rejects.toThrow(sentence)
  })
  test('a part that contains itself', async () => {
    await expect(loading(...withPattern('{loop}', { loop: 'x{loop}' }))).rejects.toThrow(
      /\{loop\} contains itself/,
    )
  })
})

describe('rules are checked before anybody relies on them', () => {
  const rules = (text: string): Pack => [{}, { 'rules.cedar': text }]
  const more = (text: string) => `${sheriffDecides()}\n${text}`
  const annotations = '@id("more") @clauses("12.2") @because("No.") @wayForward("Wait.")'
  test.each<[string, string, RegExp]>([
    [
      'an attribute that the schema does not have',
      more(
        `${annotations} forbid (principal, action in [Action::"post.publish"], resource) when { resource.mood == "bad" };`,
      ),
      /^rules\.cedar: the rule "more": .*mood/,
    ],
    [
      'an attribute that may be missing, not asked for first',
      more(
        `${annotations} forbid (principal, action in [Action::"post.publish"], resource) when { resource.approved };`,
      ),
      /^rules\.cedar: the rule "more": .*approved/,
    ],
    [
      'an action that nobody knows',
      more(`${annotations} permit (principal, action in [Action::"post.frame"], resource);`),
      /^rules\.cedar: the rule "more": .*post\.frame/,
    ],
    [
      'no id',
      more('permit (principal, action in [Action::"post.edit"], resource);'),
      /^rules\.cedar: give every rule an @id/,
    ],
    ['no reason', sheriffDecides('@wayForward("Ask.")'), /the rule "sheriff" needs an annotation @because/],
    [
      'no way forward',
      sheriffDecides('@because("No.")'),
      /the rule "sheriff" needs an annotation @wayForward/,
    ],
    ['an unknown clause', sheriffDecides().replace('12.1', '9'), /^rules\.cedar: the rule "sheriff" cites 9/],
    ['an id twice', more(sheriffDecides()), /two rules have the @id "sheriff"/],
    [
      'every action at once',
      more(`${annotations} permit (principal, action, resource);`),
      /must name its actions/,
    ],
    ['bad grammar', more('permit whatever;'), /^rules\.cedar: /],
    [
      'nobody permitted to do something',
      sheriffDecides().replace('Action::"post.draft", ', ''),
      /no rule permits "post\.draft" to anybody/,
    ],
  ])('%s', async (_what, text, sentence) => {
    await expect(loading(...rules(text))).rejects.toThrow(sentence)
  })

  test('a schema without an action that the software asks about', async () => {
    const schema = await schemaOf('"page.register", ', '')
    await expect(loading({}, { 'schema.cedarschema': schema })).rejects.toThrow(
      /^schema\.cedarschema: declare the action page\.register\./,
    )
  })
  test('a schema with an action that nobody ever asks about', async () => {
    const schema = await schemaOf('"page.register", ', '"page.register", "page.frame", ')
    await expect(loading({}, { 'schema.cedarschema': schema })).rejects.toThrow(
      /^schema\.cedarschema: nothing ever asks about page\.frame\./,
    )
  })
})

async function schemaOf(part: string, other: string) {
  const schema = await readFile('policy/4.37/schema.cedarschema', 'utf8')
  expect(schema).toContain(part)
  return schema.replace(part, other)
}

describe('policy 4.37', () => {
  /** Every provision, read off the written policy by hand. */
  const written = `I II III
    IV.A.1.i IV.A.1.ii IV.A.1.iii
    IV.A.2.i IV.A.2.ii IV.A.2.iii IV.A.2.iii.1 IV.A.2.iii.2 IV.A.2.iv IV.A.2.iv.1 IV.A.2.iv.2
    IV.A.3.i IV.A.3.i.1 IV.A.3.i.2 IV.A.3.i.3 IV.A.3.i.4 IV.A.3.ii IV.A.3.iii IV.A.3.iv
    IV.B.1 IV.B.1.i IV.B.1.ii IV.B.1.iii IV.B.1.iv IV.B.1.v
    IV.B.2 IV.B.2.i IV.B.2.ii IV.B.2.iii IV.B.2.iv
    IV.B.3 IV.B.3.i IV.B.3.ii IV.B.3.iii IV.B.3.iv
    IV.B.4 IV.B.5 IV.B.6 IV.B.7 IV.B.8 IV.B.9 IV.B.10
    V.A V.A.1 V.A.2 V.A.3 V.A.4 V.A.4.a V.A.4.b V.A.5 V.A.5.a V.A.5.b V.A.6 V.A.7
    V.A.8 V.A.8.a V.A.8.b V.A.8.c V.A.8.d V.A.9 V.A.10 V.A.11`.split(/\s+/)
  /** Headings without a provision of their own, under which the others stand. */
  const headings = ['IV.A.1', 'IV.A.2', 'IV.A.3']

  test('has every clause, and none that the policy does not have', () => {
    expect(policy.clauses.map((clause) => clause.number).sort()).toEqual([...written, ...headings].sort())
  })
  test('explains the nine words of clause III', () => {
    expect(policy.glossary.clause).toBe('III')
    expect(policy.glossary.terms.map(({ term }) => term)).toEqual([
      'Blog',
      'Page',
      'Post',
      'Profile',
      'Social media',
      'Social networks',
      'Speech',
      'Web 2.0',
      'Wiki',
    ])
  })
  test('gives the only three reasons to remove a comment', () => {
    expect(policy.removalReasons.map(({ id, clause }) => [id, clause])).toEqual([
      ['obscenity', 'IV.A.2.iv.1'],
      ['off-topic', 'IV.A.2.iv.1'],
      ['personal-attack', 'IV.A.2.iv.1'],
    ])
  })
  test('has every letter of the exemptions, (a) to (v)', () => {
    expect(policy.exemptions.map(({ letter }) => letter).join('')).toBe('abcdefghijklmnopqrstuv')
  })
  test('states the numbers of the Massachusetts law on public records', () => {
    expect(policy.recordsLaw).toMatchObject({
      responseBusinessDays: 10,
      ownWordBusinessDays: 25,
      petitionBusinessDays: 20,
      supervisorBusinessDays: 30,
      appealDays: 90,
    })
  })
  test('every rule explains itself in sentences', () => {
    for (const rule of policy.rules)
      for (const words of [rule.because, rule.wayForward]) expect(words, rule.id).toMatch(/^[A-Z].*\.$/)
    for (const rule of policy.screeningRules) expect(rule.reason, rule.id).toMatch(/^[A-Z].*[.?]$/)
  })
})
