import { parseId } from '../../storage/ids.ts'
import { momentsOf, type RecordQuery } from '../archive.ts'
import type { Asked } from './asked.ts'

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
    language: /^([a-z]{3}|unknown)$/.test(asked.language) ? asked.language : '',
    state: oneOf(asked.state, ['hidden', 'deleted']),
    held: asked.held === 'yes',
    heldBy: parseId<'hold'>(asked.hold),
    lookups: asked.lookups === 'yes',
    order: oneOf(asked.order, ['newest', 'oldest', 'relevance']),
  }
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value)) as RecordQuery
}

const oneOf = <Value extends string>(text: string, values: readonly Value[]): Value | undefined =>
  values.find((value) => value === text)
