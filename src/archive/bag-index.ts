import { csvLine as line } from './csv-line.ts'
import type { RecordText } from './record.ts'
import type { Statement } from './redaction.ts'

export const csvHeader = line(['id', 'kind', 'at', 'by', 'subject', 'page', 'words', 'files', 'form', 'path'])

/** What the index says of a record. */
export interface Listed
  extends Pick<RecordText, 'id' | 'kind' | 'at' | 'subject' | 'page' | 'words' | 'blobs'> {
  by: { kind: string; name?: string | null }
}

/** The line of one record, whose files begin with `place` (without the extension). */
export const csvRow = (record: Listed, place: string): string =>
  line([
    record.id,
    record.kind,
    record.at,
    record.by.name || record.by.kind,
    `${record.subject.kind} ${record.subject.id}`,
    record.page ?? '',
    record.words,
    record.blobs.flatMap((blob) => blob.sha256 ?? []).join(' '),
    'redacted' in record ? 'redacted' : 'whole',
    place,
  ])

export const withheldHeader = line([
  'record',
  'kind',
  'at',
  'withheld',
  'exemptions',
  'law',
  'why',
  'passages',
  'areas',
  'files',
  'log position',
])

const withheldCells = ({ content }: { content: Record<string, unknown> }): string[] => {
  const { original, form, exemptions, law, why, removed } = content as unknown as Statement
  return [
    original.record,
    original.kind,
    original.at,
    form === 'withheld' ? 'the whole record' : 'parts',
    exemptions.map((letter) => `(${letter})`).join(' '),
    law,
    why,
    String(removed.passages),
    String(removed.areas),
    String(removed.files),
    String(original.position),
  ]
}

/** The line that a statement about a redaction has in the log of what is withheld. */
export const withheldRow = (statement: RecordText): string => line(withheldCells(statement))

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)

/** The log of what is withheld, to read and to print. It needs nothing but itself. */
export function withheldPage(statements: readonly RecordText[]): string {
  const rows = statements.map((one) => {
    const [record, kind, at, form, exemptions, law, why, passages, areas, files] =
      withheldCells(one).map(escaped)
    const removed = [
      `passages of text: ${passages}`,
      `areas of images or video: ${areas}`,
      `files: ${files}`,
    ].filter((part) => !part.endsWith(': 0'))
    const what = form === 'parts' ? removed.join('<br>') : form
    return `<tr><td>${at?.slice(0, 10)}<br>${kind}<br><small>${record}</small></td><td>${what}</td><td>${exemptions}<br><small>${law}</small></td><td>${why}</td></tr>`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>What is withheld</title>
<style>body{font:1rem/1.4 sans-serif;margin:2rem}table{border-collapse:collapse;width:100%}td,th{border:1px solid #888;padding:.4rem;text-align:left;vertical-align:top}small{color:#444}</style></head>
<body><h1>What is withheld from this production</h1>
<p>Each line is a record of which something was withheld, the exemption that allows it, and why it applies.</p>
<table><thead><tr><th>Record</th><th>Withheld</th><th>Exemption</th><th>Why it applies</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></body></html>
`
}
