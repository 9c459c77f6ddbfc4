import type { RouterContextProvider } from 'react-router'
import { reversed } from '../../archive/archive.ts'
import { timeZoneHere } from '../../department/department.ts'
import { installation } from '../../web/context.ts'
import { officeCalendar, todayHere } from '../receipt.ts'
import { reportLines } from '../report.ts'
import { reportRows } from '../report-store.ts'
import { mustWorkOnRequests } from './found.ts'

/** The lines of the period that an address names; this calendar year when it names none. */
export async function reportOfPeriod(context: Readonly<RouterContextProvider>, url: string) {
  mustWorkOnRequests(context)
  const here = installation(context)
  const { db, policy } = here
  const [today, zone, calendar] = await Promise.all([
    todayHere(here),
    timeZoneHere(db),
    officeCalendar(db, policy),
  ])
  const address = new URL(url).searchParams
  const day = (name: string, otherwise: string) => {
    const typed = address.get(name) ?? ''
    return /^\d{4}-\d{2}-\d{2}$/.test(typed) && !Number.isNaN(Date.parse(typed)) ? typed : otherwise
  }
  const period = { from: day('from', `${today.slice(0, 4)}-01-01`), to: day('to', today) }
  const problem = reversed(period.from, period.to)
  return { period, problem, today, lines: reportLines(await reportRows(db, period, zone), calendar) }
}
