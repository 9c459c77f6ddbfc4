import { data, type RouterContextProvider } from 'react-router'
import { timeZoneHere, whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { isOpen } from '../../web/open-to.ts'
import { asWhat } from '../escalation.ts'
import { escalationById } from '../escalation-store.ts'

type Context = Readonly<RouterContextProvider>

/** The escalation of an address with what this person may do about it; otherwise an error page. */
export async function foundEscalation(context: Context, typed: string | undefined) {
  mustReadEscalations(context)
  const here = installation(context)
  const id = parseId<'escalation'>(typed)
  const [escalation, zone] = await Promise.all([
    id ? escalationById(here.db, id) : undefined,
    timeZoneHere(here.db),
  ])
  if (!escalation) throw data('Nothing was passed on under this address.', { status: 404 })
  const decision = here.policy.decide(whoIs(signedIn(context)), 'escalation.open', asWhat(escalation))
  if (!decision.allowed) throw data(`${decision.because} ${decision.wayForward}`, { status: 403 })
  const may = (action: 'escalation.acknowledge' | 'escalation.close' | 'escalation.withdraw') =>
    isOpen(context, asWhat(escalation), action)
  const open = !escalation.closed_at && !escalation.withdrawn_at
  return {
    escalation,
    decision,
    kind: here.policy.escalationKinds.find((one) => one.id === escalation.kind) ?? null,
    zone,
    moderates: isOpen(context, { type: 'Comment', id: escalation.comment }, 'comment.keep'),
    steps: {
      acknowledgement: open && !escalation.acknowledged_at && may('escalation.acknowledge'),
      closure: open && may('escalation.close'),
      withdrawal: open && !escalation.acknowledged_at && may('escalation.withdraw'),
    },
  }
}

/** What was passed on is for those who pass on and those who receive. */
export function mustReadEscalations(context: Context) {
  const decision = installation(context).policy.decide(whoIs(signedIn(context)), 'escalation.read', {
    type: 'Escalation',
    id: 'any',
  })
  if (!decision.allowed) throw data(`${decision.because} ${decision.wayForward}`, { status: 403 })
}
