import { type RetentionSeries, seriesOf } from '../../policy/policy.ts'
import type { Count, Facets } from '../facets.ts'
import { kindTitle } from '../kinds.ts'
import type { Asked } from './asked.ts'
import type { Facet } from './facet-list.tsx'

/** What things are called that the archive knows by their ids. */
export interface Names {
  pages: readonly { id: string; title: string; platform: string }[]
  people: readonly { id: string; name: string }[]
  platforms: ReadonlyMap<string, string>
  series: readonly RetentionSeries[]
  languages: readonly { code: string; title: string }[]
}

/** The counts of a search under the names that people know. */
export function facetsShown(counts: Facets, asked: Asked, names: Names): Facet[] {
  const page = (id: string) => names.pages.find((one) => one.id === id)
  const platform = (kind: string) => names.platforms.get(kind) ?? kind
  const person = (id: string) => names.people.find((one) => one.id === id)?.name ?? 'Somebody who left'
  const series = (id: string) => names.series.find((one) => one.id === id)
  const language = (code: string) =>
    code === 'unknown' ? 'Not known' : (names.languages.find((one) => one.code === code)?.title ?? code)
  const facet = (
    name: keyof Asked,
    title: string,
    found: readonly Count[],
    label: (value: string) => string,
    change = (value: string): Partial<Asked> => ({ [name]: value }),
  ): Facet => ({
    name,
    title,
    choices: found.map(({ value, count }) => ({ label: label(value), count, change: change(value) })),
    chosen: asked[name] ? { label: label(asked[name]), change: { [name]: '' } } : null,
  })
  const withFiles = counts.files[0]?.count ?? 0
  const oneYear = counts.year.length === 1
  const days: Facet = {
    ...facet(
      'from',
      oneYear ? 'Month' : 'Year',
      oneYear ? counts.month : counts.year,
      monthOrYear,
      wholeSpan,
    ),
    chosen:
      (asked.from || asked.to) && (!oneYear || counts.month.length < 2)
        ? {
            label: `${asked.from || 'the beginning'} to ${asked.to || 'today'}`,
            change: { from: '', to: '' },
          }
        : null,
  }
  return [
    facet('kind', 'Kind', counts.kind, (kind) => kindTitle(kind)),
    facet('page', 'Page', counts.page, (id) => page(id)?.title ?? 'A page that is not registered'),
    facet(
      'platform',
      'Platform',
      summed(counts.page, (id) => page(id)?.platform),
      platform,
    ),
    facet('person', 'Person', counts.person, person),
    days,
    facet(
      'files',
      'Files',
      [
        { value: 'with', count: withFiles },
        { value: 'without', count: counts.found - withFiles },
      ].filter(({ count }) => count > 0),
      (value) => fileWords[value] ?? value,
    ),
    // A single state is a choice as well: it leaves out all that is shown.
    {
      ...facet('state', 'Hidden or deleted', counts.state, (state) => stateWords[state] ?? state),
      alone: true,
    },
    facet('language', 'Language', counts.language, language),
    facet(
      'series',
      'Retention series',
      summed(counts.kind, (kind) => seriesOf(names.series, kind).id),
      (id) => series(id)?.title ?? id,
    ),
  ]
}

const fileWords: Record<string, string> = {
  with: 'With files',
  without: 'Without files',
  image: 'With images',
  video: 'With videos',
}
const stateWords: Record<string, string> = {
  hidden: 'About what is hidden now',
  deleted: 'About what is deleted',
}

function summed(counts: readonly Count[], group: (value: string) => string | undefined): Count[] {
  const sums = new Map<string, number>()
  for (const { value, count } of counts) {
    const name = group(value)
    if (name) sums.set(name, (sums.get(name) ?? 0) + count)
  }
  return [...sums].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count)
}

const monthNames = new Intl.DateTimeFormat('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' })

const monthOrYear = (span: string) =>
  span.length === 7 ? monthNames.format(new Date(`${span}-01T00:00:00Z`)) : span

function wholeSpan(span: string): Partial<Asked> {
  if (span.length === 4) return { from: `${span}-01-01`, to: `${span}-12-31` }
  const [year = 0, month = 0] = span.split('-').map(Number)
  return { from: `${span}-01`, to: new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10) }
}
