import { data, type RouterContextProvider } from 'react-router'
import { whoIs } from '../../department/department.ts'
import type { Installation } from '../../installation.ts'
import type { Denied } from '../../policy/policy.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { type RecordsRequest, requestById } from '../store.ts'

type Context = Readonly<RouterContextProvider>

/** The request of an address, for somebody who may work on requests; otherwise an error page. */
export async function foundRequest(context: Context, typed: string | undefined): Promise<RecordsRequest> {
  mustWorkOnRequests(context)
  const id = parseId<'request'>(typed)
  const request = id && (await requestById(installation(context).db, id))
  if (!request)
    throw data('There is no such request. It may have been mistyped; the list shows all of them.', {
      status: 404,
    })
  return request
}

/** Requests are shown only to those who answer them. */
export function mustWorkOnRequests(context: Context) {
  const refusal = mayNot(installation(context), context)
  if (refusal) throw data(`${refusal.because} ${refusal.wayForward}`, { status: 403 })
}

function mayNot({ policy }: Installation, context: Context): Denied | null {
  const decision = policy.decide(whoIs(signedIn(context)), 'request.collect', { type: 'Request', id: 'any' })
  return decision.allowed ? null : decision
}

/** For an address whose record is in no collection of the request. */
export const notInCollection = () =>
  data('This record is not in the collection. Somebody may have taken it out.', { status: 404 })
