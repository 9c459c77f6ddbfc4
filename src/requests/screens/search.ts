import { momentsOf, searchRecords } from '../../archive/archive.ts'
import type { Db } from '../../storage/database.ts'
import { parseId, type RecordId } from '../../storage/ids.ts'

type Query = Parameters<typeof searchRecords>[1]

/** What the search form of a collection holds, as it stands in the address. */
export interface Wanted {
  words: string
  page: string
  kind: string
  person: string
  from: string
  to: string
}

const names = ['words', 'page', 'kind', 'person', 'from', 'to'] as const

export function wantedIn(address: URLSearchParams | FormData): Wanted {
  const text = (name: string) =>
    String(address.get(name) ?? '')
      .trim()
      .slice(0, 400)
  return Object.fromEntries(names.map((name) => [name, text(name)])) as unknown as Wanted
}

export const isEmpty = (wanted: Wanted) => names.every((name) => wanted[name] === '')

/** The search as the archive takes it, its days by the clock of `zone`; what is no id or no day is left out. */
export function asQuery(wanted: Wanted, zone: string): Query {
  const { words, kind } = wanted
  const page = parseId<'page'>(wanted.page)
  const person = parseId<'person'>(wanted.person)
  return {
    ...(words ? { words } : {}),
    ...(page ? { page } : {}),
    ...(kind ? { kind } : {}),
    ...(person ? { person } : {}),
    ...momentsOf(wanted.from, wanted.to, zone),
  } as Query
}

/** The ids of all records found, up to `max`; `more` when there are others beyond it. */
export async function allFound(
  db: Db,
  query: Query,
  max: number,
): Promise<{ ids: RecordId[]; more: boolean }> {
  const ids: RecordId[] = []
  let after: Query['after']
  do {
    const found = await searchRecords(db, { ...query, ...(after ? { after } : {}) })
    ids.push(...found.records.map((one) => one.id))
    after = found.next ?? undefined
  } while (after && ids.length < max)
  return { ids: ids.slice(0, max), more: after !== undefined || ids.length > max }
}
