import type { Installation } from '../installation.ts'
import type { Outcome, PlatformAccount } from '../platforms/contract.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { PageId } from '../storage/ids.ts'
import { administratorsOf, connectionOf, type Page, pageById } from './store.ts'

/** Fields are sealed for this purpose, so that a value copied from elsewhere does not open. */
export const sealedFor = 'page-connection'

/** Opens the account that a page is kept with. */
export async function openAccount(
  { db, platforms, secrets }: Pick<Installation, 'db' | 'platforms' | 'secrets'>,
  which: Page | PageId,
): Promise<Outcome<PlatformAccount>> {
  const page = typeof which === 'string' ? await pageById(db, which) : which
  if (!page) return { outcome: 'refused', because: 'This page is not registered.' }
  const platform = platforms.get(page.platform)
  const sealed = await connectionOf(db, page.id)
  if (!sealed && platform.connectionFields.some((field) => field.required))
    return { outcome: 'refused', because: `“${page.title}” is not connected. Open the page and connect it.` }

  const fields = Object.fromEntries(
    Object.entries(sealed ?? {}).map(([name, value]) => [name, secrets.open(value, sealedFor)]),
  )
  return saysWho(db, page, await platform.connect({ page: page.id, address: page.address, fields }))
}

/** When the account no longer lets us in, the sentence names who can connect the page again. */
export async function saysWho<Ended extends Outcome<unknown>>(
  db: Db | Tx,
  page: Pick<Page, 'id' | 'title'>,
  outcome: Ended,
): Promise<Ended> {
  if (outcome.outcome !== 'refused' || !outcome.reconnect) return outcome
  const { reconnect: _, because, ...rest } = outcome
  const names = (await administratorsOf(db, page.id)).map(({ name }) => name)
  const who = names.length > 0 ? names.join(' or ') : 'Whoever looks after the page'
  return {
    ...rest,
    because: `${because} ${who} can connect “${page.title}” again, with a new password from the platform.`,
  } as Ended
}
