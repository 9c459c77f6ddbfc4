import { data, type RouterContextProvider } from 'react-router'
import { momentsOf, noteConsistency } from '../../archive/archive.ts'
import { timeZoneHere, whoIs } from '../../department/department.ts'
import { todayHere } from '../../requests/requests.ts'
import { installation, signedIn } from '../../web/context.ts'
import { consistencyOf } from '../consistency.ts'

/** The report of the period that an address names, this year's without one; that it was opened is on record. */
export async function consistencyAsked(context: Readonly<RouterContextProvider>, url: string) {
  const here = installation(context)
  const who = whoIs(signedIn(context))
  const decision = here.policy.decide(who, 'consistency.read', { type: 'Consistency', id: 'any' })
  if (!decision.allowed) throw data(`${decision.because} ${decision.wayForward}`, { status: 403 })
  const [today, zone] = await Promise.all([todayHere(here), timeZoneHere(here.db)])
  const address = new URL(url).searchParams
  const typed = {
    from: address.get('from') || `${today.slice(0, 4)}-01-01`,
    to: address.get('to') || today,
  }
  const { from, to } = momentsOf(typed.from, typed.to, zone)
  const problem =
    !from || !to ? 'Write days as year-month-day.' : from > to ? 'It ends before it begins.' : null
  if (!from || !to || problem) return { typed, problem, report: null }
  const report = await consistencyOf(here.db, { from, to }, zone)
  await noteConsistency(here.db, { by: who, decision, now: here.now() }, typed)
  return { typed, problem: null, report }
}
