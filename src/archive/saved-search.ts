import { sql } from 'kysely'
import type { Policy, Who } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'
import { type Id, newId } from '../storage/ids.ts'
import { facetsOf, usuallyCounted } from './facets.ts'
import type { RecordQuery } from './narrowing.ts'

export type SavedSearchId = Id<'saved-search'>

/** A search that somebody keeps. */
export interface SavedSearch {
  id: SavedSearchId
  name: string
  /** Where its results are shown. */
  address: string
  alerts: boolean
  /** Records that match and came after the person last ran it, and when the first of them was noticed. */
  newMatches: number
  newSince: Date | null
}

const longestName = 80

/** Keeps a search under a name; the records that are in the log already count as known. */
export async function saveSearch(
  db: Db,
  wanted: { person: string; name: string; address: string; query: RecordQuery; alerts: boolean; now: Date },
): Promise<{ saved: SavedSearchId } | { problem: string }> {
  const name = wanted.name.trim()
  if (!name || name.length > longestName)
    return { problem: `Give the search a name of at most ${longestName} characters.` }
  const { after: _, limit: __, order: ___, ...query } = wanted.query
  const id = newId<'saved-search'>()
  const { rows } = await sql`
    insert into saved_search (id, person, name, address, query, alerts, saved_at, checked_to)
    select ${id}, ${wanted.person}, ${name}, ${wanted.address}, ${JSON.stringify(query)}::jsonb, ${wanted.alerts},
      ${wanted.now}, size from (${logSize}) as log
    on conflict (person, name) do nothing returning id`.execute(db)
  return rows.length > 0
    ? { saved: id }
    : { problem: `You have a search called “${name}” already. Choose another name, or delete that one.` }
}

/** Of records from this place of the log on it is not known yet what each hold covers. Null where none is in force. */
const coveredTo = sql`
  select min(coalesce(upto, 0)) as covered_to from hold_in_force h join hold_scope s on s.hold = h.id
  left join hold_coverage_progress p on p.scope = s.id`

const logSize = sql`select coalesce(max(position) + 1, 0) as size from log_entry`

export async function savedSearches(db: Db, person: string): Promise<SavedSearch[]> {
  const { rows } = await sql<SavedSearch>`
    select id, name, address, alerts, new_matches as "newMatches", new_since as "newSince"
    from saved_search where person = ${person} order by lower(name), id`.execute(db)
  return rows
}

/** Nobody changes another one's searches: all of these do nothing then. */
export async function deleteSearch(db: Db, person: string, id: SavedSearchId): Promise<void> {
  await sql`delete from saved_search where id = ${id} and person = ${person}`.execute(db)
}

export async function setAlerts(db: Db, person: string, id: SavedSearchId, alerts: boolean): Promise<void> {
  await sql`
    update saved_search set alerts = ${alerts}, ${allKnown} where id = ${id} and person = ${person}`.execute(
    db,
  )
}

/** The person runs it now: what there is counts as known. Answers with its address, or null when there is none. */
export async function readSearch(db: Db, person: string, id: SavedSearchId): Promise<string | null> {
  const { rows } = await sql<{ address: string }>`
    update saved_search set ${allKnown} where id = ${id} and person = ${person} returning address`.execute(db)
  return rows[0]?.address ?? null
}

const allKnown = sql`checked_to = (${logSize}), new_matches = 0, new_since = null`

/** Counts, for each search that alerts, what came into the log since it was last looked at. */
export async function checkSavedSearches(db: Db, now: Date): Promise<void> {
  const { rows } = await sql<{ id: SavedSearchId; query: RecordQuery; checkedTo: string; size: string }>`
    select id, query, checked_to as "checkedTo", to_position as size
    from saved_search, (${logSize}) as log, (${coveredTo}) as holds,
      lateral (select case when query ->> 'held' = 'true' or query ->> 'heldBy' is not null
        then least(size, covered_to) else size end as to_position) as known
    where alerts and checked_to < to_position`.execute(db)
  for (const { id, query, checkedTo, size } of rows) {
    const logged = { from: Number(checkedTo), to: Number(size) }
    const { found } = await facetsOf(db, { ...revived(query), logged }, 'UTC', usuallyCounted)
    // Whoever ran it in the meantime knows these records: then the place is another, and nothing is added.
    await sql`
      update saved_search set checked_to = ${size}, new_matches = new_matches + ${found},
        new_since = coalesce(new_since, case when ${found} > 0 then ${now}::timestamptz end)
      where id = ${id} and checked_to = ${checkedTo}`.execute(db)
  }
}

/** JSON has no dates. */
function revived({ from, to, ...query }: RecordQuery): RecordQuery {
  return { ...query, ...(from ? { from: new Date(from) } : {}), ...(to ? { to: new Date(to) } : {}) }
}

/** As Today lists what waits for a person. */
interface Waiting {
  kind: string
  title: string
  detail: string
  href: string
  at: Date
  due?: boolean
}

/** What a person's Today shows of their searches. */
export async function newMatches(db: Db, who: Who, policy: Pick<Policy, 'decide'>): Promise<Waiting[]> {
  const may = policy.decide(who, 'record.search', { type: 'Record', id: 'any' })
  if (!may.allowed || who.kind !== 'person') return []
  return (await savedSearches(db, who.id)).flatMap(({ name, newMatches: count, newSince }) =>
    newSince
      ? [
          {
            kind: 'saved-search',
            title: `${count.toLocaleString('en-US')} new ${count === 1 ? 'record matches' : 'records match'} ‘${name}’`,
            detail: 'One of your saved searches. Run it to read them.',
            href: `/console/archive/searches#${encodeURIComponent(name)}`,
            at: newSince,
          },
        ]
      : [],
  )
}
