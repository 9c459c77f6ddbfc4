import { Link } from 'react-router'
import { opening } from '../../opening.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { When } from '../../web/components/when.tsx'
import { hindranceSentence } from '../rules.ts'
import type { Run, RunFile } from '../store.ts'
import { count, longDay } from './wording.ts'

/** What is on a run's list, what of it is kept after all, and what is gone. */
export function RunFiles({ run, files, zone }: { run: Run; files: readonly RunFile[]; zone: string }) {
  const open = run.state === 'proposed' || run.state === 'approved'
  const left = open || run.state === 'ordered' || run.state === 'running'
  const address = (file: RunFile) =>
    new URLSearchParams({ kind: file.subject_kind, thing: file.subject_id }).toString()
  return (
    <DataTable
      caption={`The list: ${count(run.counts.files, 'file')}, ${count(run.counts.records, 'record')}${
        run.counts.excepted
          ? `, ${run.counts.excepted.toLocaleString('en-US')} of the files kept after all`
          : ''
      }`}
      columns={[
        {
          key: 'what',
          title: 'File',
          render: (file: RunFile) =>
            file.record ? (
              <Link to={`/console/archive/${file.record}`}>
                {file.words ? opening(file.words, 140) : `A ${file.subject_kind}`}
              </Link>
            ) : (
              <>
                A {file.subject_kind} <span className="pv-quiet">{file.subject_id}</span>
              </>
            ),
        },
        { key: 'records', title: 'Records', render: (file) => file.records.toLocaleString('en-US') },
        { key: 'last', title: 'Last record', render: (file) => <When at={file.last_at} zone={zone} /> },
        { key: 'due', title: 'Due since', render: (file) => longDay(file.due_on) },
        {
          key: 'state',
          title: 'State',
          render: (file) =>
            file.exception ? (
              `Kept: ${file.exception}`
            ) : file.disposedAt ? (
              'Destroyed'
            ) : (
              <>
                {file.hindrance && left
                  ? `Stays as things are: ${hindranceSentence(file.hindrance)} `
                  : !open && 'On the list'}
                {open && (
                  <Link to={`/console/retention/dispositions/${run.id}/exception?${address(file)}`}>
                    Keep it
                  </Link>
                )}
              </>
            ),
        },
      ]}
      rows={files.map((file) => ({ ...file, id: `${file.subject_kind} ${file.subject_id}` }))}
    />
  )
}
