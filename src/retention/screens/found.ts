import { data, type RouterContextProvider } from 'react-router'
import { timeZoneHere, whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { type Hold, holdById, type Run, runById } from '../store.ts'

type Context = Readonly<RouterContextProvider>

/** Holds and retention are shown only to those who work with them. */
export function mustReadRetention(context: Context) {
  const { policy } = installation(context)
  const decision = policy.decide(whoIs(signedIn(context)), 'retention.read', { type: 'Retention', id: 'any' })
  if (!decision.allowed) throw data(`${decision.because} ${decision.wayForward}`, { status: 403 })
}

/** The hold of an address, or an error page. */
export async function foundHold(context: Context, typed: string | undefined): Promise<Hold> {
  mustReadRetention(context)
  const id = parseId<'hold'>(typed)
  const hold = id && (await holdById(installation(context).db, id))
  if (!hold) throw data('There is no such hold. The list shows all of them.', { status: 404 })
  return hold
}

/** The run of an address, or an error page. */
export async function foundRun(context: Context, typed: string | undefined): Promise<Run> {
  mustReadRetention(context)
  const id = parseId<'disposition'>(typed)
  const run = id && (await runById(installation(context).db, id))
  if (!run) throw data('There is no such disposition. The list shows all of them.', { status: 404 })
  return run
}

export const zoneOf = (context: Context): Promise<string> => timeZoneHere(installation(context).db)
