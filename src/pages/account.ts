import type { Installation } from '../installation.ts'
import type { Outcome, PlatformAccount } from '../platforms/contract.ts'
import type { PageId } from '../storage/ids.ts'
import { connectionOf, pageById } from './store.ts'

/** Fields are sealed for this purpose, so that a value copied from elsewhere does not open. */
export const sealedFor = 'page-connection'

/** Opens the account that a page is kept with. */
export async function openAccount(
  { db, platforms, secrets }: Pick<Installation, 'db' | 'platforms' | 'secrets'>,
  pageId: PageId,
): Promise<Outcome<PlatformAccount>> {
  const page = await pageById(db, pageId)
  if (!page) return { outcome: 'refused', because: 'This page is not registered.' }
  const platform = platforms.get(page.platform)
  const sealed = await connectionOf(db, pageId)
  if (!sealed && platform.connectionFields.some((field) => field.required))
    return { outcome: 'refused', because: `“${page.title}” is not connected. Open the page and connect it.` }

  const fields = Object.fromEntries(
    Object.entries(sealed ?? {}).map(([name, value]) => [name, secrets.open(value, sealedFor)]),
  )
  return platform.connect({ page: page.id, address: page.address, fields })
}
