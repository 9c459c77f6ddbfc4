import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { deleteComment, editComment, submitComment } from './capture.ts'
import { commentCounts, conversationUnder } from './conversation.ts'
import { sweep } from './effect.job.ts'
import { hideComment } from './moderation.ts'

let here: Awaited<ReturnType<typeof square>>
beforeAll(async () => {
  here = await square()
})
beforeEach(() => here.setClock(null))

const count = async () =>
  (
    await here.db
      .selectFrom('comment')
      .select((e) => e.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
  ).n

describe('a visitor’s comment', () => {
  test('is shown at once and on record in its own words, the e-mail sealed and in no record', async () => {
    const { installation, submission, db, storm } = here
    const { comment, token } = done(
      await submitComment(
        installation,
        submission('  Is it open to pets?\r\nWe have two cats. ', { email: 'pat@example.org' }),
      ),
    )
    if (!comment) throw new Error('Not taken.')
    expect(await here.commentRow(comment)).toMatchObject({
      text: 'Is it open to pets?\nWe have two cats.',
      author_name: 'Pat Doyle',
      state: 'shown',
      decided_at: null,
    })
    expect(await here.kindsOf(comment)).toEqual(['comment.capture'])
    const record = await db
      .selectFrom('record')
      .select(['json', 'words', 'by_kind', 'clauses'])
      .where('subject_id', '=', comment)
      .executeTakeFirstOrThrow()
    expect(record).toMatchObject({
      by_kind: 'visitor',
      words: expect.stringContaining('two cats'),
      clauses: ['IV.A.2.iv'],
    })
    expect(JSON.stringify(record)).not.toMatch(/pat@example\.org/)
    const contact = await db
      .selectFrom('comment_contact')
      .select('sealed')
      .where('comment', '=', comment)
      .executeTakeFirstOrThrow()
    expect(contact.sealed).not.toContain('pat@')
    const { threads } = await conversationUnder(installation, storm.publication.id, { token })
    expect(threads[0]?.first).toMatchObject({ id: comment, mine: true, editable: true })
    const others = await conversationUnder(installation, storm.publication.id)
    expect(others.threads[0]?.first).toMatchObject({ mine: false, editable: false })
  })

  test.each([
    ['nothing', '   \n', /Write your comment/],
    ['nothing that can be seen', '\u200b\u200d', /Write your comment/],
    ['3,001 characters', '😀'.repeat(3001), /3,000 characters. Yours has 3,001/],
    ['a NUL', 'a\0b', /can’t be kept/],
  ])('of %s is not taken, with a sentence beside the text', async (_, text, sentence) => {
    const { installation, submission } = here
    expect(await submitComment(installation, submission(text))).toHaveProperty(
      'problems.text',
      expect.stringMatching(sentence),
    )
  })

  test('of exactly 3,000 characters is taken, in any script', async () => {
    expect(await here.commented('😀'.repeat(3000))).toBeTruthy()
    expect(await here.commented('ありがとうございます', { name: '田中' })).toBeTruthy()
  })

  test('needs a name and a whole e-mail address or none', async () => {
    const { installation, submission } = here
    expect(
      await submitComment(installation, submission('Thanks!', { name: ' ', email: 'pat' })),
    ).toMatchObject({ problems: { name: expect.any(String), email: expect.any(String) } })
  })

  test('in the field that only programs see is answered as if taken, and nothing is kept', async () => {
    const { installation, submission } = here
    const before = await count()
    expect(
      await submitComment(installation, submission('Buy now', { honeypot: 'https://spam.example' })),
    ).toMatchObject({ done: { comment: null, token: expect.any(String) } })
    expect(await count()).toBe(before)
  })

  test('answers another in its thread, and no comment of another post', async () => {
    const { commented, publish, own, installation, submission } = here
    const first = await commented('Where is it?')
    const second = await commented('At the school.', { inReplyTo: first })
    const third = await commented('Which school?', { inReplyTo: second })
    expect(await here.commentRow(third)).toMatchObject({ thread: first, in_reply_to: second })
    const other = await publish('The parade begins at ten.', [own])
    expect(
      await submitComment(
        installation,
        submission('Hello', { publication: other.publication.id, inReplyTo: first }),
      ),
    ).toHaveProperty('problems.form')
    const { threads } = await conversationUnder(installation, here.storm.publication.id)
    const thread = threads.find((one) => one.first.id === first)
    expect(thread?.answers.map(({ id }) => id)).toEqual([second, third])
    expect(thread?.answers[1]?.inReplyTo).toMatchObject({ id: second })
  })

  test('is not taken where the page is another, the post is gone, or comments are off', async () => {
    const { installation, submission, page, own, publish, chief, db } = here
    expect(await submitComment(installation, submission('Hi', { page }))).toHaveProperty('problems.form')
    const gone = await publish('Roads are icy.', [own])
    await db
      .updateTable('publication')
      .set({ gone_at: new Date() })
      .where('id', '=', gone.publication.id)
      .execute()
    expect(
      await submitComment(installation, submission('Hi', { publication: gone.publication.id })),
    ).toHaveProperty('problems.form', expect.stringMatching(/taken down/))
    await db.updateTable('page').set({ comment_policy: 'off' }).where('id', '=', own).execute()
    expect(await submitComment(installation, submission('Hi'))).toHaveProperty(
      'problems.form',
      expect.stringMatching(/no comments/),
    )
    await db.updateTable('page').set({ comment_policy: 'open' }).where('id', '=', own).execute()
    expect(chief.id).toBeTruthy()
  })
})

describe('a flood from one address', () => {
  test('ends after five in a minute and thirty in an hour; no address is kept', async () => {
    const { installation, submission, setClock, db } = here
    const clientAddress = '198.51.100.7'
    const send = () => submitComment(installation, submission('Again', { clientAddress }))
    setClock(new Date('2026-06-01T10:00:05Z'))
    const first = await Promise.all(Array.from({ length: 8 }, send))
    expect(first.filter((answer) => 'done' in answer)).toHaveLength(5)
    for (let minute = 1; minute <= 5; minute++) {
      setClock(new Date(Date.UTC(2026, 5, 1, 10, minute)))
      for (let n = 0; n < 5; n++) await send()
    }
    setClock(new Date('2026-06-01T10:10:00Z'))
    expect(await send()).toHaveProperty('problems.form', expect.stringMatching(/an hour/))
    expect(
      'done' in (await submitComment(installation, submission('Me', { clientAddress: '198.51.100.8' }))),
    ).toBe(true)
    setClock(new Date('2026-06-01T11:00:01Z'))
    expect('done' in (await send())).toBe(true)
    const rows = await db.selectFrom('comment_rate').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('198.51')
    setClock(new Date('2026-06-01T15:00:00Z'))
    await sweep(installation)
    const left = await db
      .selectFrom('comment_rate')
      .select('begins_at')
      .where('begins_at', '<', new Date('2026-06-02'))
      .execute()
    expect(left).toEqual([])
  })
})

describe('its author', () => {
  test('changes it within ten minutes and both versions stay; not later, and nobody else', async () => {
    const { installation, submission, setClock, db } = here
    setClock(new Date('2026-07-01T10:00:00Z'))
    const { comment, token } = done(await submitComment(installation, submission('The shelter is ful.')))
    if (!comment) throw new Error('Not taken.')
    expect(await editComment(installation, comment, undefined, 'Hacked')).toHaveProperty('problems.form')
    expect(await editComment(installation, comment, 'x'.repeat(32), 'Hacked')).toHaveProperty('problems.form')
    setClock(new Date('2026-07-01T10:09:59Z'))
    done(await editComment(installation, comment, token, 'The shelter is full.'))
    setClock(new Date('2026-07-01T10:10:01Z'))
    expect(await editComment(installation, comment, token, 'Too late')).toHaveProperty(
      'problems.form',
      expect.stringMatching(/10 minutes/),
    )
    const versions = await db
      .selectFrom('comment_version')
      .select('text')
      .where('comment', '=', comment)
      .orderBy('version')
      .execute()
    expect(versions.map(({ text }) => text)).toEqual(['The shelter is ful.', 'The shelter is full.'])
    expect(await here.kindsOf(comment)).toEqual(['comment.capture', 'comment.edit'])
  })

  test('deletes it at any time; answers stay below a gap, and the record stays', async () => {
    const { installation, submission, commented, storm } = here
    const { comment, token } = done(await submitComment(installation, submission('My number is wrong.')))
    if (!comment) throw new Error('Not taken.')
    await commented('Which number?', { inReplyTo: comment })
    const before = (await commentCounts(here.db, [storm.publication.id])).get(storm.publication.id) ?? 0
    expect(await deleteComment(installation, comment, undefined)).toHaveProperty('problems.form')
    done(await deleteComment(installation, comment, token))
    expect(await deleteComment(installation, comment, token)).toHaveProperty('problems.form')
    const { threads } = await conversationUnder(installation, storm.publication.id)
    expect(threads.find((thread) => thread.first.id === comment)?.first).toMatchObject({
      standing: 'deleted',
      text: null,
    })
    expect((await commentCounts(here.db, [storm.publication.id])).get(storm.publication.id)).toBe(before - 1)
    expect(await here.kindsOf(comment)).toEqual(['comment.capture', 'comment.deletion'])
  })

  test('can’t change what was removed; readers see the reason and its clause instead', async () => {
    const { installation, submission, avery, storm } = here
    const { comment, token } = done(await submitComment(installation, submission('Cheap watches!')))
    if (!comment) throw new Error('Not taken.')
    done(await hideComment(installation, avery, comment, { revision: 1, reason: 'off-topic' }))
    expect(await editComment(installation, comment, token, 'Better watches')).toHaveProperty(
      'problems.form',
      expect.stringMatching(/removed/),
    )
    const { threads } = await conversationUnder(installation, storm.publication.id, { token })
    expect(threads.find((thread) => thread.first.id === comment)?.first).toMatchObject({
      standing: 'removed',
      text: null,
      removal: { reason: 'Off topic', clause: 'IV.A.2.iv.1' },
    })
  })

  test('pages through a long conversation without a gap or a double', async () => {
    const { installation, publish, own, commented } = here
    const { publication } = await publish('Tell us about your street.', [own])
    const at = new Date('2026-08-01T10:00:00Z')
    here.setClock(at)
    const written: string[] = []
    for (let n = 0; n < 11; n++) written.push(await commented(`Street ${n}`, { publication: publication.id }))
    const seen: string[] = []
    let after: string | null = null
    do {
      const page = await conversationUnder(installation, publication.id, { after, take: 4 })
      seen.push(...page.threads.map(({ first }) => first.id))
      after = page.next
    } while (after)
    expect(seen).toEqual(written.reverse())
  })
})
