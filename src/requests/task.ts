import { append } from '../archive/archive.ts'
import { type Answer, type Person, personById, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Db, Tx } from '../storage/database.ts'
import { type Id, newId, type PersonId, type RequestId } from '../storage/ids.ts'
import { changing, recordChange } from './response.ts'

export type TaskId = Id<'task'>

interface TaskTable {
  id: TaskId
  request_id: RequestId
  title: string
  assignee: PersonId
  due: string
  minutes: number | null
  by: PersonId
  at: Date
  done_by: PersonId | null
  done_at: Date | null
}

declare module '../storage/database.ts' {
  interface Tables {
    request_task: TaskTable
  }
}

export interface Task {
  id: TaskId
  request: RequestId
  number: string
  title: string
  assignee: PersonId
  assigneeName: string
  due: string
  minutes: number | null
  doneAt: Date | null
}

/** Gives a colleague something to do for a request. They find it under what waits for them. */
export const assignTask = (
  installation: Installation,
  person: Person,
  id: RequestId,
  wanted: { title: string; assignee: PersonId; due: string },
): Promise<Answer<null>> =>
  changing(installation, person, id, 'request.enter', async (change): Promise<Answer<null>> => {
    const { tx, today, at } = change
    const assignee = await personById(tx, wanted.assignee, at)
    if (!assignee) return { problems: { assignee: 'Choose somebody who works here.' } }
    if (wanted.due < today) return { problems: { due: 'This day is over. Choose a later one.' } }
    const task = newId<'task'>()
    await tx
      .insertInto('request_task')
      .values({
        id: task,
        request_id: id,
        title: wanted.title,
        assignee: wanted.assignee,
        due: wanted.due,
        minutes: null,
        by: person.id,
        at,
        done_by: null,
        done_at: null,
      })
      .execute()
    await recordChange(change, 'request.task', { task, ...wanted }, wanted.title)
    return { done: null }
  })

/** Says that a task is done, and how long it took. The one who has it may, and who answers requests. */
export async function finishTask(
  installation: Installation,
  person: Person,
  id: TaskId,
  minutes: number | null,
): Promise<Answer<null>> {
  const { db, policy } = installation
  const task = (await tasks(db).where('t.id', '=', id).execute())[0]
  if (!task) return { problems: { form: 'There is no such task.' } }
  const decision = policy.decide(whoIs(person), 'request.help', {
    type: 'Request',
    id: task.request,
    assigneeId: task.assignee,
  })
  if (!decision.allowed) return { denied: decision }
  const at = installation.now()
  return db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('request_task')
      .set({ done_by: person.id, done_at: at, minutes })
      .where('id', '=', id)
      .where('done_at', 'is', null)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return { problems: { form: 'This task was done already.' } }
    await append(tx, {
      kind: 'request.task-end',
      subject: { kind: 'request', id: task.request },
      by: whoIs(person),
      decision,
      content: { number: task.number, task: id, minutes },
      words: `${task.number} ${task.title}`,
      at,
    })
    return { done: null }
  })
}

const tasks = (db: Db | Tx) =>
  db
    .selectFrom('request_task as t')
    .innerJoin('person', 'person.id', 't.assignee')
    .innerJoin('request', 'request.id', 't.request_id')
    .select([
      't.id',
      't.request_id as request',
      'request.number',
      't.title',
      't.assignee',
      'person.name as assigneeName',
      't.due',
      't.minutes',
      't.done_at as doneAt',
    ])

/** The tasks of a request, those that wait first. */
export const tasksOf = (db: Db, request: RequestId): Promise<Task[]> =>
  tasks(db)
    .where('t.request_id', '=', request)
    .orderBy('t.done_at', (o) => o.asc().nullsFirst())
    .orderBy('t.due')
    .execute()

/** What waits for one person, the earliest first. */
export const openTasksOf = (db: Db, person: PersonId): Promise<Task[]> =>
  tasks(db)
    .where('t.assignee', '=', person)
    .where('t.done_at', 'is', null)
    .orderBy('t.due')
    .limit(50)
    .execute()

/** A task, for the screen of who has it. */
export async function taskById(db: Db, id: TaskId): Promise<Task | null> {
  return (await tasks(db).where('t.id', '=', id).execute())[0] ?? null
}
