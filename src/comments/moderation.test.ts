import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { exchangeOf } from '../../test/warc.ts'
import type { CommentId } from '../storage/ids.ts'
import { editComment, submitComment } from './capture.ts'
import { cardsOf } from './card.ts'
import { carryOut, sweep } from './effect.job.ts'
import { hideComment, keepComment, reopenComment, restoreComment } from './moderation.ts'
import { readQueue } from './queue.ts'
import { waitingFor } from './waiting.ts'

let here: Awaited<ReturnType<typeof square>>
beforeAll(async () => {
  here = await square()
})
beforeEach(() => {
  here.remote.calls.length = 0
  here.installation.jobs.enqueued.length = 0
  here.setClock(null)
})

const revisionOf = async (id: CommentId) => (await here.commentRow(id)).revision
const hide = async (who: keyof typeof here & ('avery' | 'quinn' | 'author'), id: CommentId, reason: string) =>
  hideComment(here.installation, here[who], id, { revision: await revisionOf(id), reason })

let remotes = 0
const remoteComment = async (text: string): Promise<CommentId> =>
  (await here.commentedThere(`fake:comment-${remotes++}`, text)).id

describe('hiding', () => {
  test('for a reason that the policy does not give is refused, and the refusal is on record', async () => {
    const id = await here.commented('I do not like the new shelter.')
    for (const reason of ['I disagree', 'negative', '']) {
      const answer = await hide('avery', id, reason)
      expect(answer).toMatchObject({
        denied: {
          because: expect.stringMatching(/only for a reason/),
          clauses: expect.arrayContaining(['IV.A.2.iv.1']),
        },
      })
    }
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown', decided_at: null, revision: 1 })
    expect(await here.kindsOf(id)).toEqual(['comment.capture', ...Array(3).fill('decision.refusal')])
  })

  test('is not for somebody without the office', async () => {
    const id = await here.commented('Buy cheap phones at phones.example')
    expect(await hide('author', id, 'off-topic')).toMatchObject({
      denied: { because: expect.stringMatching(/moderators/) },
    })
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown' })
  })

  test('as off topic is refused where the page invites comments on anything', async () => {
    const { db } = here
    const id = await here.commented('Buy cheap phones at phones.example')
    const { comment_topic, id: page } = await db
      .selectFrom('page')
      .select(['page.id', 'comment_topic'])
      .innerJoin('comment', 'comment.page', 'page.id')
      .where('comment.id', '=', id)
      .executeTakeFirstOrThrow()
    await db.updateTable('page').set({ comment_topic: '' }).where('id', '=', page).execute()
    expect(await hide('avery', id, 'off-topic')).toMatchObject({
      denied: {
        because: expect.stringMatching(/invites comments on anything/),
        clauses: ['IV.A.2.iv', 'IV.A.2.iv.1'],
      },
    })
    expect(await hide('avery', id, 'obscenity')).toEqual({ done: 'hidden' })
    await db.updateTable('page').set({ comment_topic }).where('id', '=', page).execute()
  })

  test('for a lawful reason hides it, says by which clause, and may be undone by its moderator', async () => {
    const { installation, avery, quinn, db } = here
    const id = await here.commented('Buy cheap phones at phones.example')
    expect(await hide('avery', id, 'off-topic')).toEqual({ done: 'hidden' })
    expect(await here.commentRow(id)).toMatchObject({ state: 'hidden', decided_at: expect.any(Date) })
    const decision = await db
      .selectFrom('comment_decision')
      .selectAll()
      .where('comment', '=', id)
      .executeTakeFirstOrThrow()
    expect(decision).toMatchObject({ reason: 'off-topic', clause: 'IV.A.2.iv.1', by: avery.id })
    const record = await db
      .selectFrom('record')
      .select(['json', 'clauses'])
      .where('kind', '=', 'comment.removal')
      .where('subject_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(JSON.parse(record.json ?? '').content).toMatchObject({
      reason: 'off-topic',
      text: 'Buy cheap phones at phones.example',
    })
    expect(record.clauses).toContain('IV.A.2.iv.1')
    // The own page shows this table: nothing has to be done elsewhere.
    expect(installation.jobs.enqueued).toEqual([])

    const revision = await revisionOf(id)
    expect(await reopenComment(installation, quinn, id, { revision })).toHaveProperty('problems.form')
    done(await reopenComment(installation, avery, id, { revision }))
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown', decided_at: null })
    expect(await here.kindsOf(id)).toEqual(['comment.capture', 'comment.removal', 'comment.restoration'])
  })

  test('and restoring leaves it kept', async () => {
    const { installation, quinn } = here
    const id = await here.commented('Buy cheap shoes at shoes.example')
    done(await hide('avery', id, 'off-topic'))
    done(
      await restoreComment(installation, quinn, id, {
        revision: await revisionOf(id),
        note: 'It was a joke.',
      }),
    )
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown', decided_at: expect.any(Date) })
    expect(await restoreComment(installation, quinn, id, { revision: await revisionOf(id) })).toHaveProperty(
      'problems.form',
    )
  })
})

describe('criticism', () => {
  const text = 'The chief should resign.'

  test('is hidden by nobody alone: the wish becomes a question, and a second person’s agreement hides it', async () => {
    const { avery, quinn, installation, db } = here
    const id = await here.commented(text)
    expect(await hide('avery', id, 'personal-attack')).toEqual({ done: 'asked' })
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown', decided_at: null })
    // Alone, twice, is still alone.
    expect(await hide('avery', id, 'personal-attack')).toHaveProperty('problems.form')
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown' })
    expect(await waitingFor(db, quinn, installation.policy)).toContainEqual(
      expect.objectContaining({ kind: 'comment.consultation', href: `/console/comments/${id}` }),
    )
    expect(
      (await waitingFor(db, avery, installation.policy)).filter(
        (item) => item.kind === 'comment.consultation',
      ),
    ).toEqual([])
    // Agreement is to the same reason.
    expect(await hide('quinn', id, 'obscenity')).toHaveProperty(
      'problems.form',
      expect.stringMatching(/Avery Stone asked .* “Personal attack”/),
    )
    expect(await hide('quinn', id, 'personal-attack')).toEqual({ done: 'hidden' })
    expect(
      await db.selectFrom('comment_decision').selectAll().where('comment', '=', id).executeTakeFirst(),
    ).toMatchObject({ by: quinn.id, second_person: avery.id })
    expect(await here.kindsOf(id)).toEqual(['comment.capture', 'comment.consultation', 'comment.removal'])
    const consultation = await db
      .selectFrom('record')
      .select('json')
      .where('kind', '=', 'comment.consultation')
      .where('subject_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(JSON.parse(consultation.json ?? '').decision).toMatchObject({
      allowed: false,
      rules: ['criticism-is-protected'],
    })
  })

  test('is known by the model as well, where none of the pack’s words stand', async () => {
    const words = 'I called three times about the break-in and nobody came.'
    expect(here.installation.policy.protectedCriticism(words)).toBe(false)
    const id = await here.commented(words)
    expect(await hide('avery', id, 'personal-attack')).toEqual({ done: 'asked' })
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown', decided_at: null })
    const [card] = await cardsOf(here.installation, [id])
    expect(card?.hints.protectedCriticism).toBe(true)
  })

  test('stays when the second person disagrees, and an unlawful reason asks nobody', async () => {
    const { installation, quinn } = here
    const id = await here.commented(text)
    expect(await hide('avery', id, 'negative')).toHaveProperty('denied')
    done(await hide('avery', id, 'personal-attack'))
    done(await keepComment(installation, quinn, id, { revision: await revisionOf(id) }))
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown', decided_at: expect.any(Date) })
    expect(await hide('quinn', id, 'personal-attack')).toEqual({ done: 'asked' })
  })

  test('whose author changes the words ends the question: it was about the old ones', async () => {
    const { installation, submission } = here
    const { comment, token } = done(await submitComment(installation, submission(text)))
    const id = comment as CommentId
    done(await hide('avery', id, 'personal-attack'))
    const seen = await revisionOf(id)
    done(await editComment(installation, id, token, 'The chief must resign, and soon.'))
    expect(
      await hideComment(installation, here.quinn, id, { revision: seen, reason: 'personal-attack' }),
    ).toHaveProperty('problems.form', expect.stringMatching(/author changed/))
    expect(await hide('quinn', id, 'personal-attack')).toEqual({ done: 'asked' })
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown' })
  })

  test('two at once who both want it hidden: one asks, the other is told', async () => {
    const { installation, avery, quinn } = here
    const id = await here.commented(text)
    const wish = { revision: 1, reason: 'personal-attack' }
    const answers = await Promise.all([
      hideComment(installation, avery, id, wish),
      hideComment(installation, quinn, id, wish),
    ])
    expect(answers.filter((one) => 'done' in one)).toEqual([{ done: 'asked' }])
    expect(await here.commentRow(id)).toMatchObject({ state: 'shown' })
  })
})

test('two moderators at once: one decides, the other is told who it was', async () => {
  const { installation, avery, quinn } = here
  for (let round = 0; round < 5; round++) {
    const id = await here.commented(`Buy phone number ${round}`)
    const answers = await Promise.all([
      keepComment(installation, avery, id, { revision: 1 }),
      hideComment(installation, quinn, id, { revision: 1, reason: 'off-topic' }),
    ])
    expect(answers.filter((answer) => 'done' in answer)).toHaveLength(1)
    expect(answers.find((answer) => 'problems' in answer)).toHaveProperty(
      'problems.form',
      expect.stringMatching(/^(Avery Stone kept|Quinn Baker hid) this comment a moment ago\./),
    )
    expect(await here.kindsOf(id)).toHaveLength(2)
  }
})

describe('on a platform', () => {
  test('hiding and showing again reach it in order, each with its record', async () => {
    const { installation, remote, avery } = here
    const id = await remoteComment('Buy cheap phones at phones.example')
    const { remote_id } = await here.commentRow(id)
    done(await hide('avery', id, 'off-topic'))
    await installation.jobs.run('comment.effect')
    expect(remote.hidden.has(remote_id)).toBe(true)
    done(await restoreComment(installation, avery, id, { revision: await revisionOf(id) }))
    await installation.jobs.run('comment.effect')
    expect(remote.hidden.has(remote_id)).toBe(false)
    expect(await here.kindsOf(id)).toEqual([
      'comment.capture',
      'comment.removal',
      'comment.effect',
      'comment.restoration',
      'comment.effect',
    ])
  })

  test('an older decision is never carried out after a newer one', async () => {
    const { installation, remote, avery } = here
    const id = await remoteComment('Buy cheap shoes at shoes.example')
    done(await hide('avery', id, 'off-topic'))
    done(await restoreComment(installation, avery, id, { revision: await revisionOf(id) }))
    await installation.jobs.run('comment.effect')
    expect(remote.calls.map((call) => call.split(' ')[0])).toEqual(['show'])
  })

  test('a process that dies between the platform’s answer and our commit leaves it hidden, with one record', async () => {
    const { installation, remote, db } = here
    const id = await remoteComment('Buy cheap hats at hats.example')
    const { remote_id } = await here.commentRow(id)
    done(await hide('avery', id, 'off-topic'))
    const { id: effect } = await db
      .selectFrom('comment_effect')
      .select('id')
      .where('comment', '=', id)
      .executeTakeFirstOrThrow()
    remote.trouble = new Error('killed')
    await expect(carryOut(installation, effect)).rejects.toThrow('killed')
    const dying = {
      ...installation,
      blobs: { ...installation.blobs, put: () => Promise.reject(new Error('killed')) },
    }
    await expect(carryOut(dying, effect)).rejects.toThrow('killed')
    expect(await here.kindsOf(id)).not.toContain('comment.effect')
    expect(remote.hidden.has(remote_id)).toBe(true)

    installation.jobs.enqueued.length = 0
    here.setClock(new Date(Date.now() + 11 * 60_000))
    await sweep(installation)
    await installation.jobs.run('comment.effect')
    await carryOut(installation, effect)
    expect((await here.kindsOf(id)).filter((kind) => kind === 'comment.effect')).toHaveLength(1)
    expect(remote.hidden.has(remote_id)).toBe(true)
  })

  test('a platform that refuses or asks to wait is told of in words', async () => {
    const { installation, remote, db } = here
    const id = await remoteComment('Buy cheap bags at bags.example')
    done(await hide('avery', id, 'off-topic'))
    remote.trouble = {
      outcome: 'later',
      because: 'Too many requests.',
      retryAfterSeconds: 300,
      uncertain: false,
    }
    await installation.jobs.run('comment.effect')
    expect(installation.jobs.enqueued[0]?.startAfter?.getTime()).toBeGreaterThan(Date.now() + 290_000)
    const wire = [exchangeOf('suspended')]
    remote.trouble = { outcome: 'refused', because: 'The account is suspended.', wire }
    await installation.jobs.run('comment.effect')
    expect(
      await db.selectFrom('comment_effect').selectAll().where('comment', '=', id).executeTakeFirst(),
    ).toMatchObject({ refused_because: 'The account is suspended.', done_at: null })
    const files = await db
      .selectFrom('record')
      .innerJoin('record_blob', 'record_blob.record_id', 'record.id')
      .select('role')
      .where('subject_id', '=', id)
      .where('kind', '=', 'comment.effect')
      .execute()
    expect(files).toEqual([{ role: 'wire' }])
  })
})

describe('the queue', () => {
  test('shows what waits with its thread, post, author’s past and hints, and pages without a gap', async () => {
    const { installation, commented, avery, own } = here
    const token = 't'.repeat(32)
    const past = await commented('Zebra one: buy phones', { token })
    done(await hide('avery', past, 'off-topic'))
    const first = await commented('Zebra two')
    const answer = await commented('Zebra three: the chief should resign.', { token, inReplyTo: first })
    const { cards, waiting } = await readQueue(installation, avery.id, { words: 'zebra' })
    expect(cards.map(({ id }) => id)).toEqual([first, answer])
    expect(waiting).toBeGreaterThanOrEqual(2)
    expect(cards[1]).toMatchObject({
      above: [{ name: 'Pat Doyle', text: 'Zebra two' }],
      post: { text: 'The storm shelter is open.' },
      earlier: { count: 1, hidden: 1, latest: [{ id: past, state: 'hidden' }] },
      hints: { protectedCriticism: true },
    })
    expect(
      (await readQueue(installation, avery.id, { state: 'hidden', words: 'zebra' })).cards.map(
        ({ id }) => id,
      ),
    ).toEqual([past])
    done(await keepComment(installation, avery, first, { revision: 1 }))
    expect(
      (await readQueue(installation, avery.id, { state: 'kept', words: 'zebra' })).cards.map(({ id }) => id),
    ).toEqual([first])
    for (const order of ['oldest', 'newest'] as const) {
      const seen: string[] = []
      let after: string | null = null
      do {
        const page = await readQueue(installation, avery.id, { state: 'all', page: own, order, after }, 3)
        seen.push(...page.cards.map(({ id }) => id))
        after = page.next
      } while (after)
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.length).toBe(
        (await readQueue(installation, avery.id, { state: 'all', page: own }, 999)).cards.length,
      )
    }
    // Signs that mean something to the database are searched as they are.
    expect((await readQueue(installation, avery.id, { words: '100%_\\' })).cards).toEqual([])
  })

  test('a kept comment waits again when its author changes it', async () => {
    const { installation, submission, avery } = here
    const { comment, token } = done(await submitComment(installation, submission('Nice parade.')))
    const id = comment as CommentId
    done(await keepComment(installation, avery, id, { revision: 1 }))
    done(await editComment(installation, id, token, 'Buy cheap phones at phones.example'))
    expect(await here.commentRow(id)).toMatchObject({ decided_at: null, version: 2 })
  })
})
