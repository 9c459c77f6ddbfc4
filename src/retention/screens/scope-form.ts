import { momentsOf, reversed } from '../../archive/archive.ts'
import { parseId } from '../../storage/ids.ts'
import type { ScopeConditions } from '../store.ts'

/** What a form says about the records that a hold is to cover, or a sentence beside the field that is wrong. */
export type ScopesRead = { scopes: ScopeConditions[] } | { problems: Record<string, string> }

/** Reads the conditions of a form. The conditions of one form belong together; each record named alone is covered, too. */
export function readScopes(form: FormData, zone: string): ScopesRead {
  const text = (name: string) =>
    String(form.get(name) ?? '')
      .trim()
      .slice(0, 500)
  const problems: Record<string, string> = {}
  const { from: since, to: until } = momentsOf(text('since'), text('until'), zone)
  for (const [name, moment] of Object.entries({ since, until }))
    if (text(name) && !moment) problems[name] = 'Enter a day like 2026-01-31.'
  const backwards = reversed(since, until)
  if (backwards) problems.until = backwards
  const [subjectKind, subjectId] = text('about').split('/')
  const conditions: Record<string, unknown> = {
    words: text('words'),
    mentions: text('mentions'),
    page: parseId<'page'>(text('page')),
    person: parseId<'person'>(text('person')),
    kind: text('kind'),
    since,
    until,
    ...(subjectKind && subjectId ? { subject_kind: subjectKind, subject_id: subjectId } : {}),
  }
  const given = Object.fromEntries(Object.entries(conditions).filter(([, value]) => value)) as ScopeConditions
  const records = String(form.get('records') ?? '')
    .split(/\s+/)
    .filter(Boolean)
    .map((line) => ({ line, id: parseId<'record'>(line.split('/').at(-1)) }))
  for (const { line, id } of records)
    if (!id)
      problems.records = `“${line.slice(0, 80)}” is no record. Copy the address of its screen, one a line.`
  if (Object.keys(problems).length > 0) return { problems }
  return {
    scopes: [
      ...(Object.keys(given).length > 0 ? [given] : []),
      ...records.map(({ id }): ScopeConditions => ({ record: id })),
    ],
  }
}
