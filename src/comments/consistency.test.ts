import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { nameDepartment } from '../../test/department.ts'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { noteConsistency } from '../archive/archive.ts'
import { whoIs } from '../department/department.ts'
import type { CommentId } from '../storage/ids.ts'
import { shareOf } from './agreement.ts'
import { consistencyCsv, consistencyOf, reading, standOut } from './consistency.ts'
import { hideComment, keepComment, reopenComment, restoreComment } from './moderation.ts'
import { chooseNumber, drawLastMonth, judge, looksFor, numberAMonth, secondLooksFor } from './second-look.ts'

let here: Awaited<ReturnType<typeof square>>
const year = new Date().getFullYear() + 1
const march = new Date(`${year}-03-10T15:00:00Z`)
const april = new Date(`${year}-04-02T15:00:00Z`)
const month = `${year}-03`
const period = { from: new Date(`${year}-01-01T05:00:00Z`), to: new Date(`${year}-12-31T05:00:00Z`) }
const decisions: Record<'hidden' | 'kept', string[]> = { hidden: [], kept: [] }
let takenBack: CommentId

const lastDecision = async (comment: CommentId) =>
  (
    await here.db
      .selectFrom('comment_decision')
      .select('id')
      .where('comment', '=', comment)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
  ).id

beforeAll(async () => {
  here = await square()
  const { installation, avery, quinn, commented } = here
  await nameDepartment(here.db)
  here.setClock(march)
  const hide = async (text: string, by = avery) => {
    const id = await commented(text, { name: 'Seller' })
    done(await hideComment(installation, by, id, { revision: 1, reason: 'off-topic' }))
    decisions.hidden.push(await lastDecision(id))
    return id
  }
  const keep = async (text: string, by = avery) => {
    const id = await commented(text)
    done(await keepComment(installation, by, id, { revision: 1 }))
    decisions.kept.push(await lastDecision(id))
    return id
  }
  await hide('Cheap phones at phones.example')
  await hide('Cheap watches at watches.example')
  await keep('cheap  PHONES at phones.example', quinn)
  await keep('Thank you for opening it')
  await keep('Is there a cot for my mother')
  // Taken back, it is no decision any more.
  takenBack = await commented('Is there parking')
  done(await hideComment(installation, avery, takenBack, { revision: 1, reason: 'off-topic' }))
  done(await reopenComment(installation, avery, takenBack, { revision: 2 }))
})

describe('second looks', () => {
  test('are as many as the pack says, until the chief or a designee chooses another number', async () => {
    const { installation, avery, chief, policy } = { ...here, policy: here.installation.policy }
    expect(await numberAMonth(installation)).toBe(policy.appeals.secondLooks.aMonth)
    expect(await chooseNumber(installation, avery, 0)).toMatchObject({
      denied: { because: expect.stringMatching(/chosen by the chief executive or a designee/) },
    })
    done(await chooseNumber(installation, chief, 4))
    expect(await numberAMonth(installation)).toBe(4)
  })

  test('are drawn once a month, by a digest that anybody can work out, removals and keepings in turn', async () => {
    const { installation, chief, db } = here
    here.setClock(april)
    await drawLastMonth(installation)
    const inOrder = (ids: string[]) => ids.toSorted((a, b) => (digest(a) < digest(b) ? -1 : 1))
    const digest = (id: string) =>
      createHash('sha256')
        .update(month + id)
        .digest('hex')
    const wanted = [...inOrder(decisions.hidden).slice(0, 2), ...inOrder(decisions.kept).slice(0, 2)].sort()
    const drawn = async () =>
      (await db.selectFrom('second_look').select('decision').execute()).map((one) => one.decision)
    expect((await drawn()).sort()).toEqual(wanted)
    done(await chooseNumber(installation, chief, 100))
    await Promise.all([drawLastMonth(installation), drawLastMonth(installation)])
    expect((await drawn()).sort()).toEqual(wanted)
  })

  test('go to whoever had no part in the decision, and change nothing about the comment', async () => {
    const { installation, avery, quinn, db } = here
    const mine = await looksFor(installation, quinn)
    const ofOthers = mine.map(({ decision }) => decision)
    expect(ofOthers).toEqual(expect.arrayContaining(decisions.hidden))
    expect(await secondLooksFor(installation, quinn)).toMatchObject([{ href: '/console/second-looks' }])
    const [removal = ''] = decisions.hidden
    expect(await judge(installation, avery, removal, 'keep')).toMatchObject({
      denied: { rules: ['look-again-by-somebody-else'] },
    })
    expect(await judge(installation, quinn, removal, 'disagreeable')).toMatchObject({
      problems: { choice: expect.stringMatching(/^Choose/) },
    })
    const before = await db.selectFrom('comment').selectAll().orderBy('id').execute()
    const both = await Promise.all([
      judge(installation, quinn, removal, 'off-topic'),
      judge(installation, here.chief, removal, 'keep'),
    ])
    expect(both.filter((one) => 'done' in one)).toHaveLength(1)
    expect(both.filter((one) => 'problems' in one)).toHaveLength(1)
    expect(await db.selectFrom('comment').selectAll().orderBy('id').execute()).toEqual(before)
    await expect(
      db
        .insertInto('second_look_judgement')
        .values({
          decision: decisions.hidden[1] ?? '',
          verdict: 'keep',
          reason: null,
          by: avery.id,
          at: april,
        })
        .execute(),
    ).rejects.toThrow(/no part in the decision/)
    expect((await looksFor(installation, quinn)).map(({ decision }) => decision)).not.toContain(removal)
  })
})

describe('the consistency report', () => {
  test('counts over moderators and reasons, agreement, reversals, and identical comments decided differently', async () => {
    const { installation, avery, quinn, db } = here
    const other = decisions.hidden[1] ?? ''
    done(await judge(installation, quinn, other, 'keep'))
    const { comment } = await db
      .selectFrom('comment_decision')
      .select('comment')
      .where('id', '=', other)
      .executeTakeFirstOrThrow()
    done(await restoreComment(installation, quinn, comment, { revision: 2 }))
    const report = await consistencyOf(db, period, 'America/New_York')
    expect(report.moderators).toMatchObject([
      { name: avery.name, kept: 2, hidden: 3, reversed: 1 },
      { name: quinn.name, kept: 1, hidden: 0, reversed: 0 },
    ])
    expect(report.reasons).toMatchObject([
      { moderator: avery.name, reason: 'off-topic', hidden: 3, reversed: 1 },
    ])
    expect(report.agreement.all).toBe(2)
    expect(report.figures.secondLooks.onlyFirst).toBeGreaterThan(0)
    expect(report.figures.restored).toBe(1)
    expect(report.criticism.all + report.others.all + report.unknown.all).toBe(5)
    expect(report.differing).toMatchObject([
      {
        kept: 1,
        hidden: 1,
        decisions: [
          { decision: 'hide', by: avery.name },
          { decision: 'keep', by: quinn.name },
        ],
      },
    ])
    const table = consistencyCsv(report, () => 'Off topic')
    expect(table).toMatch(new RegExp(`moderator,${avery.name},hidden,3\r\n`))
    expect(table).toMatch(/shown again,all,count,1\r\n/)
    const elsewhere = await consistencyOf(db, { from: period.to, to: period.to }, 'UTC')
    expect(elsewhere).toMatchObject({
      moderators: [],
      differing: [],
      kappa: null,
      agreement: { all: 0, interval: null },
    })
  })

  test('that was opened is on record, once for one look', async () => {
    const { installation, chief, db } = here
    const by = whoIs(chief)
    const decision = installation.policy.decide(by, 'consistency.read', { type: 'Consistency', id: 'any' })
    const days = { from: `${year}-01-01`, to: `${year}-12-31` }
    for (const minutes of [0, 5, 30])
      await noteConsistency(db, { by, decision, now: new Date(april.getTime() + minutes * 60_000) }, days)
    const kept = await db
      .selectFrom('record')
      .select('kind')
      .where('subject_kind', '=', 'consistency')
      .execute()
    expect(kept.filter(({ kind }) => kind === 'record.consistency')).toHaveLength(2)
  })

  test('says what removal rates show, and what they can’t', () => {
    const said = (criticism: [number, number], others: [number, number]) =>
      reading({ criticism: shareOf(...criticism), others: shareOf(...others) })
    expect(said([40, 100], [10, 100])).toMatch(/^Criticism was removed more often .*can’t say/)
    expect(said([1, 100], [30, 100])).toMatch(/^Criticism was removed less often/)
    expect(said([2, 10], [3, 10])).toMatch(/do not show that there is none/)
    expect(said([0, 0], [3, 10])).toMatch(/nothing to compare/)
  })

  test('names an author only when chance does not explain the removals', () => {
    const authors = [
      { decided: 10, removed: 9 },
      { decided: 3, removed: 3 },
      { decided: 40, removed: 4 },
    ]
    expect(standOut(authors, 100, 1000)).toEqual(authors.slice(0, 2))
    expect(standOut(authors, 700, 1000)).toEqual([])
  })
})
