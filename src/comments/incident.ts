import { append } from '../archive/archive.ts'
import {
  type Answer,
  consider,
  type Person,
  problem,
  type TodayItem,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { allPages } from '../pages/pages.ts'
import type { Decision, What } from '../policy/policy.ts'
import type { Db, Tx } from '../storage/database.ts'
import { newId, type PageId, parseId } from '../storage/ids.ts'
import { lockAuthor } from './block-store.ts'
import * as holds from './hold-store.ts'
import * as store from './incident-store.ts'

export interface Declaration {
  reason: string
  pages: readonly PageId[]
  hours: number
}

/** Declares an incident on some pages, with an end. By itself it changes nothing for visitors. */
export function declareIncident(
  installation: Installation,
  person: Person,
  { reason, pages, hours }: Declaration,
): Promise<Answer<string>> {
  return installation.db.transaction().execute<Answer<string>>(async (tx) => {
    const known = (await allPages(tx)).filter(({ id }) => pages.includes(id))
    if (known.length === 0) return { problems: { pages: 'Choose the pages that it is about.' } }
    const id = newId()
    const decision = await consider(tx, installation, person, 'incident.declare', {
      ...asIncident(id),
      hours,
      longestHours: installation.policy.incidents.longestHours,
    })
    if (!decision.allowed) return { denied: decision }
    const at = installation.now()
    const endsAt = new Date(at.getTime() + hours * 3_600_000)
    const row = { id, reason, by: person.id, at, ends_at: endsAt }
    await store.insertIncident(
      tx,
      row,
      known.map((page) => page.id),
    )
    await recordIncident(tx, 'incident.declaration', id, person, decision, at, {
      reason,
      pages: known.map((page) => page.id),
      endsAt: endsAt.toISOString(),
    })
    return { done: id }
  })
}

/** From now on a new author comments once in so many minutes on the incident's own pages: the same for all. */
export function slowNewAuthors(
  installation: Installation,
  person: Person,
  id: string,
  minutes: number,
): Promise<Answer<string>> {
  return whileOpen(installation, id, async (tx, open) => {
    const decision = await consider(tx, installation, person, 'incident.slow', {
      ...asIncident(id),
      minutes,
      longestMinutes: installation.policy.incidents.slowing.longestMinutes,
    })
    if (!decision.allowed) return { denied: decision }
    const pages = await store.pagesOf(tx, open.id)
    if (!pages.some((page) => isOurs(installation, page.platform)))
      return problem('None of its pages is the department’s own. A platform lets nobody slow authors there.')
    if ((await store.slowingsOf(tx, id)).some((one) => !one.ended_at))
      return problem('New authors are slowed already. End that first.')
    const at = installation.now()
    await store.insertSlowing(tx, { id: newId(), incident: id, minutes, by: person.id, at })
    await recordIncident(tx, 'incident.slowing', id, person, decision, at, { minutes })
    return { done: id }
  })
}

/** New authors comment as ever again. */
export function endSlowing(installation: Installation, person: Person, id: string): Promise<Answer<string>> {
  return whileOpen(installation, id, async (tx) => {
    const decision = await consider(tx, installation, person, 'incident.end', asIncident(id))
    if (!decision.allowed) return { denied: decision }
    const ended = await closeSlowing(tx, id, person, decision, installation.now())
    return ended ? { done: id } : problem('Nobody is slowed any more.')
  })
}

/** Ends an incident and all that was done in it. */
export function endIncident(installation: Installation, person: Person, id: string): Promise<Answer<string>> {
  return whileOpen(installation, id, async (tx) => {
    const decision = await consider(tx, installation, person, 'incident.end', asIncident(id))
    if (!decision.allowed) return { denied: decision }
    await close(tx, installation, id, person, decision)
    return { done: id }
  })
}

/** Ends the incidents whose time has come, each once, whichever process gets there first. */
export async function endIncidentsDue(installation: Installation): Promise<void> {
  const { db, now, policy } = installation
  for (const { id } of await store.incidentsDue(db, now(), 100))
    await db.transaction().execute(async (tx) => {
      const open = await store.lockIncident(tx, id)
      if (!open || open.ended_at) return
      await close(
        tx,
        installation,
        id,
        null,
        policy.decide({ kind: 'system' }, 'incident.end', asIncident(id)),
      )
    })
}

/** Whether this platform is our own page, where we decide when somebody comments and when it is shown. */
export const isOurs = ({ platforms }: Pick<Installation, 'platforms'>, platform: string): boolean =>
  platforms.get(platform).capabilities.comments === 'received'

/**
 * The slowing that a comment of this author comes too soon for, or null. Two comments of one author that come together
 * wait for each other here.
 */
export async function tooSoon(
  tx: Tx,
  { now }: Pick<Installation, 'now'>,
  page: PageId,
  author: string,
): Promise<{ slowing: string; because: string } | null> {
  const slowing = await store.slowingOn(tx, page, now())
  if (!slowing) return null
  await lockAuthor(tx, page, author)
  const minutes = minutesToWait(await store.authorsPast(tx, page, author), slowing.minutes, now())
  if (minutes === 0) return null
  await store.countSlowed(tx, slowing.id)
  return {
    slowing: slowing.id,
    because: `Many people are writing here just now. Until the department has read your first comment, you can send one every ${slowing.minutes} minutes, like everybody new. Please send this again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}. What you wrote is still here.`,
  }
}

/** Whole minutes until an author may comment again; 0 when they may now. It looks at nothing that they say. */
export function minutesToWait(
  past: { last: Date | null; kept: boolean },
  everyMinutes: number,
  now: Date,
): number {
  if (past.kept || !past.last) return 0
  return Math.max(0, Math.ceil(everyMinutes - (now.getTime() - past.last.getTime()) / 60_000))
}

/** How many comments came in how many minutes, when the pack says that this may be an incident and none was declared. */
export async function stormNow({
  db,
  policy,
  now,
}: Pick<Installation, 'policy' | 'now'> & { db: Db }): Promise<{ comments: number; minutes: number } | null> {
  const { comments, withinMinutes } = policy.incidents.suggest
  if (await store.anyOpen(db)) return null
  const count = await store.writtenSince(db, new Date(now().getTime() - withinMinutes * 60_000))
  return count >= comments ? { comments: count, minutes: withinMinutes } : null
}

/** Suggests declaring an incident to those who may; it is never declared without a person. */
export async function stormFor(installation: Installation, person: Person): Promise<TodayItem[]> {
  const { policy, now } = installation
  const may = policy.decide(whoIs(person), 'incident.declare', {
    ...asIncident('any'),
    hours: 1,
    longestHours: 1,
  })
  const storm = may.allowed ? await stormNow(installation) : null
  if (!storm) return []
  return [
    {
      kind: 'incident.suggestion',
      title: `${storm.comments.toLocaleString('en-US')} comments in ${storm.minutes} minutes`,
      detail: 'If this is a storm, declare an incident: it gives you measures with an end, and a summary.',
      href: '/console/incidents/new',
      at: now(),
    },
  ]
}

export const asIncident = (id: string): What => ({ type: 'Incident', id })

/** Locks an incident that goes on. One whose time is over has ended, whether the job has come by or not. */
export function whileOpen(
  { db, now }: Installation,
  id: string,
  then: (tx: Tx, open: { id: string; ends_at: Date }) => Promise<Answer<string>>,
): Promise<Answer<string>> {
  return db.transaction().execute<Answer<string>>(async (tx) => {
    const open = parseId(id) && (await store.lockIncident(tx, id))
    if (!open) return problem('There is no such incident.')
    return open.ended_at || open.ends_at <= now()
      ? problem('This incident has ended already.')
      : then(tx, open)
  })
}

async function close(
  tx: Tx,
  installation: Installation,
  id: string,
  by: Person | null,
  decision: Decision,
): Promise<void> {
  const at = installation.now()
  await closeSlowing(tx, id, by, decision, at)
  for (const hold of await holds.lockUnended(tx, id))
    await closeHold(tx, installation, id, hold, {
      by,
      cause: hold.endsAt <= at ? 'time' : 'incident',
      decision,
    })
  await store.markEnded(tx, id, by?.id ?? null, at)
  await recordIncident(tx, 'incident.end', id, by, decision, at, { cause: by ? 'by hand' : 'its time' })
}

/** Ends a locked hold and has shown what it held, in the caller's transaction. */
export async function closeHold(
  tx: Tx,
  { jobs, now }: Pick<Installation, 'jobs' | 'now'>,
  incident: string,
  { id, page }: { id: string; page: PageId },
  { by, cause, decision }: { by: Person | null; cause: 'time' | 'by hand' | 'incident'; decision: Decision },
): Promise<void> {
  const at = now()
  await holds.insertEnd(tx, { hold: id, cause, by: by?.id ?? null, at })
  await recordIncident(tx, 'incident.hold-end', incident, by, decision, at, { hold: id, cause }, page)
  await jobs.enqueue(tx, 'comment.release', {}, { key: `${id} ended` })
}

async function closeSlowing(
  tx: Tx,
  id: string,
  by: Person | null,
  decision: Decision,
  at: Date,
): Promise<boolean> {
  const ended = await store.endOpenSlowing(tx, id, by?.id ?? null, at)
  if (!ended) return false
  const { minutes, slowed } = ended
  await recordIncident(tx, 'incident.slowing-end', id, by, decision, at, { minutes, slowed })
  return true
}

/** A record of what was done in an incident, in the caller's transaction. */
export const recordIncident = (
  tx: Tx,
  kind: string,
  id: string,
  by: Person | null,
  decision: Decision,
  at: Date,
  content: Record<string, unknown>,
  page?: PageId,
) =>
  append(tx, {
    kind,
    subject: { kind: 'incident', id },
    page,
    by: by ? whoIs(by) : { kind: 'system' },
    decision,
    content,
    words: [content.reason, content.narrower].filter((words) => typeof words === 'string').join(' '),
    at,
  })
