import { expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { append } from '../archive/archive.ts'
import { decisionCounts } from './counts.ts'
import type { What, Who } from './policy.ts'

const here = await testInstallation()
const now = new Date('2026-11-25T12:00:00Z')
const person = (roles: string[]): Who => ({ kind: 'person', id: 'p', name: 'P', roles, designee: false })

async function decided(who: Who, on: What, at: Date) {
  const decision = here.policy.decide(who, 'comment.keep', on)
  const kind = decision.allowed ? 'comment.decision' : 'decision.refusal'
  const subject = { kind: 'comment', id: on.id }
  await here.db
    .transaction()
    .execute((tx) => append(tx, { kind, subject, by: who, decision, content: {}, at }))
}

test('a clause’s decisions of the period are counted, and how many of them said no', async () => {
  const comment = { type: 'Comment', id: '1' }
  const since = new Date(now.getTime() - 86_400_000)
  await decided(person(['moderator']), comment, now)
  await decided(person(['moderator']), comment, now)
  await decided(person(['author']), comment, now)
  await decided(person(['author']), comment, new Date(since.getTime() - 1))

  const counts = await decisionCounts(here.db, since)
  expect(counts.get('IV.A.2.iv.1')).toEqual({ decisions: 3, refusals: 1 })
  expect(counts.get('IV.B.4')).toBeUndefined()
})
