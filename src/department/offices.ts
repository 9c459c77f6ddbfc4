import { z } from 'zod'
import { append } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import type { ActionName, What } from '../policy/policy.ts'
import type { Db, Tx } from '../storage/database.ts'
import { newId, type PersonId } from '../storage/ids.ts'
import { type Answer, consider } from './answer.ts'
import { clearFailures, endSessions } from './auth.ts'
import { type DepartmentForm, rowOf } from './joining.ts'
import { type Person, type Role, whoIs } from './people.ts'

type Here = Pick<Installation, 'db' | 'policy' | 'now'>

const date = z.iso.date('Enter a date.')
export const appointmentForm = z
  .object({ from_day: date, to_day: date })
  .refine((form) => form.to_day >= form.from_day, {
    path: ['to_day'],
    message: 'The last day cannot be before the first.',
  })

/** Does `change` and records it as `kind`, if the policy lets this person; a refusal is recorded instead. */
async function decided<Value>(
  here: Here,
  person: Person,
  action: ActionName,
  what: What,
  entry: { kind: string; subject: { kind: string; id: string }; content: object; words: string },
  change: (tx: Tx) => Promise<Value>,
): Promise<Answer<Value>> {
  const { db, now } = here
  return db.transaction().execute(async (tx) => {
    const decision = await consider(tx, here, person, action, what)
    if (!decision.allowed) return { denied: decision }
    const value = await change(tx)
    await append(tx, { ...entry, by: whoIs(person), decision, at: now() })
    return { done: value }
  })
}

/** Changes how the department presents itself. */
export const editDepartment = (here: Here, person: Person, form: DepartmentForm, seal?: string) =>
  decided(
    here,
    person,
    'department.edit',
    { type: 'Department', id: 'department' },
    {
      kind: 'department.edit',
      subject: { kind: 'department', id: 'department' },
      content: { ...rowOf(form), ...(seal ? { seal } : {}) },
      words: `${form.department} ${form.town}`,
    },
    async (tx) => {
      await tx
        .updateTable('department')
        .set({ ...rowOf(form), ...(seal ? { seal_blob: seal } : {}) })
        .execute()
    },
  )

/** Gives somebody other roles. */
export const setRoles = (here: Here, person: Person, of: Person, roles: readonly Role[]) =>
  decided(
    here,
    person,
    'person.setRoles',
    { type: 'Person', id: of.id },
    {
      kind: 'person.roles',
      subject: { kind: 'person', id: of.id },
      content: { name: of.name, before: of.roles, roles },
      words: of.name,
    },
    async (tx) => {
      await tx
        .updateTable('person')
        .set({ roles: [...roles] })
        .where('id', '=', of.id)
        .execute()
    },
  )

/** Lets somebody decide for the chief executive, from one day to another, both included. */
export function appointDesignee(
  here: Here,
  person: Person,
  of: Person,
  days: z.output<typeof appointmentForm>,
) {
  const id = newId()
  return decided(
    here,
    person,
    'designee.appoint',
    { type: 'Designation', id },
    {
      kind: 'designee.appointment',
      subject: { kind: 'person', id: of.id },
      content: { name: of.name, ...days },
      words: of.name,
    },
    async (tx) => {
      await tx
        .insertInto('designee_appointment')
        .values({
          id,
          person: of.id,
          ...days,
          appointed_by: person.id,
          appointed_at: here.now(),
          ended_at: null,
        })
        .execute()
    },
  )
}

/** Ends every appointment of somebody. */
export const endDesignee = (here: Here, person: Person, of: Person) =>
  decided(
    here,
    person,
    'designee.end',
    { type: 'Designation', id: of.id },
    {
      kind: 'designee.end',
      subject: { kind: 'person', id: of.id },
      content: { name: of.name },
      words: of.name,
    },
    async (tx) => {
      await tx
        .updateTable('designee_appointment')
        .set({ ended_at: here.now() })
        .where('person', '=', of.id)
        .where('ended_at', 'is', null)
        .execute()
      await tx.updateTable('person').set({ designee: false }).where('id', '=', of.id).execute()
    },
  )

/** Lets somebody sign in again before the pause after failed attempts is over. */
export const unlock = (here: Here, person: Person, of: Person) =>
  decided(
    here,
    person,
    'person.invite',
    { type: 'Person', id: of.id },
    {
      kind: 'person.unlock',
      subject: { kind: 'person', id: of.id },
      content: { name: of.name },
      words: of.name,
    },
    (tx) => clearFailures(tx, of.id),
  )

/** Ends somebody's work here: their sessions stop, their records stay. */
export const endPerson = (here: Here, person: Person, of: Person) =>
  decided(
    here,
    person,
    'person.setRoles',
    { type: 'Person', id: of.id },
    {
      kind: 'person.end',
      subject: { kind: 'person', id: of.id },
      content: { name: of.name },
      words: of.name,
    },
    async (tx) => {
      await tx.updateTable('person').set({ ended_at: here.now() }).where('id', '=', of.id).execute()
      await endSessions(tx, of.id)
    },
  )

/** Somebody's appointments, newest first. */
export const appointmentsOf = (db: Db, person: PersonId) =>
  db
    .selectFrom('designee_appointment')
    .select(['id', 'from_day', 'to_day', 'ended_at'])
    .where('person', '=', person)
    .orderBy('from_day', 'desc')
    .execute()
