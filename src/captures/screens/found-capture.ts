import { data, type RouterContextProvider } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { type Capture, captureById } from '../store.ts'

type Context = Readonly<RouterContextProvider>

/** Captures are records: they are shown to those who read records. */
export function mustReadRecords(context: Context) {
  const { policy } = installation(context)
  const decision = policy.decide(whoIs(signedIn(context)), 'record.read', { type: 'Record', id: 'any' })
  if (!decision.allowed) throw data(`${decision.because} ${decision.wayForward}`, { status: 403 })
}

/** The capture of an address, for somebody who may see it; otherwise an error page. */
export async function foundCapture(context: Context, typed: string | undefined): Promise<Capture> {
  mustReadRecords(context)
  const id = parseId<'capture'>(typed)
  const found = id && (await captureById(installation(context).db, id))
  if (!found) throw data('There is no such capture. The list shows all of them.', { status: 404 })
  return found
}
