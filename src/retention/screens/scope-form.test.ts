import { describe, expect, test } from 'vitest'
import { newId } from '../../storage/ids.ts'
import { readScopes } from './scope-form.ts'

function typed(fields: Record<string, string>) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return readScopes(form, 'America/New_York')
}

describe('what a hold is to cover', () => {
  test('is one set of conditions, and each record that is named beside it', () => {
    const [first, second] = [newId(), newId()]
    expect(
      typed({
        words: ' storm ',
        kind: 'post',
        page: 'nonsense',
        about: `request/${first}`,
        records: `https://records.example/console/archive/${first}\n${second}`,
      }),
    ).toEqual({
      scopes: [
        { words: 'storm', kind: 'post', subject_kind: 'request', subject_id: first },
        { record: first },
        { record: second },
      ],
    })
  })
  test('from and to are whole days of the department', () => {
    expect(typed({ since: '2026-03-08', until: '2026-03-08' })).toEqual({
      // The clocks go forward on this day: it has 23 hours.
      scopes: [{ since: new Date('2026-03-08T05:00:00Z'), until: new Date('2026-03-09T03:59:59.999Z') }],
    })
  })
  test.each([
    [{ since: 'soon' }, 'since'],
    [{ until: '2026-02-30' }, 'until'],
    [{ since: '2026-03-09', until: '2026-03-08' }, 'until'],
    [{ records: 'the storm post' }, 'records'],
  ])('%j gets a sentence beside its field', (fields, field) => {
    expect(typed(fields as Record<string, string>)).toMatchObject({
      problems: { [field]: expect.any(String) },
    })
  })
  test('nothing is nothing', () => {
    expect(typed({ words: '  ' })).toEqual({ scopes: [] })
  })
})
