import { beforeAll, describe, expect, test } from 'vitest'
import { nameDepartment } from '../../test/department.ts'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import type { CommentId } from '../storage/ids.ts'
import { submitComment } from './capture.ts'
import { conversationUnder } from './conversation.ts'
import { answerForDepartment, withdrawAnswer } from './department-answer.ts'
import { hideComment } from './moderation.ts'
import { remarkInThread } from './permalink.ts'
import { readQueue } from './queue.ts'
import { reportComment } from './report.ts'

let here: Awaited<ReturnType<typeof square>>
let department = ''
beforeAll(async () => {
  here = await square()
  await nameDepartment(here.db)
  department = (await here.db.selectFrom('department').select('name').executeTakeFirstOrThrow()).name
})
const answer = (to: CommentId, text: string, person = here.chief) =>
  answerForDepartment(here.installation, person, to, text)
const remark = (id: CommentId) => remarkInThread(here.installation, here.storm.publication.id, id)

describe('an answer of the department', () => {
  test('stands in the thread, is marked as the department’s and names who wrote it, with a record', async () => {
    const question = await here.commented('Is the shelter open at night?')
    const id = done(await answer(question, 'It is, from six to six.'))
    const thread = (await conversationUnder(here.installation, here.storm.publication.id)).threads.find(
      (one) => one.first.id === question,
    )
    expect(thread?.first.official).toBe(false)
    expect(thread?.answers).toMatchObject([{ id, official: true, mine: false, authorName: department }])
    expect(thread?.answers[0]?.text).toMatch(/^It is, from six to six\.\n\n— /)
    expect(thread?.answers[0]?.text).toContain(department)
    expect(await here.kindsOf(id)).toEqual(['comment.answer'])
    const { clauses } = await here.db
      .selectFrom('record')
      .select('clauses')
      .where('subject_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(clauses).toContain('IV.A.3.i.2')
  })

  test('comes from those who may speak for the department, and says nothing that screening stops', async () => {
    const question = await here.commented('Who robbed the store?')
    expect(await answer(question, 'We are looking into it.', here.avery)).toMatchObject({
      denied: { clauses: expect.arrayContaining(['IV.A.2.i']) },
    })
    expect(await answer(question, 'The man we arrested is guilty of the robbery.')).toMatchObject({
      problems: { text: expect.stringMatching(/“.*guilty/) },
    })
    expect(await answer(question, '  ')).toHaveProperty('problems.text')
    expect(await answer(question, 'x'.repeat(3000))).toHaveProperty('problems.text')
    expect((await remark(question))?.count).toBe(0)
  })

  test('is not moderated, reported or hidden; it is taken back, with a reason on record', async () => {
    const { installation, avery, chief } = here
    const question = await here.commented('When is the parade?')
    const id = done(await answer(question, 'On Sunday at noon.'))
    const { cards } = await readQueue(installation, avery.id, { state: 'all' }, 500)
    expect(cards.map((card) => card.id)).toContain(question)
    expect(cards.map((card) => card.id)).not.toContain(id)
    expect(await hideComment(installation, avery, id, { revision: 1, reason: 'obscenity' })).toHaveProperty(
      'problems.form',
    )
    const report = { reason: 'other', explanation: '', honeypot: '', clientAddress: '198.51.100.9' }
    expect(await reportComment(installation, id, report)).toHaveProperty('problems.form')

    expect(await withdrawAnswer(installation, chief, question, 'Wrong day.')).toHaveProperty('problems.form')
    expect(await withdrawAnswer(installation, chief, id, ' ')).toHaveProperty('problems.note')
    expect(await withdrawAnswer(installation, avery, id, 'Wrong day.')).toHaveProperty('denied')
    done(await withdrawAnswer(installation, chief, id, 'Wrong day.'))
    expect(await withdrawAnswer(installation, chief, id, 'Again.')).toHaveProperty('problems.form')
    expect((await remark(id))?.remark).toMatchObject({ standing: 'deleted', official: true, text: null })
    expect(await here.kindsOf(id)).toContain('comment.answer-withdrawal')
  })

  test('is for comments that stand on the own page', async () => {
    const { installation, avery } = here
    const elsewhere = await here.commentedThere('at://jo/1', 'Hello from elsewhere')
    expect(await answer(elsewhere.id, 'Hello.')).toMatchObject({
      problems: { form: expect.stringMatching(/Answer it there/) },
    })
    const gone = await here.commented('Cheap watches')
    done(await hideComment(installation, avery, gone, { revision: 1, reason: 'obscenity' }))
    expect(await answer(gone, 'No, thank you.')).toHaveProperty('problems.form')
  })

  test('can’t be imitated: no visitor takes the department’s name', async () => {
    const name = ` ${department.toUpperCase()}\u200b `
    expect(await submitComment(here.installation, here.submission('Hi', { name }))).toMatchObject({
      problems: { name: expect.stringMatching(/department’s own name/) },
    })
  })
})
