import { expect, test } from 'vitest'
import type { RecordText } from '../../archive/archive.ts'
import { loadPolicy } from '../../policy/policy.ts'
import { partsOf } from './redaction-parts.ts'
import { sizeInWords } from './size.ts'

const policy = await loadPolicy('policy/4.37')

test('a private number is suggested for redaction, the department’s own is not, however it is written', () => {
  const text = 'Call us at 508.555.0100. He can be reached at 508-555-0199.'
  const record = {
    content: { text },
    words: text,
    by: { kind: 'system' },
    blobs: [],
  } as unknown as RecordText
  const suggested = (contacts: string[]) =>
    partsOf(record, [], policy, contacts).texts.flatMap((part) => part.suggestions.map((one) => one.excerpt))
  expect(suggested([])).toEqual(['508.555.0100', '508-555-0199'])
  expect(suggested(['508-555-0100', 'records@cedarhollow.example'])).toEqual(['508-555-0199'])
})

test('a download counts what is in it, and says what is withheld as a whole', () => {
  const bytes = 511_000
  expect(sizeInWords({ records: 9, withheld: 2, bytes })).toBe('7 records (511 kB, tar, 2 more withheld)')
  expect(sizeInWords({ records: 1, withheld: 0, bytes })).toBe('1 record (511 kB, tar)')
})
