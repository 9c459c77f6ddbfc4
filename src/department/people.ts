import type { Generated } from 'kysely'
import { sql } from 'kysely'
import type { Who } from '../policy/policy.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { PersonId } from '../storage/ids.ts'

/** The roles of the policy, with what people call them and what they do here. */
export const roles = [
  { id: 'chief-executive', title: 'Chief executive', does: 'Approves pages and posts, appoints designees.' },
  { id: 'pio', title: 'Public information officer', does: 'Registers pages, writes, reviews and publishes.' },
  { id: 'author', title: 'Author', does: 'Writes posts for approval.' },
  { id: 'moderator', title: 'Moderator', does: 'Decides on comments.' },
  { id: 'records-access-officer', title: 'Records access officer', does: 'Answers records requests.' },
  { id: 'investigator', title: 'Investigator', does: 'Uses social media in investigations.' },
  { id: 'background-searcher', title: 'Background searcher', does: 'Searches for background checks.' },
  { id: 'hiring-decision-maker', title: 'Hiring decision-maker', does: 'Decides on applicants.' },
  { id: 'supervisor', title: 'Supervisor', does: 'Leads a shift or a unit.' },
  { id: 'internal-affairs', title: 'Internal affairs', does: 'Looks into violations of the policy.' },
  { id: 'information-services', title: 'Information services', does: 'Runs this installation.' },
  { id: 'member', title: 'Member', does: 'Works for the department.' },
] as const
export type Role = (typeof roles)[number]['id']
/** What people call a role; the role itself when an earlier version of this list knew it. */
export const roleTitle = (id: string): string => roles.find((role) => role.id === id)?.title ?? id
export const roleIds: readonly string[] = roles.map((role) => role.id)

interface PersonTable {
  id: PersonId
  name: string
  email: string
  title: Generated<string>
  roles: Generated<string[]>
  designee: Generated<boolean>
  ended_at: Generated<Date | null>
  failures: Generated<number>
  locked_until: Generated<Date | null>
  email_verified: Generated<boolean>
  image: Generated<string | null>
  two_factor_enabled: Generated<boolean | null>
  joined_at: Generated<Date>
  changed_at: Generated<Date>
}
interface AppointmentTable {
  id: string
  person: PersonId
  from_day: string
  to_day: string
  appointed_by: PersonId
  appointed_at: Date
  ended_at: Date | null
}

declare module '../storage/database.ts' {
  interface Tables {
    person: PersonTable
    designee_appointment: AppointmentTable
  }
}

/** Somebody who works with Plainview. */
export interface Person {
  id: PersonId
  name: string
  email: string
  /** Rank or position: "Lt." */
  title: string
  roles: readonly Role[]
  /** Whether they decide for the chief executive today. */
  designee: boolean
}

export const whoIs = (person: Person): Who => ({
  kind: 'person',
  id: person.id,
  name: person.name,
  roles: [...person.roles],
  designee: person.designee,
})

/** Whether an appointment is in force on the department's calendar day of `now`. */
const designated = (now: Date) =>
  sql<boolean>`person.designee or exists (select from designee_appointment a
    where a.person = person.id and a.ended_at is null
      and (${now}::timestamptz at time zone coalesce((select time_zone from department), 'America/New_York'))::date
        between a.from_day and a.to_day)`

const select = (db: Db | Tx, now: Date) =>
  db
    .selectFrom('person')
    .select(['person.id', 'name', 'email', 'title'])
    .select(sql<Role[]>`roles`.as('roles'))
    .select(designated(now).as('designee'))

/** Somebody at work; null for who is unknown or has left. */
export async function personById(db: Db | Tx, id: PersonId, now = new Date()): Promise<Person | null> {
  const row = await select(db, now)
    .where('person.id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** Everybody at work, by name. */
export const people = (db: Db | Tx, now = new Date()): Promise<Person[]> =>
  select(db, now).where('ended_at', 'is', null).orderBy('name').execute()
