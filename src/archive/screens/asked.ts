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
