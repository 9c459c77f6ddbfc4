import { data, Link } from 'react-router'
import { readRecord } from '../../archive/archive.ts'
import { departmentProfile } from '../../department/department.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { PrintButton } from '../../web/components/print-button.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { blobCounts, destroyedRecords, exceptionsOf } from '../store.ts'
import type { Route } from './+types/certificate'
import { foundRun, zoneOf } from './found.ts'
import { count, keptFor, longDay } from './wording.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Certificate of disposition' }]

/** As many ids as a printed page lists; the table has all of them. */
const listed = 500

export async function loader({ params, context }: Route.LoaderArgs) {
  const run = await foundRun(context, params.id)
  if (!run.certificate)
    throw data('This disposition has no certificate yet: it is not finished.', { status: 404 })
  const { db } = installation(context)
  const [record, destroyed, kept, blobs, profile] = await Promise.all([
    readRecord(db, run.certificate.record),
    destroyedRecords(db, run.id),
    exceptionsOf(db, run.id),
    blobCounts(db, run.id),
    departmentProfile(db),
  ])
  return {
    run,
    certified: { id: run.certificate.record, at: run.certificate.at, position: record?.position ?? null },
    positions: String(record?.content.positions ?? ''),
    records: destroyed.length,
    destroyed: destroyed.slice(0, listed).map(({ id, position }) => ({ id, position })),
    kept,
    blobs,
    department: profile?.name ?? 'The department',
    zone: await zoneOf(context),
  }
}

export default function Certificate({ loaderData }: Route.ComponentProps) {
  const { run, certified, positions, records, destroyed, kept, blobs, department, zone } = loaderData
  return (
    <article>
      <PageHeading title="Certificate of disposition" lead={`${department}: ${run.series.title}`}>
        <Link
          className="usa-button usa-button--outline pv-no-print"
          to={`/console/retention/dispositions/${run.id}`}
        >
          The run
        </Link>
        <a className="usa-button usa-button--outline pv-no-print" href="certificate.csv" download>
          List as a table (CSV)
        </a>
        <PrintButton />
      </PageHeading>
      <p>
        This certifies that the content, the random salts and the searchable words of{' '}
        {count(records, 'record')} in {count(run.counts.disposed, 'file')}, and the copies of them in
        Plainview, were destroyed. Their places in the department’s public log remain and say nothing about
        what the records held.
      </p>
      <dl className="pv-facts">
        <dt>Retention</dt>
        <dd>
          {keptFor(run.series)}; due by {longDay(run.asOf)}. {run.series.basis}
        </dd>
        <dt>Permission of the Supervisor of Records</dt>
        <dd>
          {run.permission
            ? `${run.permission.number}, ${longDay(run.permission.grantedOn)}`
            : 'Not needed for this series'}
        </dd>
        <dt>Proposed by</dt>
        <dd>
          {run.proposedByName}, <When at={run.proposedAt} zone={zone} />
        </dd>
        <dt>Approved by</dt>
        <dd>
          {run.approvals.map((one) => (
            <div key={one.person}>
              {one.name}, <When at={one.at} zone={zone} />
            </div>
          ))}
        </dd>
        <dt>Carried out</dt>
        <dd>
          {run.order && `On the order of ${run.order.byName}, `}
          <When at={run.begunAt ?? certified.at} zone={zone} /> to <When at={certified.at} zone={zone} />
        </dd>
        <dt>Stored files</dt>
        <dd>
          {count(blobs.destroyed, 'file')} deleted
          {blobs.kept > 0 && `, ${blobs.kept} kept because other records use them`}
        </dd>
        <dt>Kept after all</dt>
        <dd>
          {kept.length === 0
            ? 'Nothing'
            : kept.map((one) => (
                <div key={one.subject_id}>
                  {one.subject_kind} {one.subject_id}: {one.reason} ({one.byName ?? 'by Plainview'})
                </div>
              ))}
        </dd>
        <dt>Positions in the log</dt>
        <dd>{positions || 'None'}</dd>
        <dt>This certificate</dt>
        <dd>
          <Link to={`/console/archive/${certified.id}`}>
            {certified.position === null
              ? 'A record on its way into the log'
              : `Record number ${certified.position.toLocaleString('en-US')} of the log`}
          </Link>
        </dd>
      </dl>
      <h2>Records</h2>
      {records > listed && <p>The first {listed}; the table lists all of them.</p>}
      <ul className="usa-list usa-list--unstyled">
        {destroyed.map((one) => (
          <li key={one.id}>
            <code>
              {one.position} <Link to={`/console/archive/${one.id}`}>{one.id}</Link>
            </code>
          </li>
        ))}
      </ul>
    </article>
  )
}
