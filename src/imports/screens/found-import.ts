import { data, type RouterContextProvider } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { type Import, importById } from '../store.ts'

type Context = Readonly<RouterContextProvider>

/** Imports are shown only to those who bring history in. */
export function mustSeeImports(context: Context) {
  const { policy } = installation(context)
  const decision = policy.decide(whoIs(signedIn(context)), 'import.read', { type: 'Import', id: 'any' })
  if (!decision.allowed) throw data(`${decision.because} ${decision.wayForward}`, { status: 403 })
}

/** The import of an address, for somebody who may see it; otherwise an error page. */
export async function foundImport(context: Context, typed: string | undefined): Promise<Import> {
  mustSeeImports(context)
  const id = parseId<'import'>(typed)
  const found = id && (await importById(installation(context).db, id))
  if (!found) throw data('There is no such import. The list shows all of them.', { status: 404 })
  return found
}
