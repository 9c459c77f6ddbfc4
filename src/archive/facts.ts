import { diffWordsWithSpace } from 'diff'
import { capital } from '../capital.ts'

/** One thing that a record's content says, under a name that can be read. */
export interface Fact {
  name: string
  value: string
}

/** A record's content as lines to read; what is empty is left out, what is nested stands under both its names. */
export function factsOf(content: Record<string, unknown>, under = ''): Fact[] {
  return Object.entries(content).flatMap(([key, value]) => {
    const name = under ? `${under}, ${spoken(key).toLowerCase()}` : spoken(key)
    if (value === null || value === '') return []
    if (typeof value === 'boolean') return [{ name, value: value ? 'Yes' : 'No' }]
    if (typeof value !== 'object') return [{ name, value: String(value) }]
    if (!Array.isArray(value)) return factsOf(value as Record<string, unknown>, name)
    if (value.every((one) => typeof one !== 'object'))
      return value.length > 0 ? [{ name, value: value.join(', ') }] : []
    return value.flatMap((one, n) => factsOf({ [String(n + 1)]: one }, name))
  })
}

/** 'remoteVersion' is 'Remote version'. */
function spoken(key: string): string {
  const words = key
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]/g, ' ')
    .toLowerCase()
  return capital(words)
}

/** A stretch of a text that stands in one version only, or in both. */
export interface Piece {
  text: string
  in: 'both' | 'before' | 'after'
}
export interface Change {
  name: string
  pieces: Piece[]
}

/** Longer texts are not compared: it would take the time of everybody else's pages. */
const longestCompared = 20_000

/** What reads otherwise in the later version, word by word. */
export function changesBetween(before: readonly Fact[], after: readonly Fact[]): Change[] {
  return after.flatMap(({ name, value }) => {
    const earlier = before.find((fact) => fact.name === name)?.value
    const long = value.length + (earlier?.length ?? 0) > longestCompared
    if (earlier === undefined || earlier === value || long || !/\s/.test(earlier + value)) return []
    const pieces = diffWordsWithSpace(earlier, value).map(
      ({ value: text, added, removed }): Piece => ({
        text,
        in: added ? 'after' : removed ? 'before' : 'both',
      }),
    )
    return [{ name, pieces }]
  })
}
