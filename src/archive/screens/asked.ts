import { parseId } from '../../storage/ids.ts'
import type { RecordQuery } from '../archive.ts'
// Not through the archive's public file: the browser needs this one too, and not what the server does.
import { momentsOf } from '../days.ts'

/** What the search's form and its facets hold, by their names in the address. */
const names = [
  'words',
  'kind',
  'page',
  'platform',
  'person',
  'from',
  'to',
  'files',
  'state',
  'series',
  'held',
  'hold',
  'lookups',
] as const
export type Asked = Record<(typeof names)[number] | 'order' | 'after', string>

export function askedIn(address: URLSearchParams): Asked {
  // One character more than a search may have, so that a longer one is answered and not cut.
  const text = (name: string) => (address.get(name) ?? '').replaceAll('\0', '').trim().slice(0, 401)
  return Object.fromEntries([...names, 'order', 'after'].map((name) => [name, text(name)])) as Asked
}

/** Whether anything is looked for; without it the screen lists the newest records. */
export const looksFor = (asked: Asked) => names.some((name) => asked[name] !== '')

/** The address of the same search with some of it changed; it begins on its first page. */
export function searchAddress(asked: Partial<Asked>, change: Partial<Asked> = {}): string {
  const { after: _, ...kept } = asked
  const all = Object.entries({ ...kept, ...change }).filter(([, value]) => value)
  return `/console/archive?${new URLSearchParams(all as [string, string][])}`
}

const oneOf = <Value extends string>(text: string, values: readonly Value[]): Value | undefined =>
  values.find((value) => value === text)

/** The search as the archive takes it, its days by the clock of `zone`; what can't be is left out. */
export function recordQuery(asked: Asked, zone: string): RecordQuery {
  const { words, kind, platform, series, after } = asked
  const query = {
    words,
    kind,
    platform,
    series,
    after,
    page: parseId<'page'>(asked.page),
    person: parseId<'person'>(asked.person),
    ...momentsOf(asked.from, asked.to, zone),
    files: oneOf(asked.files, ['with', 'without', 'image', 'video']),
    state: oneOf(asked.state, ['hidden', 'deleted']),
    held: asked.held === 'yes',
    heldBy: parseId<'hold'>(asked.hold),
    lookups: asked.lookups === 'yes',
    order: oneOf(asked.order, ['newest', 'oldest', 'relevance']),
  }
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value)) as RecordQuery
}
