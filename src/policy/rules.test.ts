import { readFile } from 'node:fs/promises'
import { schemaToJson } from '@cedar-policy/cedar-wasm/nodejs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sheriffDecides, smallPack } from '../../test/small-pack.ts'
import { type ActionName, actionNames, type Decision, type What, type Who } from './decision.ts'
import { loadPolicy } from './policy.ts'

const policy = await loadPolicy('policy/4.37')
const schema = await readSchema()
const { decide } = policy

const somebody = (roles: string[], more: { id?: string; designee?: boolean } = {}): Who => ({
  kind: 'person',
  id: 'me',
  name: 'Sam Ortiz',
  roles,
  designee: false,
  ...more,
})
const visitor: Who = { kind: 'visitor' }
const platform: Who = { kind: 'platform', name: 'square' }
const system: Who = { kind: 'system' }
const member = somebody(['member'])
const author = somebody(['author'])
const pio = somebody(['pio'])
const chief = somebody(['chief-executive'])
const designee = somebody(['member'], { designee: true })
const moderator = somebody(['moderator'])
const officer = somebody(['records-access-officer'])
const services = somebody(['information-services'])

const page: What = { type: 'Page', id: '1', registeredBy: 'other' }
/** A post by somebody else, about which there is nothing to say. */
const post: What = {
  type: 'Post',
  id: '1',
  authorId: 'other',
  editorIds: [],
  pagesApproved: true,
  approved: true,
  blockingFindings: 0,
  imagesWithoutAlt: 0,
}
const comment: What = {
  type: 'Comment',
  id: '1',
  reason: 'obscenity',
  protectedCriticism: false,
  secondPerson: false,
  topicAnnounced: true,
}
const appeal: What = { type: 'Appeal', id: '1', partIn: ['other', 'second'] }
const block: What = {
  type: 'Block',
  id: '1',
  reason: 'repeated-removals',
  removals: 3,
  needed: 3,
  days: 30,
  proposedBy: 'other',
}
const looked: What = { type: 'Consistency', id: '1', partIn: ['other'] }
const escalation: What = { type: 'Escalation', id: '1', receivers: ['supervisor'], makerId: 'other' }
const capture: What = { type: 'Capture', id: '1', official: false }
const history: What = { type: 'Import', id: '1', pageRegistered: true }
const ofType = (type: string): What => ({ type, id: '1' })

type Row = [what: string, who: Who, action: ActionName, on: What]

describe('policy 4.37 allows', () => {
  test.each<Row>([
    ['an author to register a page', author, 'page.register', page],
    ['information services to register and connect a page', services, 'page.connect', page],
    ['a designee to approve a page that somebody else registered', designee, 'page.approve', page],
    ['the chief to approve even a page of their own', chief, 'page.approve', { ...page, registeredBy: 'me' }],
    ['whoever registered a page to change it', author, 'page.edit', { ...page, registeredBy: 'me' }],
    ['an author to write a post', author, 'post.draft', post],
    ['an author to submit a post without findings', author, 'post.submit', post],
    ['a designee to approve another’s post', designee, 'post.approve', post],
    ['the chief to approve even a post of their own', chief, 'post.approve', { ...post, authorId: 'me' }],
    ['the information officer to publish an approved post', pio, 'post.publish', post],
    ['the schedule to publish an approved post', system, 'post.publish', post],
    ['an author to take down a post of their own', author, 'post.delete', { ...post, authorId: 'me' }],
    ['a visitor to comment', visitor, 'comment.submit', comment],
    ['a visitor to report a comment', visitor, 'comment.report', comment],
    ['a designee to answer a comment', designee, 'comment.answer', { ...comment, blockingFindings: 0 }],
    ['comments that come from a platform', platform, 'comment.submit', comment],
    ['a moderator to keep a comment', moderator, 'comment.keep', comment],
    ['a moderator to hide an obscenity', moderator, 'comment.hide', comment],
    ['a moderator to ask a colleague', moderator, 'comment.ask', comment],
    ['a moderator to pass a comment on', moderator, 'escalation.make', escalation],
    [
      'a supervisor to see what was passed on to supervisors',
      somebody(['supervisor']),
      'escalation.open',
      escalation,
    ],
    ['a moderator to see what a colleague passed on', moderator, 'escalation.open', escalation],
    [
      'a supervisor to read the record of a comment that was passed on to supervisors',
      somebody(['supervisor']),
      'record.read',
      { type: 'Record', id: '1', passedOnTo: ['supervisor'] },
    ],
    ['the chief to take up what went to a supervisor', chief, 'escalation.acknowledge', escalation],
    [
      'two people together to hide an attack in a comment that criticizes',
      moderator,
      'comment.hide',
      { ...comment, reason: 'personal-attack', protectedCriticism: true, secondPerson: true },
    ],
    ['a visitor to appeal', visitor, 'appeal.file', { type: 'Appeal', id: '1', inTime: true }],
    ['a moderator to decide on another’s removal', moderator, 'appeal.decide', appeal],
    ['a designee to decide on an appeal', designee, 'appeal.decide', appeal],
    ['a moderator to propose a block that rests on removals', moderator, 'block.propose', block],
    ['a second moderator to agree to a block', moderator, 'block.agree', block],
    ['a block to end on its day', system, 'block.end', ofType('Block')],
    ['a moderator to look again at another’s decision', moderator, 'consistency.judge', { ...looked }],
    ['the chief to read how alike moderators decide', chief, 'consistency.read', ofType('Consistency')],
    ['the records access officer to search', officer, 'record.search', ofType('Record')],
    ['internal affairs to read a record', somebody(['internal-affairs']), 'record.read', ofType('Record')],
    ['the records access officer to produce', officer, 'request.produce', ofType('Request')],
    ['a moderator to capture a comment’s thread', moderator, 'capture.order', { ...capture, official: true }],
    ['the records access officer to capture any address', officer, 'capture.order', capture],
    ['the machine’s operator to capture any address', system, 'capture.order', capture],
    ['the records access officer to import to a page', officer, 'import.start', history],
    ['information services to cancel an import', services, 'import.cancel', history],
    ['the machine’s operator to import', system, 'import.start', history],
    [
      'the records access officer to open a request again by an order',
      officer,
      'request.reopen',
      { type: 'Request', id: '1', ordered: true },
    ],
    ['anybody to ask for records', visitor, 'request.submit', ofType('Request')],
    ['the chief to appoint a designee', chief, 'designee.appoint', ofType('Designation')],
    ['a designee to invite', designee, 'person.invite', ofType('Person')],
    ['the machine’s operator to set up the department', system, 'department.edit', ofType('Department')],
    ['every member to read the policy', member, 'policy.read', ofType('Policy')],
  ])('%s', (_what, who, action, on) => {
    expect(decide(who, action, on)).toMatchObject({ allowed: true, action })
  })
})

describe('policy 4.37 refuses', () => {
  test.each<[...Row, rule: string, clause: string, because: RegExp]>([
    [
      'even the chief who opens an answered request again without an order',
      chief,
      'request.reopen',
      ofType('Request'),
      'reopen-by-order',
      'IV.A.2.iii.2',
      /Only an order/,
    ],
    [
      'a refusal of what the Supervisor of Records ordered to be provided',
      officer,
      'request.close',
      { type: 'Request', id: '1', refusesOrder: true },
      'provide-what-was-ordered',
      'IV.A.2.iii.1',
      /ordered these records/,
    ],
    [
      'a moderator who answers for the department',
      moderator,
      'comment.answer',
      { ...comment, blockingFindings: 0 },
      'answer-for-the-department',
      'IV.A.3.i.1',
      /speaks for the department/,
    ],
    [
      'even the chief an answer that screening stops',
      chief,
      'comment.answer',
      { ...comment, blockingFindings: 1 },
      'no-blocking-findings-in-answers',
      'IV.A.3.i.3',
      /does not let the department say/,
    ],
    [
      'a moderator who decides on an appeal against their own removal',
      moderator,
      'appeal.decide',
      { ...appeal, partIn: ['me'] },
      'appeal-by-somebody-else',
      'IV.A.2.iv.1',
      /no part in the decision/,
    ],
    [
      'even the chief who agreed to the removal that is appealed',
      chief,
      'appeal.decide',
      { ...appeal, partIn: ['other', 'me'] },
      'appeal-by-somebody-else',
      'IV.A.2.iv.1',
      /agreed to it/,
    ],
    [
      'an author who decides on an appeal',
      author,
      'appeal.decide',
      appeal,
      'decide-appeal',
      'IV.A.2.iv.1',
      /decided by moderators/,
    ],
    [
      'an appeal that comes too late',
      visitor,
      'appeal.file',
      { type: 'Appeal', id: '1', inTime: false },
      'appeal-in-time',
      'IV.A.2.iv.1',
      /are over/,
    ],
    [
      'a block for what somebody thinks',
      moderator,
      'block.propose',
      { ...block, reason: 'negative' },
      'block-for-lawful-reasons',
      'IV.A.2.iv.1',
      /what they think is none/,
    ],
    [
      'a block that rests on too few removals',
      moderator,
      'block.propose',
      { ...block, removals: 2 },
      'block-rests-on-removals',
      'IV.A.2.iv.1',
      /too few/,
    ],
    [
      'a block longer than the policy allows',
      moderator,
      'block.propose',
      { ...block, days: 31 },
      'block-has-an-end',
      'IV.A.2.iv.1',
      /not a later one/,
    ],
    [
      'a block by one person',
      chief,
      'block.agree',
      { ...block, proposedBy: 'me' },
      'block-by-two',
      'IV.A.2.iv.1',
      /second person/,
    ],
    [
      'a moderator who reads how colleagues decide',
      moderator,
      'consistency.read',
      ofType('Consistency'),
      'read-consistency',
      'IV.A.2.iv.1',
      /for the chief executive/,
    ],
    [
      'a member who wants a page',
      member,
      'page.register',
      page,
      'register-page',
      'IV.A.2.i',
      /register pages/,
    ],
    [
      'an information officer who approves a page',
      pio,
      'page.approve',
      page,
      'decide-on-page',
      'IV.A.2.i',
      /chief executive or a designee/,
    ],
    [
      'a designee who approves a page of their own',
      designee,
      'page.approve',
      { ...page, registeredBy: 'me' },
      'own-page-not-approved',
      'IV.A.2.i',
      /does not approve it/,
    ],
    [
      'a designee who approves a page of unknown origin',
      designee,
      'page.approve',
      ofType('Page'),
      'own-page-not-approved',
      'IV.A.2.i',
      /registered/,
    ],
    [
      'an author who changes another’s page',
      author,
      'page.edit',
      page,
      'edit-page',
      'IV.A.1.i',
      /changed by/,
    ],
    [
      'a moderator who connects a page',
      moderator,
      'page.connect',
      page,
      'connect-page',
      'IV.A.2.i',
      /information services/,
    ],
    [
      'a member who writes a post',
      member,
      'post.draft',
      post,
      'write-post',
      'IV.A.3.i',
      /authorized to speak/,
    ],
    [
      'a post to a page that is not approved',
      pio,
      'post.publish',
      { ...post, pagesApproved: false },
      'only-approved-pages',
      'IV.A.2.i',
      /not approved/,
    ],
    [
      'the schedule, when the page is approved no longer',
      system,
      'post.publish',
      { ...post, pagesApproved: false },
      'only-approved-pages',
      'IV.A.2.i',
      /page/,
    ],
    [
      'a post whose version nobody approved',
      author,
      'post.schedule',
      { ...post, approved: false },
      'only-approved-posts',
      'IV.A.3.i.1',
      /version/,
    ],
    [
      'a text that says somebody is guilty',
      author,
      'post.submit',
      { ...post, blockingFindings: 1 },
      'no-blocking-findings',
      'IV.A.3.i.3',
      /does not let the department say/,
    ],
    [
      'a post whose text nobody screened',
      author,
      'post.submit',
      { ...post, blockingFindings: undefined },
      'no-blocking-findings',
      'IV.A.3.i.3',
      /policy/,
    ],
    [
      'an image that nobody described',
      author,
      'post.submit',
      { ...post, imagesWithoutAlt: 1 },
      'images-described',
      'IV.A.2.iii',
      /description/,
    ],
    [
      'an author who approves',
      author,
      'post.approve',
      post,
      'review-post',
      'IV.A.2.i',
      /chief executive or a designee/,
    ],
    [
      'a designee who approves a post of their own',
      designee,
      'post.approve',
      { ...post, authorId: 'me' },
      'own-post-not-approved',
      'IV.A.3.i.1',
      /wrote or changed/,
    ],
    [
      'a designee who approves a post that they changed',
      designee,
      'post.approve',
      { ...post, editorIds: ['me'] },
      'own-post-not-approved',
      'IV.A.3.i.1',
      /changed/,
    ],
    [
      'a designee whose dates are over',
      somebody(['member']),
      'post.approve',
      post,
      'review-post',
      'IV.A.2.i',
      /designee/,
    ],
    [
      'an author who takes down another’s post',
      author,
      'post.delete',
      post,
      'delete-post',
      'IV.A.2.iii.1',
      /taken down/,
    ],
    [
      'an investigator who opens what went to the supervisors',
      somebody(['investigator']),
      'escalation.open',
      escalation,
      'open-escalation',
      'IV.B.2.iv',
      /those whom it was passed on to/,
    ],
    [
      'a supervisor who reads the record of what went to investigations',
      somebody(['supervisor']),
      'record.read',
      { type: 'Record', id: '1', passedOnTo: ['investigator'] },
      'read-passed-on-records',
      'IV.A.2.iii.2',
      /and no others/,
    ],
    [
      'a supervisor who searches the archive',
      somebody(['supervisor']),
      'record.search',
      ofType('Record'),
      'read-records',
      'IV.A.2.iii.1',
      /records access officer/,
    ],
    [
      'an author who hides a comment',
      author,
      'comment.hide',
      comment,
      'moderate-comment',
      'IV.A.2.iv.1',
      /moderators/,
    ],
    [
      'a reason outside the policy',
      moderator,
      'comment.hide',
      { ...comment, reason: 'disagreement' },
      'remove-for-lawful-reasons',
      'IV.A.2.iv.1',
      /disagreement is none of them/,
    ],
    [
      'no reason at all',
      moderator,
      'comment.hide',
      { ...comment, reason: undefined },
      'remove-for-lawful-reasons',
      'IV.A.2.iv.1',
      /only for a reason/,
    ],
    [
      '“off topic” where any topic is welcome',
      moderator,
      'comment.hide',
      { ...comment, reason: 'off-topic', topicAnnounced: false },
      'off-topic-needs-a-topic',
      'IV.A.2.iv.1',
      /anything/,
    ],
    [
      'one person who hides criticism',
      moderator,
      'comment.hide',
      { ...comment, protectedCriticism: true },
      'criticism-is-protected',
      'IV.A.2.iv.1',
      /second person/,
    ],
    [
      'even the chief, who hides criticism alone',
      chief,
      'comment.hide',
      { ...comment, protectedCriticism: true },
      'criticism-is-protected',
      'IV.A.2.iv.1',
      /Criticism is protected/,
    ],
    [
      'hiding where nobody looked for criticism',
      moderator,
      'comment.hide',
      { ...comment, protectedCriticism: undefined },
      'criticism-is-protected',
      'IV.A.2.iv',
      /second person/,
    ],
    [
      'an author who searches the archive',
      author,
      'record.search',
      ofType('Record'),
      'read-records',
      'IV.A.2.iii.2',
      /archive/,
    ],
    [
      'a visitor who reads a record',
      visitor,
      'record.read',
      ofType('Record'),
      'read-records',
      'IV.A.2.iii.2',
      /archive/,
    ],
    [
      'an author who captures a page',
      author,
      'capture.order',
      { ...capture, official: true },
      'capture-pages',
      'IV.A.2.iii.1',
      /those who answer for/,
    ],
    [
      'a moderator who captures what is none of the department’s pages',
      moderator,
      'capture.order',
      capture,
      'capture-other-addresses',
      'II',
      /none of the department/,
    ],
    [
      'an author who imports history',
      author,
      'import.start',
      history,
      'import-history',
      'IV.A.2.iii.1',
      /records access officer/,
    ],
    [
      'an import to a page that nobody registered',
      officer,
      'import.start',
      { ...history, pageRegistered: false },
      'import-to-registered-pages',
      'IV.A.2.i',
      /not on it/,
    ],
    [
      'a moderator who produces records',
      moderator,
      'request.produce',
      ofType('Request'),
      'answer-requests',
      'IV.A.2.iii.2',
      /records access officer/,
    ],
    [
      'a designee who appoints another',
      designee,
      'designee.appoint',
      ofType('Designation'),
      'appoint-designee',
      'IV.A.2.i',
      /Only the chief executive/,
    ],
    [
      'information services, who give themselves a role',
      services,
      'person.setRoles',
      ofType('Person'),
      'set-roles',
      'IV.A.3.ii',
      /Only the chief executive/,
    ],
    [
      'a moderator who closes what went to a supervisor',
      moderator,
      'escalation.close',
      escalation,
      'receive-escalation',
      'IV.A.2.iv.1',
      /passed on to others/,
    ],
    [
      'somebody who takes back what another passed on',
      moderator,
      'escalation.withdraw',
      escalation,
      'withdraw-escalation',
      'IV.A.2.iv.1',
      /passed a comment on/,
    ],
    [
      'the machine, when it decides on comments',
      system,
      'comment.hide',
      comment,
      'moderate-comment',
      'IV.A.2.iv.1',
      /moderators/,
    ],
    [
      'a visitor who approves a post',
      visitor,
      'post.approve',
      post,
      'review-post',
      'IV.A.2.i',
      /chief executive/,
    ],
  ])('%s', (_what, who, action, on, rule, clause, because) => {
    const decision = decide(who, action, on)
    expect(decision).toMatchObject({ allowed: false, action })
    if (decision.allowed) return
    expect(decision.rules).toContain(rule)
    expect(decision.clauses).toContain(clause)
    expect(decision.because).toMatch(because)
    expect(decision.wayForward).not.toBe('')
  })

  test('who lacks the role hears whose task it is, not what else is in the way', () => {
    expect(decide(member, 'post.approve', { ...post, blockingFindings: 3 })).toMatchObject({
      rules: ['review-post'],
    })
  })
  test('who may, but not like this, hears every obstacle', () => {
    const decision = decide(pio, 'post.publish', { ...post, pagesApproved: false, blockingFindings: 2 })
    expect(decision.rules).toEqual(['only-approved-pages', 'no-blocking-findings'])
  })
  test('a person who acts on themselves is still told apart from the one who acts', () => {
    expect(decide(services, 'person.invite', { type: 'Person', id: 'me' })).toMatchObject({ allowed: true })
  })
  test('a kind of thing that the rules know nothing of is a mistake, not a denial', () => {
    expect(() => decide(chief, 'page.edit', ofType('Cake'))).toThrow(/nothing of the type Cake/)
  })
})

describe('whoever asks whatever', () => {
  const roles = fc.subarray([
    'chief-executive',
    'pio',
    'author',
    'moderator',
    'records-access-officer',
    'investigator',
    'background-searcher',
    'hiring-decision-maker',
    'supervisor',
    'internal-affairs',
    'information-services',
    'member',
  ])
  const anybody: fc.Arbitrary<Who> = fc.oneof(
    fc.record({
      kind: fc.constant('person' as const),
      id: fc.constantFrom('me', 'other'),
      name: fc.constant('P'),
      roles,
      designee: fc.boolean(),
    }),
    fc.constantFrom(visitor, platform, system),
  )
  /** Anything that the schema lets an action be asked about, with any of its facts or without them. */
  const anyValue: Record<string, fc.Arbitrary<string | number | boolean | string[]>> = {
    String: fc.constantFrom('me', 'other', 'obscenity', 'off-topic', 'repeated-removals', 'rude', ''),
    Boolean: fc.boolean(),
    Long: fc.nat(3),
    Set: fc.subarray(['me', 'other']),
  }
  const anythingFor = (action: ActionName): fc.Arbitrary<What> => {
    const [type = ''] = schema.actions[action]?.appliesTo?.resourceTypes ?? []
    const facts = Object.entries(schema.entityTypes[type]?.shape?.attributes ?? {}).map(
      ([name, { type, name: common }]) => {
        const value = anyValue[type] ?? anyValue[common === 'Bool' ? 'Boolean' : (common ?? '')]
        if (!value) throw new Error(`No values for ${name}, a ${type}.`)
        return [name, fc.option(value, { nil: undefined })] as const
      },
    )
    return fc.record({ type: fc.constant(type), id: fc.constant('1'), ...Object.fromEntries(facts) })
  }
  const question: fc.Arbitrary<[Who, ActionName, What]> = fc
    .constantFrom(...actionNames)
    .chain((action) => fc.tuple(anybody, fc.constant(action), anythingFor(action)))
  const asked = (about: (decision: Decision, who: Who, action: ActionName, on: What) => void) =>
    fc.assert(
      fc.property(question, ([who, action, on]) => about(decide(who, action, on), who, action, on)),
      { numRuns: 600 },
    )

  test('every denial carries clauses that exist, a reason and a way forward', () => {
    asked((decision) => {
      if (decision.allowed) return
      expect(decision.rules).not.toEqual([])
      expect(decision.clauses).not.toEqual([])
      for (const clause of decision.clauses) expect(policy.clause(clause)).toBeDefined()
      expect(decision.because).toMatch(/\.$/)
      expect(decision.wayForward).toMatch(/\.$/)
    })
  })
  test('comments are held only for hours, for a reason of the pack, after a rest, and by two or the chief executive', () => {
    const holds = (['incident.hold', 'incident.agree'] as const).map((action) =>
      fc.tuple(anybody, fc.constant(action), anythingFor(action)),
    )
    let allowed = 0
    fc.assert(
      fc.property(fc.oneof(...holds), ([who, action, on]) => {
        if (!decide(who, action, on).allowed) return
        allowed += 1
        expect(who.kind).toBe('person')
        expect(on.rested).toBe(true)
        expect(on.reasons).toContain(on.reason)
        expect(on.hours).toBeGreaterThanOrEqual(1)
        expect(on.hours).toBeLessThanOrEqual(Number(on.longestHours))
        if (who.kind === 'person' && action === 'incident.agree' && on.proposedBy === who.id)
          expect(who.roles).toContain('chief-executive')
      }),
      { numRuns: 2000 },
    )
    expect(allowed).toBeGreaterThan(0)
  })
  test('every permission names the rule and the clauses that gave it', () => {
    asked((decision) => {
      if (!decision.allowed) return
      expect(decision.rules).not.toEqual([])
      expect(decision.clauses).not.toEqual([])
    })
  })
  /** What the public, or every member, may do. Whoever adds to this opens something to everybody. */
  const everybodys: ActionName[] = [
    'policy.read',
    'comment.submit',
    'comment.report',
    'appeal.file',
    'request.submit',
    'request.message',
    // Whoever was given the task.
    'request.help',
  ]
  test('nobody without a role does more than everybody may', () => {
    asked((decision, who, action) => {
      const hasOffice = who.kind === 'person' && (who.designee || who.roles.some((role) => role !== 'member'))
      if (hasOffice || who.kind === 'system' || !decision.allowed) return
      expect(everybodys).toContain(action)
    })
  })
  test('nothing is published that is not approved, on pages that are not, or against a finding', () => {
    asked((decision, _who, action, on) => {
      if (!decision.allowed || (action !== 'post.publish' && action !== 'post.schedule')) return
      expect(on).toMatchObject({
        approved: true,
        pagesApproved: true,
        blockingFindings: 0,
        imagesWithoutAlt: 0,
      })
    })
  })
  test('nothing that screening stops is answered for the department', () => {
    asked((decision, _who, action, on) => {
      if (decision.allowed && action === 'comment.answer') expect(on.blockingFindings).toBe(0)
    })
  })
  test('no comment is hidden for a reason that the policy does not give, and no criticism by one person', () => {
    asked((decision, _who, action, on) => {
      if (!decision.allowed || action !== 'comment.hide') return
      expect(policy.removalReasons.map((reason) => reason.id)).toContain(on.reason)
      expect(on.protectedCriticism === false || on.secondPerson === true).toBe(true)
    })
  })
  test('nobody decides on an appeal against their own decision, or looks at it again', () => {
    asked((decision, who, action, on) => {
      if (!decision.allowed || !['appeal.decide', 'consistency.judge'].includes(action)) return
      expect(who.kind === 'person' && on.partIn).not.toContain(who.kind === 'person' && who.id)
    })
  })
  test('nobody is blocked without enough removals, without an end, or by one person', () => {
    asked((decision, who, action, on) => {
      if (!decision.allowed || !['block.propose', 'block.agree'].includes(action)) return
      expect(policy.appeals.blocks.reasons.map((reason) => reason.id)).toContain(on.reason)
      expect(on.removals).toBeGreaterThanOrEqual(Number(on.needed))
      expect(on.days).toBeGreaterThanOrEqual(1)
      expect(on.days).toBeLessThanOrEqual(policy.appeals.blocks.longestDays)
      if (action === 'block.agree') expect(who.kind === 'person' && on.proposedBy !== who.id).toBe(true)
    })
  })
  test('nobody but the chief approves what they wrote or changed', () => {
    asked((decision, who, action, on) => {
      if (!decision.allowed || action !== 'post.approve' || who.kind !== 'person') return
      if (who.roles.includes('chief-executive')) return
      expect(on.authorId).not.toBe(who.id)
      expect(on.editorIds).not.toContain(who.id)
    })
  })
  test('nothing is disposed of without two approvals and the permission, nor approved by who proposed or approved it', () => {
    asked((decision, who, action, on) => {
      if (!decision.allowed || who.kind !== 'person') return
      if (action === 'disposition.order') {
        expect(on.approvals).toBeGreaterThanOrEqual(2)
        expect(on.permissionMissing).toBe(false)
      }
      if (action === 'disposition.approve') {
        expect(on.proposedBy).not.toBe(who.id)
        expect(on.approverIds).not.toContain(who.id)
      }
    })
  })
  test('one more role never takes away what a person could do', () => {
    fc.assert(
      fc.property(question, roles, ([who, action, on], more) => {
        if (who.kind !== 'person' || !decide(who, action, on).allowed) return
        expect(decide({ ...who, roles: [...who.roles, ...more] }, action, on).allowed).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

test('the same question has the same answer, and each question its own', () => {
  const about = (id: string, reason: string): What => ({
    ...{ type: 'Comment', id, reason },
    protectedCriticism: false,
  })
  const first = decide(moderator, 'comment.hide', about('1', 'obscenity'))
  expect(decide(moderator, 'comment.hide', about('1', 'obscenity'))).toEqual(first)
  expect(first.allowed).toBe(true)
  expect(decide(moderator, 'comment.hide', about('1', 'rude')).allowed).toBe(false)
  expect(decide(member, 'comment.hide', about('1', 'obscenity')).allowed).toBe(false)
  expect(decide(moderator, 'comment.restore', about('1', 'obscenity')).action).toBe('comment.restore')
})

test('a rule that forbids outweighs every rule that permits', async () => {
  const forbid = `@id("never") @clauses("12.2") @because("Not here.") @wayForward("Elsewhere.")
    forbid (principal, action in [Action::"post.draft"], resource);`
  const other = await loadPolicy(await smallPack({}, { 'rules.cedar': `${sheriffDecides()}\n${forbid}` }))
  const sheriff = somebody(['sheriff'], { designee: true })
  expect(other.decide(sheriff, 'post.draft', ofType('Post'))).toEqual({
    allowed: false,
    action: 'post.draft',
    rules: ['never'],
    clauses: ['12.2'],
    because: 'Not here.',
    wayForward: 'Elsewhere.',
  })
  expect(other.decide(sheriff, 'post.edit', ofType('Post')).allowed).toBe(true)
})

async function readSchema() {
  const answer = schemaToJson(await readFile('policy/4.37/schema.cedarschema', 'utf8'))
  if (answer.type === 'failure') throw new Error(answer.errors.map((error) => error.message).join())
  return answer.json[''] as {
    actions: Record<string, { appliesTo?: { resourceTypes: string[] } }>
    entityTypes: Record<string, { shape?: { attributes: Record<string, { type: string; name?: string }> } }>
  }
}
