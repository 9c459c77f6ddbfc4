import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { whole } from '../../../test/whole.ts'
import type { RecordId } from '../../storage/ids.ts'
import type { ReleasedRecord } from './format.ts'
import { numbered } from './numbering.ts'
import { pdf } from './pdf.ts'

/** Words as people write them, and as nobody does. */
const words = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        'Thank you ',
        '积雪很深',
        '감사합니다 ',
        '👏🏽 ',
        '❤️',
        'नमस्ते ',
        'שלום ',
        '\u{20BB7}',
        '\n',
        '\r\n\t',
      ),
      fc.integer({ min: 1, max: 3000 }).map((length) => 'https://s.example/'.padEnd(length, 'Wi')),
      fc.integer({ min: 1, max: 60 }).map((lines) => 'Line\n'.repeat(lines)),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''))

test('as many pages are numbered as the PDF has, whatever the words', async () => {
  const aside = await mkdtemp(path.join(tmpdir(), 'plainview-numbering-'))
  onTestFinished(() => rm(aside, { recursive: true, force: true }))
  await fc.assert(
    fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 3 }), async (texts) => {
      const records = () => numbered(inTurn(texts.map(released)), '2026-0001', 'America/New_York')
      let last = ''
      for await (const one of records()) last = one.bates.at(-1) ?? ''
      const pages: string[] = []
      const production = {
        ...{ number: '2026-0001', department: 'Wexford Falls', orderedAt: new Date(0), records, aside },
        blobs: { read: noFile, bytes: noFile },
      }
      for await (const { content } of pdf.files(production)) {
        if (typeof content === 'string') throw new Error('A PDF is no text.')
        pages.push(...((await whole(content.stream)).toString('latin1').match(/\/Type \/Page\n/g) ?? []))
      }
      expect(pages).toHaveLength(Number(last.slice(-6)))
    }),
    { numRuns: 25 },
  )
})

async function* inTurn(records: readonly ReleasedRecord[]) {
  yield* records
}
const noFile = () => Promise.reject(new Error('No record here has a file.'))

function released(text: string): ReleasedRecord {
  const id = '0190a0b0-0000-7000-8000-000000000000' as RecordId
  return {
    form: 'whole',
    record: { id, kind: 'comment.capture', at: '2026-01-25T12:00:00.000Z', words: text, blobs: [] } as never,
    json: '{}',
    exemptions: [],
    place: `records/0000/${id}`,
    facts: { title: 'Comment', author: text.slice(0, 80), platform: '', page: '', url: '', postedAt: '' },
  }
}
