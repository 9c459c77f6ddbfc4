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
  'language',
  'series',
  'held',
  'hold',
  'lookups',
] as const
export type Asked = Record<(typeof names)[number] | 'order' | 'after' | 'count', string>

export function askedIn(address: URLSearchParams): Asked {
  // One character more than a search may have, so that a longer one is answered and not cut.
  const text = (name: string) => (address.get(name) ?? '').replaceAll('\0', '').trim().slice(0, 401)
  return Object.fromEntries([...names, 'order', 'after', 'count'].map((name) => [name, text(name)])) as Asked
}

/** Whether anything is looked for; without it the screen lists the newest records. */
export const looksFor = (asked: Asked) => names.some((name) => asked[name] !== '')

/** The address of the same search with some of it changed; it begins on its first page, and is counted as usual. */
export function searchAddress(asked: Partial<Asked>, change: Partial<Asked> = {}): string {
  const { after: _, count: __, ...kept } = asked
  const all = Object.entries({ ...kept, ...change }).filter(([, value]) => value)
  return `/console/archive?${new URLSearchParams(all as [string, string][])}`
}

/** What of a search a hold can have as its condition, by the names of both forms. */
const holdable = {
  words: 'words',
  kind: 'kind',
  page: 'page',
  person: 'person',
  from: 'since',
  to: 'until',
} as const

/** The form for a hold on what was found; `wider` when it would cover more, as a hold lacks one of the conditions. */
export function holdOn(asked: Asked): { address: string; wider: boolean } | null {
  const conditions = Object.entries(holdable).flatMap(([name, condition]) =>
    asked[name as keyof typeof holdable] ? [[condition, asked[name as keyof typeof holdable]]] : [],
  )
  if (conditions.length === 0) return null
  return {
    address: `/console/retention/holds/new?${new URLSearchParams(conditions)}`,
    wider: names.some((name) => asked[name] !== '' && !(name in holdable)),
  }
}
