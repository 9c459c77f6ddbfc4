import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { append } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'
import type { Db } from '../storage/database.ts'
import { newId, type PersonId } from '../storage/ids.ts'
import { type Answer, recordRefusal } from './answer.ts'
import { type Person, type Role, roleIds, whoIs } from './people.ts'

interface LinkTable {
  digest: string
  issued_at: Date
  expires_at: Date
  used_at: Date | null
}
interface InvitationTable {
  id: string
  email: string
  name: string
  title: string
  roles: string[]
  digest: string
  invited_by: PersonId | null
  invited_at: Date
  expires_at: Date
  used_at: Date | null
  withdrawn_at: Date | null
}

declare module '../storage/database.ts' {
  interface Tables {
    set_up_link: LinkTable
    invitation: InvitationTable
  }
}

type Here = Pick<Installation, 'db' | 'policy' | 'secrets' | 'now' | 'auth'>

const day = 86_400_000
const linkDays = 1
const invitationDays = 7
const hasPassed = 'This link is not valid any more. Ask whoever gave it to you for a new one.'

const newToken = () => randomBytes(24).toString('base64url')

/** A list of the passwords that everybody tries first would be long; these are the shapes of most of them. */
const common = /^(.)\1+$|password|passwort|qwerty|letmein|12345678|plainview|police123|changeme/i

export const password = z
  .string()
  .min(12, 'Take at least 12 characters. Four words are good.')
  .max(200, 'Take at most 200 characters.')
  .refine((text) => !common.test(text), 'This is among the first that anybody would try. Take another one.')
const line = (what: string) => z.string().trim().min(1, `Enter ${what}.`).max(200, 'This is too long.')
const email = z.string().trim().toLowerCase().pipe(z.email('Enter an address like name@town.gov.'))
const web = z
  .string()
  .trim()
  .pipe(z.url({ protocol: /^https?$/, error: 'Enter an address like https://town.gov.' }))
const zone = z.string().refine((name) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en-US', { timeZone: name }))
  } catch {
    return false
  }
}, 'Choose a time zone.')

export const departmentForm = z.object({
  department: line('the department’s name'),
  town: line('the town'),
  time_zone: zone,
  website: web,
  contact_phone: z.string().trim().max(60, 'This is too long.').default(''),
  contact_email: z.union([z.literal(''), email]).default(''),
  contact_address: z.string().trim().max(300, 'This is too long.').default(''),
})
export type DepartmentForm = z.output<typeof departmentForm>
export const setUpForm = departmentForm.extend({
  name: line('your name'),
  title: z.string().trim().max(60, 'This is too long.').default(''),
  email,
  password,
})
const someRoles = z
  .union([z.string().transform((one) => [one]), z.array(z.string())])
  .default([])
  .transform((names) => names.filter((name): name is Role => roleIds.includes(name)))
  .refine((names) => names.length > 0, 'Choose at least one role.')
export const invitationForm = z.object({
  name: line('the name'),
  title: z.string().trim().max(60, 'This is too long.').default(''),
  email,
  roles: someRoles,
})
export const rolesForm = z.object({ roles: someRoles })

/** A new link for the first run, or null when the department is set up. Earlier links end. */
export async function issueSetUpLink({
  db,
  secrets,
  now,
}: Pick<Here, 'db' | 'secrets' | 'now'>): Promise<string | null> {
  if (await isSetUp(db)) return null
  const token = newToken()
  const at = now()
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('set_up_link').where('used_at', 'is', null).execute()
    await tx
      .insertInto('set_up_link')
      .values({
        digest: secrets.digest(token, 'set-up link'),
        issued_at: at,
        expires_at: new Date(at.getTime() + linkDays * day),
        used_at: null,
      })
      .execute()
  })
  return token
}

const isSetUp = async (db: Db) =>
  (await db.selectFrom('department').select('name').executeTakeFirst()) !== undefined

export async function setUpLinkIsGood({ db, secrets, now }: Here, token: string): Promise<boolean> {
  const link = await db
    .selectFrom('set_up_link')
    .select('digest')
    .where('digest', '=', secrets.digest(token, 'set-up link'))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now())
    .executeTakeFirst()
  return link !== undefined && !(await isSetUp(db))
}

/** Sets the department up, once, with its chief executive. */
export async function setUp(
  here: Here,
  token: string,
  form: z.output<typeof setUpForm>,
): Promise<Answer<PersonId>> {
  const { db, secrets, policy } = here
  const at = here.now()
  const by = { kind: 'system' } as const
  const decision = policy.decide(by, 'department.edit', { type: 'Department', id: 'department' })
  if (!decision.allowed) return { denied: decision }
  return db.transaction().execute(async (tx) => {
    const used = await tx
      .updateTable('set_up_link')
      .set({ used_at: at })
      .where('digest', '=', secrets.digest(token, 'set-up link'))
      .where('used_at', 'is', null)
      .where('expires_at', '>', at)
      .executeTakeFirst()
    if (Number(used.numUpdatedRows) !== 1) return { problems: { form: hasPassed } }
    await tx
      .insertInto('department')
      .values({ ...rowOf(form), seal_blob: null, set_up_at: at })
      .execute()
    const roles: Role[] = ['chief-executive', 'information-services']
    const id = await addPerson(tx, here, { ...form, roles })
    await append(tx, {
      kind: 'department.setup',
      subject: { kind: 'department', id: 'department' },
      by,
      decision,
      content: { ...rowOf(form), policy: policy.id, chief: { id, name: form.name, roles } },
      words: `${form.department} ${form.town} ${form.name}`,
      at,
    })
    return { done: id }
  })
}

export const rowOf = (form: DepartmentForm) => ({
  name: form.department,
  town: form.town,
  time_zone: form.time_zone,
  website: form.website,
  contact_phone: form.contact_phone,
  contact_email: form.contact_email,
  contact_address: form.contact_address,
})

async function addPerson(
  tx: Parameters<Here['auth']['setPassword']>[0],
  { auth }: Here,
  person: { name: string; title: string; email: string; roles: readonly Role[]; password: string },
): Promise<PersonId> {
  const id = newId<'person'>()
  const { name, title, email, roles } = person
  await tx
    .insertInto('person')
    .values({ id, name, title, email, roles: [...roles] })
    .execute()
  await auth.setPassword(tx, id, person.password)
  return id
}

/**
 * Lets somebody whose work had ended in again, with what they are invited as; null when nobody with this address was
 * here. Their second factor stays, so that an old mailbox alone opens nothing; what they were appointed to is over.
 */
async function takeBack(
  tx: Parameters<Here['auth']['setPassword']>[0],
  { auth, now }: Here,
  { name, title, email, roles, password: secret }: Parameters<typeof addPerson>[2],
): Promise<PersonId | null> {
  const back = await tx
    .updateTable('person')
    .set({ name, title, roles: [...roles], designee: false, ended_at: null })
    .where('email', '=', email)
    .where('ended_at', 'is not', null)
    .returning('id')
    .executeTakeFirst()
  if (!back) return null
  await tx
    .updateTable('designee_appointment')
    .set({ ended_at: now() })
    .where('person', '=', back.id)
    .where('ended_at', 'is', null)
    .execute()
  await auth.setPassword(tx, back.id, secret)
  return back.id
}

/** Invites somebody by a link, which the answer holds and nothing keeps. `person` is null on the command line. */
export async function invite(
  here: Here,
  person: Person | null,
  form: z.output<typeof invitationForm>,
): Promise<Answer<string>> {
  const { db, secrets, policy } = here
  const at = here.now()
  const by = person ? whoIs(person) : ({ kind: 'system' } as const)
  const id = newId()
  const token = newToken()
  return db.transaction().execute(async (tx) => {
    for (const action of ['person.invite', 'person.setRoles'] as const) {
      // Inviting gives roles; only who may set them gives more than membership.
      if (action === 'person.setRoles' && form.roles.every((role) => role === 'member')) continue
      const decision = policy.decide(by, action, { type: 'Person', id })
      if (!decision.allowed) {
        await recordRefusal(tx, by, decision, { type: 'Person', id }, { at })
        return { denied: decision }
      }
    }
    const known = await tx
      .selectFrom('person')
      .select(['name', 'ended_at'])
      .where('email', '=', form.email)
      .executeTakeFirst()
    if (known && !known.ended_at)
      return { problems: { email: 'Somebody with this address is here already.' } }
    // Whoever comes back is the same person in every record, and to every rule about who had a part in something.
    if (known && known.name.toLowerCase() !== form.name.toLowerCase())
      return {
        problems: {
          email: `This is the address of ${known.name}, whose work here has ended. If they come back, enter that name; for somebody else, take another address.`,
        },
      }
    // A second invitation replaces the first: its link may have been lost.
    await tx
      .updateTable('invitation')
      .set({ withdrawn_at: at })
      .where('email', '=', form.email)
      .where('used_at', 'is', null)
      .where('withdrawn_at', 'is', null)
      .execute()
    await tx
      .insertInto('invitation')
      .values({
        ...form,
        id,
        digest: secrets.digest(token, 'invitation'),
        invited_by: person?.id ?? null,
        invited_at: at,
        expires_at: new Date(at.getTime() + invitationDays * day),
        used_at: null,
        withdrawn_at: null,
      })
      .execute()
    await append(tx, {
      kind: 'person.invitation',
      subject: { kind: 'invitation', id },
      by,
      decision: policy.decide(by, 'person.invite', { type: 'Person', id }),
      content: { name: form.name, title: form.title, roles: form.roles },
      words: form.name,
      at,
    })
    return { done: token }
  })
}

/** The open invitation behind a link, or null. */
export async function invitationOf({ db, secrets, now }: Here, token: string) {
  const row = await db
    .selectFrom('invitation')
    .select(['id', 'name', 'title', 'email', 'roles'])
    .where('digest', '=', secrets.digest(token, 'invitation'))
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', now())
    .executeTakeFirst()
  return row ?? null
}

/** Makes the invited person's account; a link works once. */
export async function acceptInvitation(here: Here, token: string, secret: string): Promise<Answer<string>> {
  const at = here.now()
  const found = await invitationOf(here, token)
  if (!found) return { problems: { form: hasPassed } }
  return here.db.transaction().execute(async (tx) => {
    const used = await tx
      .updateTable('invitation')
      .set({ used_at: at })
      .where('id', '=', found.id)
      .where('used_at', 'is', null)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirst()
    if (Number(used.numUpdatedRows) !== 1) return { problems: { form: hasPassed } }
    const roles = found.roles as Role[]
    const person = { ...found, roles, password: secret }
    const id = (await takeBack(tx, here, person)) ?? (await addPerson(tx, here, person))
    await append(tx, {
      kind: 'person.joining',
      subject: { kind: 'person', id },
      by: { kind: 'person', id, name: found.name, roles, designee: false },
      content: { name: found.name, title: found.title, roles, invitation: found.id },
      words: found.name,
      at,
    })
    return { done: found.email }
  })
}
