import { type Person, type TodayItem, whoIs } from '../department/department.ts'
import type { Policy } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'
import { asWhat } from './registration.ts'
import { allPages } from './store.ts'

/** The pages that wait for this person: to be decided on, corrected, or connected. */
export async function waitingFor(db: Db, person: Person, policy: Policy): Promise<TodayItem[]> {
  const pages = await allPages(db)
  const trouble = await db
    .selectFrom('page_introduction as i')
    .innerJoin('page', (join) =>
      join.onRef('page.id', '=', 'i.page').onRef('page.revision', '=', 'i.revision'),
    )
    .select(['i.page', 'i.refused_because', 'i.ordered_at'])
    .where('i.done_at', 'is', null)
    .where('i.refused_because', 'is not', null)
    .execute()
  const may = (action: 'page.approve' | 'page.connect', page: (typeof pages)[number]) =>
    policy.decide(whoIs(person), action, asWhat(page)).allowed

  return pages.flatMap((page) => {
    const href = `/console/pages/${page.id}`
    const item = (kind: string, detail: string, at: Date, to = href) => [
      { kind, title: page.title, detail, href: to, at },
    ]
    if (page.state === 'waiting' && may('page.approve', page))
      return item('page.approval', 'This page waits for approval.', page.registeredAt)
    if (page.state === 'refused' && page.registeredBy === person.id)
      return item('page.refusal', 'This page was refused. Read why, and change it.', page.registeredAt)
    const stuck = trouble.find((one) => one.page === page.id)
    if (stuck && page.state === 'approved' && may('page.connect', page))
      return item('page.connection', stuck.refused_because ?? '', stuck.ordered_at, `${href}/connection`)
    return []
  })
}
