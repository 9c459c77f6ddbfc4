import { append } from '../archive/archive.ts'
import {
  type Answer,
  consider,
  type Person,
  type Problems,
  problem,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { PageId } from '../storage/ids.ts'
import { sealedFor } from './account.ts'
import { asWhat } from './registration.ts'
import { connectionOf, lockPage, pageById } from './store.ts'

/**
 * Tries the account, and keeps how to reach it, sealed. A secret left empty keeps the one that is there: secrets are never
 * shown again, and so never sent to another service or account than the one they were typed for.
 */
export async function connectPage(
  installation: Installation,
  person: Person,
  id: PageId,
  typed: Readonly<Record<string, string>>,
): Promise<Answer<PageId>> {
  const { db, platforms, secrets, jobs } = installation
  const page = await pageById(db, id)
  if (!page) return problem('This page is not registered.')
  const platform = platforms.get(page.platform)
  const sealed = (await connectionOf(db, id)) ?? {}
  const kept = (name: string) => (sealed[name] ? secrets.open(sealed[name], sealedFor) : '')
  const given = (name: string) => typed[name]?.trim() ?? ''
  const elsewhere = platform.connectionFields.some(
    ({ name, secret }) => !secret && given(name) !== kept(name),
  )
  const fields: Record<string, string> = {}
  const problems: Problems = {}
  for (const { name, label, required, secret } of platform.connectionFields) {
    const value = given(name) || (secret && !elsewhere ? kept(name) : '')
    if (value) fields[name] = value
    else if (secret && kept(name))
      problems[name] = `Type it again: ${label}. The one that is kept was typed for what stood here before.`
    else if (required) problems[name] = `Fill in: ${label}.`
  }
  if (Object.keys(problems).length > 0) return { problems }

  const decision = await db
    .transaction()
    .execute((tx) => consider(tx, installation, person, 'page.connect', asWhat(page), id))
  if (!decision.allowed) return { denied: decision }
  const account = await platform.connect({ page: id, address: page.address, fields, fresh: true })
  if (account.outcome !== 'done') return problem(account.because)

  return db.transaction().execute(async (tx) => {
    await lockPage(tx, id)
    const row = {
      fields: JSON.stringify(
        Object.fromEntries(
          Object.entries(fields).map(([name, value]) => [name, secrets.seal(value, sealedFor)]),
        ),
      ),
      saved_by: person.id,
      saved_at: installation.now(),
    }
    await tx
      .insertInto('page_connection')
      .values({ page: id, ...row })
      .onConflict((conflict) => conflict.column('page').doUpdateSet(row))
      .execute()
    // Who connected which account is on record; the credentials are not.
    await append(tx, {
      at: installation.now(),
      kind: 'page.connection',
      subject: { kind: 'page', id },
      page: id,
      by: whoIs(person),
      decision,
      content: { handle: account.value.handle },
    })
    const waiting = await tx
      .updateTable('page_introduction')
      .set({ refused_because: null, trouble: null })
      .where('page', '=', id)
      .where('done_at', 'is', null)
      .returning('id')
      .execute()
    for (const { id: introduction } of waiting)
      await jobs.enqueue(tx, 'page.introduce', { introduction }, { key: introduction })
    return { done: id }
  })
}
