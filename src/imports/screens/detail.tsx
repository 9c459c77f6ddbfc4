import { Link } from 'react-router'
import { recordsAbout } from '../../archive/archive.ts'
import { timeZoneHere } from '../../department/department.ts'
import { Notice } from '../../web/components/notice.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { installation } from '../../web/context.ts'
import { useLookAgain } from '../../web/look-again.ts'
import { remarkCounts, remarksOf } from '../store.ts'
import { recordsIn } from '../tally.ts'
import type { Route } from './+types/detail'
import { foundImport } from './found-import.ts'
import { ImportStateTag, whatItIs } from './import-state.tsx'
import { ImportFacts, NotTakenOver } from './report-parts.tsx'

const shown = 50

export async function loader({ params, context }: Route.LoaderArgs) {
  const found = await foundImport(context, params.id)
  const { db } = installation(context)
  const [records, remarks, counts, zone] = await Promise.all([
    recordsAbout(db, { kind: 'import', id: found.id }),
    remarksOf(db, found.id, shown),
    remarkCounts(db, found.id),
    timeZoneHere(db),
  ])
  const { decision: _, place: __, fingerprint: ___, ...facts } = found
  return { found: facts, records, remarks, counts, zone }
}

export default function ImportDetail({ loaderData }: Route.ComponentProps) {
  const { found, records, remarks, counts, zone } = loaderData
  const open = found.state === 'waiting' || found.state === 'running'
  const here = `/console/imports/${found.id}`
  useLookAgain(open)
  return (
    <>
      <PageHeading title={found.fileName} lead={whatItIs(found.what, found.state)}>
        {open && (
          <Link className="usa-button usa-button--outline" to={`${here}/cancellation`}>
            Cancel
          </Link>
        )}
        <a className="usa-button usa-button--outline" href={`${here}/report.csv`} download>
          Report (CSV)
        </a>
      </PageHeading>
      <p>
        <ImportStateTag state={found.state} />
      </p>
      {found.refusedBecause && (
        <Notice tone="error">
          {found.refusedBecause}
          {recordsIn(found.tally) > 0 && ' What was read before is in the archive and stays there.'}
        </Notice>
      )}
      {open && found.trouble && <Notice tone="warning">{found.trouble}</Notice>}
      {open && (
        <p role="status">
          {found.state === 'waiting' ? (
            'The file is checked and its checksum taken. This goes on by itself; you can leave this page.'
          ) : (
            <>
              Part {Math.min(found.position.part + 1, found.parts)} of {found.parts},{' '}
              {found.position.seen.toLocaleString('en-US')} entries of it looked at.{' '}
              <progress
                className="width-full"
                max={Math.max(found.parts, 1)}
                value={found.position.part}
                aria-label="Parts read"
              />
            </>
          )}{' '}
          <noscript>
            <a href={here}>Look again</a>
          </noscript>
        </p>
      )}
      <ImportFacts found={found} zone={zone} />
      {recordsIn(found.tally) > 0 && (
        <p>
          <Link to={`/console/archive?${new URLSearchParams({ page: found.page, kind: 'import.post' })}`}>
            See this page’s imported posts in the archive
          </Link>
        </p>
      )}
      <NotTakenOver total={found.remarks} counts={counts} remarks={remarks} />
      <Timeline entries={records} zone={zone} />
    </>
  )
}
